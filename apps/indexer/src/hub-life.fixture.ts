// A whole hub in this process, lived by a seed (forty accounts that trade, link, redeem and cheat), and its
// blocks as the indexer reads them.

import { toNanoseconds } from '@causeway/light-clients'
import { toHex, toHexUpper, sha256 } from '@causeway/primitives'
import type { RequestFinalizeBlock, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import type { ReadContext } from '../../hub/src/block/context.ts'
import { Simulation } from '../../hub/src/simulation/simulation.fixture.ts'
import type { Driver } from '../../hub/src/testing/driver.fixture.ts'
import type { Database } from './database/open-database.ts'
import { ChainEntity } from './database/chain-entities.ts'
import { writeChanges } from './database/write-changes.ts'
import { writeDerived } from './database/write-derived.ts'
import type { AbciAnswer, CometRpc } from './follow/comet-rpc.ts'
import { resolveMarkets, type KnownMarkets } from './follow/resolve-markets.ts'
import { loadKnownMarkets } from './follow/tracked-chains.ts'
import type { VerifiedHead } from './follow/verify-block.ts'
import type { BlockEvent, ChainBlock } from './project/block.ts'
import { mergeChanges, type Change } from './project/change.ts'
import { projectBlock } from './project/project-block.ts'

/** Name of the chain. */
export const HUB = 'causeway-1'
const NONE = new Uint8Array(32)
const BLOCKS_MOST = 100_000

/** A hub in this process, and what it says of itself. */
export interface LivedHub {
  readonly height: bigint
  /** The committed state. */
  readonly state: ReadContext
  /** A query of the application. */
  query(path: string, data: Uint8Array, height?: bigint, prove?: boolean): AbciAnswer
}

/** The hub, and what an indexer reads of it. */
export class HubLife implements LivedHub {
  readonly simulation: Simulation
  readonly blocks: ChainBlock[] = []
  #isOver = false

  constructor(seed: number) {
    this.simulation = new Simulation(seed, { recordMost: BLOCKS_MOST })
    this.#read()
  }

  /** So many blocks more; answers the new ones, at first also those of the beginning. */
  live(blocks: number): ChainBlock[] {
    const from = this.blocks.length
    for (let i = 0; i < blocks && !this.#isOver; i++) this.#step()
    this.#read()
    return this.blocks.slice(from)
  }

  get height(): bigint {
    return this.simulation.height
  }

  /** What the simulation finds wrong with the hub is for its own tests: here its life is over. */
  #step(): void {
    try {
      this.simulation.step()
    } catch (error) {
      this.#isOver = true
      console.log('the simulated life ends:', (error as Error).message.split('\n')[0])
    }
  }

  /** The head under which the newest state can be proven. */
  get head(): VerifiedHead {
    return headOf(this.height, this.simulation.scene.hub.info().lastBlockAppHash)
  }

  /** Its queries, as over RPC. */
  get rpc(): CometRpc {
    return rpcOf(this)
  }

  get state(): ReadContext {
    return this.simulation.scene.state
  }

  /** A query of the application. */
  query(path: string, data: Uint8Array, height = 0n, prove = false): AbciAnswer {
    return queryOf(this.simulation.scene.driver, path, data, height, prove)
  }

  #read(): void {
    for (const { request, response } of this.simulation.recorded.slice(this.blocks.length))
      this.blocks.push(chainBlock(request, response))
  }
}

/** The head under which the state after a block can be proven. */
export function headOf(height: bigint, appHash: Uint8Array): VerifiedHead {
  const hashes = { validatorsHash: NONE, nextValidatorsHash: NONE, resultsHash: NONE }
  return { height: height + 1n, blockHash: NONE, timeNanoseconds: 1n, appHash, ...hashes }
}

/** A hub's queries, as over RPC. */
export function rpcOf(hub: Pick<LivedHub, 'query'>): CometRpc {
  const abciQuery = async (path: string, data: Uint8Array, height: bigint, prove: boolean) =>
    hub.query(path, data, height, prove)
  return { url: 'in-process', abciQuery } as unknown as CometRpc
}

