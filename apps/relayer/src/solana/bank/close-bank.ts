import { LatticeSum, accountPreimage, bankHash, clocksIn } from '@causeway/light-clients'
import type { AccountState, AccountWrite, HardFork, LatticeXof } from '@causeway/light-clients'
import { assert, equalBytes, fromBase58, isProtocolError, toBase58 } from '@causeway/primitives'

import { addressKey, keyAddress } from '../stream/record.ts'
import { StreamError } from '../stream-error.ts'
import type { AccountChange, AccountStates } from './account-states.ts'
import type { Bank, ParentBank } from './bank.ts'
import type { OpenSlot } from './open-slot.ts'

/** What computing a bank's hash needs beside its records. */
export interface BankRules {
  readonly latticeXof: LatticeXof
  readonly hardForks: readonly HardFork[]
}

const SLOT_HASHES = addressKey(base58Key('SysvarS1otHashes111111111111111111111111111'))
/** A count, then for each slot its number and its bank hash, newest first. */
const SLOT_HASHES_BYTES_MIN = 48

/**
 * Computes the bank of a slot that is complete, on top of its parent. What the slot's own SlotHashes says of
 * the parent must be what was computed; of a snapshot it is believed, until votes for this slot tell. Throws
 * `StreamError`, naming the slot that does not fit.
 */
export function closeBank(
  open: OpenSlot,
  parent: ParentBank,
  states: AccountStates,
  rules: BankRules,
): { readonly bank: Bank; readonly changes: ReadonlyMap<string, AccountChange> } {
  const { slot, block, signatureCount } = open
  assert(block !== undefined, 'a slot is closed when its block is there')
  const { changes, accountsLtHash } = sumChanges(open, parent, states, rules.latticeXof)
  const parentBankHash = requireParentHash(slot, parent, changes.get(SLOT_HASHES)?.after)
  const writes = writesOf(changes)
  const { before, after } = readClocks(slot, writes)
  if (after.slot !== slot || before.slot !== parent.slot)
    throw new StreamError(`its clock goes from slot ${before.slot} to ${after.slot}`, slot)
  const fields = { parentBankHash, signatureCount, lastBlockhash: block.blockhash, accountsLtHash }
  const bank: Bank = {
    slot,
    parentSlot: parent.slot,
    epoch: after.epoch,
    timeSeconds: after.timestampSeconds,
    bankHash: bankHash(fields, { slot, parentSlot: parent.slot }, rules.hardForks),
    fields,
    parent: parent.opening,
    writes,
  }
  return { bank, changes }
}

/** What the accounts did, and their sum after it. A write that changes nothing is none. */
function sumChanges(open: OpenSlot, parent: ParentBank, states: AccountStates, xof: LatticeXof) {
  const sum = new LatticeSum(parent.accountsLtHash)
  const changes = new Map<string, AccountChange>()
  for (const [key, after] of open.writes()) {
    const { state: before, vector: known } = states.at(parent.slot, key)
    if (isSame(before, after)) continue
    const address = keyAddress(key)
    if (before) sum.subtract(known ?? xof(accountPreimage(address, before)))
    const vector = after && xof(accountPreimage(address, after))
    if (vector) sum.add(vector)
    changes.set(key, { before, after, vector })
  }
  return { changes, accountsLtHash: sum.toBytes() }
}

/** The parent's bank hash, which the slot's SlotHashes names first. */
function requireParentHash(slot: bigint, parent: ParentBank, account: AccountState | undefined): Uint8Array {
  const data = account?.data
  if (data === undefined || data.length < SLOT_HASHES_BYTES_MIN)
    throw new StreamError('it does not write SlotHashes', slot)
  const named = new DataView(data.buffer, data.byteOffset).getBigUint64(8, true)
  if (named !== parent.slot)
    throw new StreamError(`its SlotHashes begins at slot ${named}, not ${parent.slot}`, slot)
  const hash = data.slice(16, 48)
  if (parent.bankHash !== undefined && !equalBytes(parent.bankHash, hash)) {
    const [own, theirs] = [toBase58(parent.bankHash), toBase58(hash)]
    const text = `its bank hash was computed as ${own}, and slot ${slot} has it as ${theirs}`
    throw new StreamError(text, parent.slot)
  }
  return hash
}

function readClocks(slot: bigint, writes: readonly AccountWrite[]) {
  try {
    return clocksIn(writes)
  } catch (error) {
    if (isProtocolError(error)) throw new StreamError(error.message, slot, error)
    throw error
  }
}

/** Ascending by address: keys are texts that ascend as bytes do. */
function writesOf(changes: ReadonlyMap<string, AccountChange>): AccountWrite[] {
  const ascending = [...changes].sort(([a], [b]) => (a < b ? -1 : 1))
  return ascending.map(([key, { before, after }]) => ({ pubkey: keyAddress(key), before, after }))
}

function isSame(before: AccountState | undefined, after: AccountState | undefined): boolean {
  if (before === undefined || after === undefined) return before === after
  return (
    before.lamports === after.lamports &&
    before.isExecutable === after.isExecutable &&
    equalBytes(before.owner, after.owner) &&
    equalBytes(before.data, after.data)
  )
}

function base58Key(text: string): Uint8Array {
  const bytes = fromBase58(text)
  assert(bytes?.length === 32, `${text} is no key`)
  return bytes
}
