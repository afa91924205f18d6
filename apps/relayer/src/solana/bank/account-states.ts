import type { AccountState } from '@causeway/light-clients'
import { assert } from '@causeway/primitives'

/** An account, and the lattice vector of it where it is still in memory. */
export interface KnownState {
  readonly state: AccountState | undefined
  readonly vector: Uint8Array | undefined
}

/** What a slot did to an account, all its writes taken together. */
export interface AccountChange {
  readonly before: AccountState | undefined
  readonly after: AccountState | undefined
  /** Lattice vector of `after`. */
  readonly vector: Uint8Array | undefined
}

interface Layer {
  readonly parent: bigint
  readonly changes: ReadonlyMap<string, AccountChange>
}

/**
 * All accounts as each bank sees them: those of one root, and above it a layer of changes a bank, linked by
 * parent. Keys are those of `addressKey`.
 */
export class AccountStates {
  readonly #accounts: Map<string, AccountState>
  readonly #layers = new Map<bigint, Layer>()
  #root: bigint

  /** `accounts` are those of the root; they are taken over. */
  constructor(root: bigint, accounts: Map<string, AccountState>) {
    this.#root = root
    this.#accounts = accounts
  }

  get root(): bigint {
    return this.#root
  }

  /** Layers above the root. */
  get depth(): number {
    return this.#layers.size
  }

  has(slot: bigint): boolean {
    return slot === this.#root || this.#layers.has(slot)
  }

  /** An account as it stands after a slot. */
  at(slot: bigint, key: string): KnownState {
    for (let at = slot; at !== this.#root;) {
      const layer = this.#layers.get(at)
      assert(layer !== undefined, `slot ${at} is not known`)
      const change = layer.changes.get(key)
      if (change !== undefined) return { state: change.after, vector: change.vector }
      at = layer.parent
    }
    return { state: this.#accounts.get(key), vector: undefined }
  }

  /** Puts a slot on top of its parent. */
  add(slot: bigint, parent: bigint, changes: ReadonlyMap<string, AccountChange>): void {
    assert(this.has(parent) && !this.has(slot), `slot ${slot} can't stand on ${parent}`)
    this.#layers.set(slot, { parent, changes })
  }

  /** Forgets a slot and all that stand on it; which they were. */
  drop(slot: bigint): bigint[] {
    if (!this.#layers.has(slot)) return []
    const dropped = [slot]
    // Children have higher slots than their parents.
    for (const [at, { parent }] of this.#ascending())
      if (at > slot && dropped.includes(parent)) dropped.push(at)
    for (const at of dropped) this.#layers.delete(at)
    return dropped
  }

  /** Makes a slot the root; which slots do not stand on it and are forgotten. */
  fold(slot: bigint): bigint[] {
    const chain: bigint[] = []
    for (let at = slot; at !== this.#root; at = this.#layer(at).parent) chain.unshift(at)
    const dropped: bigint[] = []
    const kept = new Set([this.#root])
    for (const [at, { parent }] of this.#ascending()) {
      const stays = at <= slot ? chain.includes(at) : kept.has(parent) && (parent === slot || parent > slot)
      if (stays) kept.add(at)
      else dropped.push(at)
    }
    for (const at of chain) {
      for (const [key, { after }] of this.#layer(at).changes) {
        if (after === undefined) this.#accounts.delete(key)
        else this.#accounts.set(key, after)
      }
      this.#layers.delete(at)
    }
    for (const at of dropped) this.#layers.delete(at)
    this.#root = slot
    return dropped
  }

  #ascending(): [bigint, Layer][] {
    return [...this.#layers].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  #layer(slot: bigint): Layer {
    const layer = this.#layers.get(slot)
    assert(layer !== undefined, `slot ${slot} is not known`)
    return layer
  }
}
