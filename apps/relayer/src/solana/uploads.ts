import { randomBytes } from 'node:crypto'

import { toBase58, utf8 } from '@causeway/primitives'
import {
  closeUploadInstruction,
  UPLOAD_HEADER_BYTES,
  uploadAccounts,
  uploadInstructions,
} from '@causeway/contracts-solana'
import type { UploadAccounts } from '@causeway/contracts-solana'
import type { PublicKey } from '@solana/web3.js'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { mapLimited } from '../worker/concurrency.ts'
import type { SolanaApi } from './solana-api.ts'
import type { SolanaSubmitter } from './submitter.ts'

/** What uploading needs of the chain. */
export interface UploadOptions {
  readonly pool: EndpointPool<SolanaApi>
  readonly submitter: SolanaSubmitter
  /** The upload program. */
  readonly program: PublicKey
  readonly nowMs: () => number
  /** Longer than any flight lasts: a buffer that is there for longer was left behind. */
  readonly graceMs: number
}

/** Bytes that stand in an account, and what bringing them there cost in lamports, without rent. */
export interface Uploaded {
  readonly accounts: UploadAccounts
  readonly fees: bigint
}

const MAGIC = utf8('cwybuffr')
const WRITES_AT_ONCE = 16
/** Measured: 900 to open beside the system program, 500 to write, 300 to close. */
const UNITS = { open: 5_000, write: 3_000, close: 3_000 } as const
const CLOSED_AT_ONCE = 10

/**
 * Brings messages that are longer than a transaction into accounts. Their rent comes back when they are
 * closed, also of those that a killed process left behind: they are told by their author, who we are.
 */
export class Uploads {
  readonly #options: UploadOptions
  /** When buffers of ours were seen first that this process does not use. */
  readonly #strange = new Map<string, number>()
  readonly #own = new Set<string>()
  #sweptAtMs = Number.NEGATIVE_INFINITY

  constructor(options: UploadOptions) {
    this.#options = options
  }

  /** Makes a buffer with these bytes. Throws `RelayError`; what was made by then is closed. */
  async put(bytes: Uint8Array): Promise<Uploaded> {
    const { pool, submitter, program } = this.#options
    const name = `cway-${randomBytes(8).toString('hex')}`
    const accounts = await uploadAccounts(program, submitter.payer, name)
    const rent = await pool.call((api) => api.rentExemption(UPLOAD_HEADER_BYTES + bytes.length))
    const { open, writes } = uploadInstructions(accounts, name, bytes, Number(rent))
    this.#own.add(accounts.buffer.toBase58())
    const opened = await submitter.send({ instructions: open, units: UNITS.open })
    try {
      const landed = await mapLimited(writes, WRITES_AT_ONCE, (write) =>
        submitter.send({ instructions: [write], units: UNITS.write }),
      )
      const fees = [opened, ...landed].reduce((sum, one) => sum + one.inclusion.fee.amount, 0n)
      return { accounts, fees }
    } catch (error) {
      await this.close(accounts)
      throw error
    }
  }

  /** Gives the rent back; a failure leaves the buffer to the next sweep. Lamports of the fee. */
  async close(accounts: UploadAccounts): Promise<bigint> {
    const { submitter } = this.#options
    const close = { instructions: [closeUploadInstruction(accounts)], units: UNITS.close }
    const landed = await submitter.send(close).catch(() => undefined)
    this.#own.delete(accounts.buffer.toBase58())
    return landed?.inclusion.fee.amount ?? 0n
  }

  /**
   * Closes buffers of ours that were left behind: those that no flight of this process uses, and that have
   * been there for longer than a flight of another process with this key lasts. How many.
   */
  async sweep(): Promise<number> {
    const { submitter, program, pool, nowMs, graceMs } = this.#options
    if (nowMs() - this.#sweptAtMs < graceMs / 2) return 0
    this.#sweptAtMs = nowMs()
    const author = submitter.payer
    const filters = [
      { offset: 0, bytes: toBase58(MAGIC) },
      { offset: MAGIC.length, bytes: author.toBase58() },
    ]
    const found = await pool.call((api) => api.programAccounts(program, filters, undefined))
    const left = found.map((one) => one.address).filter((one) => this.#isLeft(one))
    for (let from = 0; from < left.length; from += CLOSED_AT_ONCE) {
      const part = left.slice(from, from + CLOSED_AT_ONCE)
      const instructions = part.map((buffer) => closeUploadInstruction({ program, author, buffer }))
      await submitter.send({ instructions, units: UNITS.close * part.length })
    }
    for (const buffer of left) this.#strange.delete(buffer.toBase58())
    return left.length
  }

  #isLeft(buffer: PublicKey): boolean {
    const { nowMs, graceMs } = this.#options
    const name = buffer.toBase58()
    if (this.#own.has(name)) return false
    const seenAtMs = this.#strange.get(name) ?? nowMs()
    this.#strange.set(name, seenAtMs)
    return nowMs() - seenAtMs >= graceMs
  }
}
