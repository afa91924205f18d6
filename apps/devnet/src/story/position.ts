import type { AskGraphql } from './graphql.ts'
import { poll } from './poll.ts'

/** One asset of the consolidated position. Numbers are exact texts, as the indexer serves them. */
export interface PositionAsset {
  readonly denom: string
  readonly decimals: number
  readonly amount: string
  readonly price: string | null
  readonly priceStatus: string
  readonly value: string
  readonly initialValue: string
  readonly haircutBps: number | null
  readonly lines: readonly {
    readonly chainId: string | null
    readonly denom: string
    readonly escrowed: string
    readonly ecosystem: string | null
    /** When a deposit over it counts. */
    readonly finality: string | null
  }[]
  readonly proof: { readonly height: string; readonly appHash: string }
}

/** What a price does to a holding, cash. */
export interface Greeks {
  /** The holding in spot that gains as much. */
  readonly delta: number
  /** By how much that grows when the spot rises by 1 %. */
  readonly gamma: number
  /** Gained when volatilities rise by one point. */
  readonly vega: number
  /** Gained in a day in which no price moves. */
  readonly theta: number
}

/** What is held in a market. */
export interface MarketPosition {
  readonly market: string
  readonly size: string
  readonly entryPrice: string | null
  readonly mark: string | null
  readonly value: string | null
  readonly unrealised: string | null
  readonly fees: string | null
  readonly greeks: Greeks | null
}

/** The consolidated position of one owner: what `portfolio` answers. */
export interface Position {
  readonly owner: string
  readonly height: string
  readonly equity: string
  readonly accounts: readonly {
    readonly subaccounts: readonly {
      readonly subaccount: number
      readonly equity: string
      readonly cash: string
      readonly initialMargin: string
      readonly maintenanceMargin: string
      readonly initialRequirement: string
      readonly maintenanceRequirement: string
      readonly positions: readonly MarketPosition[]
      readonly greeks: Greeks
      readonly collateral: readonly PositionAsset[]
    }[]
  }[]
  readonly inFlight: readonly { readonly id: string; readonly amount: string }[]
}

const QUERY = `query Position($owner: String!) {
  portfolio(owner: $owner) {
    owner
    height
    equity
    accounts {
      subaccounts {
        subaccount
        equity
        cash
        initialMargin
        maintenanceMargin
        initialRequirement
        maintenanceRequirement
        positions { market size entryPrice mark value unrealised fees greeks { delta gamma vega theta } }
        greeks { delta gamma vega theta }
        collateral {
          denom
          decimals
          amount
          price
          priceStatus
          value
          initialValue
          haircutBps
          lines { chainId denom escrowed ecosystem finality }
          proof { height appHash }
        }
      }
    }
    inFlight { id amount }
  }
}`

/**
 * Asks for the position until `isThere` is content with it: the indexer shows the state after a block of the
 * hub.
 */
export async function awaitPosition(
  what: string,
  ask: AskGraphql,
  owner: string,
  isThere: (position: Position) => boolean,
  options: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<Position> {
  const { signal, timeoutMs = 180_000 } = options
  return await poll(
    what,
    async () => {
      const { portfolio } = await ask<{ portfolio: Position | null }>(QUERY, { owner })
      return portfolio !== null && isThere(portfolio) ? portfolio : undefined
    },
    { signal, timeoutMs },
  )
}

/** The cross-margin account: all zeros before anything is there. */
export function crossAccount({
  accounts,
}: Position): Position['accounts'][number]['subaccounts'][number] | undefined {
  return accounts[0]?.subaccounts.find(({ subaccount }) => subaccount === 0)
}

/** The asset of the cross-margin account with this name. */
export function findAsset(position: Position, denom: string): PositionAsset | undefined {
  return crossAccount(position)?.collateral.find((asset) => asset.denom === denom)
}
