import { Comet38Client } from '@cosmjs/tendermint-rpc'
import type { Codec } from '@causeway/protocol'
import {
  QueryPacketCommitmentsRequest,
  QueryPacketCommitmentsResponse,
  QueryPacketReceiptRequest,
  QueryPacketReceiptResponse,
} from '@causeway/protocol/ibc/core/channel/v2/query'
import { waitFor } from './processes.ts'

/** A process that starts beside many others takes its time. */
const START_MS = 240_000

/** Asks a chain's application over RPC. Throws what it refuses. */
export async function query<Request, Response>(
  rpcUrl: string,
  path: string,
  request: { codec: Codec<Request>; value: Request },
  answer: Codec<Response>,
): Promise<Response> {
  const client = await Comet38Client.connect(rpcUrl)
  try {
    const data = request.codec.encode(request.value).finish()
    const { code, log, value } = await client.abciQuery({ path, data })
    if (code !== 0) throw new Error(`${path}: ${log ?? ''}`)
    return answer.decode(value)
  } finally {
    client.disconnect()
  }
}

/** Packets that a chain has sent over a client and has no acknowledgement of. */
export async function pendingOn(rpcUrl: string, clientId: string): Promise<readonly unknown[]> {
  const request = { codec: QueryPacketCommitmentsRequest, value: { clientId, pagination: undefined } }
  const path = '/ibc.core.channel.v2.Query/PacketCommitments'
  return (await query(rpcUrl, path, request, QueryPacketCommitmentsResponse)).commitments
}

/** Whether a chain has received a packet over a client. */
export async function hasReceipt(rpcUrl: string, clientId: string, sequence: bigint): Promise<boolean> {
  const request = { codec: QueryPacketReceiptRequest, value: { clientId, sequence } }
  const path = '/ibc.core.channel.v2.Query/PacketReceipt'
  return (await query(rpcUrl, path, request, QueryPacketReceiptResponse)).received
}

/** Resolves when a chain's state can be proven: its second header holds the first. */
export async function provable(rpcUrl: string): Promise<void> {
  const hasTwo = async () => {
    const response = await fetch(`${rpcUrl}/status`)
    const { result } = (await response.json()) as { result: { sync_info: { latest_block_height: string } } }
    return Number(result.sync_info.latest_block_height) >= 2 ? true : undefined
  }
  await waitFor(`two blocks at ${rpcUrl}`, hasTwo, START_MS)
}
