import {
  AddressLookupTableAccount,
  Keypair,
  PublicKey,
  SystemProgram,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import type { AccountState } from '@causeway/light-clients'
import { concatBytes, sha256, toBase58, utf8 } from '@causeway/primitives'
import { exampleKeypair } from '../programs.fixture.ts'
import { Unloadable, resolveTransaction } from './message.ts'
import { SYSTEM_PROGRAM, TABLE_PROGRAM } from './well-known.ts'

const payer = exampleKeypair('payer of tables')
const table = exampleKeypair('table').publicKey
const addresses = Array.from({ length: 200 }, (_, i) => new PublicKey(sha256(utf8(`entry ${i}`))))

/** Pays everybody in `to`, who stand in the table. */
function transactionTo(to: readonly PublicKey[]): Uint8Array {
  const state = {
    deactivationSlot: 2n ** 64n - 1n,
    lastExtendedSlot: 0,
    lastExtendedSlotStartIndex: 0,
    addresses,
  }
  const message = new TransactionMessage({
    payerKey: payer.publicKey,
    recentBlockhash: toBase58(sha256(utf8('blockhash'))),
    instructions: to.map((toPubkey, i) => ({
      programId: SystemProgram.programId,
      keys: [{ pubkey: toPubkey, isSigner: false, isWritable: i % 2 === 0 }],
      data: Buffer.alloc(0),
    })),
  }).compileToV0Message([new AddressLookupTableAccount({ key: table, state })])
  const transaction = new VersionedTransaction(message)
  transaction.sign([payer])
  return transaction.serialize()
}

const tableOf = (count: number, owner = TABLE_PROGRAM): AccountState => ({
  lamports: 1n,
  isExecutable: false,
  owner,
  data: concatBytes(new Uint8Array(56), ...addresses.slice(0, count).map((key) => key.toBytes())),
})

describe('a transaction with a table', () => {
  it('has its own keys, then those of tables, writable ones first', () => {
    const to = [3, 150, 7, 199].map((i) => addresses[i]!)
    const { allKeys, isWritable, loaded, tables } = resolveTransaction(transactionTo(to), () => tableOf(200))
    expect(allKeys.map(toBase58)).toEqual(
      [payer.publicKey, SystemProgram.programId, to[0]!, to[2]!, to[1]!, to[3]!].map(String),
    )
    expect(isWritable).toEqual([true, false, true, true, false, false])
    expect([loaded.writable.length, loaded.readonly.length]).toEqual([2, 2])
    expect(tables).toMatchObject([{ writable: [3, 7], readonly: [150, 199] }])
  })

  it('that names more than a byte of length can say is read', () => {
    const many = transactionTo(addresses.slice(0, 150))
    const resolved = resolveTransaction(many, () => tableOf(200))
    expect(resolved.tableKeyCount).toBe(150)
    expect(new Set(resolved.allKeys.map(toBase58)).size).toBe(152)
  })

  it.each([
    ['is not there', undefined, 'AddressLookupTableNotFound'],
    ['belongs to another program', tableOf(200, SYSTEM_PROGRAM), 'InvalidAddressLookupTableOwner'],
    ['is cut off', { ...tableOf(0), data: new Uint8Array(55) }, 'InvalidAddressLookupTableData'],
    ['is shorter', tableOf(5), 'InvalidAddressLookupTableIndex'],
  ])('that %s is not loaded', (_, account, error) => {
    const load = () => resolveTransaction(transactionTo([addresses[9]!]), () => account)
    expect(load).toThrow(Unloadable)
    expect(load).toThrow(error)
  })
})

describe('a transaction', () => {
  it('has roles by its header', () => {
    const wire = transactionTo([Keypair.generate().publicKey])
    const { header, isWritable } = resolveTransaction(wire, () => undefined)
    expect(header).toEqual({
      numRequiredSignatures: 1,
      numReadonlySignedAccounts: 0,
      numReadonlyUnsignedAccounts: 1,
    })
    expect(isWritable).toEqual([true, true, false])
  })

  it.each([0, 1, 64, 100])('that ends at byte %i is none', (length) => {
    const wire = transactionTo([addresses[1]!])
    expect(() => resolveTransaction(wire.subarray(0, length), () => tableOf(200))).toThrow('SanitizeFailure')
  })
})
