import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { decodeEventLog, hexToBytes, keccak256, numberToHex, stringToHex, toEventSelector } from 'viem'
import type { AbiEvent, Hex } from 'viem'

import type { PacketEvent, PacketEventType } from '../chain.ts'
import { CORE_ABI } from './abi.ts'
import type { EthLog } from './eth-api.ts'

/** An event before its block is placed among the heights of the light client. */
export type PacketLog = Omit<PacketEvent, 'height'> & { readonly blockNumber: bigint }

/** Events by which packets live, by the contract's names. */
const TYPES = {
  SendPacket: 'send_packet',
  WriteAcknowledgement: 'write_acknowledgement',
  AckPacket: 'acknowledge_packet',
  TimeoutPacket: 'timeout_packet',
} as const satisfies Record<string, PacketEventType>

/** Bytes of an event that are decoded; a packet holds at most 262,144 bytes of payloads. */
const DATA_HEX_LENGTH_MAX = 2 * 1_048_576

/** The selectors of all packet events. */
export const PACKET_TOPICS: readonly Hex[] = Object.keys(TYPES).map((name) => topicOf(name))

/** Topics of one event of one packet. `clientId` is the client on the contract's side. */
export function packetTopics(
  type: 'send_packet' | 'write_acknowledgement',
  clientId: string,
  sequence: bigint,
): readonly Hex[] {
  const name = type === 'send_packet' ? 'SendPacket' : 'WriteAcknowledgement'
  return [topicOf(name), keccak256(stringToHex(clientId)), numberToHex(sequence, { size: 32 })]
}

/** Reads packet events. What can't be read is left out: the route must not stop for a strange log. */
export function readPacketLogs(logs: readonly EthLog[]): PacketLog[] {
  return logs.flatMap((log) => readPacketLog(log) ?? [])
}

function readPacketLog(log: EthLog): PacketLog | undefined {
  if (log.data.length > DATA_HEX_LENGTH_MAX) return undefined
  try {
    const topics = [...log.topics] as [Hex, ...Hex[]]
    const { eventName, args } = decodeEventLog({ abi: CORE_ABI, data: log.data, topics })
    if (!(eventName in TYPES) || !('packet' in args)) return undefined
    const packet = readPacket(args.packet)
    if (packet.sequence === 0n) return undefined
    const acknowledgement =
      'acknowledgements' in args ? writeAcknowledgement(args.acknowledgements) : undefined
    const type = TYPES[eventName as keyof typeof TYPES]
    return { type, packet, acknowledgement, blockNumber: log.blockNumber }
  } catch {
    return undefined
  }
}

interface ContractPacket {
  readonly sequence: bigint
  readonly sourceClient: string
  readonly destClient: string
  readonly timeoutTimestamp: bigint
  readonly payloads: readonly {
    readonly sourcePort: string
    readonly destPort: string
    readonly version: string
    readonly encoding: string
    readonly value: Hex
  }[]
}

function readPacket(packet: ContractPacket): Packet {
  return {
    sequence: packet.sequence,
    sourceClient: packet.sourceClient,
    destinationClient: packet.destClient,
    timeoutTimestamp: packet.timeoutTimestamp,
    payloads: packet.payloads.map(({ destPort, value, ...rest }) => ({
      ...rest,
      destinationPort: destPort,
      value: hexToBytes(value),
    })),
  }
}

function writeAcknowledgement(acknowledgements: readonly Hex[]): Uint8Array {
  return Acknowledgement.encode({
    appAcknowledgements: acknowledgements.map((one) => hexToBytes(one)),
  }).finish()
}

function topicOf(name: string): Hex {
  const event = CORE_ABI.find((item) => item.type === 'event' && item.name === name)
  return toEventSelector(event as AbiEvent)
}
