import { RECORD_BYTES_MAX, RECORD_TAGS, decodeRecord } from './record.ts'
import type { StreamRecord } from './record.ts'
import { StreamError } from '../stream-error.ts'

const HEADER_BYTES = 5

/**
 * Cuts bytes that come in pieces of any size into records. At most one record that is not complete is kept,
 * and the pieces of it are joined once. The first record names the format.
 */
export class RecordReader {
  #pieces: Uint8Array[] = []
  #length = 0
  #needed = HEADER_BYTES
  #isNamed = false

  /** Bytes of a record that has begun and not ended. */
  get pendingBytes(): number {
    return this.#length
  }

  /** The records that a piece completes, in order. Throws `StreamError`: the reader is of no use then. */
  *push(piece: Uint8Array): Generator<StreamRecord> {
    this.#pieces.push(piece)
    this.#length += piece.length
    if (this.#length < this.#needed) return
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces)
    let at = 0
    for (;;) {
      const end = recordEnd(bytes, at)
      this.#needed = end - at
      if (end > bytes.length) break
      yield this.#decode(bytes[at] ?? 0, bytes.subarray(at + HEADER_BYTES, end))
      at = end
    }
    // A copy: a few bytes must not keep a whole piece in memory.
    this.#pieces = at === bytes.length ? [] : [new Uint8Array(bytes.subarray(at))]
    this.#length = bytes.length - at
  }

  #decode(tag: number, payload: Uint8Array): StreamRecord {
    if (this.#isNamed === (tag === RECORD_TAGS.format))
      throw new StreamError(
        this.#isNamed ? 'the format is named twice' : 'the stream does not name its format',
      )
    this.#isNamed = true
    return decodeRecord(tag, payload)
  }
}

/** Where the record that begins here ends; the end of its header while not even that is there. */
function recordEnd(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < HEADER_BYTES) return at + HEADER_BYTES
  const length = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4).getUint32(0, true)
  if (length > RECORD_BYTES_MAX) throw new StreamError(`a record of ${length} bytes`)
  return at + HEADER_BYTES + length
}
