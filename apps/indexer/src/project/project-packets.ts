// Packets and their transfers, from both chains' events. Each stage has its own columns, written by one
// event.

import { decodeStrict } from '@causeway/protocol'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { revisionOf } from '@causeway/light-clients'
import { isErrorAcknowledgement, requireClientId } from '@causeway/messaging'
import { isProtocolError } from '@causeway/primitives'
import type { PacketRow, TransferRow } from '../database/packet-entities.ts'
import { readHex, readSubaccount, readText, readU64 } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { decodeTransfer } from './decode-transfer.ts'
import { errors } from './errors.ts'
import { parseHubAccount } from './owners.ts'

/** Which chain a client on a chain tracks; undefined when that isn't known. */
export type TrackedChain = (chainId: string, clientId: string) => string | undefined

/** The key columns of a packet. */
export type PacketKey = Pick<PacketRow, 'sourceChainId' | 'sourceClient' | 'destinationClient' | 'sequence'>

/** A packet that an event of a transaction carries, with the side on which this chain stands. */
export type SeenPacket = {
  readonly key: PacketKey
  readonly packet: Packet
  readonly side: 'source' | 'destination'
}

const PACKET_LIMITS = { maxBytes: 600_000 } as const
const sides: Record<string, SeenPacket['side']> = {
  send_packet: 'source',
  recv_packet: 'destination',
  write_acknowledgement: 'destination',
  acknowledge_packet: 'source',
  timeout_packet: 'source',
}

/** The packet of a packet event; undefined for other events. Throws `indexer/3`. */
export function readPacket(
  event: BlockEvent,
  chainId: string,
  trackedChain: TrackedChain,
): SeenPacket | undefined {
  const side = sides[event.type]
  if (side === undefined) return undefined
  const packet = decodePacket(event)
  const { sourceClient, destinationClient, sequence } = packet
  const tracked = trackedChain(chainId, destinationClient) ?? unknownChain(chainId, destinationClient)
  const sourceChainId = side === 'source' ? chainId : tracked
  return { key: { sourceChainId, sourceClient, destinationClient, sequence }, packet, side }
}

/**
 * Stands for the chain behind a client that says nothing of it: keeps its packets apart from every real
 * chain's.
 */
export function unknownChain(chainId: string, clientId: string): string {
  return `unknown:${chainId}/${clientId}`
}

/** Row changes of one packet event. */
export function projectPacketEvent(
  event: BlockEvent,
  place: EventPlace,
  seen: SeenPacket,
  trackedChain: TrackedChain,
): Change[] {
  const columns = packetColumns(seen, place, trackedChain)
  const stage = stageColumns(event, place)
  // What a final block says that it sent is so, whatever was said of that sequence before.
  const isSent = event.type === 'send_packet' && place.block.isFinal
  const packet = isSent
    ? change('packet', seen.key, {}, { ...columns, ...stage })
    : change('packet', seen.key, columns, stage)
  return [packet, ...transfersOf(seen, place, isSent)]
}

/**
 * Row changes of the hub's own `causeway.transfer.v1.*` events, which say what a transfer meant for the
 * ledger.
 */
export function projectTransferEvent(
  event: BlockEvent,
  { block }: EventPlace,
  seen: SeenPacket,
  payloadIndex: number,
): Change[] {
  const base = transferOf(seen, payloadIndex)
  if (base === undefined) return []
  const set: Partial<TransferRow> = {
    account: readText(event, 'account'),
    subaccount: readSubaccount(event, 'subaccount'),
    asset: readU64(event, 'asset'),
    line: readU64(event, 'line'),
  }
  const isRefund = event.type === 'causeway.transfer.v1.refund'
  const reason = isRefund ? { refundReason: readText(event, 'reason') } : {}
  const joined = { least: { orderTime: block.timeNanoseconds } }
  return [change('transfer', { ...seen.key, payloadIndex }, base, { ...set, ...reason }, joined)]
}

