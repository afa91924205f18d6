import { randomBytes } from 'node:crypto'

import { concatBytes, equalBytes, sha256, toBase58, toHex, utf8 } from '@causeway/primitives'
import {
  closeUploadInstruction,
  UPLOAD_HEADER_BYTES,
  uploadAccounts,
  uploadInstructions,
} from '@causeway/contracts-solana'
import type { UploadAccounts } from '@causeway/contracts-solana'
import type { PublicKey, TransactionInstruction } from '@solana/web3.js'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { mapLimited } from '../worker/concurrency.ts'
import type { SolanaApi } from './solana-api.ts'
import type { Landed, SolanaSubmitter } from './submitter.ts'

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
/** Buffers of one sweep: the next takes the rest. */
const SWEPT_AT_ONCE = 40
/** Behind the number of the instruction. */
const WRITE_OFFSET_AT = 1
/** A seed is 32 bytes of text. */
const NAME_DIGITS = 24

/** A buffer of this process. */
interface OwnBuffer {
  readonly accounts: UploadAccounts
  /** The flight that wanted it last. */
  readonly flight: number
  closing: Promise<bigint> | undefined
}

interface Found {
  readonly accounts: UploadAccounts
  readonly name: string
  /** `undefined`: there is no such account. */
  readonly standing: Uint8Array | undefined
}

/**
 * Brings messages that are longer than a transaction into accounts. What stands in one is used: bytes whose
 * upload was held up, or whose flight was, are found again when they are wanted again, and only what is
 * missing is written. Rent comes back when buffers are closed, also of those that a killed process left
 * behind: they are told by their author, who we are.
 */
export class Uploads {
  readonly #options: UploadOptions
  /** Buffers are named by what is in them and by this: an address that can be foretold can be taken. */
  #secret: Uint8Array = randomBytes(32)
  /** When buffers of ours were seen first that this process does not use. */
  readonly #strange = new Map<string, number>()
  readonly #own = new Map<string, OwnBuffer>()
  #flight = 0
  #sweptAtMs = Number.NEGATIVE_INFINITY

  constructor(options: UploadOptions) {
    this.#options = options
  }

  /** What is put from here on belongs to a new flight. */
  beginFlight(): void {
    this.#flight += 1
  }

  /**
   * Makes a buffer with these bytes, or goes on with the one that a flight before began. Throws `RelayError`;
   * what was written by then is kept for the next attempt.
   */
  async put(bytes: Uint8Array): Promise<Uploaded> {
    const { pool, submitter } = this.#options
    const size = UPLOAD_HEADER_BYTES + bytes.length
    const rent = pool.call((api) => api.rentExemption(size))
    rent.catch(() => {}) // whoever waits for it below is told
    const { accounts, name, standing } = await this.#find(bytes)
    const { open, writes } = uploadInstructions(accounts, name, bytes, Number(await rent))
    this.#own.set(accounts.buffer.toBase58(), { accounts, flight: this.#flight, closing: undefined })
    const purpose = `upload ${accounts.buffer.toBase58()}`
    const landed: Landed[] = []
    if (standing === undefined)
      landed.push(await submitter.send({ instructions: open, units: UNITS.open, purpose }))
    const missing = writes.filter((write) => !isWritten(standing, write))
    await mapLimited(missing, WRITES_AT_ONCE, async (write) => {
      landed.push(await submitter.send({ instructions: [write], units: UNITS.write, purpose }))
    })
    const fees = landed.reduce((sum, one) => sum + one.inclusion.fee.amount, 0n)
    return { accounts, fees }
  }

  /** The buffer that these bytes have, with what stands in it. */
  async #find(bytes: Uint8Array): Promise<Found> {
    const { pool, submitter, program } = this.#options
    const name = `cway-${toHex(sha256(concatBytes(this.#secret, bytes))).slice(0, NAME_DIGITS)}`
    const accounts = await uploadAccounts(program, submitter.payer, name)
    await this.#own.get(accounts.buffer.toBase58())?.closing
    const [account] = await pool.call((api) =>
      api.accounts([accounts.buffer], 'confirmed', submitter.newestSlot),
    )
    if (account === undefined || account.owner.equals(program))
      return { accounts, name, standing: account?.data }
    // Somebody saw the address and sent lamports to it: no account can be made there any more
    this.#secret = randomBytes(32)
    return await this.#find(bytes)
  }

  /** What stands in this buffer is wanted no more: its rent comes back meanwhile. */
  finish({ buffer }: UploadAccounts): void {
    const own = this.#own.get(buffer.toBase58())
    if (own !== undefined) own.closing ??= this.#close(own)
  }

  /**
   * Closes what flights before this one left and this one did not want; resolves when that, and what was
   * finished, is closed. A failure leaves a buffer to the next sweep.
   */
  async tidy(): Promise<void> {
    for (const own of this.#own.values())
      if (own.flight < this.#flight && own.closing === undefined) own.closing = this.#close(own)
    await Promise.all([...this.#own.values()].map((own) => own.closing))
  }

  async #close({ accounts }: OwnBuffer): Promise<bigint> {
    const { submitter } = this.#options
    const purpose = `close ${accounts.buffer.toBase58()}`
    const close = { instructions: [closeUploadInstruction(accounts)], units: UNITS.close, purpose }
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
    const left = found
      .map((one) => one.address)
      .filter((one) => this.#isLeft(one))
      .slice(0, SWEPT_AT_ONCE)
    for (let from = 0; from < left.length; from += CLOSED_AT_ONCE) {
      const part = left.slice(from, from + CLOSED_AT_ONCE)
      const instructions = part.map((buffer) => closeUploadInstruction({ program, author, buffer }))
      await submitter.send({ instructions, units: UNITS.close * part.length, purpose: 'sweep' })
      for (const buffer of part) this.#strange.delete(buffer.toBase58())
    }
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

/** Whether a piece stands in a buffer already. Spec: contracts/solana/programs/upload, `write`. */
function isWritten(standing: Uint8Array | undefined, { data }: TransactionInstruction): boolean {
  const offset = UPLOAD_HEADER_BYTES + Number(data.readBigUInt64LE(WRITE_OFFSET_AT))
  const piece = data.subarray(WRITE_OFFSET_AT + 8)
  const found = standing?.subarray(offset, offset + piece.length)
  return found !== undefined && equalBytes(found, piece)
}
