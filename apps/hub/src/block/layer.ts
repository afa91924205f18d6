// A layer holds the writes of a block, a transaction or a packet over everything below it, store by store.
import { Overlay } from '@causeway/state-tree'
import type { Change, KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** Gives each store of what lies below. */
export type StoreReaders = (storeName: string) => KeyValueReader

/** Uncommitted writes over readers. */
export class Layer {
  readonly #below: StoreReaders
  readonly #overlays = new Map<string, Overlay>()

  constructor(below: StoreReaders) {
    this.#below = below
  }

  /** The store as this layer sees it. */
  store(name: string): KeyValueStore {
    let overlay = this.#overlays.get(name)
    if (overlay === undefined) {
      overlay = new Overlay(this.#below(name))
      this.#overlays.set(name, overlay)
    }
    return overlay
  }

  /** A new layer over this one. */
  above(): Layer {
    return new Layer((name) => this.store(name))
  }

  /** Moves this layer's writes into the layer below. This layer is not used afterwards. */
  writeInto(below: Layer): void {
    for (const [name, overlay] of this.#overlays) overlay.write(below.store(name))
  }

  /** Net changes of each store, keys ascending; stores without a change are absent. */
  changes(): Map<string, readonly Change[]> {
    const changes = new Map<string, readonly Change[]>()
    for (const [name, overlay] of this.#overlays) {
      const net = overlay.changes()
      if (net.length > 0) changes.set(name, net)
    }
    return changes
  }
}
