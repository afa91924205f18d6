// The records that a validator's Geyser plugin and the local cluster write: tag u8 ‖ length u32le ‖
// payload, integers little-endian. The plugin: contracts/solana/geyser.
import type { AccountState } from '@causeway/light-clients'
import { fromBase58 } from '@causeway/primitives'

import { StreamError } from '../stream-error.ts'

/** What a stream tells, one after the other. */
export type StreamRecord =
  | { readonly kind: 'format' }
  | AccountRecord
  | SlotRecord
  | { readonly kind: 'startupEnd' }
  | BlockRecord
  | TransactionRecord
  | { readonly kind: 'entry' }

/** An account as it stands after a write. */
export interface AccountRecord {
  readonly kind: 'account'
  readonly slot: bigint
  /** As it was when the stream began. */
  readonly isStartup: boolean
  /** Grows from one write to the next. */
  readonly writeVersion: bigint
  /** 32 bytes, as `addressKey` writes them. */
  readonly key: string
  /** Absent: it has no lamports, so it does not exist. */
  readonly state: AccountState | undefined
}

/** What became of a slot: `created_bank`, `processed`, `confirmed`, `rooted`, `dead` and others. */
export interface SlotRecord {
  readonly kind: 'slot'
  readonly slot: bigint
  readonly parent: bigint | undefined
  readonly status: string
}

/** A frozen block. */
export interface BlockRecord {
  readonly kind: 'block'
  readonly slot: bigint
  readonly parentSlot: bigint
  /** Hash of its last entry, 32 bytes. */
  readonly blockhash: Uint8Array
  /** Transactions in it. */
  readonly executed: number
}

/** A transaction of a block. */
export interface TransactionRecord {
  readonly kind: 'transaction'
  readonly slot: bigint
  readonly isVote: boolean
  /** It changed nothing but its fee payer; its signatures count all the same. */
  readonly isError: boolean
  /** Wire format. */
  readonly wire: Uint8Array
}

/** Name and version of the format: the first record's payload. */
export const RECORD_FORMAT = 'causeway-records/1'
/** Largest record that is read. */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024
/** Tags of records. */
export const RECORD_TAGS = {
  format: 0,
  account: 1,
  slot: 2,
  startupEnd: 3,
  block: 4,
  transaction: 5,
  entry: 6,
} as const

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const STATUS_BYTES_MAX = 64
const WIRE_BYTES_MAX = 4_096

/** An address as maps have it: a character a byte, so that texts ascend as bytes do. */
export function addressKey(address: Uint8Array): string {
  return Buffer.from(address.buffer, address.byteOffset, address.length).toString('latin1')
}

/** The address that a key stands for. */
export function keyAddress(key: string): Uint8Array {
  return new Uint8Array(Buffer.from(key, 'latin1'))
}

/** Decodes one record, strictly; bytes that are kept are copied. Throws `StreamError`. */
export function decodeRecord(tag: number, payload: Uint8Array): StreamRecord {
  const fields = new Fields(payload)
  switch (tag) {
    case RECORD_TAGS.format: {
      const name = Buffer.from(fields.rest()).toString('utf8')
      if (name !== RECORD_FORMAT)
        throw new StreamError(`the stream's format is ${JSON.stringify(name.slice(0, 64))}`)
      return { kind: 'format' }
    }
    case RECORD_TAGS.account:
      return readAccount(fields)
    case RECORD_TAGS.slot:
      return readSlot(fields)
    case RECORD_TAGS.startupEnd:
      fields.end()
      return { kind: 'startupEnd' }
    case RECORD_TAGS.block:
      return readBlock(fields.rest())
    case RECORD_TAGS.transaction:
      return readTransaction(fields)
    case RECORD_TAGS.entry:
      return { kind: 'entry' }
    default:
      throw new StreamError(`a record of unknown kind ${tag}`)
  }
}

function readAccount(fields: Fields): AccountRecord {
  const slot = fields.u64()
  const isStartup = fields.flag()
  const writeVersion = fields.u64()
  const key = addressKey(fields.take(KEY_BYTES))
  const lamports = fields.u64()
  const owner = fields.copy(KEY_BYTES)
  const isExecutable = fields.flag()
  fields.u64() // rent epoch: no hash commits to it
  if (fields.flag()) fields.take(SIGNATURE_BYTES)
  const data = fields.copy(fields.u32())
  fields.end()
  const state = lamports === 0n ? undefined : { lamports, data, isExecutable, owner }
  return { kind: 'account', slot, isStartup, writeVersion, key, state }
}

function readSlot(fields: Fields): SlotRecord {
  const slot = fields.u64()
  const hasParent = fields.flag()
  const parent = fields.u64()
  const status = fields.rest()
  if (status.length > STATUS_BYTES_MAX) throw new StreamError('a status without end', slot)
  return {
    kind: 'slot',
    slot,
    parent: hasParent ? parent : undefined,
    status: Buffer.from(status).toString('utf8'),
  }
}

function readTransaction(fields: Fields): TransactionRecord {
  const slot = fields.u64()
  fields.u32() // index in the block
  const isVote = fields.flag()
  const isError = fields.flag()
  fields.u64() // fee
  const length = fields.u32()
  if (length > WIRE_BYTES_MAX) throw new StreamError(`a transaction of ${length} bytes`, slot)
  const wire = fields.copy(length)
  fields.end()
  return { kind: 'transaction', slot, isVote, isError, wire }
}

function readBlock(payload: Uint8Array): BlockRecord {
  const json = parseObject(payload)
  const slot = numberOf(json['slot'])
  const parentSlot = numberOf(json['parentSlot'])
  const executed = numberOf(json['executed'])
  const blockhash = typeof json['blockhash'] === 'string' ? fromBase58(json['blockhash']) : undefined
  if (slot === undefined || parentSlot === undefined || executed === undefined || blockhash?.length !== 32)
    throw new StreamError('block metadata that is none', slot === undefined ? undefined : BigInt(slot))
  return { kind: 'block', slot: BigInt(slot), parentSlot: BigInt(parentSlot), blockhash, executed }
}

function parseObject(payload: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new StreamError('block metadata that is no JSON object')
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** Reads fields one after another; bounds are checked before anything is read. */
class Fields {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at)
      throw new StreamError(`a record that ends at byte ${this.#bytes.length}`)
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  copy(length: number): Uint8Array {
    return new Uint8Array(this.take(length))
  }

  flag(): boolean {
    const [byte] = this.take(1)
    if (byte === undefined || byte > 1) throw new StreamError('a flag that is neither 0 nor 1')
    return byte === 1
  }

  u32(): number {
    this.take(4)
    return this.#bytes.readUInt32LE(this.#at - 4)
  }

  u64(): bigint {
    this.take(8)
    return this.#bytes.readBigUInt64LE(this.#at - 8)
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at)
  }

  end(): void {
    const left = this.#bytes.length - this.#at
    if (left > 0) throw new StreamError(`a record with ${left} bytes left over`)
  }
}
