import { equalBytes } from '@causeway/primitives'
import { assertKey, assertValue } from './key-value.ts'
import type { Change, KeyValueReader, KeyValueStore } from './key-value.ts'
import { keyText, SortedKeys } from './sorted-keys.ts'

/**
 * Uncommitted changes over a parent: a transaction over a block, a block over the committed state. The parent
 * is only read. While an iteration runs the overlay may change (its parent may not): what lies ahead of the
 * iteration's position is seen as it is when the iteration gets there.
 */
export class Overlay implements KeyValueStore {
  readonly #parent: KeyValueReader
  /** Made with the first: most overlays of transactions are only read. */
  #changes: Map<string, Change> | undefined
  /** In order; filled by the first iteration, because most overlays are never iterated. */
  #sorted: SortedKeys | undefined

  constructor(parent: KeyValueReader) {
    this.#parent = parent
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#find(key)
  }

  has(key: Uint8Array): boolean {
    return this.#find(key) !== undefined
  }

  set(key: Uint8Array, value: Uint8Array): void {
    assertKey(key)
    assertValue(value)
    this.#put(keyText(key), { key, value })
  }

  delete(key: Uint8Array): void {
    assertKey(key)
    this.#put(keyText(key), { key, value: undefined })
  }

  *iterate(
    start?: Uint8Array,
    end?: Uint8Array,
    reverse = false,
  ): IterableIterator<[Uint8Array, Uint8Array]> {
    const parent = this.#parent.iterate(start, end, reverse)[Symbol.iterator]()
    let range: Range | undefined
    /** The last key that was given, or the text of it. */
    let position: Uint8Array | string | undefined
    let pair = nextPair(parent)
    for (;;) {
      if (this.#changes === undefined) {
        // Nothing of its own: texts of keys are made once there is something to compare
        if (pair === undefined) return
        position = pair.key
        yield [pair.key, pair.value]
        pair = nextPair(parent)
        continue
      }
      range ??= { first: start === undefined ? '' : keyText(start), stop: end && keyText(end), reverse }
      if (typeof position === 'object') position = keyText(position)
      const own = this.#after(position, range)
      if (own === undefined && pair === undefined) return
      const text: string | undefined = pair && (pair.text ??= keyText(pair.key))
      const isOwn: boolean =
        text === undefined || (own !== undefined && (reverse ? own >= text : own <= text))
      position = isOwn ? own! : text!
      const inherited: Pair | undefined = text === position ? pair : undefined
      if (inherited !== undefined) pair = nextPair(parent)
      const change = this.#changes.get(position)
      if (change === undefined) yield [inherited!.key, inherited!.value]
      else if (change.value !== undefined) yield [change.key, change.value]
    }
  }

  /** The net changes against the parent in ascending key order: keys that end as they were are left out. */
  changes(): Change[] {
    const net: Change[] = []
    for (const text of this.#texts()) {
      const change = this.#changes!.get(text)!
      const before = below(this.#parent, text, change.key)
      if (!isSame(before, change.value)) net.push(change)
    }
    return net
  }

  /** Makes every change in `into` (in ascending key order, not only the net ones) and forgets them here. */
  write(into: KeyValueStore): void {
    const changes = this.#changes
    if (changes === undefined) return
    if (into instanceof Overlay) {
      changes.forEach((change, text) => into.#put(text, change))
      this.discard()
      return
    }
    for (const text of this.#texts()) {
      const { key, value } = changes.get(text)!
      if (value === undefined) into.delete(key)
      else into.set(key, value)
    }
    this.discard()
  }

  /** Forgets every change. */
  discard(): void {
    this.#changes = undefined
    this.#sorted = undefined
  }

  /** The value of a key, through all overlays with one text. */
  #find(key: Uint8Array): Uint8Array | undefined {
    const text = keyText(key)
    for (let overlay: Overlay = this; ;) {
      const change = overlay.#changes?.get(text)
      if (change !== undefined) return change.value
      const parent = overlay.#parent
      if (!(parent instanceof Overlay)) return below(parent, text, key)
      overlay = parent
    }
  }

  #put(text: string, change: Change): void {
    this.#changes ??= new Map()
    if (this.#sorted !== undefined && !this.#changes.has(text)) this.#sorted.add(text)
    this.#changes.set(text, change)
  }

  /** The changed key behind `position` in the direction of an iteration. */
  #after(position: string | undefined, range: Range): string | undefined {
    const sorted = this.#sortedKeys()
    if (range.reverse) {
      const text = sorted.previous(position ?? range.stop)
      return text !== undefined && text >= range.first ? text : undefined
    }
    const text = position === undefined ? sorted.next(range.first, false) : sorted.next(position, true)
    return text !== undefined && (range.stop === undefined || text < range.stop) ? text : undefined
  }

  #sortedKeys(): SortedKeys {
    if (this.#sorted === undefined) {
      this.#sorted = new SortedKeys()
      for (const text of this.#texts()) this.#sorted.add(text)
    }
    return this.#sorted
  }

  /** Of the changed keys, ascending. */
  #texts(): string[] {
    return [...(this.#changes?.keys() ?? [])].sort((a, b) => (a < b ? -1 : 1))
  }
}

interface Range {
  readonly first: string
  readonly stop: string | undefined
  readonly reverse: boolean
}

interface Pair {
  readonly key: Uint8Array
  readonly value: Uint8Array
  /** Of the key, once it was asked for. */
  text: string | undefined
}

function nextPair(pairs: Iterator<[Uint8Array, Uint8Array]>): Pair | undefined {
  const next = pairs.next()
  return next.done === true ? undefined : { key: next.value[0], value: next.value[1], text: undefined }
}

function below(parent: KeyValueReader, text: string, key: Uint8Array): Uint8Array | undefined {
  return parent.getByText === undefined ? parent.get(key) : parent.getByText(text, key)
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b)
}
