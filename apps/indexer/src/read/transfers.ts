// Transfers with everything their timeline needs, in one statement however many there are.

import type { DataSource } from 'typeorm'
import type { Owner } from './owner.ts'
import { readCursor, requireInteger, rowLimit, toPage, type Page, type PageRequest } from './page.ts'
import { invalidCursor } from './query-errors.ts'
import {
  flagOrNull,
  integer,
  integerOrNull,
  Parameters,
  select,
  text,
  textOrNull,
  type RawRow,
} from './rows.ts'

/** Where and when one stage of a transfer happened. */
export type Stage = {
  readonly chainId: string
  readonly height: bigint
  readonly transaction: string
  readonly timeNanoseconds: bigint
  /** Whether its block is final: what isn't may vanish. */
  readonly isFinal: boolean
}

/** How far a transfer has come. */
export type TransferStatus =
  'INCLUDED' | 'SENT' | 'CLIENT_UPDATED' | 'RECEIVED' | 'CREDITED' | 'ACKNOWLEDGED' | 'TIMED_OUT' | 'REFUNDED'

/** One transfer with its timeline. */
export type Transfer = {
  readonly key: TransferKey
  readonly sourceChainId: string
  readonly destinationChainId: string | null
  readonly sourceClient: string
  readonly destinationClient: string
  readonly sequence: bigint
  readonly denom: string
  readonly amount: bigint
  readonly sender: string
  readonly receiver: string
  readonly memo: string
  readonly account: string | null
  readonly subaccount: number | null
  readonly asset: bigint | null
  readonly line: bigint | null
  readonly timeoutSeconds: bigint
  readonly sent: Stage | null
  /** Whether the block that sent it is final on its chain. */
  readonly sentFinal: boolean
  readonly clientUpdated: Stage | null
  readonly received: Stage | null
  readonly accepted: boolean | null
  readonly acknowledged: Stage | null
  readonly timedOut: Stage | null
  readonly refundReason: string | null
  readonly status: TransferStatus
  readonly orderTime: bigint
}

/** Names one transfer: source chain, source client, destination client, sequence, payload index. */
export type TransferKey = readonly [string, string, string, string, string]

/** Which transfers are asked for. */
export type TransferFilter = {
  readonly owner?: Owner | undefined
  readonly chainId?: string | undefined
  /** Only those not yet acknowledged nor refunded in a final block. */
  readonly unfinished?: boolean | undefined
  /** Only these. */
  readonly keys?: readonly TransferKey[] | undefined
}

const ORDER = [
  ...['t.order_time', 't.source_chain_id', 't.source_client'],
  ...['t.destination_client', 't.sequence', 't.payload_index'],
]
const NEWEST_FIRST = ORDER.map((column) => `${column} DESC`).join(', ')
const PACKET = 'JOIN packet p USING (source_chain_id, source_client, destination_client, sequence)'

/** The rest of the timeline is joined to the rows of the page only, not to all that a filter lets through. */
const timelinesOf = (page: string): string => `
  SELECT t.*, p.destination_chain_id, p.timeout_seconds,
    p.sent_height, p.sent_transaction, p.sent_time_nanoseconds, p.sent_final,
    p.received_height, p.received_transaction, p.received_time_nanoseconds, p.received_final, p.accepted,
    p.acknowledged_height, p.acknowledged_transaction, p.acknowledged_time_nanoseconds,
    p.acknowledged_final,
    p.timed_out_height, p.timed_out_transaction, p.timed_out_time_nanoseconds, p.timed_out_final,
    u.height AS updated_height, u.transaction AS updated_transaction,
    u.time_nanoseconds AS updated_time_nanoseconds,
    d.time_nanoseconds AS destination_time_nanoseconds
  FROM (${page}) t
  ${PACKET}
  LEFT JOIN chain d ON d.chain_id = p.destination_chain_id
  LEFT JOIN LATERAL (
    SELECT * FROM client_update c
    WHERE c.chain_id = p.destination_chain_id AND c.client_id = p.destination_client
      AND c.revision_number = p.source_revision AND c.revision_height >= p.provable_height
    ORDER BY c.revision_height LIMIT 1
  ) u ON true
  ORDER BY ${NEWEST_FIRST}`

/** A page of transfers, newest first. */
export async function pageOfTransfers(
  database: DataSource,
  filter: TransferFilter,
  page: PageRequest,
): Promise<Page<Transfer>> {
  const parameters = new Parameters()
  const conditions = conditionsOf(filter, parameters)
  const after = readCursor(page, ORDER.length)
  if (after !== undefined) conditions.push(`(${ORDER.join(', ')}) < (${cursorValues(after, parameters)})`)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const packet = conditions.some((condition) => condition.includes('p.')) ? PACKET : ''
  const limit = parameters.add(rowLimit(page))
  const rows = await select(
    database,
    timelinesOf(`SELECT t.* FROM transfer t ${packet} ${where} ORDER BY ${NEWEST_FIRST} LIMIT ${limit}`),
    parameters.values,
  )
  return toPage(page, rows.map(toTransfer), ({ orderTime, key }) => [String(orderTime), ...key])
}

/** The transfers with these keys that exist; at most 100 keys. */
export async function transfersByKeys(
  database: DataSource,
  keys: readonly TransferKey[],
  owner?: Owner,
): Promise<Transfer[]> {
  if (keys.length === 0) return []
  const { edges } = await pageOfTransfers(database, { keys, owner }, { first: Math.min(100, keys.length) })
  return edges.map(({ node }) => node)
}

/** Writes a key as one text, and reads it back; undefined when it is none. */
export function transferKeyText(key: TransferKey): string {
  return key.map(encodeURIComponent).join('/')
}

