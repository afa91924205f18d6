import { concatBytes, equalBytes, toHex } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { verifyEd25519 } from '../../tendermint/signatures.ts'
import { loadRecording, whyNoRecordings } from '../recordings.fixture.ts'
import { encodeExample, exampleAddress, exampleKey } from '../wire.fixture.ts'
import { decodeTransaction } from './transaction.ts'

const [payer, second] = [exampleKey('payer'), exampleKey('second')]
const [program, account, other] = ['program', 'account', 'other'].map(exampleAddress) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const instruction = { program, accounts: [account, payer.publicKey], data: Uint8Array.of(7, 8, 9) }
const LEGACY = encodeExample({ signers: [payer, second], instructions: [instruction] })
/** One table that brings two writable keys and one that is read. */
const TABLES = concatBytes(Uint8Array.of(1), other, Uint8Array.of(2, 0, 1, 1, 2))
const VERSIONED = encodeExample({
  signers: [payer],
  instructions: [instruction],
  version: 0,
  tables: TABLES,
})
/** Where a legacy message of two signatures begins. */
const MESSAGE_AT = 1 + 2 * 64

describe('a transaction', () => {
  it('is read, legacy', () => {
    const transaction = decodeTransaction(LEGACY)
    expect(transaction.version).toBe('legacy')
    expect(transaction.keys.map(toHex)).toEqual(
      [payer.publicKey, second.publicKey, account, program].map(toHex),
    )
    expect(transaction.instructions).toEqual([
      { programIndex: 3, accountIndexes: Uint8Array.of(2, 0), data: instruction.data },
    ])
    for (const [i, signature] of transaction.signatures.entries())
      expect(verifyEd25519(transaction.keys[i]!, transaction.message, signature)).toBe(true)
    expect(transaction.signatures.length).toBe(2)
  })

  it('is read, version 0 with a table', () => {
    const transaction = decodeTransaction(VERSIONED)
    expect([transaction.version, transaction.tableKeyCount]).toEqual([0, 3])
    expect(transaction.message[0]).toBe(0x80)
    expect(verifyEd25519(payer.publicKey, transaction.message, transaction.signatures[0]!)).toBe(true)
  })

  it('is never longer than a packet', () => {
    const data = new Uint8Array(1_300)
    const long = encodeExample({ signers: [payer], instructions: [{ ...instruction, data }] })
    expect(codeOf(() => decodeTransaction(long))).toBe('solana/20')
  })

  it.each([
    ['cut', LEGACY.subarray(0, -1)],
    ['with a byte more', concatBytes(LEGACY, Uint8Array.of(0))],
    ['empty', new Uint8Array()],
    ['without its tables', VERSIONED.subarray(0, -TABLES.length)],
    ['of version 1', VERSIONED.with(65, 0x81)],
    ['with a signature fewer than signers', concatBytes(Uint8Array.of(1), LEGACY.subarray(65))],
    ['whose fee payer is read only', LEGACY.with(MESSAGE_AT + 1, 2)],
    ['with more roles than keys', LEGACY.with(MESSAGE_AT + 2, 3)],
    ['with no signer', concatBytes(Uint8Array.of(0), LEGACY.subarray(MESSAGE_AT).with(0, 0))],
  ])('%s is refused', (_, wire) => {
    expect(codeOf(() => decodeTransaction(wire))).toBe('solana/20')
  })

  it('names programs and accounts that are there', () => {
    const at = LEGACY.length - 3 - 1 - 2 - 1 - 1
    expect([LEGACY[at], LEGACY[at + 2], LEGACY[at + 3]]).toEqual([3, 2, 0])
    expect(codeOf(() => decodeTransaction(LEGACY.with(at, 4)))).toBe('solana/20')
    expect(codeOf(() => decodeTransaction(LEGACY.with(at, 0)))).toBe('solana/20')
    expect(codeOf(() => decodeTransaction(LEGACY.with(at + 2, 4)))).toBe('solana/20')
    const versionedAt = VERSIONED.length - TABLES.length - 6
    // Three static keys and three of the table.
    expect(codeOf(() => decodeTransaction(VERSIONED.with(versionedAt, 5)))).toBe('accepted')
    expect(codeOf(() => decodeTransaction(VERSIONED.with(versionedAt, 6)))).toBe('solana/20')
  })

  it('is refused or read, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.nat(LEGACY.length - 1), fc.nat(255), fc.nat(40), (at, byte, cut) => {
        const changed = LEGACY.with(at, byte).subarray(0, LEGACY.length - cut)
        expect(codeOf(() => decodeTransaction(changed))).toMatch(/^(accepted|solana\/20)$/)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(codeOf(() => decodeTransaction(bytes))).toMatch(/^(accepted|solana\/20)$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe.skipIf(whyNoRecordings !== undefined)(`recorded transactions ${whyNoRecordings ?? ''}`, () => {
  it.each(['tower-slots-13-45', 'tower-epoch-61-68', 'alpenglow-slots-4-14'] as const)(
    '%s: all are read, all are signed, and they are as many signatures as the bank counts',
    (name) => {
      const versions = new Set<unknown>()
      for (const { transactions, signatureCount } of loadRecording(name).slots) {
        let count = 0
        for (const wire of transactions) {
          const { signatures, message, keys, version } = decodeTransaction(wire)
          for (const [i, signature] of signatures.entries())
            expect(verifyEd25519(keys[i]!, message, signature)).toBe(true)
          expect(equalBytes(message, wire.subarray(1 + 64 * signatures.length))).toBe(true)
          count += signatures.length
          versions.add(version)
        }
        expect(BigInt(count)).toBe(signatureCount)
      }
      if (name === 'tower-slots-13-45') expect(versions).toEqual(new Set(['legacy', 0]))
    },
  )
})
