import type { ProtocolError } from '@causeway/primitives'

/** Reads little-endian fields one after another. Bounds are checked before anything is read. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #refuse: (reason: string) => ProtocolError
  #at = 0

  /** `refuse` makes the error that is thrown for bytes which are missing, left over or not canonical. */
  constructor(bytes: Uint8Array, refuse: (reason: string) => ProtocolError) {
    this.#bytes = bytes
    this.#refuse = refuse
  }

  /** Bytes that have been read. */
  get offset(): number {
    return this.#at
  }

  /** The next bytes, a view of the input. */
  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw this.#refuse(`it ends at byte ${this.#bytes.length}`)
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  u8(): number {
    return this.take(1)[0]!
  }

  u16(): number {
    return this.#little(2)
  }

  u32(): number {
    return this.#little(4)
  }

  u64(): bigint {
    const low = this.u32()
    return BigInt(low) | (BigInt(this.u32()) << 32n)
  }

  /** A length of Solana's wire format: 7 bits a byte, at most 3 bytes and 16 bits, in the shortest form. */
  compactU16(): number {
    let value = 0
    for (let i = 0; i < 3; i++) {
      const byte = this.u8()
      value |= (byte & 0x7f) << (7 * i)
      if (byte & 0x80) continue
      if ((byte === 0 && i > 0) || value > 0xffff) break
      return value
    }
    throw this.#refuse(`no length at byte ${this.#at}`)
  }

  /** An unsigned LEB128 number of at most 64 bits, in the shortest form. */
  varint(): bigint {
    let value = 0n
    for (let i = 0n; i < 10n; i++) {
      const byte = this.u8()
      value |= BigInt(byte & 0x7f) << (7n * i)
      if (byte & 0x80) continue
      if ((byte === 0 && i > 0n) || value >= 1n << 64n) break
      return value
    }
    throw this.#refuse(`no number at byte ${this.#at}`)
  }

  /** Throws unless everything has been read. */
  end(): void {
    const rest = this.#bytes.length - this.#at
    if (rest > 0) throw this.#refuse(`${rest} bytes are left over`)
  }

  #little(size: number): number {
    return this.take(size).reduceRight((sum, byte) => sum * 256 + byte, 0)
  }
}