/** Reads what `transferKeyText` wrote. The payload index may be left out. */
export function parseTransferKey(name: string): TransferKey | undefined {
  if (name.length > 512) return undefined
  const parts = name.split('/')
  if (parts.length === 4) parts.push('0')
  const decoded = parts.map(decode)
  const [chain, source, destination, sequence, index] = decoded
  if (decoded.length !== 5 || decoded.some((part) => part === undefined || part.includes('\u0000')))
    return undefined
  if (!/^\d{1,20}$/.test(sequence!) || !/^\d{1,9}$/.test(index!)) return undefined
  return [chain!, source!, destination!, sequence!, index!]
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

function conditionsOf(
  { owner, chainId, unfinished, keys }: TransferFilter,
  parameters: Parameters,
): string[] {
  const conditions: string[] = []
  if (owner?.kind === 'account') {
    conditions.push(`t.account = ${parameters.add(owner.account)}`)
    if (owner.subaccount !== undefined) conditions.push(`t.subaccount = ${parameters.add(owner.subaccount)}`)
  } else if (owner !== undefined) {
    const address = parameters.add(owner.text)
    conditions.push(`(t.sender = ${address} OR t.receiver = ${address})`)
  }
  if (chainId !== undefined) {
    const chain = parameters.add(chainId)
    conditions.push(`(t.source_chain_id = ${chain} OR p.destination_chain_id = ${chain})`)
  }
  if (unfinished === true) {
    conditions.push(
      '(p.acknowledged_height IS NULL OR NOT p.acknowledged_final)',
      '(p.timed_out_height IS NULL OR NOT p.timed_out_final)',
    )
  }
  if (keys !== undefined) {
    const lists = keys.map(
      (key) => `(${key.map((part, index) => keyValue(part, index, parameters)).join(', ')})`,
    )
    conditions.push(`(${ORDER.slice(1).join(', ')}) IN (${lists.join(', ')})`)
  }
  return conditions
}

function keyValue(part: string, index: number, parameters: Parameters): string {
  return `${parameters.add(part)}${index < 3 ? '::text' : index === 3 ? '::numeric' : '::integer'}`
}

function cursorValues([time, ...key]: string[], parameters: Parameters): string {
  if (!/^\d{1,9}$/.test(key[4] ?? '')) throw invalidCursor()
  requireInteger(key[3])
  const values = key.map((part, index) => keyValue(part, index, parameters))
  return [`${parameters.add(requireInteger(time))}::numeric`, ...values].join(', ')
}

function toTransfer(row: RawRow): Transfer {
  const destinationChainId = textOrNull(row, 'destination_chain_id')
  const source = text(row, 'source_chain_id')
  const subaccount = integerOrNull(row, 'subaccount')
  const key = ['source_chain_id', 'source_client', 'destination_client', 'sequence', 'payload_index'].map(
    (column) => text(row, column),
  ) as unknown as TransferKey
  const facts = {
    timeoutSeconds: integer(row, 'timeout_seconds'),
    sent: stage(row, 'sent', source),
    sentFinal: flagOrNull(row, 'sent_final') ?? true,
    clientUpdated: stage(row, 'updated', destinationChainId),
    received: stage(row, 'received', destinationChainId),
    accepted: flagOrNull(row, 'accepted'),
    acknowledged: stage(row, 'acknowledged', source),
    timedOut: stage(row, 'timed_out', source),
    refundReason: textOrNull(row, 'refund_reason'),
  }
  return {
    key,
    sourceChainId: source,
    destinationChainId,
    sourceClient: key[1],
    destinationClient: key[2],
    sequence: BigInt(key[3]),
    denom: text(row, 'denom'),
    amount: integer(row, 'amount'),
    sender: text(row, 'sender'),
    receiver: text(row, 'receiver'),
    memo: text(row, 'memo'),
    account: textOrNull(row, 'account'),
    subaccount: subaccount === null ? null : Number(subaccount),
    asset: integerOrNull(row, 'asset'),
    line: integerOrNull(row, 'line'),
    ...facts,
    status: statusOf(facts, integerOrNull(row, 'destination_time_nanoseconds')),
    orderTime: integer(row, 'order_time'),
  }
}

type Facts = Pick<
  Transfer,
  | 'timeoutSeconds'
  | 'sentFinal'
  | 'clientUpdated'
  | 'received'
  | 'accepted'
  | 'acknowledged'
  | 'timedOut'
  | 'refundReason'
>

/**
 * The stage that a transfer has reached, from what is known of it and the destination's indexed time. What is
 * not final ends nothing: it may vanish.
 */
export function statusOf(facts: Facts, destinationTimeNanoseconds: bigint | null): TransferStatus {
  if (facts.timedOut?.isFinal === true) return 'REFUNDED'
  if (facts.acknowledged?.isFinal === true) {
    return facts.accepted === false || facts.refundReason !== null ? 'REFUNDED' : 'ACKNOWLEDGED'
  }
  if (facts.received !== null) return facts.accepted === true ? 'CREDITED' : 'RECEIVED'
  const isOver =
    destinationTimeNanoseconds !== null && destinationTimeNanoseconds / 1_000_000_000n >= facts.timeoutSeconds
  if (isOver) return 'TIMED_OUT'
  if (!facts.sentFinal) return 'INCLUDED'
  return facts.clientUpdated === null ? 'SENT' : 'CLIENT_UPDATED'
}

function stage(row: RawRow, name: string, chainId: string | null): Stage | null {
  const height = integerOrNull(row, `${name}_height`)
  if (height === null) return null
  const isFinal = name === 'updated' || flagOrNull(row, `${name}_final`) === true
  return {
    chainId: chainId ?? '',
    height,
    transaction: text(row, `${name}_transaction`),
    timeNanoseconds: integer(row, `${name}_time_nanoseconds`),
    isFinal,
  }
}
