import type { RelayerConfigInput } from '@causeway/relayer'
import { CLIENTS, ETHEREUM, HUB, SOLANA, ZONE } from '../chains/facts.ts'

/** Where the relayer finds the chains, and where it keeps what it remembers. */
export interface RelayerPlaces {
  readonly hubRpcUrl: string
  readonly zoneRpcUrl: string
  /** Absent where only Cosmos chains are relayed. */
  readonly ethereum?: { readonly rpcUrl: string; readonly beaconUrl: string }
  readonly solana?: { readonly rpcUrl: string; readonly streamUrl: string }
  readonly folder: string
  readonly metricsPort: number
}

/** The environment variable that holds the relayer's key: one mnemonic for all chains. */
export const RELAYER_KEY = 'CAUSEWAY_DEVNET_RELAYER_KEY'

const POLL = '250ms'

/** The relayer's configuration on a devnet: the hub's routes, looked at several times a second. */
export function relayerConfig(places: RelayerPlaces) {
  const { hubRpcUrl, zoneRpcUrl, ethereum, solana, folder, metricsPort } = places
  const cosmos = (facts: typeof HUB | typeof ZONE, rpcUrl: string) => ({
    id: facts.chainId,
    type: 'cosmos' as const,
    rpc: [rpcUrl],
    addressPrefix: facts.prefix,
    key: { env: RELAYER_KEY },
    gasPrice: `${facts.gasPrice}${facts.feeDenom}`,
    poll: POLL,
  })
  return {
    database: { folder },
    metrics: { host: '127.0.0.1', port: metricsPort },
    log: { level: 'info' },
    chains: [
      cosmos(HUB, hubRpcUrl),
      cosmos(ZONE, zoneRpcUrl),
      ...(ethereum === undefined ? [] : [evm(ethereum)]),
      ...(solana === undefined ? [] : [cluster(solana)]),
    ],
    routes: [
      {
        name: 'hub-zone',
        a: end(HUB.chainId, CLIENTS.zoneOnHub),
        b: end(ZONE.chainId, CLIENTS.hubOnZone),
        rescan: '5s',
      },
      ...(ethereum === undefined ? [] : [ETHEREUM_ROUTE]),
      ...(solana === undefined ? [] : [SOLANA_ROUTE]),
    ],
  } satisfies RelayerConfigInput
}

const ETHEREUM_ROUTE = {
  name: 'hub-ethereum',
  a: end(HUB.chainId, CLIENTS.ethereumOnHub),
  b: end(ETHEREUM.chainId, CLIENTS.hubOnEthereum),
  rescan: '5s',
}

const SOLANA_ROUTE = {
  name: 'hub-solana',
  a: end(HUB.chainId, CLIENTS.solanaOnHub),
  b: end(SOLANA.chainId, CLIENTS.hubOnSolana),
  rescan: '5s',
}

function evm({ rpcUrl, beaconUrl }: NonNullable<RelayerPlaces['ethereum']>) {
  return {
    id: ETHEREUM.chainId,
    type: 'evm' as const,
    rpc: [rpcUrl],
    beacon: [beaconUrl],
    contract: ETHEREUM.contracts.core,
    key: { env: RELAYER_KEY },
    poll: POLL,
  }
}

function cluster({ rpcUrl, streamUrl }: NonNullable<RelayerPlaces['solana']>) {
  return {
    id: SOLANA.chainId,
    type: 'solana' as const,
    hub: HUB.chainId,
    rpc: [rpcUrl],
    stream: streamUrl,
    programs: SOLANA.programs,
    client: { id: CLIENTS.hubOnSolana },
    key: { env: RELAYER_KEY },
    poll: POLL,
  }
}

function end(chain: string, client: string) {
  return { chain, client }
}
