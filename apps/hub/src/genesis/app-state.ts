// app_state for new chains.
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
  readonly clientType?: '07-tendermint' | 'ethereum'
  /** Chain id of the chain that the token comes from; of an EVM chain `eip155:N`. */
  readonly chainId: string
  /** The IBC contract on an EVM chain, 0x and lower-case hex. */
  readonly contract?: string
  /** The token's denomination on the other chain. */
  readonly base: string
  /** Name of the hub's asset for it; all that is listed as one asset is pooled. */
  readonly asset: string
}

/** An asset of a hub besides its own token, with what prices it and how much of it counts. */
export interface GenesisAsset {
  readonly denom: string
  readonly decimals: number
  readonly symbol: string
  readonly initialWeightBps: number
  readonly maintenanceWeightBps: number
  /** Whether it becomes cash when it comes in: a stable token. */
  readonly isConvertible?: boolean
}

/** What a new hub starts with. */
export interface HubGenesisOptions {
  readonly denom: string
  readonly balances: readonly GenesisBalance[]
  /** Least price of gas in the hub's own token, base units per 10⁹ gas. 0 makes gas free. */
  readonly gasPriceE9: bigint
  readonly assets?: readonly GenesisAsset[]
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
  const { denom, balances, gasPriceE9, assets = [], listings = [], zone = 0, stake } = options
  const staked = stake === undefined ? [] : stakeBalances(stake, denom)
  const idOf = (index: number): string =>
    ((BigInt(zone) << 48n) + BigInt(index + FIRST_ASSET_NUMBER)).toString()
  return {
    accounts: { gasPrices: gasPriceE9 === 0n ? [] : [{ denom, priceE9: gasPriceE9.toString() }] },
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
      weights: assets.map(({ initialWeightBps, maintenanceWeightBps }, i) => ({
        asset: idOf(i),
        initialWeightBps,
        maintenanceWeightBps,
      })),
    },
    cash: {
      assets: assets.flatMap(({ isConvertible }, i) => (isConvertible === true ? [{ asset: idOf(i) }] : [])),
    },
    ...(stake === undefined ? {} : stakeState(stake)),
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
