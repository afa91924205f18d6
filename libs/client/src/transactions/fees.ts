// What a transaction costs and what the account can pay it with.
import { mulDivCeil, parseDecimal } from '@causeway/primitives'
import { QueryCashRequest, QueryCashResponse } from '@causeway/protocol/causeway/cash/v1/query'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { errors } from '../errors.ts'
import { ask, queryOf, readStore } from '../rpc/queries.ts'
import type { Hub } from './hub.ts'

/** A fee: base units of a denomination. */
export interface Fee {
  readonly denom: string
  readonly amount: string
}

/** A denomination that gas can be paid in. */
export interface GasPrice {
  readonly denom: string
  /** Base units for 10⁹ gas. */
  readonly priceE9: bigint
}

/** What gas costs on a hub. */
export interface Fees {
  /** Least prices; empty where gas is free. */
  prices(): Promise<readonly GasPrice[]>
  /**
   * The least fee in the first denomination that the account can pay; none where gas is free. Throws
   * `client/43`, and `client/48` when only fees above the most could be paid: prices are the node's word.
   */
  feeFor(account: string, gasLimit: bigint): Promise<Fee | undefined>
}

const CASH = 'cash'
const E9 = 1_000_000_000n
const PRICES_MAX = 64
const GAS_PRICES_KEY = Uint8Array.of(3)
const cashQuery = queryOf('causeway.cash.v1', 'Cash', QueryCashRequest, QueryCashResponse)
const balanceQuery = queryOf('cosmos.bank.v1beta1', 'Balance', QueryBalanceRequest, QueryBalanceResponse)

/** The most that one transaction pays, base units by denomination: what is not named pays nothing. */
export type FeeMax = Readonly<Record<string, bigint>>

/**
 * 1 CWAY, 1 of cash, or 1 of a stable token that hubs take under these names: what an account has that holds
 * nothing else. Of a token that the node alone names nothing is paid.
 */
export const FEE_MAX_DEFAULT: FeeMax = {
  ucway: 1_000_000n,
  cash: 1_000_000n,
  usdc: 1_000_000n,
  usdt: 1_000_000n,
}

/** Fees of a hub. Prices are read once. */
export function createFees(hub: Hub, feeMax: FeeMax = FEE_MAX_DEFAULT): Fees {
  let reading: Promise<readonly GasPrice[]> | undefined
  const prices = () => {
    reading ??= readPrices(hub).catch((error: unknown) => {
      reading = undefined
      throw error
    })
    return reading
  }
  return {
    prices,
    async feeFor(account, gasLimit) {
      const all = await prices()
      let dear: Fee | undefined
      for (const { denom, priceE9 } of all) {
        const amount = mulDivCeil(priceE9, gasLimit, E9)
        if (amount === 0n) return undefined
        if (amount > (Object.hasOwn(feeMax, denom) ? feeMax[denom]! : 0n)) {
          dear ??= { denom, amount: amount.toString() }
          continue
        }
        if ((await balance(hub, account, denom)) >= amount) return { denom, amount: amount.toString() }
      }
      if (all.length === 0) return undefined
      if (dear !== undefined) throw errors.dearFee(dear)
      throw errors.cannotPay({ account, denoms: all.map(({ denom }) => denom).join(', ') })
    },
  }
}

async function readPrices(hub: Hub): Promise<readonly GasPrice[]> {
  const { value } = await readStore(hub.rpc, 'accounts', GAS_PRICES_KEY)
  if (value.length === 0) return []
  const unreadable = (reason: string) => errors.badAnswer({ what: 'gas prices', reason })
  let list: unknown
  try {
    list = JSON.parse(new TextDecoder().decode(value))
  } catch {
    throw unreadable('they are no JSON')
  }
  if (!Array.isArray(list) || list.length > PRICES_MAX) throw unreadable('expected a list')
  return list.map((item: unknown) => {
    const { denom, priceE9 } = (item ?? {}) as Record<string, unknown>
    if (typeof denom !== 'string' || typeof priceE9 !== 'string') throw unreadable('a price is incomplete')
    return { denom, priceE9: parseDecimal(priceE9, 'gas price') }
  })
}

async function balance(hub: Hub, account: string, denom: string): Promise<bigint> {
  if (denom === CASH) return BigInt((await ask(hub.rpc, cashQuery, { holder: account })).balanceE6)
  const { balance: coin } = await ask(hub.rpc, balanceQuery, { address: account, denom })
  return coin === undefined ? 0n : parseDecimal(coin.amount, 'balance')
}
