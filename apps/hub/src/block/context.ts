// What a module sees of the block that it runs in.
import { assert } from '@causeway/primitives'
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { GAS } from './gas.ts'
import type { GasMeter } from './gas.ts'
import type { Layer } from './layer.ts'

/** The block being executed; for a query, the block that its state belongs to. */
export interface BlockInfo {
  readonly chainId: string
  readonly height: bigint
  readonly timeNanoseconds: bigint
  readonly timeSeconds: bigint
}

/** What the header of a block says of the block before it. */
export interface ParentBlock {
  /** When the block before was made, whole seconds since 1970. */
  readonly timeSeconds: bigint
  /** The state after the block before, 32 bytes. */
  readonly appHash: Uint8Array
}

/** State to read and the block it belongs to. */
export interface ReadContext extends BlockInfo {
  /** Counts the work, where somebody pays for it. */
  readonly gas?: GasMeter
  store(name: string): KeyValueReader
}

/** Where state is read and written, events are told and gas is counted. */
export interface Context extends BlockInfo {
  readonly gas: GasMeter
  /** A store whose every access is counted. Stays valid inside `nested`. */
  store(name: string): KeyValueStore
  /** Tells an event; `unindexed` attributes come last, and nobody can search by them. */
  emit(type: string, attributes: EventAttributes, unindexed?: EventAttributes): void
  /** Runs in an overlay: its writes and events are kept when `run` returns and dropped when it throws. */
  nested<Result>(run: () => Result): Result
}

/** Attributes of an event, in order. */
export type EventAttributes = Readonly<Record<string, string>>

const NANOSECONDS_PER_SECOND = 1_000_000_000n

/** The facts of a block. */
export function blockInfo(chainId: string, height: bigint, timeNanoseconds: bigint): BlockInfo {
  return { chainId, height, timeNanoseconds, timeSeconds: timeNanoseconds / NANOSECONDS_PER_SECOND }
}

/** State of a block, to read. */
export function readContext(block: BlockInfo, store: (name: string) => KeyValueReader): ReadContext {
  return { ...block, store }
}

/** Runs state-machine code over a layer. */
export class ExecutionContext implements Context {
  readonly chainId: string
  readonly height: bigint
  readonly timeNanoseconds: bigint
  readonly timeSeconds: bigint
  readonly gas: GasMeter
  #layer: Layer
  #events: Event[] = []
  readonly #stores = new Map<string, MeteredStore>()

  readonly #isSilent: boolean

  /** A silent context drops events: for checks, whose events nobody reads. */
  constructor(block: BlockInfo, layer: Layer, gas: GasMeter, options: { isSilent?: boolean } = {}) {
    this.#isSilent = options.isSilent === true
    this.chainId = block.chainId
    this.height = block.height
    this.timeNanoseconds = block.timeNanoseconds
    this.timeSeconds = block.timeSeconds
    this.gas = gas
    this.#layer = layer
  }

  /** Events told so far. */
  get events(): Event[] {
    return this.#events
  }

  store(name: string): KeyValueStore {
    let store = this.#stores.get(name)
    if (store === undefined) {
      store = new MeteredStore(name, this.#layer, this.gas)
      this.#stores.set(name, store)
    }
    return store
  }

  emit(type: string, attributes: EventAttributes, unindexed?: EventAttributes): void {
    if (!this.#isSilent) this.#events.push(event(type, attributes, unindexed))
  }

  nested<Result>(run: () => Result): Result {
    const below = this.#layer
    const told = this.#events
    const layer = below.above()
    this.#moveTo(layer)
    this.#events = []
    try {
      const result = run()
      layer.writeInto(below)
      for (const item of this.#events) told.push(item)
      return result
    } finally {
      this.#moveTo(below)
      this.#events = told
    }
  }

  #moveTo(layer: Layer): void {
    this.#layer = layer
    for (const store of this.#stores.values()) store.moveTo(layer)
  }
}

/** An ABCI event: indexed attributes, then those that aren't. */
export function event(type: string, attributes: EventAttributes, unindexed: EventAttributes = {}): Event {
  const list = []
  for (const key in attributes) list.push({ key, value: attributes[key]!, index: true })
  for (const key in unindexed) list.push({ key, value: unindexed[key]!, index: false })
  return { type, attributes: list }
}

class MeteredStore implements KeyValueStore {
  readonly #name: string
  readonly #gas: GasMeter
  #layer: Layer
  /** The layer's, once it is asked for: a layer makes a store with its first use. */
  #store: KeyValueStore | undefined

  constructor(name: string, layer: Layer, gas: GasMeter) {
    this.#name = name
    this.#layer = layer
    this.#gas = gas
  }

  moveTo(layer: Layer): void {
    this.#layer = layer
    this.#store = undefined
  }

  #current(): KeyValueStore {
    return (this.#store ??= this.#layer.store(this.#name))
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#gas.consume(GAS.read + GAS.readByte * key.length)
    const value = this.#current().get(key)
    if (value !== undefined) this.#gas.consume(GAS.readByte * value.length)
    return value
  }

  has(key: Uint8Array): boolean {
    this.#gas.consume(GAS.read + GAS.readByte * key.length)
    return this.#current().has(key)
  }

  *iterate(start?: Uint8Array, end?: Uint8Array, reverse?: boolean): Iterable<[Uint8Array, Uint8Array]> {
    this.#gas.consume(GAS.iterationStep)
    for (const entry of this.#current().iterate(start, end, reverse)) {
      this.#gas.consume(GAS.iterationStep + GAS.readByte * (entry[0].length + entry[1].length))
      yield entry
    }
  }

  set(key: Uint8Array, value: Uint8Array): void {
    assert(value.length > 0, 'stores hold no empty values')
    this.#gas.consume(GAS.write + GAS.writeByte * (key.length + value.length))
    this.#current().set(key, value)
  }

  delete(key: Uint8Array): void {
    this.#gas.consume(GAS.delete)
    this.#current().delete(key)
  }
}
