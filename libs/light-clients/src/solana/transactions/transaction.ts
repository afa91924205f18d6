import { KEY_BYTES } from '../addresses.ts'
import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'

/** One instruction; indexes count the message's static keys, then those that tables bring. */
export interface Instruction {
  readonly programIndex: number
  readonly accountIndexes: Uint8Array
  readonly data: Uint8Array
}

/** A transaction in wire format, legacy or version 0. */
export interface Transaction {
  /** 64 bytes each; the first keys sign, in their order. */
  readonly signatures: readonly Uint8Array[]
  /** What is signed. */
  readonly message: Uint8Array
  readonly version: 'legacy' | 0
  /** Static keys, 32 bytes each; signers first. */
  readonly keys: readonly Uint8Array[]
  readonly recentBlockhash: Uint8Array
  readonly instructions: readonly Instruction[]
  /** Keys that address tables add. */
  readonly tableKeyCount: number
}

const TRANSACTION_BYTES_MAX = 1_232
const SIGNATURE_BYTES = 64
const VERSION_FLAG = 0x80
const KEYS_MAX = 256

/**
 * Decodes a transaction, strictly: what agave's `sanitize` refuses is refused, and so are bytes left over.
 * Throws `solana/20`.
 */
export function decodeTransaction(wire: Uint8Array): Transaction {
  const refuse = (reason: string) => errors.badTransaction({ reason })
  if (wire.length > TRANSACTION_BYTES_MAX) throw refuse(`${wire.length} bytes`)
  const reader = new ByteReader(wire, refuse)
  const signatures = list(reader, () => reader.take(SIGNATURE_BYTES))
  const message = wire.subarray(reader.offset)
  const isVersioned = (message[0] ?? 0) >= VERSION_FLAG
  if (isVersioned && reader.u8() !== VERSION_FLAG) throw refuse('an unknown version')
  const [required, readonlySigned, readonlyUnsigned] = reader.take(3) as unknown as [number, number, number]
  const keys = list(reader, () => reader.take(KEY_BYTES))
  const recentBlockhash = reader.take(KEY_BYTES)
  const instructions = list(reader, () => instruction(reader))
  const tableKeyCount = isVersioned ? tableKeys(reader) : 0
  reader.end()

  if (signatures.length !== required) throw refuse(`${signatures.length} signatures of ${required}`)
  if (readonlySigned >= required) throw refuse('no writable fee payer')
  if (required + readonlyUnsigned > keys.length) throw refuse('more roles than keys')
  const total = keys.length + tableKeyCount
  if (total > KEYS_MAX) throw refuse(`${total} keys`)
  for (const { programIndex, accountIndexes } of instructions) {
    if (programIndex === 0 || programIndex >= keys.length) throw refuse('a program that is none')
    if (accountIndexes.some((index) => index >= total)) throw refuse('an account that is none')
  }
  const version = isVersioned ? 0 : 'legacy'
  return { signatures, message, version, keys, recentBlockhash, instructions, tableKeyCount }
}

function instruction(reader: ByteReader): Instruction {
  const programIndex = reader.u8()
  const accountIndexes = reader.take(reader.compactU16())
  return { programIndex, accountIndexes, data: reader.take(reader.compactU16()) }
}

/** Address tables of a version 0 message; how many keys they bring. */
function tableKeys(reader: ByteReader): number {
  const counts = list(reader, () => {
    reader.take(KEY_BYTES)
    const writable = reader.take(reader.compactU16()).length
    return writable + reader.take(reader.compactU16()).length
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Each item takes a byte at least, so a length that is too long ends with the input. */
function list<T>(reader: ByteReader, item: () => T): T[] {
  return Array.from({ length: reader.compactU16() }, item)
}
