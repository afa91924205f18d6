import type { RelayerConfigInput } from '@causeway/relayer'
import { FIRST_CLIENT, HUB, ZONE } from '../chains/facts.ts'

/** Where the relayer finds the chains, and where it keeps what it remembers. */
export interface RelayerPlaces {
  readonly hubRpcUrl: string
  readonly zoneRpcUrl: string
  readonly folder: string
  readonly metricsPort: number
}

/** The environment variable that holds the relayer's key. */
export const RELAYER_KEY = 'CAUSEWAY_DEVNET_RELAYER_KEY'

/**
 * The relayer's configuration on a devnet: one route between hub and zone, looked at several times a second.
 */
export function relayerConfig(
  { hubRpcUrl, zoneRpcUrl, folder, metricsPort }: RelayerPlaces,
  clients: { readonly onHub: string; readonly onZone: string } = {
    onHub: FIRST_CLIENT,
    onZone: FIRST_CLIENT,
  },
) {
  const chain = (facts: typeof HUB | typeof ZONE, rpcUrl: string) => ({
    id: facts.chainId,
    rpc: [rpcUrl],
    addressPrefix: facts.prefix,
    key: { env: RELAYER_KEY },
    gasPrice: `${facts.gasPrice}${facts.feeDenom}`,
    poll: '250ms',
  })
  return {
    database: { folder },
    metrics: { host: '127.0.0.1', port: metricsPort },
    log: { level: 'info' },
    chains: [chain(HUB, hubRpcUrl), chain(ZONE, zoneRpcUrl)],
    routes: [
      {
        name: 'hub-zone',
        a: { chain: HUB.chainId, client: clients.onHub },
        b: { chain: ZONE.chainId, client: clients.onZone },
        rescan: '5s',
      },
    ],
  } satisfies RelayerConfigInput
}
