// Logs of the IBC core on an EVM chain, as the events that other IBC v2 chains emit: from there on all chains
// are projected alike.
import { decodeEventLog, getAbiItem, keccak256, stringToHex, toEventSelector, type Hex } from 'viem'
import { IbcCore } from '@causeway/contracts-evm'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { fromHex, isProtocolError } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'
import { errors } from './errors.ts'
import { namedEvent, packetEvent, receivedEvents } from './packet-event.ts'

/** One log of the core: lower-case 0x-hex. */
export type CoreLog = { readonly topics: readonly Hex[]; readonly data: Hex }

/** What is known of the clients of a core. */
export type CoreClients = {
  /** The id whose keccak-256 a log has instead of it; undefined when it isn't known. */
  idOf(hash: Hex): string | undefined
  /** The chain that a client follows, as its contract says; undefined when it says nothing. */
  chainOf(clientId: string): string | undefined
}

const abi = IbcCore.abi

const knownTopics: ReadonlySet<Hex> = new Set(
  abi.flatMap((item) => (item.type === 'event' ? [toEventSelector(item)] : [])),
)

type CoreEvent = ReturnType<typeof decode>
type EvmPacket = Extract<NonNullable<CoreEvent>, { eventName: 'SendPacket' }>['args']['packet']

/** Topic of the logs that add a client. */
export const CLIENT_ADDED = topicOf('ClientAdded')
/** Topic of the logs that send a packet. */
export const SEND_PACKET = topicOf('SendPacket')

const CLIENT_TYPE = 'attestation'

function topicOf(name: 'ClientAdded' | 'SendPacket'): Hex {
  return toEventSelector(getAbiItem({ abi, name }))
}

/** The hash that stands for a client id in an indexed topic. */
export function clientIdTopic(clientId: string): Hex {
  return keccak256(stringToHex(clientId))
}

/**
 * The events that a log of the core stands for; none for a log that tells nothing of clients or packets.
 * Throws `indexer/4` for one that can't be read.
 */
export function readCoreLog(log: CoreLog, clients: CoreClients): BlockEvent[] {
  const decoded = decode(log)
  switch (decoded?.eventName) {
    case 'ClientAdded':
      return [clientAdded(decoded.args, clients)]
    case 'ClientUpdated':
      return [clientUpdated(decoded.args, clients)]
    case 'ClientFrozen':
      return [namedEvent('client_misbehaviour', clientAttributes(decoded.args, clients))]
    case 'SendPacket':
      return [packetEvent('send_packet', packetOf(decoded.args.packet))]
    case 'WriteAcknowledgement': {
      const { packet, acknowledgements } = decoded.args
      return receivedEvents(packetOf(packet), acknowledgements.map(toBytes))
    }
    case 'AckPacket':
      return [packetEvent('acknowledge_packet', packetOf(decoded.args.packet))]
    case 'TimeoutPacket':
      return [packetEvent('timeout_packet', packetOf(decoded.args.packet))]
    default:
      return []
  }
}

/** The client that a log of the core adds, if it is such a log and can be read. */
export function readClientAdded(log: CoreLog): { clientId: string; client: Hex } | undefined {
  if (log.topics[0] !== CLIENT_ADDED) return undefined
  try {
    const decoded = decode(log)
    return decoded?.eventName === 'ClientAdded' ? decoded.args : undefined
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

function decode({ topics, data }: CoreLog) {
  const [first, ...rest] = topics
  if (first === undefined || !knownTopics.has(first)) return undefined
  try {
    return decodeEventLog({ abi, topics: [first, ...rest], data, strict: true })
  } catch (error) {
    throw errors.malformedLog({ topic: first, reason: error instanceof Error ? shortMessage(error) : '' })
  }
}

function clientAdded(
  args: Extract<NonNullable<CoreEvent>, { eventName: 'ClientAdded' }>['args'],
  clients: CoreClients,
): BlockEvent {
  const { clientId, counterparty } = args
  const chain = clients.chainOf(clientId)
  return namedEvent('client_added', {
    client_id: clientId,
    client_type: CLIENT_TYPE,
    ...(chain === undefined ? {} : { tracked_chain_id: chain }),
    counterparty_client_id: counterparty.clientId,
    counterparty_merkle_prefix: counterparty.merklePrefix.map((element) => element.slice(2)).join(','),
  })
}

function clientUpdated(
  args: Extract<NonNullable<CoreEvent>, { eventName: 'ClientUpdated' }>['args'],
  clients: CoreClients,
): BlockEvent {
  const attributes = clientAttributes(args, clients)
  const revision = revisionOfChain(clients.chainOf(attributes.client_id))
  return namedEvent('update_client', { ...attributes, consensus_heights: `${revision}-${args.height}` })
}

function clientAttributes(
  { clientId: topic }: { clientId: string },
  clients: CoreClients,
): { client_id: string; client_type: string } {
  // Of an indexed text a log has the hash.
  const clientId = clients.idOf(topic as Hex)
  if (clientId === undefined) throw errors.unknownClient({ topic })
  return { client_id: clientId, client_type: CLIENT_TYPE }
}

function packetOf({ sequence, sourceClient, destClient, timeoutTimestamp, payloads }: EvmPacket): Packet {
  return {
    sequence,
    sourceClient,
    destinationClient: destClient,
    timeoutTimestamp,
    payloads: payloads.map(({ sourcePort, destPort, version, encoding, value }) => ({
      sourcePort,
      destinationPort: destPort,
      version,
      encoding,
      value: toBytes(value),
    })),
  }
}

/** The revision in the heights of a chain whose id ends in one. */
function revisionOfChain(chainId: string | undefined): string {
  return /-(\d{1,19})$/.exec(chainId ?? '')?.[1] ?? '0'
}

function toBytes(hex: Hex): Uint8Array {
  return fromHex(hex.slice(2))
}

function shortMessage(error: Error): string {
  return error.message.split('\n')[0]!.slice(0, 200)
}
