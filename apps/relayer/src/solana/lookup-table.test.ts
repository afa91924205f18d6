import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'

import { AddressLookupTableProgram, Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { LookupTable } from './lookup-table.ts'
import { PatientPool } from './patient-pool.ts'
import type { SolanaApi } from './solana-api.ts'
import type { SolanaSubmitter, TransactionRequest } from './submitter.ts'

const payer = Keypair.generate().publicKey
const program = Keypair.generate().publicKey
/** Spec: the address lookup table program, `ProgramState::LookupTable`, instruction `ExtendLookupTable`. */
const HEAD_BYTES = 56
const EXTENSION_AT = 12

let folder: string
let tables: Map<string, PublicKey[]>
/** Transactions that are not final yet. */
let unfinal: (() => void)[]
let sent: number
let table: LookupTable

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lookup-table-'))
  tables = new Map()
  unfinal = []
  sent = 0
  let slot = 1_000n
  const api = {
    slot: async () => (slot += 5n), // a table made in another slot is another table
    accounts: async ([key]: PublicKey[]) => [accountOf(key!)],
  }
  const pool = new PatientPool({
    ...{ urls: ['http://one'], requestTimeoutMs: 1_000, staleAfterMs: 1_000, nowMs: () => 0 },
    connect: () => api as unknown as SolanaApi,
  })
  const submitter = { payer, send, finalise: () => new Promise<void>((done) => unfinal.push(done)) }
  const file = join(folder, 'table')
  table = new LookupTable({ pool, submitter: submitter as unknown as SolanaSubmitter, file })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function send({ instructions }: TransactionRequest): Promise<object> {
  sent += 1
  const { data, keys } = instructions.at(-1)!
  const key = keys[0]!.pubkey.toBase58()
  const added = Array.from(
    { length: Number(data.readBigUInt64LE(4)) },
    (_, index) => new PublicKey(data.subarray(EXTENSION_AT + 32 * index, EXTENSION_AT + 32 * (index + 1))),
  )
  tables.set(key, [...(tables.get(key) ?? []), ...added])
  return {}
}

function accountOf(key: PublicKey): { owner: PublicKey; data: Uint8Array } | undefined {
  const addresses = tables.get(key.toBase58())
  if (addresses === undefined) return undefined
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32LE(1, 0)
  head.writeBigUInt64LE(2n ** 64n - 1n, 4)
  head[21] = 1
  payer.toBuffer().copy(head, 22)
  const data = Buffer.concat([head, ...addresses.map((one) => one.toBuffer())])
  return { owner: AddressLookupTableProgram.programId, data }
}

const some = (count: number) => Array.from({ length: count }, () => Keypair.generate().publicKey)

function name(addresses: readonly PublicKey[], messages = 2): void {
  const keys = addresses.map((pubkey) => ({ pubkey, isSigner: false, isWritable: false }))
  for (let left = messages; left > 0; left -= 1)
    table.note([new TransactionInstruction({ programId: program, keys })])
}

/** Flights that land one after the other, before the first one is final. */
async function fly(flights: number, addresses: readonly PublicKey[]): Promise<void> {
  let isDone = false
  const growing = Array.from({ length: flights }, async () => {
    name(addresses)
    await table.grow()
  })
  const all = Promise.all(growing).finally(() => (isDone = true))
  await expect.poll(() => unfinal.length).toBeGreaterThan(0)
  while (!isDone) {
    await setImmediate()
    for (const done of unfinal.splice(0)) done()
  }
  await all
}

it('is one table with each address once, however many flights land before it is final', async () => {
  const addresses = some(10)
  await fly(7, addresses)
  expect([tables.size, sent]).toEqual([1, 1])
  const more = [...addresses, ...some(10)]
  await fly(3, more)
  const [used] = await table.usable()
  expect(used?.state.addresses.map(String).toSorted()).toEqual(more.map(String).toSorted())
  expect([tables.size, sent]).toEqual([1, 2])
})

it('that was to blame is not used any more, and no other is made', async () => {
  await fly(1, some(2))
  name(some(2))
  const growing = table.grow()
  await expect.poll(() => unfinal.length).toBe(1)
  expect(table.isToBlame(new Error('invalid address lookup table index'))).toBe(true)
  unfinal.splice(0).forEach((done) => done())
  await growing
  expect(await table.usable()).toEqual([])
  name(some(2))
  await table.grow()
  expect([tables.size, sent]).toEqual([1, 2])
  expect(table.isToBlame(new Error('invalid address lookup table index'))).toBe(false)
})

it('forgets what was named once, long ago', async () => {
  const [old, lately] = [some(1), some(1)]
  name(old, 1)
  for (let index = 0; index < 4_096; index += 1) {
    const key = Buffer.alloc(32)
    key.writeUInt32LE(index + 1)
    name([new PublicKey(key)], 1)
  }
  name(old, 1)
  name(lately)
  await fly(1, [])
  expect([...tables.values()].flat().map(String)).toEqual(lately.map(String))
})
