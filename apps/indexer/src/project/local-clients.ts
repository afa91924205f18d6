import { isClientId } from '@causeway/messaging'
import { findText } from './attributes.ts'
import type { ChainBlock } from './block.ts'

/** For each packet event: the attribute that names the client on the chain that emitted it. */
const localKeys: Record<string, string> = {
  send_packet: 'packet_source_client',
  recv_packet: 'packet_dest_client',
  write_acknowledgement: 'packet_dest_client',
  acknowledge_packet: 'packet_source_client',
  timeout_packet: 'packet_source_client',
}

/** The clients that a block's packets use and that the block doesn't create. */
export function localClients(block: ChainBlock): Set<string> {
  const used = new Set<string>()
  const created = new Set<string>()
  for (const event of block.transactions.flatMap(({ code, events }) => (code === 0 ? events : []))) {
    const key = localKeys[event.type]
    const clientId = key === undefined ? undefined : findText(event, key)
    if (clientId !== undefined && isClientId(clientId)) used.add(clientId)
    if (event.type === 'create_client') created.add(findText(event, 'client_id') ?? '')
  }
  return new Set([...used].filter((clientId) => !created.has(clientId)))
}
