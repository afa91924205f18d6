import type { DataSource } from 'typeorm'
import { readCursor, rowLimit, toPage, type Page, type PageRequest } from './page.ts'
import { integerOrNull, flagOrNull, Parameters, select, text, textOrNull, type RawRow } from './rows.ts'

/** One client with its health. */
export type Client = {
  readonly chainId: string
  readonly clientId: string
  readonly clientType: string
  readonly trackedChainId: string | null
  readonly latestHeight: bigint | null
  readonly trustingPeriodSeconds: bigint | null
  /** When the trusting period of the newest consensus state ends; null when its block isn't indexed. */
  readonly expiresNanoseconds: bigint | null
  readonly lastUpdateHeight: bigint | null
  readonly lastUpdateTransaction: string | null
  readonly lastUpdateTimeNanoseconds: bigint | null
  readonly counterpartyClientId: string | null
  readonly counterpartyMerklePrefix: readonly string[]
  readonly frozen: boolean
  /**
   * Whether its first consensus state is the verified block of the chain it names; null when that isn't
   * indexed.
   */
  readonly isGenuine: boolean | null
}

const SELECT = `
  SELECT c.*, u.revision_height AS latest_height, b.time_nanoseconds AS latest_time_nanoseconds,
    CASE WHEN f.hash IS NULL OR c.initial_root IS NULL THEN NULL
      ELSE f.app_hash = c.initial_root AND f.next_validators_hash = c.initial_next_validators_hash
        AND f.time_nanoseconds = c.initial_time_nanoseconds END AS is_genuine
  FROM client c
  LEFT JOIN LATERAL (
    SELECT * FROM client_update r WHERE r.chain_id = c.chain_id AND r.client_id = c.client_id
    ORDER BY r.revision_number DESC, r.revision_height DESC LIMIT 1
  ) u ON true
  -- Clients of Ethereum count slots: those are no heights of its blocks. What a client of Solana trusts ends
  -- with an epoch's validators, not so long after its newest slot.
  LEFT JOIN block b ON b.chain_id = c.tracked_chain_id AND b.height = u.revision_height
    AND c.client_type NOT IN ('ethereum', 'solana')
  LEFT JOIN block f ON f.chain_id = c.tracked_chain_id AND f.height = c.initial_revision_height
    AND c.client_type NOT IN ('ethereum', 'solana')`

/** A page of clients, by chain and id. */
export async function pageOfClients(
  database: DataSource,
  filter: { chainId?: string | undefined; clientId?: string | undefined },
  page: PageRequest,
): Promise<Page<Client>> {
  const parameters = new Parameters()
  const conditions: string[] = []
  if (filter.chainId !== undefined) conditions.push(`c.chain_id = ${parameters.add(filter.chainId)}`)
  if (filter.clientId !== undefined) conditions.push(`c.client_id = ${parameters.add(filter.clientId)}`)
  const after = readCursor(page, 2)
  if (after !== undefined) {
    conditions.push(`(c.chain_id, c.client_id) > (${parameters.add(after[0])}, ${parameters.add(after[1])})`)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `${SELECT} ${where} ORDER BY c.chain_id, c.client_id LIMIT ${parameters.add(rowLimit(page))}`
  const rows = await select(database, sql, parameters.values)
  return toPage(page, rows.map(toClient), ({ chainId, clientId }) => [chainId, clientId])
}

function toClient(row: RawRow): Client {
  const trusting = integerOrNull(row, 'trusting_period_seconds')
  const latestTime = integerOrNull(row, 'latest_time_nanoseconds')
  return {
    chainId: text(row, 'chain_id'),
    clientId: text(row, 'client_id'),
    clientType: text(row, 'client_type'),
    trackedChainId: textOrNull(row, 'tracked_chain_id'),
    latestHeight: integerOrNull(row, 'latest_height'),
    trustingPeriodSeconds: trusting,
    expiresNanoseconds:
      trusting === null || latestTime === null ? null : latestTime + trusting * 1_000_000_000n,
    lastUpdateHeight: integerOrNull(row, 'last_update_height'),
    lastUpdateTransaction: textOrNull(row, 'last_update_transaction'),
    lastUpdateTimeNanoseconds: integerOrNull(row, 'last_update_time_nanoseconds'),
    counterpartyClientId: textOrNull(row, 'counterparty_client_id'),
    counterpartyMerklePrefix: textOrNull(row, 'counterparty_merkle_prefix')?.split(',') ?? [],
    frozen: flagOrNull(row, 'frozen') ?? false,
    isGenuine: flagOrNull(row, 'is_genuine'),
  }
}
