// The indexer's follower over a recorded cluster, and what the tables then say.
import { pino } from 'pino'
import { checksumTables } from '../database/checksum.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import type { ChainStatus } from '../follow/chain-status.ts'
import type { CommittedBatch } from '../follow/collect-batch.ts'
import type { RecordedCluster } from './recorded-cluster.fixture.ts'
import { HUB } from './recorded-cluster.fixture.ts'
import { SolanaFollower, type SolanaChainConfig } from './solana-follower.ts'

/** A row of a table. */
export type Row = Record<string, string | number | boolean | null>

/** A follower that can be stopped and started again on the same tables. */
export class FollowedCluster {
  readonly cluster: RecordedCluster
  readonly database: Database
  readonly batches: CommittedBatch[] = []
  follower: SolanaFollower | undefined
  readonly #fromSlot: bigint

  /** Follows from an empty slot of the cluster on. */
  constructor(cluster: RecordedCluster, database: Database) {
    this.cluster = cluster
    this.database = database
    cluster.produce()
    cluster.finalize(cluster.produce())
    this.#fromSlot = BigInt(cluster.newest)
  }

  /** Starts following, at first or again; `database` is what the follower gets in place of the tables. */
  async start(changes: Partial<SolanaChainConfig> = {}, database: Database = this.database): Promise<void> {
    const { chainId, bridge } = this.cluster
    const [core, fromSlot] = [bridge.core.toBase58(), this.#fromSlot]
    const config = { chainId, rpcUrls: [await this.cluster.node()], core, fromSlot, ...changes }
    const context = {
      database,
      limits: { batchBlocks: 4, parallelFetches: 8, pollMs: 5 },
      log: pino({ level: 'silent' }),
      nowMs: Date.now,
      onCommitted: (batch: CommittedBatch) => this.batches.push(batch),
    }
    this.follower = new SolanaFollower(config, context, LIMITS, [HUB])
    this.follower.start()
  }

  /** Waits until the tables are at the newest final slot, and what is confirmed is shown. */
  async caughtUp(): Promise<void> {
    const { cluster } = this
    const asked = () => cluster.asked.get('getSignaturesForAddress') ?? 0
    await until(() => this.status.indexedHeight === BigInt(cluster.final))
    // Two whole rounds more: each lists what is confirmed once or twice.
    const before = asked()
    await until(() => asked() >= before + 5)
  }

  /** A packet with its transfer. */
  async transfer(sequence: bigint, sourceChainId = this.cluster.chainId): Promise<Row | undefined> {
    const [row] = (await this.database.reader.query(
      `SELECT t.*, p.* FROM packet p
        LEFT JOIN transfer t USING (source_chain_id, source_client, destination_client, sequence)
        WHERE sequence = $1 AND source_chain_id = $2`,
      [String(sequence), sourceChainId],
    )) as Row[]
    return row
  }

  /** How many rows a table has. */
  async count(table: string): Promise<number> {
    const [row] = (await this.database.reader.query(`SELECT count(*)::int AS n FROM "${table}"`)) as Row[]
    return Number(row!.n)
  }

  /** Stops following; the tables stay. */
  async stop(): Promise<void> {
    await this.follower?.stop()
  }

  /** How following goes. */
  get status(): ChainStatus {
    return this.follower!.status
  }

  /** Checksums of all tables; not of the cursor, which is told apart. */
  checksums(): Promise<unknown> {
    return checksumTables(this.database.reader)
  }
}

const LIMITS = { timeoutMs: 30_000, answerBytesMax: 16 * 1024 * 1024 }

/** Tables in memory. */
export function emptyDatabase(): Promise<Database> {
  return openDatabase({ kind: 'memory' })
}

/** Waits for something, a minute at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 50_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
