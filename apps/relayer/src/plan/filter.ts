import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'

import { readTransfer } from './read-transfer.ts'
import { packetId } from './work.ts'

/** Which packets a route carries. An empty list allows everything. */
export interface PacketFilter {
  readonly ports: readonly string[]
  readonly denoms: readonly string[]
  readonly senders: readonly string[]
  /**
   * Smallest amount carried, per denom as it stands on the wire: what keeps dust from costing more than it
   * moves.
   */
  readonly amountMinByDenom: ReadonlyMap<string, bigint>
  /** Only this packet, by its name: for a command that relays one. */
  readonly only?: string | undefined
}

/** A filter that lets everything through. */
export const CARRY_EVERYTHING: PacketFilter = {
  ports: [],
  denoms: [],
  senders: [],
  amountMinByDenom: new Map(),
}

/**
 * Why a packet is not carried, or `undefined` when it is. Rules on denoms, senders and amounts speak of
 * ICS-20 data: a payload that is not readable as such is refused as soon as one of those rules is set.
 */
export function filterReason(packet: Packet, filter: PacketFilter): string | undefined {
  if (filter.only !== undefined && packetId(packet) !== filter.only) return 'another packet was asked for'
  const readsTransfer =
    filter.denoms.length > 0 || filter.senders.length > 0 || filter.amountMinByDenom.size > 0
  for (const payload of packet.payloads) {
    if (filter.ports.length > 0 && !filter.ports.includes(payload.sourcePort))
      return `port ${payload.sourcePort}`
    if (!readsTransfer) continue
    const transfer = readTransfer(payload)
    if (transfer === undefined) return 'not a readable transfer'
    if (filter.denoms.length > 0 && !filter.denoms.includes(transfer.denom)) return `denom ${transfer.denom}`
    if (filter.senders.length > 0 && !filter.senders.includes(transfer.sender))
      return `sender ${transfer.sender}`
    const amountMin = filter.amountMinByDenom.get(transfer.denom)
    if (amountMin !== undefined && transfer.amount < amountMin)
      return `amount ${transfer.amount} of ${transfer.denom}`
  }
  return undefined
}
