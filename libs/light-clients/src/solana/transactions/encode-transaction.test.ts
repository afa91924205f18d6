import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes, sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { encodeCompactU16, encodeTransaction } from './encode-transaction.ts'
import type { TransactionSigner } from './encode-transaction.ts'
import { decodeTransaction } from './transaction.ts'

const signer = (name: string): TransactionSigner => {
  const secret = sha256(utf8(name))
  return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) }
}
const [payer, voter] = [signer('payer'), signer('voter')]
const [program, account] = [exampleAddress('program'), exampleAddress('account')]
const recentBlockhash = sha256(utf8('block'))
const data = utf8('data')
const fields = {
  signers: [payer, voter],
  instructions: [{ program, accounts: [account, voter.publicKey], data }],
  recentBlockhash,
}

describe('a transaction that is written', () => {
  it.each(['legacy', 0] as const)('is read as it was written, %s', (version) => {
    const transaction = decodeTransaction(encodeTransaction({ ...fields, version }))
    expect(transaction.version).toBe(version)
    expect(transaction.keys.map(toHex)).toEqual(
      [payer.publicKey, voter.publicKey, account, program].map(toHex),
    )
    expect(toHex(transaction.recentBlockhash)).toBe(toHex(recentBlockhash))
    expect(transaction.instructions).toEqual([{ programIndex: 3, accountIndexes: Uint8Array.of(2, 1), data }])
  })

  it('is signed by all who are named, in their order', () => {
    const { signatures, message, keys } = decodeTransaction(encodeTransaction(fields))
    expect(signatures.length).toBe(2)
    for (const [i, signature] of signatures.entries())
      expect(ed25519.verify(signature, message, keys[i]!)).toBe(true)
  })

  it('has other keys and tables where they are given', () => {
    const tables = concatBytes(Uint8Array.of(1), exampleAddress('table'), Uint8Array.of(2, 0, 1, 1, 2))
    const wire = encodeTransaction({ ...fields, others: [account], version: 0, tables })
    expect(decodeTransaction(wire).tableKeyCount).toBe(3)
    expect(decodeTransaction(wire).keys.length).toBe(4)
  })
})

describe('a length', () => {
  it.each([0, 1, 0x7f, 0x80, 0x3fff, 0x4000, 0xffff])('of %i is read as it was written', (value) => {
    const reader = new ByteReader(encodeCompactU16(value), (reason) => errors.badTransaction({ reason }))
    expect(reader.compactU16()).toBe(value)
    reader.end()
  })

  it('takes as many bytes as it needs', () => {
    expect([0x7f, 0x80, 0x4000].map((value) => encodeCompactU16(value).length)).toEqual([1, 2, 3])
  })
})
