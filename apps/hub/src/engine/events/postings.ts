import type { Event } from '@causeway/protocol/tendermint/abci/types'
import type { StorageWrite } from '@causeway/state-tree'
import { COMPOSITE_LENGTH_MAX, compositePrefix, encodePosting, postingKey } from './index-keys.ts'
import type { IndexKind } from './index-keys.ts'

/** Places in a block, flat: index and event of the first, index and event of the second, … */
export type Places = number[]

interface Composite {
  /** Of keys; undefined for a composite key that is too long to be indexed. */
  readonly prefix: Uint8Array | undefined
  readonly values: Map<string, Places>
}

/** What one block adds to the index under one kind, gathered event by event. */
export class Postings {
  readonly #kind: IndexKind
  /** By event type, then attribute key: attributes repeat, so their composite keys are encoded once. */
  readonly #types = new Map<string, Map<string, Composite>>()

  constructor(kind: IndexKind) {
    this.#kind = kind
  }

  /** Takes in the events of the block or of the transaction at `index`. */
  add(events: readonly Event[], index: number): void {
    for (const [event, { type, attributes }] of events.entries()) {
      if (type === '') continue
      let composites = this.#types.get(type)
      if (composites === undefined) this.#types.set(type, (composites = new Map<string, Composite>()))
      for (const { key, value, index: isIndexed } of attributes) {
        if (!isIndexed || key === '') continue
        let composite = composites.get(key)
        if (composite === undefined) composites.set(key, (composite = this.#composite(type, key)))
        if (composite.prefix !== undefined) note(composite.values, value, index, event)
      }
    }
  }

  /** Appends the records of the block at `height`. */
  write(height: bigint, writes: StorageWrite[]): void {
    for (const composites of this.#types.values()) {
      for (const { prefix, values } of composites.values()) {
        if (prefix === undefined) continue
        for (const [value, places] of values)
          writes.push({ key: postingKey(prefix, value, height), value: encodePosting(value, places) })
      }
    }
  }

  #composite(type: string, key: string): Composite {
    const name = `${type}.${key}`
    const isShort = Buffer.byteLength(name) <= COMPOSITE_LENGTH_MAX
    return { prefix: isShort ? compositePrefix(this.#kind, name) : undefined, values: new Map() }
  }
}

function note(values: Map<string, Places>, value: string, index: number, event: number): void {
  const places = values.get(value)
  if (places === undefined) values.set(value, [index, event])
  else if (places[places.length - 2] !== index || places[places.length - 1] !== event)
    places.push(index, event)
}
