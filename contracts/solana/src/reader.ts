import { PublicKey } from '@solana/web3.js'
import { equalBytes, fromUtf8 } from '@causeway/primitives'

/** Reads bytes from front to back, as the client that is made from the IDLs does it. */
export interface Reader {
  u8(): number
  u16(order?: 'be'): number
  u32(order?: 'be'): number
  u64(order?: 'be'): bigint
  u128(): bigint
  bytes(length: number): Uint8Array
  /** Passes over so many bytes. */
  skip(length: number): object
  rest(): Uint8Array
  text(length: number): string
  address(): PublicKey
  /** Reads something within a place of so many bytes. */
  within<T>(length: number, read: (place: Reader) => T): T
  list<T>(count: number | bigint, read: () => T): T[]
}

/** A reader of bytes. Throws a RangeError when they end too early. */
export function readerOf(data: Uint8Array): Reader {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let at = 0
  const bytes = (length: number) => {
    if (at + length > data.length) throw new RangeError(`${data.length} bytes are too few`)
    return data.slice(at, (at += length))
  }
  const reader: Reader = {
    u8: () => view.getUint8(at++),
    u16: (order) => view.getUint16((at += 2) - 2, order !== 'be'),
    u32: (order) => view.getUint32((at += 4) - 4, order !== 'be'),
    u64: (order) => view.getBigUint64((at += 8) - 8, order !== 'be'),
    u128: () => reader.u64() | (reader.u64() << 64n),
    bytes,
    skip: (length) => (bytes(length), {}),
    rest: () => bytes(data.length - at),
    text: (length) => fromUtf8(bytes(length)),
    address: () => new PublicKey(bytes(32)),
    within: (length, read) => read(readerOf(bytes(length))),
    list: (count, read) => Array.from({ length: Number(count) }, read),
  }
  return reader
}

/**
 * A reader of an account's data behind what each account of its kind begins with; undefined: it begins
 * otherwise, or has another length.
 */
export function openAccount(data: Uint8Array, begin: Uint8Array, length?: number): Reader | undefined {
  if (length !== undefined && data.length !== length) return undefined
  if (!equalBytes(data.subarray(0, begin.length), begin)) return undefined
  return readerOf(data.subarray(begin.length))
}
