/**
 * Writes protobuf fields in the order in which it is called. CometBFT hashes and signs exact bytes, so the
 * few messages that matter there are written by hand, as gogoproto writes them: proto3 defaults are left out,
 * embedded (`nullable = false`) messages are always written.
 */
export class WireWriter {
  // Arrays of up to 64 bytes are cheap to make; few messages here are longer.
  private bytes = new Uint8Array(64)
  private length = 0

  /** A varint field; nothing when it is zero. Negative int64 take ten bytes. */
  varint(field: number, value: bigint | number): this {
    if (value === 0 || value === 0n) return this
    this.rawVarint(field << 3)
    // Nearly every number here fits a double, and doubles are ten times as fast.
    const small = Number(value)
    if (small >= 0 && small <= Number.MAX_SAFE_INTEGER) this.rawVarint(small)
    else this.bigVarint(BigInt.asUintN(64, BigInt(value)))
    return this
  }

  /** An sfixed64 field; nothing when it is zero. */
  fixed64(field: number, value: bigint): this {
    if (value === 0n) return this
    this.rawVarint((field << 3) | 1)
    this.reserve(8)
    let rest = BigInt.asUintN(64, value)
    for (let i = 0; i < 8; i++) {
      this.bytes[this.length++] = Number(rest & 0xffn)
      rest >>= 8n
    }
    return this
  }

  /** A bytes or string field; nothing when it is empty. */
  data(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.message(field, value)
  }

  /** An embedded message; written even when it is empty. */
  message(field: number, value: Uint8Array): this {
    this.rawVarint((field << 3) | 2)
    this.rawVarint(value.length)
    this.raw(value)
    return this
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): this {
    this.reserve(value.length)
    this.bytes.set(value, this.length)
    this.length += value.length
    return this
  }

  /** Bytes written so far. */
  get size(): number {
    return this.length
  }

  /** What was written. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  /** What was written, after its length as a varint (protobuf's delimited form). */
  finishDelimited(): Uint8Array {
    const prefix = new WireWriter()
    prefix.rawVarint(this.length)
    return prefix.raw(this.bytes.subarray(0, this.length)).finish()
  }

  private rawVarint(value: number): void {
    this.reserve(8)
    let rest = value
    while (rest > 0x7f) {
      const low = rest % 0x80
      this.bytes[this.length++] = low | 0x80
      rest = (rest - low) / 0x80
    }
    this.bytes[this.length++] = rest
  }

  private bigVarint(value: bigint): void {
    this.reserve(10)
    let rest = value
    while (rest > 0x7fn) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.bytes[this.length++] = Number(rest)
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
