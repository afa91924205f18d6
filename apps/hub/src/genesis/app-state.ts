// app_state for new chains.
import { assert } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { stakeBalances, stakeState } from './stake-state.ts'
import type { GenesisStake } from './stake-state.ts'

/** A balance at genesis; the holder may name a subaccount. */
export interface GenesisBalance {
  readonly holder: string
  readonly denom: string
  readonly amount: bigint
}

/**
 * A bridged token that is listed from the start: it becomes a line with the first client that this account
 * creates of this chain and registers a counterparty for. Only whom genesis names decides what stands behind
 * the line.
 */
export interface GenesisListing {
  /** Address on the hub of the account that will open the route. */
  readonly creator: string
  /** Type of the client that follows that chain; default `07-tendermint`. */
  readonly clientType?: '07-tendermint' | 'ethereum' | 'solana'
  /** Chain id of the chain that the token comes from: `eip155:N`, `solana:` and part of the genesis hash. */
  readonly chainId: string
  /** The IBC contract on an EVM chain, 0x and lower-case hex; the IBC program on Solana, base58. */
  readonly contract?: string
  /** The token's denomination on the other chain. */
  readonly base: string
  /** Name of the hub's asset for it; all that is listed as one asset is pooled. */
  readonly asset: string
}

/** An asset of a hub besides its own token, with what prices it and, as collateral, how much of it counts. */
export interface GenesisAsset {
  readonly denom: string
  readonly decimals: number
  readonly symbol: string
  readonly initialWeightBps?: number
  readonly maintenanceWeightBps?: number
  /** Whether it becomes cash when it comes in: a stable token. */
  readonly isConvertible?: boolean
}

/** Tick and lot of a kind of market. */
export interface GenesisGrid {
  readonly tickE9: bigint
  readonly lotE9: bigint
}

/** An asset whose markets are listed by rule; kinds without a grid are not listed. Terms: docs/markets.md. */
export interface GenesisUnderlying {
  /** The asset. */
  readonly denom: string
  /** First part of the symbols: 1 to 16 of A-Z and 0-9. */
  readonly name: string
  readonly tier: 1 | 2 | 3
  readonly perpetual?: GenesisGrid
  readonly future?: GenesisGrid
  readonly option?: GenesisGrid
  readonly spot?: GenesisGrid
  readonly ownerCapE9: bigint
  readonly openInterestCapE9: bigint
  readonly openNotionalLowerE6: bigint
  readonly openNotionalUpperE6: bigint
}

/** What a new hub starts with. */
export interface HubGenesisOptions {
  readonly denom: string
  readonly balances: readonly GenesisBalance[]
  /** Least price of gas in the hub's own token, base units per 10⁹ gas. 0 makes gas free. */
  readonly gasPriceE9: bigint
  /** Least price of gas in cash, micro-cash per 10⁹ gas; without it fees are not paid in cash. */
  readonly cashGasPriceE9?: bigint
  readonly assets?: readonly GenesisAsset[]
  readonly underlyings?: readonly GenesisUnderlying[]
  readonly listings?: readonly GenesisListing[]
  /** Top 16 bits of the ids that this hub gives. */
  readonly zone?: number
  /** Validators with stake; without it those of the genesis file stay for ever, and nobody votes. */
  readonly stake?: GenesisStake
}

/** Number of the first asset after the hub's own. */
const FIRST_ASSET_NUMBER = 2

/**
 * app_state of a new hub. Assets get ids in order: the hub's own token is 1, the first of `assets` 2, each
 * under the zone.
 *
 *     const balances = [{ holder: 'cway1…', denom: 'ucway', amount: 10n ** 12n }]
 *     hubAppState({ denom: 'ucway', balances, gasPriceE9: 25_000_000n })
 */
export function hubAppState(options: HubGenesisOptions): JsonValue {
  const { denom, balances, assets = [], underlyings, listings = [], zone = 0, stake } = options
  const staked = stake === undefined ? [] : stakeBalances(stake, denom)
  const idOf = (index: number): string =>
    ((BigInt(zone) << 48n) + BigInt(index + FIRST_ASSET_NUMBER)).toString()
  return {
    accounts: { gasPrices: gasPrices(options) },
    ledger: {
      zone,
      assets: [
        { denom, decimals: 6, native: true },
        ...assets.map((asset) => ({ denom: asset.denom, decimals: asset.decimals, native: false })),
      ],
      listings: listings.map((listing) => ({ ...listing })),
      balances: balancesJson([...balances, ...staked]),
    },
    oracle: { feeds: assets.map(({ symbol }, i) => ({ asset: idOf(i), symbol })) },
    risk: {
      weights: assets.flatMap(({ initialWeightBps, maintenanceWeightBps }, i) =>
        initialWeightBps === undefined || maintenanceWeightBps === undefined
          ? []
          : [{ asset: idOf(i), initialWeightBps, maintenanceWeightBps }],
      ),
    },
    cash: {
      assets: assets.flatMap(({ isConvertible }, i) => (isConvertible === true ? [{ asset: idOf(i) }] : [])),
    },
    ...(underlyings === undefined ? {} : { markets: marketsState(underlyings, assets, idOf) }),
    ...(stake === undefined ? {} : stakeState(stake)),
  }
}

function gasPrices({ denom, gasPriceE9, cashGasPriceE9 = 0n }: HubGenesisOptions): JsonValue {
  const prices = [
    { denom, priceE9: gasPriceE9 },
    { denom: 'cash', priceE9: cashGasPriceE9 },
  ]
  return prices.flatMap(({ denom: paidIn, priceE9 }) =>
    priceE9 === 0n ? [] : [{ denom: paidIn, priceE9: priceE9.toString() }],
  )
}

function marketsState(
  underlyings: readonly GenesisUnderlying[],
  assets: readonly GenesisAsset[],
  idOf: (index: number) => string,
): JsonValue {
  const text = (numbers: object) =>
    Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)]))
  return {
    underlyings: underlyings.map(
      ({ denom, name, tier, perpetual, future, option, spot, ...numbers }): JsonValue => {
        const index = assets.findIndex((asset) => asset.denom === denom)
        assert(index >= 0, `an underlying is an asset: ${denom} is none`)
        const grids = Object.entries({ perpetual, future, option, spot }).flatMap(([kind, grid]) =>
          grid === undefined ? [] : [[kind, text(grid)] as const],
        )
        return { asset: idOf(index), name, tier, ...Object.fromEntries(grids), ...text(numbers) }
      },
    ),
  }
}

/** app_state of a new plain zone with tokens of its own. */
export function zoneAppState(options: {
  readonly denoms: readonly string[]
  readonly balances: readonly GenesisBalance[]
  readonly gasPrice?: { readonly denom: string; readonly priceE9: bigint }
}): JsonValue {
  const { denoms, balances, gasPrice } = options
  return {
    accounts: {
      gasPrices:
        gasPrice === undefined ? [] : [{ denom: gasPrice.denom, priceE9: gasPrice.priceE9.toString() }],
    },
    ledger: {
      zone: 0,
      assets: denoms.map((denom) => ({ denom, decimals: 6, native: true })),
      balances: balancesJson(balances),
    },
  }
}

function balancesJson(balances: readonly GenesisBalance[]): JsonValue {
  return balances.map(({ holder, denom, amount }) => ({ holder, denom, amount: amount.toString() }))
}
