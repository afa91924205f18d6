// What was read of the committed state lately, by the texts of its keys: a look-up here takes a fraction of a
// walk down the tree. Derived: every commit brings its changes here.
import { keyText } from '@causeway/state-tree'
import type { Change, KeyValueReader } from '@causeway/state-tree'

/** Keys of a store that are remembered; then it starts anew. */
const KEYS_MAX = 500_000

/** The committed state of one store. */
export class CommittedMemory implements KeyValueReader {
  readonly #reader: KeyValueReader
  readonly #known = new Map<string, Uint8Array | undefined>()

  constructor(reader: KeyValueReader) {
    this.#reader = reader
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
    if (this.#known.size >= KEYS_MAX) this.#known.clear()
    this.#known.set(text, value)
  }
}
