import type { PublicKey, VersionedTransactionResponse } from '@solana/web3.js'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { fromBase58 } from '@causeway/primitives'
import {
  SEND_PACKET_BEGIN,
  decodeAcknowledgePacketEvent,
  decodeReopenPacketEvent,
  decodeSendPacketEvent,
  decodeTimeoutPacketEvent,
  decodeWriteAcknowledgementEvent,
} from '../generated/core.ts'
import type { ReopenPacketEvent, SendPacketEvent } from '../generated/core.ts'
import { ibcPacket } from './packet-bytes.ts'

/** What a core tells of a packet in a transaction. */
export interface CoreEvent {
  readonly kind: 'send_packet' | 'write_acknowledgement' | 'acknowledge_packet' | 'timeout_packet'
  readonly packet: Packet
  /** Of a packet that was received or acknowledged. */
  readonly acknowledgement: Uint8Array | undefined
}

/** An instruction that a program called. */
export interface CalledInstruction {
  /** Base58. */
  readonly program: string
  /** Base58, as nodes write it. */
  readonly data: string
}

/** The part of a transaction's `meta` that tells what its programs called, with the keys of its message. */
export interface CalledInTransaction {
  readonly accountKeys: readonly string[]
  readonly loadedAddresses?:
    { readonly writable: readonly string[]; readonly readonly: readonly string[] } | undefined
  readonly innerInstructions: readonly {
    readonly instructions: readonly { readonly programIdIndex: number; readonly data: string }[]
  }[]
}

/** Events of packets, each as the others. Rust: programs/core/src/event.rs. */
const READERS: readonly (readonly [CoreEvent['kind'], (data: Uint8Array) => SendPacketEvent | undefined])[] =
  [
    ['send_packet', decodeSendPacketEvent],
    ['write_acknowledgement', decodeWriteAcknowledgementEvent],
    ['acknowledge_packet', decodeAcknowledgePacketEvent],
    ['timeout_packet', decodeTimeoutPacketEvent],
  ]
/** The instruction of the core that is an event. */
const EVENT = SEND_PACKET_BEGIN[0]!
/** The runtime takes 10 KiB of a called instruction's data: of base58, log 256 / log 58 as much. */
const DATA_LENGTH_MAX = 14_000

/**
 * What the programs of a transaction called, in order. Keys that tables bring follow the message's own, those
 * that are writable first. Throws `RangeError` for the index of a key that there is not.
 */
export function calledInstructions(transaction: CalledInTransaction): CalledInstruction[] {
  const { accountKeys, loadedAddresses, innerInstructions } = transaction
  const { writable = [], readonly = [] } = loadedAddresses ?? {}
  const keys = [...accountKeys, ...writable, ...readonly]
  return innerInstructions.flatMap(({ instructions }) =>
    instructions.map(({ programIdIndex, data }) => {
      const program = keys[programIdIndex]
      if (program === undefined) throw new RangeError(`no key ${programIdIndex} in a transaction`)
      return { program, data }
    }),
  )
}

/**
 * Events of packets of a core among what a transaction's programs called, in order: the core calls itself,
 * which it refuses to all others. Only those of a transaction that succeeded have happened. Throws
 * `RangeError` for data that no core calls itself with: whoever says so made it up.
 * @param core Address of the core, base58.
 */
export function readCoreEvents(called: readonly CalledInstruction[], core: string): CoreEvent[] {
  return called.flatMap(({ program, data }) => (program === core ? readEvent(data) : []))
}

/**
 * Packets that count as refused from now on in the tree of receipts of a retired client, among what a
 * transaction's programs called: the vault took a claim back. As `readCoreEvents`.
 */
export function readReopenedPackets(called: readonly CalledInstruction[], core: string): ReopenPacketEvent[] {
  return called.flatMap(({ program, data }) => {
    const event = program === core ? decodeReopenPacketEvent(readData(data)) : undefined
    return event ? [event] : []
  })
}

/** Events of a core in a transaction as web3.js gives it: none in one that failed. Throws `RangeError`. */
export function readTransactionEvents(
  { meta, transaction }: VersionedTransactionResponse,
  core: string,
): CoreEvent[] {
  if (!meta || meta.err !== null) return []
  const texts = (keys: readonly PublicKey[] = []) => keys.map((key) => key.toBase58())
  const { writable, readonly } = meta.loadedAddresses ?? {}
  const called = calledInstructions({
    accountKeys: texts(transaction.message.staticAccountKeys),
    loadedAddresses: { writable: texts(writable), readonly: texts(readonly) },
    innerInstructions: meta.innerInstructions ?? [],
  })
  return readCoreEvents(called, core)
}

function readEvent(data: string): CoreEvent[] {
  const bytes = readData(data)
  if (bytes[0] !== EVENT) return [] // applications call the core to send
  if (decodeReopenPacketEvent(bytes) !== undefined) return []
  for (const [kind, read] of READERS) {
    const event = read(bytes)
    if (event === undefined) continue
    const isAnswered = kind === 'write_acknowledgement' || kind === 'acknowledge_packet'
    const { packet, acknowledgement } = event
    if (!isAnswered && acknowledgement.length > 0) throw new RangeError('an event that is too long')
    return [{ kind, packet: ibcPacket(packet), acknowledgement: isAnswered ? acknowledgement : undefined }]
  }
  throw new RangeError('an event of no kind')
}

function readData(data: string): Uint8Array {
  const bytes = fromBase58(data, DATA_LENGTH_MAX)
  if (bytes === undefined) throw new RangeError('data of an instruction that is not base58, or too long')
  return bytes
}
