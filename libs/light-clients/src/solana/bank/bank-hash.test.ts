import { concatBytes, fromHex, le64, sha256, toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { loadRecording, whyNoRecordings } from '../recordings.fixture.ts'
import { bankHash } from './bank-hash.ts'
import type { BankFields } from './bank-hash.ts'

const FIELDS: BankFields = {
  parentBankHash: fromHex('11'.repeat(32)),
  signatureCount: 258n,
  lastBlockhash: fromHex('22'.repeat(32)),
  accountsLtHash: fromHex('33'.repeat(2048)),
}
const PLAIN = sha256(
  concatBytes(
    sha256(concatBytes(FIELDS.parentBankHash, le64(258n), FIELDS.lastBlockhash)),
    FIELDS.accountsLtHash,
  ),
)
const at = (slot: bigint, parentSlot: bigint) => ({ slot, parentSlot })

describe('the bank hash', () => {
  it('is the formula of agave', () => {
    expect(bankHash(FIELDS, at(10n, 9n), [])).toEqual(PLAIN)
  })

  it('mixes in restarts after the parent, up to the slot', () => {
    const forks = [
      { slot: 5n, count: 1n },
      { slot: 8n, count: 2n },
    ]
    const mixed = (count: bigint) => toHex(sha256(concatBytes(PLAIN, le64(count))))
    const hash = (slot: bigint, parentSlot: bigint) => toHex(bankHash(FIELDS, at(slot, parentSlot), forks))
    expect(hash(4n, 3n)).toBe(toHex(PLAIN))
    expect(hash(5n, 4n)).toBe(mixed(1n))
    expect(hash(6n, 5n)).toBe(toHex(PLAIN))
    expect(hash(7n, 4n)).toBe(mixed(1n))
    expect(hash(8n, 7n)).toBe(mixed(2n))
    expect(hash(9n, 4n)).toBe(mixed(3n))
    expect(hash(9n, 8n)).toBe(toHex(PLAIN))
  })

  it('depends on every field', () => {
    const hashes = [
      FIELDS,
      { ...FIELDS, parentBankHash: fromHex('12'.repeat(32)) },
      { ...FIELDS, signatureCount: 259n },
      { ...FIELDS, signatureCount: 257n },
      { ...FIELDS, lastBlockhash: fromHex('21'.repeat(32)) },
      { ...FIELDS, accountsLtHash: FIELDS.accountsLtHash.with(2047, 0) },
    ].map((fields) => toHex(bankHash(fields, at(10n, 9n), [])))
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('is of fields of their sizes', () => {
    const refused = [
      { ...FIELDS, parentBankHash: new Uint8Array(31) },
      { ...FIELDS, lastBlockhash: new Uint8Array(33) },
      { ...FIELDS, accountsLtHash: new Uint8Array(2046) },
    ]
    for (const fields of refused) expect(codeOf(() => bankHash(fields, at(1n, 0n), []))).toBe('solana/41')
  })
})

describe.skipIf(whyNoRecordings !== undefined)(`recorded banks ${whyNoRecordings ?? ''}`, () => {
  it.each(['tower-slots-13-45', 'tower-epoch-61-68', 'alpenglow-slots-4-14'] as const)('%s', (name) => {
    const { slots, start, hardForks } = loadRecording(name)
    for (const [i, slot] of slots.entries()) {
      const parent = slots[i - 1] ?? start
      const hash = bankHash({ ...slot, parentBankHash: parent.bankHash }, slot, hardForks)
      expect(toHex(hash)).toBe(toHex(slot.bankHash))
    }
    expect(slots.length).toBeGreaterThan(5)
  })
})
