// app_state for new chains.
import type { JsonValue } from '@causeway/primitives'

/** A balance at genesis; the holder may name a subaccount. */
export interface GenesisBalance {
  readonly holder: string
  readonly denom: string
  readonly amount: bigint
}

/** A bridged token that is listed from the start. */
export interface GenesisLine {
  /** Client id on the hub, as it will be given: the first one created is `07-tendermint-0`. */
  readonly client: string
  /** The token's denomination on the other chain. */
  readonly base: string
  /** Name of the hub's asset for it; lines of one asset are pooled. */
  readonly asset: string
}

/** An asset of a hub besides its own token, with what prices it and how much of it counts. */
export interface GenesisAsset {
  readonly denom: string
  readonly decimals: number
  readonly symbol: string
  readonly initialWeightBps: number
  readonly maintenanceWeightBps: number
}

/** What a new hub starts with. */
export interface HubGenesisOptions {
  readonly denom: string
  readonly balances: readonly GenesisBalance[]
  /** Least price of gas in the hub's own token, base units per 10⁹ gas. 0 makes gas free. */
  readonly gasPriceE9: bigint
  readonly assets?: readonly GenesisAsset[]
  readonly lines?: readonly GenesisLine[]
  /** Top 16 bits of the ids that this hub gives. */
  readonly zone?: number
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
  const { denom, balances, gasPriceE9, assets = [], lines = [], zone = 0 } = options
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
      lines: lines.map(({ client, base, asset }) => ({ client, denom: `transfer/${client}/${base}`, asset })),
      balances: balancesJson(balances),
    },
    oracle: { feeds: assets.map(({ symbol }, i) => ({ asset: idOf(i), symbol })) },
    risk: {
      weights: assets.map(({ initialWeightBps, maintenanceWeightBps }, i) => ({
        asset: idOf(i),
        initialWeightBps,
        maintenanceWeightBps,
      })),
    },
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
