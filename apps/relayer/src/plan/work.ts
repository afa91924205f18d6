import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'

/** The three messages of a packet's life that a relayer carries. */
export type MessageKind = 'recv' | 'ack' | 'timeout'

/**
 * One message that should reach a chain. `recv` goes to the packet's destination, `ack` and `timeout` to
 * its source; the *proving* chain is always the other one.
 */
export interface Work {
  readonly kind: MessageKind
  readonly packet: Packet
  /** protobuf `Acknowledgement`; only with `ack`. */
  readonly acknowledgement: Uint8Array | undefined
  /**
   * Height on the proving chain whose block wrote what is to be proven; 0 for a timeout, which proves
   * absence.
   */
  readonly eventHeight: bigint
  /** Failed attempts so far. */
  readonly attempts: number
  /** Not to be tried before this wall-clock instant. */
  readonly notBeforeMs: bigint
  /** When this relayer first saw the event: latency is counted from here. */
  readonly seenAtMs: bigint
  /** The transaction it was in failed and nobody could say which message was to blame: it travels alone. */
  readonly apart: boolean
}

/** A packet's name across chains, logs and metrics: `sourceClient/sequence`. */
export function packetId(packet: Pick<Packet, 'sourceClient' | 'sequence'>): string {
  return `${packet.sourceClient}/${packet.sequence}`
}

/** A message's name: unique among everything that is pending on a lane. */
export function workKey(work: {
  readonly kind: MessageKind
  readonly packet: Pick<Packet, 'sourceClient' | 'sequence'>
}): string {
  return `${work.kind}/${packetId(work.packet)}`
}

/** Bytes that a message takes in a transaction beside its proof: payloads and acknowledgement. */
export function contentBytes(work: Work): bigint {
  let size = BigInt(work.acknowledgement?.length ?? 0)
  for (const payload of work.packet.payloads) {
    size += BigInt(payload.value.length + payload.sourcePort.length + payload.destinationPort.length)
    size += BigInt(payload.version.length + payload.encoding.length)
  }
  return size + BigInt(work.packet.sourceClient.length + work.packet.destinationClient.length)
}

/**
 * Oldest event first, then by packet sequence, then by kind: a total order, so plans don't depend on input
 * order.
 */
export function compareWork(left: Work, right: Work): number {
  if (left.eventHeight !== right.eventHeight) return left.eventHeight < right.eventHeight ? -1 : 1
  if (left.packet.sequence !== right.packet.sequence)
    return left.packet.sequence < right.packet.sequence ? -1 : 1
  const [a, b] = [workKey(left), workKey(right)]
  return a < b ? -1 : a > b ? 1 : 0
}
