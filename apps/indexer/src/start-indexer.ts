import { pino, type Logger } from 'pino'
import { createNativeSignatureVerifier } from '@causeway/light-clients'
import { parseConfig, type IndexerConfig, type IndexerConfigInput } from './config.ts'
import { openDatabase, parseDatabaseLocation, type Database } from './database/open-database.ts'
import { EvmFollower } from './evm/evm-follower.ts'
import { ChainFollower, type Follower, type FollowerParts } from './follow/chain-follower.ts'
import { CometRpc } from './follow/comet-rpc.ts'
import { CommitFeed } from './follow/commit-feed.ts'
import type { ChainRole } from './follow/cursor.ts'
import { createJsonRpc } from './follow/json-rpc.ts'
import { buildSchema } from './graphql/schema.ts'
import { PortfolioService } from './prove/portfolio-service.ts'
import { createGraphqlHandler } from './serve/graphql-handler.ts'
import { listen } from './serve/http-server.ts'
import { judgeMeta, type IndexerMeta } from './serve/indexer-meta.ts'
import { Metrics } from './serve/metrics.ts'
import { SolanaFollower } from './solana/solana-follower.ts'

/** A running indexer. */
export type Indexer = {
  /** Base URL of its HTTP server. */
  readonly url: string
  readonly graphqlUrl: string
  readonly database: Database
  /** How far it is. */
  meta(): IndexerMeta
  /** Resolves once this block of the chain is in the tables. */
  waitForHeight(chainId: string, height: bigint, timeoutMs?: number): Promise<void>
  /** Stops serving and following; nothing is left running. */
  stop(): Promise<void>
}

/** What may be handed in from outside. */
export type IndexerParts = { readonly log?: Logger; readonly nowMs?: () => number }

const LOOK_MS = 20

/**
 * Opens the database, follows the hub and the connected chains, and serves GraphQL. Throws when it can't
 * start.
 */
export async function startIndexer(input: IndexerConfigInput, parts: IndexerParts = {}): Promise<Indexer> {
  const config = parseConfig(input)
  const log = parts.log ?? pino({ name: 'indexer', level: config.logLevel })
  const nowMs = parts.nowMs ?? Date.now
  const database = await openDatabase(parseDatabaseLocation(config.database))
  try {
    return await startOn(database, config, log, nowMs)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function startOn(
  database: Database,
  config: IndexerConfig,
  log: Logger,
  nowMs: () => number,
): Promise<Indexer> {
  const startedMs = nowMs()
  const hubChainId = config.hub.chainId
  const feed = new CommitFeed()
  const meta = (): IndexerMeta =>
    judgeMeta(
      hubChainId,
      followers.map((follower) => follower.status),
      { warnSeconds: config.lagWarnSeconds, refuseSeconds: config.lagRefuseSeconds },
      startedMs,
      nowMs(),
    )
  const metrics = new Metrics(meta, () => feed.size)
  const { hub, all: followers } = createFollowers(database, config, log, nowMs, (batch) => {
    metrics.committed(batch)
    feed.publish(batch)
  })
  const portfolios = new PortfolioService(database.reader, { chainId: hubChainId, follower: hub }, log)
  const context = { database: database.reader, portfolios, feed, meta, hubChainId, log }
  const graphql = createGraphqlHandler(buildSchema(), context, { ...config, log })
  const server = await listen(
    { graphql, meta, metrics, bodyBytesMax: config.bodyBytesMax },
    config.host,
    config.port,
  )
  for (const follower of followers) follower.start()
  log.info({ url: server.url, database: database.kind }, 'the indexer serves')
  const stop = async (): Promise<void> => {
    feed.close()
    await server.close()
    await Promise.all(followers.map((follower) => follower.stop()))
    await database.close()
  }
  return {
    url: server.url,
    graphqlUrl: `${server.url}/graphql`,
    database,
    meta,
    waitForHeight: (chainId, height, timeoutMs = 60_000) =>
      waitForHeight(meta, { chainId, height, timeoutMs }),
    stop: once(stop),
  }
}

function createFollowers(
  database: Database,
  config: IndexerConfig,
  log: Logger,
  nowMs: () => number,
  onCommitted: FollowerParts['onCommitted'],
): { hub: ChainFollower; all: readonly Follower[] } {
  const rpcLimits = { timeoutMs: config.rpcTimeoutMs, answerBytesMax: config.rpcAnswerBytesMax }
  const { batchBlocks, parallelFetches, pollMs } = config
  const common = {
    database,
    connect: (url: string) => new CometRpc(url, createJsonRpc(url, rpcLimits)),
    verifySignatures: createNativeSignatureVerifier(),
    limits: { batchBlocks, parallelFetches, pollMs },
    nowMs,
    onCommitted,
  }
  const withLog = (chainId: string) => ({ ...common, log: log.child({ chain: chainId }) })
  const comet = (chain: IndexerConfig['hub'], role: ChainRole) =>
    new ChainFollower({ ...chain, role }, withLog(chain.chainId))
  const hub = comet(config.hub, 'hub')
  const zones = config.chains.map((chain) => comet(chain, 'zone'))
  const evm = config.evmChains.map((chain) => new EvmFollower(chain, withLog(chain.chainId), rpcLimits))
  const solana = config.solanaChains.map(
    (chain) => new SolanaFollower(chain, withLog(chain.chainId), rpcLimits, [config.hub.chainId]),
  )
  return { hub, all: [hub, ...zones, ...evm, ...solana] }
}

/** Looks again and again: a height may also be there because the tables had it when the follower began. */
async function waitForHeight(
  meta: () => IndexerMeta,
  wanted: { chainId: string; height: bigint; timeoutMs: number },
): Promise<void> {
  const deadlineMs = performance.now() + wanted.timeoutMs
  const isThere = (): boolean =>
    meta().chains.some(
      ({ chainId, indexedHeight }) => chainId === wanted.chainId && indexedHeight >= wanted.height,
    )
  while (!isThere()) {
    if (performance.now() > deadlineMs)
      throw new Error(`${wanted.chainId} did not reach height ${wanted.height}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= run())
}
