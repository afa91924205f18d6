import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import type { ReadContext } from './context.ts'

/** What a transaction pays for a unit of gas, on a scale that all denominations share. */
export type Priority = (transaction: Pick<Transaction, 'fee' | 'gasLimit' | 'isTrade'>) => bigint

const SCALE = 1_000_000_000_000n
const E9 = 1_000_000_000n

/**
 * Rates transactions by their fee as a multiple of the least one, so that denominations compare. A trade
 * transaction that a token pays for counts as if it paid the least.
 */
export function priorities(chain: Pick<Chain, 'composition'>, state: ReadContext): Priority {
  const prices = new Map(chain.composition.authentication.gasPrices(state).map((p) => [p.denom, p.priceE9]))
  return ({ fee, gasLimit, isTrade }) => {
    if (fee === undefined && isTrade) return SCALE
    const price = fee === undefined ? undefined : prices.get(fee.denom)
    if (fee === undefined || price === undefined || price === 0n) return 0n
    return (fee.amount * SCALE * E9) / (price * BigInt(gasLimit))
  }
}
