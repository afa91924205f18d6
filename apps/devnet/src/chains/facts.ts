// What the devnet's chains are called, and what they start with.
import { HUB_CHAIN_ID, HUB_DENOM, HUB_PREFIX } from '@causeway/hub'
import { sha256, toHexUpper, utf8 } from '@causeway/primitives'

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

/** The client that the first `createRoute` makes on a new chain: ids are counted. */
export const FIRST_CLIENT = '07-tendermint-0'

const BRIDGED_PATH = `transfer/${FIRST_CLIENT}/${ZONE.tokenDenom}`

/**
 * The zone's token as the hub knows it: the line that a withdrawal names (by its voucher), and the asset it
 * credits.
 */
export const BRIDGED = {
  voucher: `ibc/${toHexUpper(sha256(utf8(BRIDGED_PATH)))}`,
  asset: 'usdz',
  decimals: 6,
  symbol: 'USDZ',
} as const

/** Base units of one whole token: every token of the devnet has six decimals. */
export const UNIT = 1_000_000n

/** Ports where people look first; all on the loopback interface. */
export const PORTS = { hub: 26_657, zone: 26_757, graphql: 4_000, metrics: 9_464 } as const
