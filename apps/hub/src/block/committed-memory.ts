// What was read of the committed state lately, by the texts of its keys: a look-up here takes a fraction of a
// walk down the tree. Derived: every commit brings its changes here.
import { keyText } from '@causeway/state-tree'
import type { Change, KeyValueReader } from '@causeway/state-tree'

/** Keys of a store that are remembered, and their bytes with their values'; then it starts anew. */
const KEYS_MAX = 500_000
const BYTES_MAX = 256 * 1024 * 1024
/** Longer keys are not remembered: who asks has named them. */
const KEY_BYTES_MAX = 128

/** The committed state of one store. */
export class CommittedMemory implements KeyValueReader {
  readonly #reader: KeyValueReader
  readonly #bytesMax: number
  readonly #known = new Map<string, Uint8Array | undefined>()
  #bytes = 0

  constructor(reader: KeyValueReader, bytesMax = BYTES_MAX) {
    this.#reader = reader
    this.#bytesMax = bytesMax
  }

  /** Keys that are remembered, and their bytes with their values'. */
  get size(): { readonly keys: number; readonly bytes: number } {
    return { keys: this.#known.size, bytes: this.#bytes }
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.getByText(keyText(key), key)
  }

  has(key: Uint8Array): boolean {
    return this.get(key) !== undefined
  }

  getByText(text: string, key: Uint8Array): Uint8Array | undefined {
    const known = this.#known.get(text)
    if (known !== undefined || this.#known.has(text)) return known
    const value = this.#reader.get(key)
    this.#remember(text, value)
    return value
  }

  iterate(start?: Uint8Array, end?: Uint8Array, reverse?: boolean): Iterable<[Uint8Array, Uint8Array]> {
    return this.#reader.iterate(start, end, reverse)
  }

  /** The changes of a block that was committed. */
  follow(changes: readonly Change[]): void {
    for (const { key, value } of changes) this.#remember(keyText(key), value)
  }

  #remember(text: string, value: Uint8Array | undefined): void {
    if (text.length > KEY_BYTES_MAX) return
    const bytes = text.length + (value?.length ?? 0)
    if (this.#known.has(text)) this.#bytes -= text.length + (this.#known.get(text)?.length ?? 0)
    else if (this.#known.size >= KEYS_MAX) this.#clear()
    if (this.#bytes + bytes > this.#bytesMax) this.#clear()
    this.#known.set(text, value)
    this.#bytes += bytes
  }

  #clear(): void {
    this.#known.clear()
    this.#bytes = 0
  }
}
