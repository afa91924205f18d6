import type { Comet38Client } from '@cosmjs/tendermint-rpc'

import type { PacketEvent } from '../chain.ts'
import type { CometPool } from './comet-pool.ts'
import { readPacketEvents } from './packet-events.ts'

const SEARCH_RESULTS = 10

/** All packet events of a block: those of its successful transactions, then those of the block itself. */
export async function readBlockEvents(client: Comet38Client, height: bigint): Promise<PacketEvent[]> {
  const block = await client.blockResults(Number(height))
  const transactions = block.results.filter((result) => result.code === 0).flatMap((result) => result.events)
  return readPacketEvents([...transactions, ...block.finalizeBlockEvents], height)
}

/**
 * Finds the event by which a packet was sent (`clientId` is its source) or acknowledged (`clientId` is its
 * destination), through a node's transaction index, then through its block index; then through the next
 * node's. `undefined`: the indexes that were read don't have it. Where none can be read, throws `RelayError`.
 */
export async function findPacketEvent(
  pool: CometPool,
  type: 'send_packet' | 'write_acknowledgement',
  clientId: string,
  sequence: bigint,
): Promise<PacketEvent | undefined> {
  const client = type === 'send_packet' ? 'packet_source_client' : 'packet_dest_client'
  // The narrow condition first: nodes read the index from there, and a client has as many entries as packets.
  const query = `${type}.packet_sequence='${sequence}' AND ${type}.${client}='${clientId}'`
  const wanted = (event: PacketEvent) => {
    const own = type === 'send_packet' ? event.packet.sourceClient : event.packet.destinationClient
    return event.type === type && own === clientId && event.packet.sequence === sequence
  }
  return await pool.find(async (comet) => {
    const found = await comet.txSearch({ query, page: 1, per_page: SEARCH_RESULTS })
    for (const tx of found.txs) {
      const event = readPacketEvents(tx.result.events, BigInt(tx.height)).find(wanted)
      if (tx.result.code === 0 && event !== undefined) return event
    }
    return await findInBlocks(comet, query, wanted)
  })
}

/** Packets that a chain sends or acknowledges outside transactions are in the block index only. */
async function findInBlocks(
  comet: Comet38Client,
  query: string,
  wanted: (event: PacketEvent) => boolean,
): Promise<PacketEvent | undefined> {
  const found = await comet.blockSearch({ query, page: 1, per_page: SEARCH_RESULTS })
  for (const { block } of found.blocks) {
    const event = (await readBlockEvents(comet, BigInt(block.header.height))).find(wanted)
    if (event !== undefined) return event
  }
  return undefined
}
