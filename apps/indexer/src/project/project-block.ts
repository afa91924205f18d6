import type { Any } from '@causeway/protocol'
import { isProtocolError } from '@causeway/primitives'
import type { BlockEvent, BlockTransaction, ChainBlock, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { decodeMessages } from './decode-messages.ts'
import { projectClientEvent, projectRegistrations } from './project-clients.ts'
import { projectHubEvent } from './project-hub.ts'
import {
  projectPacketEvent,
  projectTransferEvent,
  readPacket,
  type SeenPacket,
  type TrackedChain,
} from './project-packets.ts'
import { projectTransaction } from './project-transaction.ts'

/** What a block means for the tables. */
export type Projection = {
  readonly changes: readonly Change[]
  /** Clients of which the block told what chain they track. */
  readonly tracked: ReadonlyMap<string, string>
  /** Events that could not be read: they change nothing, and are reported. */
  readonly problems: readonly { readonly event: string; readonly reason: string }[]
}

/** A transaction that failed has paid its fee all the same, and tells of nothing else. */
const PAYMENTS = new Set(['causeway.ledger.v1.balance', 'causeway.cash.v1.cash'])

type Collected = {
  changes: Change[]
  tracked: Map<string, string>
  problems: { event: string; reason: string }[]
}

/**
 * The row changes of one block: a function of the block and of what is known of its chain's clients. How
 * blocks are batched, and which chain is read first, changes nothing in the tables' final content.
 */
export function projectBlock(block: ChainBlock, knownChain: TrackedChain): Projection {
  const collected: Collected = { changes: [blockRow(block)], tracked: new Map(), problems: [] }
  const tracked: TrackedChain = (chainId, clientId) =>
    (chainId === block.chainId ? collected.tracked.get(clientId) : undefined) ?? knownChain(chainId, clientId)
  let position = 0
  const hubEvent = (event: BlockEvent, place: EventPlace): Change[] =>
    block.isHub ? projectHubEvent(event, place, position++) : []

  const [begin, end] = partsOf(block)
  const outside: EventPlace = { block, transaction: undefined }
  const projectOutside = (events: readonly BlockEvent[]): void => {
    eachEvent(events, collected, (event) => [
      ...hubEvent(event, outside),
      ...projectClientEvent(event, outside, []),
    ])
  }
  projectOutside(begin)
  block.transactions.forEach((transaction, index) => {
    collected.changes.push(...projectTransaction(block, transaction, index))
    const place: EventPlace = { block, transaction }
    if (transaction.code !== 0) {
      const paid = transaction.events.filter(({ type }) => PAYMENTS.has(type))
      eachEvent(paid, collected, (event) => hubEvent(event, place))
      return
    }
    const messages = decodeMessages(transaction.bytes)
    projectClients(transaction, place, messages, collected)
    projectPackets(transaction, place, tracked, collected)
    eachEvent(transaction.events, collected, (event) => hubEvent(event, place))
  })
  projectOutside(end)
  return collected
}

function projectClients(
  transaction: BlockTransaction,
  place: EventPlace,
  messages: readonly Any[],
  collected: Collected,
): void {
  eachEvent(transaction.events, collected, (event) => {
    const changes = projectClientEvent(event, place, messages)
    for (const { table, key, set } of changes) {
      if (table === 'client' && typeof set.trackedChainId === 'string') {
        collected.tracked.set(String(key.clientId), set.trackedChainId)
      }
    }
    return changes
  })
  guarded('MsgRegisterCounterparty', collected, () => projectRegistrations(place, messages))
}

/** Packets first: the hub's transfer events name a packet only by its client and sequence. */
function projectPackets(
  transaction: BlockTransaction,
  place: EventPlace,
  tracked: TrackedChain,
  collected: Collected,
): void {
  const seen = new Map<string, SeenPacket>()
  eachEvent(transaction.events, collected, (event) => {
    const packet = readPacket(event, place.block.chainId, tracked)
    if (packet === undefined) return []
    seen.set(localName(packet), packet)
    return projectPacketEvent(event, place, packet, tracked)
  })
  if (!place.block.isHub) return
  const payloads = new Map<string, number>()
  eachEvent(transaction.events, collected, (event) => {
    const side = transferSides[event.type]
    if (side === undefined) return []
    const name = [side, ...['client', 'sequence'].map((key) => attributeOf(event, key))].join(' ')
    const packet = seen.get(name)
    if (packet === undefined) return []
    const payloadIndex = payloads.get(name) ?? 0
    payloads.set(name, payloadIndex + 1)
    return projectTransferEvent(event, place, packet, payloadIndex)
  })
}

const transferSides: Record<string, SeenPacket['side']> = {
  'causeway.transfer.v1.credit': 'destination',
  'causeway.transfer.v1.debit': 'source',
  'causeway.transfer.v1.refund': 'source',
}

function localName({ packet, side }: SeenPacket): string {
  return [side, side === 'source' ? packet.sourceClient : packet.destinationClient, packet.sequence].join(' ')
}

function eachEvent(
  events: readonly BlockEvent[],
  collected: Collected,
  project: (event: BlockEvent) => readonly Change[],
): void {
  for (const event of events) guarded(event.type, collected, () => project(event))
}

/** A chain may emit what it likes: an event that can't be read is reported, and never stops the rest. */
function guarded(event: string, collected: Collected, project: () => readonly Change[]): void {
  try {
    collected.changes.push(...project())
  } catch (error) {
    if (!isProtocolError(error)) throw error
    collected.problems.push({ event, reason: error.message })
  }
}

function blockRow(block: ChainBlock): Change {
  const { chainId, height, hash, timeNanoseconds, appHash, nextValidatorsHash, proposer } = block
  const row = { hash, timeNanoseconds, appHash, nextValidatorsHash, proposer }
  return change('block', { chainId, height }, { ...row, transactionCount: block.transactions.length })
}

/** What a block's beginning told, and the rest: cash in transactions is told at the index that they found. */
function partsOf({ events }: ChainBlock): [BlockEvent[], BlockEvent[]] {
  return partition(events, isBeginBlock)
}

function partition<T>(items: readonly T[], first: (item: T) => boolean): [T[], T[]] {
  return [items.filter(first), items.filter((item) => !first(item))]
}

function isBeginBlock(event: BlockEvent): boolean {
  return attributeOf(event, 'mode') === 'BeginBlock'
}

function attributeOf(event: BlockEvent, key: string): string | undefined {
  return event.attributes.find((attribute) => attribute.key === key)?.value
}
