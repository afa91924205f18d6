// Words of Solidity's ABI, read strictly: what a lenient decoder elsewhere could read differently is refused.
// A general ABI library isn't needed in a consensus path. Spec: Solidity ABI, "strict mode".
import { concatBytes, fromHex, toHex } from '@causeway/primitives'

/** Bytes of a word. */
export const WORD = 32

/** How a reader refuses: the offset in the bytes and what is wrong there. */
export type Malformed = (offset: number, reason: string) => Error

/** A number as one word, big-endian; 0 to 2²⁵⁶ − 1. */
export function word(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * WORD, '0'))
}

/** `bytes20` and the like: left-aligned. */
export function leftAligned(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(WORD)
  padded.set(bytes)
  return padded
}

/** The tail of a `bytes` or a `string`: length, bytes, zero padding. */
export function tail(bytes: Uint8Array): Uint8Array {
  const padding = new Uint8Array(paddedLength(bytes.length) - bytes.length)
  return concatBytes(word(BigInt(bytes.length)), bytes, padding)
}

/** Reads words out of bytes. */
export class AbiReader {
  readonly #bytes: Uint8Array
  readonly #malformed: Malformed

  constructor(bytes: Uint8Array, malformed: Malformed) {
    this.#bytes = bytes
    this.#malformed = malformed
  }

  /** The word at an offset. */
  word(offset: number): Uint8Array {
    if (offset + WORD > this.#bytes.length) throw this.#malformed(offset, 'a word is missing')
    return this.#bytes.subarray(offset, offset + WORD)
  }

  /** A number of at most `bits` bits. */
  number(offset: number, bits = 256): bigint {
    const value = BigInt(`0x${toHex(this.word(offset))}`)
    if (value >> BigInt(bits) !== 0n) throw this.#malformed(offset, `a number of more than ${bits} bits`)
    return value
  }

  /** The first `length` bytes of a word, whose rest is zero. */
  leftAligned(offset: number, length: number): Uint8Array {
    const bytes = this.word(offset)
    if (bytes.subarray(length).some((byte) => byte !== 0))
      throw this.#malformed(offset, 'padding is not zero')
    return bytes.slice(0, length)
  }

  /** An offset or a length. Whatever exceeds the bytes at hand is refused before it is narrowed. */
  size(offset: number): number {
    const value = this.number(offset)
    if (value > BigInt(this.#bytes.length)) throw this.#malformed(offset, 'an offset or length lies outside')
    return Number(value)
  }

  /** An offset that must be this one: tails stand in order, without gaps or overlaps. */
  offset(offset: number, expected: number): void {
    if (this.size(offset) !== expected) throw this.#malformed(offset, `expected the offset ${expected}`)
  }

  /** Length, bytes and zero padding at an offset, and where what follows begins. */
  tail(offset: number): { value: Uint8Array; next: number } {
    const length = this.size(offset)
    const start = offset + WORD
    const next = start + paddedLength(length)
    if (next > this.#bytes.length) throw this.#malformed(start, `${length} bytes do not fit`)
    if (this.#bytes.subarray(start + length, next).some((byte) => byte !== 0)) {
      throw this.#malformed(start + length, 'the padding is not zero')
    }
    return { value: this.#bytes.slice(start, start + length), next }
  }

  /** Refuses anything from this offset on. */
  end(offset: number): void {
    if (offset !== this.#bytes.length) throw this.#malformed(offset, 'there is more behind')
  }
}

function paddedLength(length: number): number {
  return Math.ceil(length / WORD) * WORD
}
