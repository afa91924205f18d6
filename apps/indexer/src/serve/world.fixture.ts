// Tables filled from a scenario, a hub state with proofs, and the real HTTP server on top.

import { pino } from 'pino'
import { writeChanges } from '../database/write-changes.ts'
import { writeDerived } from '../database/write-derived.ts'
import type { Database } from '../database/open-database.ts'
import { ChainEntity } from '../database/chain-entities.ts'
import type { Batch } from '../follow/collect-batch.ts'
import type { ChainStatus } from '../follow/chain-status.ts'
import { CommitFeed } from '../follow/commit-feed.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { buildSchema } from '../graphql/schema.ts'
import type { ChainBlock } from '../project/block.ts'
import { HUB, scenario, ZONE, type Plan } from '../project/scenario.fixture.ts'
import { projectAll } from '../project/tables-in-memory.fixture.ts'
import { HubStateEndpoint, type FixtureBalance } from '../prove/hub-state.fixture.ts'
import { PortfolioService } from '../prove/portfolio-service.ts'
import { createGraphqlHandler, type GraphqlOptions } from './graphql-handler.ts'
import { listen, type HttpServer } from './http-server.ts'
import { judgeMeta, type IndexerMeta } from './indexer-meta.ts'
import { Metrics } from './metrics.ts'

/** An answer of GraphQL. */
export type Answer = {
  data?: Record<string, unknown> | null
  errors?: { message: string; extensions?: { code?: string } }[]
  extensions?: Record<string, unknown>
}

/** The world under test. */
export class World {
  readonly hub = new HubStateEndpoint()
  readonly feed = new CommitFeed()
  readonly database: Database
  head: VerifiedHead | undefined
  statuses: ChainStatus[] = []
  server!: HttpServer
  #blocks: ChainBlock[] = []

  constructor(database: Database) {
    this.database = database
  }

  /** Fills the tables and the state, and listens. */
  async start(
    plans: readonly Plan[],
    balances: FixtureBalance[],
    options: Partial<GraphqlOptions> = {},
  ): Promise<void> {
    const { hub, zone } = scenario(plans)
    this.#blocks = [...zone, ...hub]
    await this.write(this.#blocks)
    const tip = BigInt(hub.length)
    const rpc = await this.hub.listen()
    this.head = this.hub.commit(tip, balances)
    this.statuses = [statusOf(HUB, tip), statusOf(ZONE, BigInt(zone.length))]
    const log = pino({ level: 'silent' })
    const follower = { cursor: this.head, endpoint: () => rpc }
    Object.defineProperty(follower, 'cursor', { get: () => this.head })
    const portfolios = new PortfolioService(this.database.reader, { chainId: HUB, follower }, log)
    const context = {
      database: this.database.reader,
      portfolios,
      feed: this.feed,
      meta: this.meta,
      hubChainId: HUB,
      log,
    }
    const all: GraphqlOptions = {
      graphiql: false,
      introspection: true,
      corsOrigins: ['https://a.example'],
      log,
      ...options,
    }
    const graphql = createGraphqlHandler(buildSchema(), context, all)
    const metrics = new Metrics(this.meta, () => this.feed.size)
    this.server = await listen({ graphql, meta: this.meta, metrics, bodyBytesMax: 20_000 }, '127.0.0.1', 0)
  }

  readonly meta = (): IndexerMeta =>
    judgeMeta(HUB, this.statuses, { warnSeconds: 15, refuseSeconds: 120 }, Date.now(), Date.now())

  /** Projects blocks and writes them, with the chains' cursors. */
  async write(blocks: readonly ChainBlock[]): Promise<Batch['changes']> {
    const { changes } = projectAll([...this.#blocks.filter((block) => !blocks.includes(block)), ...blocks])
    await this.database.writer.transaction(async (manager) => {
      await writeChanges(manager, changes)
      await writeDerived(manager, changes)
      for (const chainId of new Set(blocks.map((block) => block.chainId))) {
        const last = blocks.filter((block) => block.chainId === chainId).at(-1)!
        const head = { height: last.height, timeNanoseconds: last.timeNanoseconds, blockHash: last.hash }
        const hashes = {
          appHash: '',
          validatorsHash: '',
          nextValidatorsHash: '',
          resultsHash: '',
          rootHash: '',
        }
        await manager.save(ChainEntity, { chainId, role: 'zone', rootHeight: 1n, ...head, ...hashes })
      }
    })
    return changes
  }

  /** Asks GraphQL over HTTP. */
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await fetch(`${this.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer
  }

  /** Stops what was started; not the database. */
  async stop(): Promise<void> {
    this.feed.close()
    await this.server.close()
    await this.hub.close()
  }
}

/** A live chain's status. */
export function statusOf(chainId: string, height: bigint): ChainStatus {
  return {
    chainId,
    role: chainId === HUB ? 'hub' : 'zone',
    state: 'LIVE',
    indexedHeight: height,
    indexedTimeNanoseconds: 1_700_000_000_000_000_000n,
    headHeight: height,
    behindSinceMs: undefined,
    contactMs: Date.now(),
    headMovedMs: Date.now(),
    lastError: undefined,
  }
}
