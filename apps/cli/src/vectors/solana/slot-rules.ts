import {
  applyWrites,
  bankHash,
  clocksIn,
  decodeTransaction,
  nobleLatticeXof,
  verifyStateProof,
} from '@causeway/light-clients'
import type { AccountWrite, RecordedSlot, Recording } from '@causeway/light-clients'
import { compareBytes } from '@causeway/primitives'
import { expectBytes, expectSame } from '../expectations.ts'

/** Rules 1, 2, 3 and 5: accounts, bank hash (with the last block hash), signatures, parent. */
export function checkSlot(recording: Recording, index: number): void {
  const { slots, start, hardForks } = recording
  const slot = slots[index]!
  const parent = slots[index - 1] ?? start
  expectSame('the parent', slot.parentSlot, parent.slot)
  if (slot.slot <= parent.slot) throw new Error('it is not after its parent')
  const writes = ascending(slot.writes)
  expectBytes(
    'the sum of the accounts',
    applyWrites(parent.accountsLtHash, writes, nobleLatticeXof),
    slot.accountsLtHash,
  )
  const fields = { ...slot, parentBankHash: parent.bankHash }
  expectBytes('the bank hash', bankHash(fields, slot, hardForks), slot.bankHash)
  const signatures = slot.transactions.map((wire) => decodeTransaction(wire).signatures.length)
  expectSame('signatures', BigInt(signatures.reduce((sum, count) => sum + count, 0)), slot.signatureCount)
  checkClock(slot, writes)
  const before = slots[index - 1]
  if (!before) return
  checkCapitalization(slot, before)
  checkStateProof(recording, index, writes)
}

/** Rule 2, of slot 0: of another first parent only the hash and the sum are known. */
export function checkStart({ start, genesisHash }: Recording): void {
  if (start.slot !== 0n) return
  const fields = {
    ...start,
    parentBankHash: new Uint8Array(32),
    signatureCount: 0n,
    lastBlockhash: genesisHash,
  }
  expectBytes('the bank hash', bankHash(fields, { slot: 0n, parentSlot: 0n }, []), start.bankHash)
}

/** What the light client is handed for a slot whose parent was recorded too. */
function checkStateProof(
  { slots, start, hardForks }: Recording,
  index: number,
  writes: readonly AccountWrite[],
): void {
  const [slot, parent] = [slots[index]!, slots[index - 1]!]
  const parentBankHash = (slots[index - 2] ?? start).bankHash
  const proof = {
    parent: { ...parent, parentBankHash },
    grandparentSlot: parent.parentSlot,
    signatureCount: slot.signatureCount,
    lastBlockhash: slot.lastBlockhash,
    writes,
  }
  verifyStateProof(proof, slot, hardForks, nobleLatticeXof)
}

function checkClock({ slot, parentSlot, epoch }: RecordedSlot, writes: readonly AccountWrite[]): void {
  const { before, after } = clocksIn(writes)
  expectSame('the slot in the Clock', after.slot, slot)
  expectSame("the slot in the parent's Clock", before.slot, parentSlot)
  expectSame('the epoch in the Clock', after.epoch, epoch)
}

/** All lamports that there are change by what the accounts changed. */
function checkCapitalization(slot: RecordedSlot, parent: RecordedSlot): void {
  if (slot.capitalization === undefined || parent.capitalization === undefined) return
  const change = slot.writes.reduce(
    (sum, { before, after }) => sum + (after?.lamports ?? 0n) - (before?.lamports ?? 0n),
    0n,
  )
  expectSame('the capitalization', parent.capitalization + change, slot.capitalization)
}

/** A recording lists accounts in any order; one that is there twice stays there twice. */
function ascending(writes: readonly AccountWrite[]): AccountWrite[] {
  return [...writes].sort((a, b) => compareBytes(a.pubkey, b.pubkey))
}
