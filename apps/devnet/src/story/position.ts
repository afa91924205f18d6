import { formatAmount, formatDecimal } from '../print/format.ts'
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
  }[]
  readonly proof: { readonly height: string; readonly appHash: string }
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
      readonly initialMargin: string
      readonly maintenanceMargin: string
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
        initialMargin
        maintenanceMargin
        collateral {
          denom
          decimals
          amount
          price
          priceStatus
          value
          initialValue
          haircutBps
          lines { chainId denom escrowed }
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
  const { signal, timeoutMs = 60_000 } = options
  return await poll(
    what,
    async () => {
      const { portfolio } = await ask<{ portfolio: Position | null }>(QUERY, { owner })
      return portfolio !== null && isThere(portfolio) ? portfolio : undefined
    },
    { signal, timeoutMs },
  )
}

/** The asset of the cross-margin account with this name. */
export function findAsset(position: Position, denom: string): PositionAsset | undefined {
  const subaccounts = position.accounts.flatMap((account) => account.subaccounts)
  return subaccounts.flatMap(({ collateral }) => collateral).find((asset) => asset.denom === denom)
}

/** `1,000 usdz at 0.9987 USD`: what an asset is, in words. */
export function describeAsset({ denom, decimals, amount, price, value }: PositionAsset): string {
  const held = `${formatAmount(BigInt(amount), decimals)} ${denom}`
  return price === null ? `${held} without a price` : `${held}, worth ${formatDecimal(value)} USD`
}
