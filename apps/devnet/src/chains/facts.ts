// What the devnet's chains are called, and what they start with.
import { HUB_CHAIN_ID, HUB_DENOM, HUB_PREFIX } from '@causeway/hub'
import { toBase58 } from '@causeway/primitives'
import { contractAddresses } from '../contracts/addresses.ts'
import { SOLANA_PROGRAMS, SOLANA_USDC, WRAPPED_SOL } from '../contracts/solana-addresses.ts'
import { clusterGenesisHash } from '../solana/cluster/genesis-hash.ts'
import { ETHEREUM_ADDRESSES } from './ethereum-accounts.ts'

/** The hub. */
export const HUB = {
  chainId: HUB_CHAIN_ID,
  prefix: HUB_PREFIX,
  feeDenom: HUB_DENOM,
  gasPrice: '0.001',
} as const

/** The Cosmos zone that collateral comes from. */
export const ZONE = {
  chainId: 'zone-1',
  prefix: 'zone',
  feeDenom: 'uzone',
  gasPrice: '0.001',
  tokenDenom: 'uusd',
} as const

/** The Ethereum that collateral comes from. */
export const ETHEREUM = {
  /** CAIP-2, as everybody but Ethereum itself names it. */
  chainId: 'eip155:31337',
  evmChainId: 31_337,
  contracts: contractAddresses(ETHEREUM_ADDRESSES.deployer),
} as const

const SOLANA_SEED = 'causeway devnet'

/** The Solana that collateral comes from. */
export const SOLANA = {
  /** CAIP-2. */
  chainId: `solana:${toBase58(clusterGenesisHash(SOLANA_SEED)).slice(0, 32)}`,
  seed: SOLANA_SEED,
  programs: SOLANA_PROGRAMS,
} as const

/**
 * The clients that join the chains, in the order in which the relayer makes them: the hub counts its clients.
 * On Ethereum the hub is the first client, which the core's constructor makes.
 */
export const CLIENTS = {
  zoneOnHub: '07-tendermint-0',
  hubOnZone: '07-tendermint-0',
  ethereumOnHub: 'ethereum-1',
  hubOnEthereum: 'client-0',
  solanaOnHub: 'solana-2',
  hubOnSolana: 'client-0',
} as const

/** A token of another chain, and the hub's asset that it is credited as. */
export interface BridgedToken {
  readonly chainId: string
  /** Its denomination where it comes from. */
  readonly base: string
  /** Its path on the hub, which a withdrawal names. */
  readonly line: string
  readonly asset: string
  readonly decimals: number
  /** Of the price feed. */
  readonly symbol: string
  /** SIMULATED: US dollars for one whole token, × 10⁹. */
  readonly priceE9: bigint
  readonly initialWeightBps: number
  readonly maintenanceWeightBps: number
  /** A stable token becomes cash when it comes in. */
  readonly isConvertible: boolean
}

/** A touch above par on every venue, so that a whole dollar becomes a whole dollar of cash. */
const DOLLAR_E9 = 1_000_500_000n

/** The zone's token. */
export const USDZ: BridgedToken = {
  ...origin(ZONE.chainId, CLIENTS.zoneOnHub, ZONE.tokenDenom),
  ...{ asset: 'usdz', decimals: 6, symbol: 'USDZ', priceE9: DOLLAR_E9 },
  ...{ initialWeightBps: 9_500, maintenanceWeightBps: 9_700, isConvertible: true },
}

/** Ethereum's test dollar. */
export const USDC: BridgedToken = {
  ...origin(ETHEREUM.chainId, CLIENTS.ethereumOnHub, ETHEREUM.contracts.usdc),
  ...{ asset: 'usdc', decimals: 6, symbol: 'USDC', priceE9: DOLLAR_E9 },
  ...{ initialWeightBps: 9_500, maintenanceWeightBps: 9_700, isConvertible: true },
}

/** Ether, which travels wrapped. */
export const ETH: BridgedToken = {
  ...origin(ETHEREUM.chainId, CLIENTS.ethereumOnHub, ETHEREUM.contracts.wrappedEther),
  ...{ asset: 'eth', decimals: 18, symbol: 'ETH', priceE9: 3_000_000_000_000n },
  ...{ initialWeightBps: 8_500, maintenanceWeightBps: 9_000, isConvertible: false },
}

/** Solana's test dollar: the same asset as Ethereum's, on a line of its own. */
export const SOLANA_DOLLAR: BridgedToken = {
  ...USDC,
  ...origin(SOLANA.chainId, CLIENTS.solanaOnHub, SOLANA_USDC),
}

/** SOL, which travels wrapped. */
export const SOL: BridgedToken = {
  ...origin(SOLANA.chainId, CLIENTS.solanaOnHub, WRAPPED_SOL),
  ...{ asset: 'sol', decimals: 9, symbol: 'SOL', priceE9: 150_000_000_000n },
  ...{ initialWeightBps: 8_000, maintenanceWeightBps: 8_500, isConvertible: false },
}

/** All of them. */
export const TOKENS: readonly BridgedToken[] = [USDZ, USDC, ETH, SOLANA_DOLLAR, SOL]

/** Base units of one whole token with six decimals: the dollars. */
export const UNIT = 1_000_000n

/** Ports where people look first; all on the loopback interface. */
export const PORTS = {
  hub: 26_657,
  zone: 26_757,
  ethereum: 8_545,
  beacon: 5_052,
  solana: 8_899,
  solanaStream: 8_901,
  graphql: 4_000,
  metrics: 9_464,
} as const

function origin(chainId: string, client: string, base: string) {
  return { chainId, base, line: `transfer/${client}/${base}` }
}
