import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { fromBase64, fromUtf8 } from '@causeway/primitives'
import { decodePacket } from './packet-bytes.ts'

/** What a core tells of a packet in a transaction's log. */
export interface CoreEvent {
  readonly kind: 'send_packet' | 'write_acknowledgement' | 'acknowledge_packet' | 'timeout_packet'
  readonly packet: Packet
  /** Of a packet that was received or acknowledged. */
  readonly acknowledgement: Uint8Array | undefined
}

const KINDS = ['send_packet', 'write_acknowledgement', 'acknowledge_packet', 'timeout_packet'] as const
const DATA = 'Program data: '

/**
 * Events of a core in a transaction's log, in order. Only what the core itself logs counts, and only of a
 * transaction that succeeded: another program can log the same words.
 * @param core Address of the core, base58.
 */
export function readCoreEvents(logs: readonly string[], core: string): CoreEvent[] {
  const events: CoreEvent[] = []
  const running: string[] = []
  for (const line of logs) {
    const invoked = /^Program (\w+) invoke \[\d+\]$/.exec(line)?.[1]
    if (invoked !== undefined) running.push(invoked)
    else if (/^Program \w+ (success|failed)/.test(line)) running.pop()
    else if (line.startsWith(DATA) && running.at(-1) === core)
      events.push(...readEvent(line.slice(DATA.length)))
  }
  return events
}

function readEvent(data: string): CoreEvent[] {
  const [name, packet, acknowledgement] = data.split(' ').map(fromBase64)
  const kind = KINDS.find((known) => known === fromUtf8(name!))
  return kind && packet ? [{ kind, packet: decodePacket(packet), acknowledgement }] : []
}
