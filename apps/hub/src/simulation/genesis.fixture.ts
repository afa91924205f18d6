// The chain of a simulation at genesis: four validators with stake, forty accounts with fees to pay, two
// underlyings, one dollar that comes over two lines, and limits so low that they are met.
import type { JsonValue } from '@causeway/primitives'
import { hubAppState } from '../genesis/app-state.ts'
import { genesisValidator } from '../testing/staked-hub.fixture.ts'
import { testValidators } from '../testing/validators.fixture.ts'
import type { Wallet } from '../testing/wallet.fixture.ts'

/** Assets. */
export const [USD, ETH, BTC] = [2n, 3n, 4n]
/** Prices at the beginning. */
export const PRICES = { eth: 2_000, btc: 40_000 } as const
/** Chain ids of the two chains. */
export const ZONES = ['zone-7', 'zone-8'] as const
/** What comes over which chain. */
export const TOKENS = [
  { chainId: ZONES[0], base: 'uusd', asset: 'usdz', id: USD },
  { chainId: ZONES[1], base: 'udollar', asset: 'usdz', id: USD },
  { chainId: ZONES[0], base: 'aeth', asset: 'eth', id: ETH },
  { chainId: ZONES[1], base: 'sat', asset: 'btc', id: BTC },
] as const
/** A validator's power. */
export const POWER = 10n
/** The validators. */
export const validators = testValidators([POWER, POWER, POWER, POWER])

const E9 = 1_000_000_000n
const NAMES = 'abcd'

/** Genesis with these accounts; `creator` opens the routes. */
export function simulationGenesis(wallets: readonly Wallet[], creator: Wallet): JsonValue {
  const weights = { initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }
  const state = hubAppState({
    denom: 'ucway',
    gasPriceE9: 25_000_000n,
    balances: wallets.map(({ address: holder }) => ({ holder, denom: 'ucway', amount: 10n ** 15n })),
    assets: [
      { denom: 'usdz', decimals: 6, symbol: 'USDZ', isConvertible: true, ...weights },
      { denom: 'eth', decimals: 18, symbol: 'ETH', initialWeightBps: 8_500, maintenanceWeightBps: 9_000 },
      { denom: 'btc', decimals: 8, symbol: 'BTC', initialWeightBps: 8_500, maintenanceWeightBps: 9_000 },
    ],
    listings: TOKENS.map(({ chainId, base, asset }) => ({ creator: creator.address, chainId, base, asset })),
    stake: {
      validators: validators.map(({ publicKey, power }, i) => genesisValidator(NAMES[i]!, publicKey, power)),
      insurance: 5_000_000n,
      staking: { epochBlocks: 25n, signedWindowBlocks: 200n, delegationMin: 1_000n },
      governance: { votingSeconds: 30n, timelockSeconds: 10n, deposit: 10_000_000n },
    },
  }) as { accounts: { gasPrices: object[] } } & Record<string, JsonValue>
  const gasPrices = [...state.accounts.gasPrices, { denom: 'cash', priceE9: '25000000' }]
  return {
    ...state,
    accounts: { gasPrices } as never,
    // There is one token only to convert: it may be the whole pool.
    cash: {
      params: { minPriceE9: '990000000', poolShareBps: '10000', shareFloorE6: `${10n ** 12n}` },
      assets: [{ asset: USD.toString() }],
    },
    markets: {
      params: {
        ordersMax: '40',
        positionsMax: '24',
        gainLockSeconds: '120',
        // Votes list for two blocks at a time: all that the calendar asks for would be two thousand markets.
        automaticListing: '0',
        settledMax: '20',
      },
      underlyings: [underlying(ETH, 'ETH', 1), underlying(BTC, 'BTC', 2)],
    },
  }
}

function underlying(asset: bigint, name: string, tier: number): JsonValue {
  const grid = { tickE9: '10000000', lotE9: '100000000' }
  return {
    asset: asset.toString(),
    name,
    tier,
    perpetual: grid,
    ...(asset === BTC ? { option: grid } : { future: grid }),
    spot: grid,
    ownerCapE9: `${300n * E9}`,
    openInterestCapE9: `${1_500n * E9}`,
    openNotionalLowerE6: `${10n ** 12n}`,
    openNotionalUpperE6: `${10n ** 13n}`,
  }
}
