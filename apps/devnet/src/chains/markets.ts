// What is traded on the devnet's hub: underlyings whose markets are listed by rule.
import type { GenesisAsset, GenesisUnderlying } from '@causeway/hub'
import { ETH, SOL, TOKENS } from './facts.ts'
import type { BridgedToken } from './facts.ts'

const E9 = 1_000_000_000n
/** Micro-cash: open notional between which a market's initial margin rises. */
const OPEN_NOTIONAL = { openNotionalLowerE6: 10n ** 13n, openNotionalUpperE6: 10n ** 15n }

/** An underlying, and what the SIMULATED market thinks of it at the start. */
export interface DevnetUnderlying extends GenesisUnderlying {
  /** US dollars for 1.0, × 10⁹. */
  readonly priceE9: bigint
  /** Annual volatility at the money, in basis points; without it there are no options. */
  readonly volatilityBps?: number
}

/** Ether, bitcoin and sol. */
export const UNDERLYINGS: readonly DevnetUnderlying[] = [
  {
    ...{ denom: ETH.asset, name: 'ETH', tier: 1, priceE9: ETH.priceE9, volatilityBps: 6_500 },
    ...{ perpetual: grid('0.01', '0.001'), future: grid('0.01', '0.001'), spot: grid('0.01', '0.001') },
    option: grid('0.1', '0.01'),
    ...{ ownerCapE9: 100_000n * E9, openInterestCapE9: 1_000_000n * E9, ...OPEN_NOTIONAL },
  },
  {
    ...{ denom: 'btc', name: 'BTC', tier: 1, priceE9: 90_000n * E9 },
    ...{ perpetual: grid('0.1', '0.0001'), future: grid('0.1', '0.0001') },
    ...{ ownerCapE9: 10_000n * E9, openInterestCapE9: 100_000n * E9, ...OPEN_NOTIONAL },
  },
  {
    ...{ denom: SOL.asset, name: 'SOL', tier: 2, priceE9: SOL.priceE9 },
    perpetual: grid('0.001', '0.01'),
    ...{ ownerCapE9: 1_000_000n * E9, openInterestCapE9: 10_000_000n * E9, ...OPEN_NOTIONAL },
  },
]

/** What the hub prices, in the order of its asset numbers: others' tokens, then what is only traded. */
export const ASSETS: readonly (GenesisAsset & { readonly priceE9: bigint })[] = [
  ...TOKENS.filter(isFirstOfAsset).map(({ asset: denom, ...token }) => ({ ...token, denom })),
  ...UNDERLYINGS.filter(({ denom }) => TOKENS.every(({ asset }) => asset !== denom)).map(
    ({ denom, name: symbol, priceE9 }) => ({ denom, symbol, priceE9, decimals: 9 }),
  ),
]

/** An asset that comes over several lines is one asset. */
function isFirstOfAsset({ asset }: BridgedToken, index: number): boolean {
  return TOKENS.findIndex((token) => token.asset === asset) === index
}

/** Number of the first of them; asset 1 is the hub's own token. */
const FIRST_ASSET = 2n

/** Number of an asset on the hub, which its queries and price sources go by. */
export function assetNumber(denom: string): bigint {
  return FIRST_ASSET + BigInt(ASSETS.findIndex((asset) => asset.denom === denom))
}

/** Tick and lot from decimals. */
function grid(tick: string, lot: string) {
  return { tickE9: inE9(tick), lotE9: inE9(lot) }
}

function inE9(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(9, '0'))
}
