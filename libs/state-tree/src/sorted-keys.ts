import { assert } from '@causeway/primitives'

const CHUNK_MAX = 512
/**
 * An array of each short length, written over with every text: of a typed array `apply` would make one anew,
 * at twice the cost.
 */
const CHARACTERS = Array.from({ length: 97 }, (_, length) => Array.from({ length }, () => 0))

/**
 * A set of byte strings in lexicographic order, with insertion in the middle at the cost of one short chunk.
 * Keys are strings with one character per byte (`keyText`), whose `<` is the byte order.
 */
export class SortedKeys {
  readonly #chunks: string[][] = [[]]

  /** Adds a key; nothing happens when it is there. */
  add(key: string): void {
    const index = this.#chunkFor(key)
    const chunk = this.#chunks[index]!
    const at = lowerBound(chunk, key)
    if (chunk[at] === key) return
    chunk.splice(at, 0, key)
    if (chunk.length <= CHUNK_MAX) return
    // Ascending insertion leaves full chunks behind, not half-empty ones
    const keep = at === chunk.length - 1 ? CHUNK_MAX : CHUNK_MAX / 2
    this.#chunks.splice(index + 1, 0, chunk.splice(keep))
  }

  /** Removes a key; nothing happens when it isn't there. */
  remove(key: string): void {
    const index = this.#chunkFor(key)
    const chunk = this.#chunks[index]!
    const at = lowerBound(chunk, key)
    if (chunk[at] !== key) return
    chunk.splice(at, 1)
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(index, 1)
  }

  /** Removes all. */
  clear(): void {
    this.#chunks.length = 0
    this.#chunks.push([])
  }

  /** The least key that is at or above `key` (above it, when `isExclusive`). */
  next(key: string, isExclusive: boolean): string | undefined {
    let index = this.#chunkFor(key)
    let at = lowerBound(this.#chunks[index]!, key)
    if (isExclusive && this.#chunks[index]![at] === key) at++
    if (at < this.#chunks[index]!.length) return this.#chunks[index]![at]
    index++
    return this.#chunks[index]?.[0]
  }

  /** The greatest key below `key`, or of all when `key` is undefined. */
  previous(key: string | undefined): string | undefined {
    const last = this.#chunks.length - 1
    if (key === undefined) return this.#chunks[last]!.at(-1)
    const index = this.#chunkFor(key)
    const at = lowerBound(this.#chunks[index]!, key)
    if (at > 0) return this.#chunks[index]![at - 1]
    return index > 0 ? this.#chunks[index - 1]!.at(-1) : undefined
  }

  /** The last chunk whose first key is at or below `key`. */
  #chunkFor(key: string): number {
    let low = 0
    let high = this.#chunks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      const first = this.#chunks[middle]![0]
      assert(first !== undefined, 'no chunk but the only one is empty')
      if (first <= key) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** The bytes as a string with one character per byte: a map key whose order is the byte order. */
export function keyText(key: Uint8Array): string {
  const characters = CHARACTERS[key.length]
  if (characters !== undefined) {
    for (let i = 0; i < characters.length; i++) characters[i] = key[i]!
    return String.fromCharCode.apply(null, characters)
  }
  if (key.length <= 4096) return String.fromCharCode.apply(null, key as unknown as number[])
  let text = ''
  for (let start = 0; start < key.length; start += 4096) {
    text += String.fromCharCode.apply(null, key.subarray(start, start + 4096) as unknown as number[])
  }
  return text
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
