// A chain without blocks' outsides: real stores, real handlers, one transaction a block. What it leaves out
// is cryptography: its light clients (oracle-client) read the other chain's committed stores instead of
// verifying proofs of them.
import { isProtocolError } from '@causeway/primitives'
import type { Height } from '@causeway/protocol'
import { MultiStore, Overlay, createMemoryStorage } from '@causeway/state-tree'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { createLightClientRegistry } from '../client/registry.ts'
import type { LightClientRegistry } from '../client/registry.ts'
import type { Event, MessagingContext } from '../context.ts'
import type { PacketApplication, PacketPorts } from '../packet/packet-ports.ts'
import { createOracleClient } from './oracle-client.fixture.ts'

export const STORES = ['bank', 'ibc', 'transfer'] as const
/** Any second will do; it is not a whole one, so that rounding is exercised. */
export const START_NANOSECONDS = 1_800_000_000_500_000_000n
export const OUT_OF_GAS = { codespace: 'tx', code: 11 } as const

export class TestContext implements MessagingContext<TestContext> {
  readonly chain: TestChain
  readonly events: Event[] = []
  readonly #overlays: ReadonlyMap<string, Overlay>

  constructor(chain: TestChain, parent: (name: string) => KeyValueReader) {
    this.chain = chain
    this.#overlays = new Map(STORES.map((name) => [name, new Overlay(parent(name))]))
  }

  get timeNanoseconds(): bigint {
    return this.chain.timeNanoseconds
  }

  get height(): Height {
    return { revisionNumber: 1n, revisionHeight: this.chain.height + 1n }
  }

  get ibc(): KeyValueStore {
    return this.store('ibc')
  }

  store(name: string): Overlay {
    return this.#overlays.get(name)!
  }

  emit(event: Event): void {
    this.events.push(event)
  }

  nested<Result>(run: (context: TestContext) => Result): Result {
    const inner = new TestContext(this.chain, (name) => this.store(name))
    const result = run(inner)
    for (const name of STORES) inner.store(name).write(this.store(name))
    this.events.push(...inner.events)
    return result
  }
}

export class TestChain implements PacketPorts<TestContext> {
  readonly name: string
  readonly stores: MultiStore
  readonly lightClients: LightClientRegistry
  readonly applications = new Map<string, PacketApplication<TestContext>>()
  readonly ownCodeClients = new Set<string>()
  /** Block times by height. */
  readonly times = new Map<bigint, bigint>()
  timeNanoseconds = START_NANOSECONDS
  /** Proofs that light clients of this chain verified, to see what a no-op costs. */
  proofsVerified = 0

  constructor(name: string, peers: (name: string) => TestChain) {
    this.name = name
    this.stores = MultiStore.open({
      storage: createMemoryStorage(),
      storeNames: [...STORES],
      keepVersions: 1_000_000n,
    })
    this.lightClients = createLightClientRegistry([createOracleClient(this, peers)])
    this.commit(new Map())
  }

  get height(): bigint {
    return this.stores.version
  }

  application(portId: string): PacketApplication<TestContext> | undefined {
    return this.applications.get(portId)
  }

  isFatal(error: { codespace: string; code: number }): boolean {
    return error.codespace === OUT_OF_GAS.codespace && error.code === OUT_OF_GAS.code
  }

  runsOurCode(_context: TestContext, clientId: string): boolean {
    return this.ownCodeClients.has(clientId)
  }

  /** One block of one transaction. A `ProtocolError` drops what it wrote, and passes on. */
  deliver<Result>(run: (context: TestContext) => Result): { result: Result; events: Event[] } {
    const context = new TestContext(this, (name) => this.stores.reader(name))
    try {
      const result = run(context)
      this.commit(new Map(STORES.map((name) => [name, context.store(name).changes()])))
      return { result, events: context.events }
    } catch (error) {
      if (isProtocolError(error)) this.commit(new Map())
      throw error
    }
  }

  advance(seconds: bigint): void {
    this.timeNanoseconds += seconds * 1_000_000_000n
    this.commit(new Map())
  }

  reader(name: string = 'ibc'): KeyValueReader {
    return this.stores.reader(name)
  }

  private commit(changes: Parameters<MultiStore['finalize']>[1]): void {
    this.times.set(this.height + 1n, this.timeNanoseconds)
    this.stores.finalize(this.height + 1n, changes)
    this.stores.commit()
  }
}
