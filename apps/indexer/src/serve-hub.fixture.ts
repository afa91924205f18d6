// GraphQL over HTTP on the tables of a hub that lives in this process.

import { pino } from 'pino'
import type { ReadContext } from '../../hub/src/block/context.ts'
import type { Driver } from '../../hub/src/testing/driver.fixture.ts'
import type { Database } from './database/open-database.ts'
import { CommitFeed } from './follow/commit-feed.ts'
import type { AbciAnswer, CometRpc } from './follow/comet-rpc.ts'
import type { VerifiedHead } from './follow/verify-block.ts'
import { buildSchema } from './graphql/schema.ts'
import { chainBlock, headOf, HUB, queryOf, rpcOf, type LivedHub } from './hub-life.fixture.ts'
import type { ChainBlock } from './project/block.ts'
import { PortfolioService } from './prove/portfolio-service.ts'
import { createGraphqlHandler } from './serve/graphql-handler.ts'
import { listen } from './serve/http-server.ts'
import { judgeMeta } from './serve/indexer-meta.ts'
import { Metrics } from './serve/metrics.ts'
import { statusOf, type Answer } from './serve/world.fixture.ts'

/** A hub that can be proven. */
export interface ProvableHub extends LivedHub {
  readonly rpc: CometRpc
  /** The head under which the newest state can be proven. */
  readonly head: VerifiedHead
}

/** A hub of the hub's own tests. */
export class DrivenHub implements ProvableHub {
  readonly #driver: Driver
  readonly #state: () => ReadContext

  constructor(driver: Driver, state: () => ReadContext) {
    this.#driver = driver
    this.#state = state
  }

  get blocks(): ChainBlock[] {
    const { requests, responses } = this.#driver
    return requests.map((request, i) => chainBlock(request, responses[i]!))
  }

  get height(): bigint {
    return this.#driver.height
  }

  get state(): ReadContext {
    return this.#state()
  }

  get head(): VerifiedHead {
    return headOf(this.height, this.#driver.responses.at(-1)!.appHash)
  }

  get rpc(): CometRpc {
    return rpcOf(this)
  }

  /** A query of the application. */
  query(path: string, data: Uint8Array, height = 0n, prove = false): AbciAnswer {
    return queryOf(this.#driver, path, data, height, prove)
  }
}

/** Serves the tables of a hub. */
export async function serveHub(database: Database, hub: ProvableHub) {
  const feed = new CommitFeed()
  const log = pino({ level: 'silent' })
  const follower = {
    get cursor() {
      return hub.head
    },
    endpoint: () => hub.rpc,
  }
  const portfolios = new PortfolioService(database.reader, { chainId: HUB, follower }, log)
  const lag = { warnSeconds: 15, refuseSeconds: 120 }
  const meta = () => judgeMeta(HUB, [statusOf(HUB, hub.height)], lag, Date.now(), Date.now())
  const context = { database: database.reader, portfolios, feed, meta, hubChainId: HUB, log }
  const options = { graphiql: false, introspection: true, corsOrigins: [], log }
  const graphql = createGraphqlHandler(buildSchema(), context, options)
  const metrics = new Metrics(meta, () => feed.size)
  const server = await listen({ graphql, meta, metrics, bodyBytesMax: 20_000 }, '127.0.0.1', 0)
  const answerOf = async (query: string, variables: Record<string, unknown> = {}): Promise<Answer> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer
  }
  return {
    feed,
    /** Whatever it answers. */
    answerOf,
    /** What it answers without an error. */
    async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
      const { data, errors } = await answerOf(query, variables)
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      return data as T
    },
    /** Events of a subscription. */
    async stream(query: string): Promise<ReadableStreamDefaultReader<Uint8Array>> {
      const url = `${server.url}/graphql?${new URLSearchParams({ query }).toString()}`
      const response = await fetch(url, { headers: { accept: 'text/event-stream' } })
      return response.body!.getReader()
    },
    async close(): Promise<void> {
      feed.close()
      await server.close()
    },
  }
}

/** The next value of a subscription. */
export async function nextEvent(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<unknown> {
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the stream ended: ${text}`)
    text += new TextDecoder().decode(value)
    const data = /^data: (\{.*\})$/m.exec(text)?.[1]
    if (data !== undefined) return (JSON.parse(data) as Answer).data
  }
}
