import { UPLOAD_HEADER_BYTES } from '@causeway/contracts-solana'
import { Keypair, SystemProgram } from '@solana/web3.js'
import type { PublicKey, TransactionInstruction } from '@solana/web3.js'
import { beforeEach, describe, expect, it } from 'vitest'

import { RelayError } from '../errors.ts'
import { PatientPool } from './patient-pool.ts'
import type { SolanaApi } from './solana-api.ts'
import type { SolanaSubmitter, TransactionRequest } from './submitter.ts'
import { Uploads } from './uploads.ts'

const WRITE = 1
const CLOSE = 2
const program = Keypair.generate().publicKey
const payer = Keypair.generate().publicKey
const BYTES = Uint8Array.from({ length: 3_000 }, (_, i) => i % 251)
const WRITES = 4 // of 960 bytes

/** Accounts of the upload program, and what was sent to it. */
class Node {
  readonly accounts = new Map<string, { owner: PublicKey; data: Uint8Array }>()
  readonly sent: number[] = []
  /** Writes that go through before one does not. */
  writesLeft = Number.POSITIVE_INFINITY

  async send({ instructions }: TransactionRequest) {
    for (const one of instructions) this.run(one)
    const fee = { amount: 5_000n, denom: 'lamports' }
    return { inclusion: { hash: 'AB', height: 1n, gasUsed: 1n, fee }, logs: [] }
  }

  private run({ programId, data, keys }: TransactionInstruction): void {
    const address = keys[programId.equals(SystemProgram.programId) ? 1 : 0]!.pubkey.toBase58()
    if (programId.equals(SystemProgram.programId)) {
      if (this.accounts.has(address)) throw new RelayError('message', 'later', 'error 0: already in use')
      this.accounts.set(address, { owner: program, data: new Uint8Array(UPLOAD_HEADER_BYTES + BYTES.length) })
      return
    }
    this.sent.push(data[0]!)
    if (data[0] === CLOSE) this.accounts.delete(address)
    if (data[0] !== WRITE) return
    if (this.writesLeft <= 0) throw new RelayError('unconfirmed', 'now', 'in no block')
    this.writesLeft -= 1
    const offset = Number(data.readBigUInt64LE(1))
    this.accounts.get(address)!.data.set(data.subarray(9), UPLOAD_HEADER_BYTES + offset)
  }

  count(kind: number): number {
    return this.sent.filter((one) => one === kind).length
  }
}

let node: Node
let uploads: Uploads

beforeEach(() => {
  node = new Node()
  const api = {
    rentExemption: async () => 1n,
    accounts: async (asked: PublicKey[]) => asked.map((one) => node.accounts.get(one.toBase58())),
    programAccounts: async () => [],
  }
  const pool = new PatientPool({
    ...{ urls: ['http://one'], requestTimeoutMs: 1, staleAfterMs: 1, nowMs: () => 0 },
    connect: () => api as unknown as SolanaApi,
  })
  const submitter = { payer, newestSlot: 0n, send: (request: TransactionRequest) => node.send(request) }
  uploads = new Uploads({
    ...{ pool, program, nowMs: () => 0, graceMs: 1 },
    submitter: submitter as unknown as SolanaSubmitter,
  })
  uploads.beginFlight()
})

const standing = (address: PublicKey) =>
  node.accounts.get(address.toBase58())?.data.slice(UPLOAD_HEADER_BYTES)

describe('an upload', () => {
  it('stands in its account, and its rent comes back', async () => {
    const { accounts, fees } = await uploads.put(BYTES)
    expect(standing(accounts.buffer)).toEqual(BYTES)
    expect(fees).toBe(BigInt(WRITES + 1) * 5_000n)
    uploads.finish(accounts)
    await uploads.tidy()
    expect(node.accounts.size).toBe(0)
    expect(node.count(CLOSE)).toBe(1)
  })

  it('that was held up goes on where it was, in the same account', async () => {
    node.writesLeft = 2
    await expect(uploads.put(BYTES)).rejects.toMatchObject({ failure: 'unconfirmed' })
    expect(node.accounts.size).toBe(1)
    node.writesLeft = Number.POSITIVE_INFINITY
    const before = node.count(WRITE)
    uploads.beginFlight()
    const { accounts } = await uploads.put(BYTES)
    expect(node.count(WRITE) - before).toBe(WRITES - 2)
    expect([node.accounts.size, standing(accounts.buffer)]).toEqual([1, BYTES])
  })

  it('whose flight failed is used by the next, without a transaction', async () => {
    await uploads.put(BYTES)
    const before = node.sent.length
    uploads.beginFlight()
    expect((await uploads.put(BYTES)).fees).toBe(0n)
    expect(node.sent.length).toBe(before)
  })

  it('that the next flight does not want is closed after it', async () => {
    await uploads.put(BYTES)
    uploads.beginFlight()
    const { accounts } = await uploads.put(BYTES.slice(1))
    await uploads.tidy()
    expect([...node.accounts.keys()]).toEqual([accounts.buffer.toBase58()])
  })

  it('goes elsewhere when somebody has taken its address', async () => {
    node.writesLeft = 0
    await expect(uploads.put(BYTES)).rejects.toThrow()
    const [taken] = node.accounts.keys()
    node.accounts.set(taken!, { owner: SystemProgram.programId, data: new Uint8Array() })
    node.writesLeft = Number.POSITIVE_INFINITY
    const { accounts } = await uploads.put(BYTES)
    expect(accounts.buffer.toBase58()).not.toBe(taken)
    expect(standing(accounts.buffer)).toEqual(BYTES)
  })
})
