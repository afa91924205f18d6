import { Comet38Client } from '@cosmjs/tendermint-rpc'

import { EndpointPool } from '../endpoints/endpoint-pool.ts'
import type { EndpointPoolOptions } from '../endpoints/endpoint-pool.ts'
import { createHttpTransport } from './transport.ts'

/** CometBFT RPC endpoints of one chain. */
export type CometPool = EndpointPool<Comet38Client>

/** Opens a pool; nothing is asked yet. */
export function openCometPool(options: Omit<EndpointPoolOptions<Comet38Client>, 'connect'>): CometPool {
  return new EndpointPool({
    ...options,
    connect: (url, timeoutMs) => Comet38Client.create(createHttpTransport(url, timeoutMs)),
  })
}