/** A query of the application that a driver drives, as RPC answers it. */
export function queryOf(
  driver: Pick<Driver, 'query'>,
  path: string,
  data: Uint8Array,
  height: bigint,
  prove: boolean,
): AbciAnswer {
  const answer = driver.query(path, data, { height, prove })
  const { code, codespace, log, value } = answer
  return { code, codespace, log, value, height: answer.height, proofOps: answer.proofOps?.ops ?? [] }
}

/** A block as the indexer reads it, of what an engine asked the application and of what it answered. */
export function chainBlock(request: RequestFinalizeBlock, response: ResponseFinalizeBlock): ChainBlock {
  return {
    chainId: HUB,
    isHub: true,
    height: request.height,
    provableHeight: request.height + 1n,
    isFinal: true,
    hash: request.height.toString(16).padStart(64, '0'),
    timeNanoseconds: toNanoseconds(request.time),
    appHash: toHex(response.appHash),
    nextValidatorsHash: '',
    proposer: '',
    events: eventsOf(response.events),
    transactions: request.txs.map((bytes, index) => {
      const { code, codespace, gasUsed, events } = response.txResults[index]!
      return { hash: toHexUpper(sha256(bytes)), bytes, code, codespace, gasUsed, events: eventsOf(events) }
    }),
  }
}

/** The tables of a hub's life. */
export class LifeTables {
  readonly database: Database
  readonly #rpc: CometRpc
  #known: KnownMarkets | undefined
  readonly problems: { event: string; reason: string }[] = []
  events = 0

  constructor(database: Database, rpc: CometRpc) {
    this.database = database
    this.#rpc = rpc
  }

  /**
   * Projects and writes blocks as one batch, after what was there before; with `failure`, everything but the
   * commit.
   */
  async write(
    blocks: readonly ChainBlock[],
    failure?: string,
    before: readonly Change[] = [],
  ): Promise<void> {
    const changes: Change[] = [...before]
    const { manager: reader } = this.database.reader
    this.#known ??= { ids: await loadKnownMarkets(reader), isAsked: false }
    for (const block of blocks) {
      const projection = projectBlock(block, () => undefined)
      const listed = await resolveMarkets(block.height, projection.changes, this.#known, this.#rpc)
      changes.push(...listed, ...projection.changes)
      this.problems.push(...projection.problems)
      this.events += eventCount(block)
    }
    const merged = mergeChanges(changes)
    const last = blocks.at(-1)!
    await this.database.writer.transaction(async (manager) => {
      await writeChanges(manager, merged)
      await writeDerived(manager, merged)
      const { chainId, height, timeNanoseconds, hash: blockHash } = last
      const hashes = {
        appHash: '',
        validatorsHash: '',
        nextValidatorsHash: '',
        resultsHash: '',
        rootHash: '',
      }
      const cursor = { chainId, role: 'hub', rootHeight: 1n, height, timeNanoseconds, blockHash, ...hashes }
      await manager.save(ChainEntity, cursor)
      if (failure !== undefined) throw new Error(failure)
    })
  }

  /** The same in batches of so many blocks. */
  async writeAll(blocks: readonly ChainBlock[], size: number): Promise<void> {
    for (let i = 0; i < blocks.length; i += size) await this.write(blocks.slice(i, i + size))
  }
}

/** Events of a block, those of its transactions among them. */
export function eventCount({ events, transactions }: ChainBlock): number {
  return transactions.reduce((sum, transaction) => sum + transaction.events.length, events.length)
}

function eventsOf(
  events: readonly { type: string; attributes: readonly { key: string; value: string }[] }[],
): BlockEvent[] {
  return events.map(({ type, attributes }) => ({
    type,
    attributes: attributes.map(({ key, value }) => ({ key, value })),
  }))
}