function decodePacket(event: BlockEvent): Packet {
  try {
    const bytes = readHex(event, 'encoded_packet_hex')
    const packet = decodeStrict(Packet, 'ibc.core.channel.v2.Packet', bytes, PACKET_LIMITS)
    requireClientId(packet.sourceClient)
    requireClientId(packet.destinationClient)
    return packet
  } catch (error) {
    if (isProtocolError(error)) throw errors.malformedPacket({ event: event.type, reason: error.message })
    throw error
  }
}

function packetColumns(
  seen: SeenPacket,
  { block }: EventPlace,
  trackedChain: TrackedChain,
): Partial<PacketRow> {
  const { packet, side } = seen
  const tracked = trackedChain(block.chainId, packet.sourceClient) ?? null
  return {
    sourceRevision: revisionOf(seen.key.sourceChainId),
    destinationChainId: side === 'destination' ? block.chainId : tracked,
    timeoutSeconds: packet.timeoutTimestamp,
    payloadCount: packet.payloads.length,
    ...(side === 'source' && !block.isFinal ? { sentFinal: false } : {}),
  }
}

function stageColumns(event: BlockEvent, { block, transaction }: EventPlace): Partial<PacketRow> {
  const [height, time, hash] = [block.height, block.timeNanoseconds, transaction?.hash ?? null]
  switch (event.type) {
    case 'send_packet':
      return {
        sentHeight: height,
        sentTransaction: hash,
        sentTimeNanoseconds: time,
        provableHeight: block.provableHeight,
        // A block that isn't final never takes back what another chain has proven.
        ...(block.isFinal ? { sentFinal: true } : {}),
      }
    case 'recv_packet':
      return {
        receivedHeight: height,
        receivedTransaction: hash,
        receivedTimeNanoseconds: time,
        receivedFinal: block.isFinal,
        // What the sending side could only guess from its client.
        destinationChainId: block.chainId,
      }
    case 'write_acknowledgement':
      return { accepted: isAccepted(event), destinationChainId: block.chainId }
    case 'acknowledge_packet':
      return {
        acknowledgedHeight: height,
        acknowledgedTransaction: hash,
        acknowledgedTimeNanoseconds: time,
        acknowledgedFinal: block.isFinal,
      }
    default:
      return {
        timedOutHeight: height,
        timedOutTransaction: hash,
        timedOutTimeNanoseconds: time,
        timedOutFinal: block.isFinal,
      }
  }
}

function isAccepted(event: BlockEvent): boolean {
  const bytes = readHex(event, 'encoded_acknowledgement_hex')
  const acknowledgement = decodeStrict(Acknowledgement, 'ibc.core.channel.v2.Acknowledgement', bytes)
  return !isErrorAcknowledgement(acknowledgement.appAcknowledgements)
}

function transfersOf(seen: SeenPacket, { block }: EventPlace, isSent: boolean): Change[] {
  return seen.packet.payloads.flatMap((_payload, payloadIndex) => {
    const row = transferOf(seen, payloadIndex)
    if (row === undefined) return []
    const joined = { least: { orderTime: block.timeNanoseconds } }
    const { account, subaccount, ...content } = row
    const [once, set] = isSent ? [{ account, subaccount }, content] : [row, {}]
    return [change('transfer', { ...seen.key, payloadIndex }, once as typeof row, set, joined)]
  })
}

/** What a packet itself says of a transfer; undefined when its payload is none. */
function transferOf({ packet }: SeenPacket, payloadIndex: number): Partial<TransferRow> | undefined {
  const payload = packet.payloads[payloadIndex]
  const data = payload === undefined ? undefined : decodeTransfer(payload)
  if (payload === undefined || data === undefined) return undefined
  const owner = parseHubAccount(data.receiver) ?? parseHubAccount(data.sender)
  const { account = null, subaccount = null } = owner ?? {}
  return { ...data, encoding: payload.encoding, account, subaccount }
}
