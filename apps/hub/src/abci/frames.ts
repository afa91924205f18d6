import { concatBytes, uvarint } from '@causeway/primitives'
import { errors } from './errors.ts'

/** Largest frame that is taken by default: CometBFT's largest block and room for what goes with it. */
export const FRAME_BYTES_MAX = 128 * 1024 * 1024

const LENGTH_BYTES_MAX = 5

/** One message as it goes over an ABCI socket: its length as an unsigned varint, then its bytes. */
export function encodeFrame(message: Uint8Array): Uint8Array {
  return concatBytes(uvarint(message.length), message)
}

/** Cuts a byte stream into frames. Never holds more than one incomplete frame. */
export class FrameReader {
  private readonly bytesMax: number
  private chunks: Uint8Array[] = []
  private held = 0
  private needed = 1

  constructor(bytesMax: number = FRAME_BYTES_MAX) {
    this.bytesMax = bytesMax
  }

  /** Whether the stream may end here. */
  get isAtBoundary(): boolean {
    return this.held === 0
  }

  /** The frames that `chunk` completes. Throws `abci/1`, `abci/2`; the stream is then lost. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.chunks.push(chunk)
    this.held += chunk.length
    if (this.held < this.needed) return []
    const data = plain(this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks))
    const frames: Uint8Array[] = []
    let offset = 0
    for (;;) {
      const header = this.readLength(data, offset)
      this.needed = header === undefined ? data.length - offset + 1 : header.bytes + header.length
      if (header === undefined || offset + this.needed > data.length) break
      frames.push(data.subarray(offset + header.bytes, offset + this.needed))
      offset += this.needed
    }
    this.held = data.length - offset
    this.chunks = this.held === 0 ? [] : [data.subarray(offset)]
    return frames
  }

  private readLength(data: Uint8Array, offset: number): { length: number; bytes: number } | undefined {
    let length = 0n
    for (let i = 0; i < LENGTH_BYTES_MAX; i++) {
      const byte = data[offset + i]
      if (byte === undefined) return undefined
      length |= BigInt(byte & 0x7f) << BigInt(7 * i)
      if (byte >= 0x80) continue
      if (length > BigInt(this.bytesMax)) throw errors.frameTooLarge({ bytes: length, max: this.bytesMax })
      return { length: Number(length), bytes: i + 1 }
    }
    throw errors.badFrameLength()
  }
}

/**
 * A Buffer's `slice` shares its bytes, a Uint8Array's copies them: what decodes frames counts on the latter.
 */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
