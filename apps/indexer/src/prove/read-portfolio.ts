// One owner's account as the hub has it: balances proven under the verified application hash, values from the
// hub's own risk query at the same height, held against the proven amounts and against the tables.

import { QueryBalancesRequest, QueryBalancesResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { Asset, type Balance } from '@causeway/protocol/causeway/ledger/v1/ledger'
import {
  QueryPortfolioRequest,
  QueryPortfolioResponse,
  type Collateral,
} from '@causeway/protocol/causeway/risk/v1/query'
import { decodeStrict } from '@causeway/protocol'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { askHub } from './ask-hub.ts'
import { accountKey, assetKey, balanceKey, HUB_STORES, readAmount } from './hub-keys.ts'
import { cashKey, POOL_KEY, positionsKey, readCash, readPositions } from './hub-trading.ts'
import { readProven, type ProvenValue } from './read-proven.ts'
import { signed } from './signed.ts'

/** One asset of a subaccount. Values are micro-cash. */
export type CollateralState = {
  readonly asset: bigint
  readonly denom: string
  readonly decimals: number
  readonly amount: bigint
  readonly priceE9: bigint
  readonly priceStatus: string
  readonly valueE6: bigint
  readonly initialValueE6: bigint
  readonly maintenanceValueE6: bigint
  readonly proof: ProvenValue
}

/** A subaccount's cash, and what it was read from: its shares, and the pool's indices. */
export type CashState = {
  readonly amountE6: bigint
  readonly proof: ProvenValue
  readonly poolProof: ProvenValue
}

/** A position whose size and quote are proven. */
export type PositionState = {
  readonly market: bigint
  readonly symbol: string
  readonly sizeE9: bigint
  /** Minus what was paid and is not settled into cash; of options, what was paid. */
  readonly quoteE6: bigint
  /** Earned and not in the quote yet. */
  readonly fundingE6: bigint
  readonly markE9: bigint
}

/** One subaccount as the hub values it. */
export type SubaccountState = {
  readonly account: string
  readonly subaccount: number
  readonly height: bigint
  readonly equityE6: bigint
  readonly initialMarginE6: bigint
  readonly maintenanceMarginE6: bigint
  /** After the requirement of positions and of every open order. */
  readonly initialMarginWithOrdersE6: bigint
  readonly initialRequirementE6: bigint
  readonly maintenanceRequirementE6: bigint
  /** What deposits that aren't final count. */
  readonly pendingCreditE6: bigint
  readonly cash: CashState
  readonly positions: readonly PositionState[]
  readonly positionsProof: ProvenValue
  readonly isIsolated: boolean
  readonly isBelowMaintenance: boolean
  /** `healthy`, `warned`, `called` or `below`, as the last block's end found it. */
  readonly level: string
  /** `free` or `reduceOnly`. */
  readonly mode: string
  readonly collateral: readonly CollateralState[]
  /** How many assets the subaccount holds; `collateral` has the most valuable of them. */
  readonly assetCount: number
}

/** One account: its own record (or proof that there is none) and its subaccounts. */
export type AccountState = {
  readonly account: string
  readonly record: ProvenValue
  readonly subaccounts: readonly SubaccountState[]
}

/** Anyone can send dust of worthless assets into an account: only so many are proven for one answer. */
const ASSETS_PROVEN_MAX = 50
const SUBACCOUNTS_MAX = 20
const ANSWER_LIMITS = { maxBytes: 4 * 1024 * 1024 } as const

/** Reads from one hub endpoint. `head` is the hub's last verified header. Throws `EndpointError`. */
export class PortfolioReader {
  readonly #assets = new Map<bigint, Pick<Asset, 'denom' | 'decimals'>>()
  #pools: { height: bigint; read: Promise<ProvenValue> } | undefined

  /**
   * The account with its subaccounts, those with a balance and those known to have something else, or with
   * one of them.
   */
  async read(
    rpc: CometRpc,
    head: VerifiedHead,
    account: string,
    which: { readonly only: number | undefined; readonly known: readonly number[] },
  ): Promise<AccountState> {
    const height = head.height - 1n
    const [record, balances] = await Promise.all([
      readProven(rpc, HUB_STORES.accounts, accountKey(account), head),
      this.#balances(rpc, account, height),
    ])
    const { only, known } = which
    const held = new Set([...balances.map(({ subaccount }) => subaccount), ...known])
    if (record.value !== undefined) held.add(0)
    const numbers = [...held].sort((a, b) => a - b).filter((number) => only === undefined || number === only)
    const subaccounts: SubaccountState[] = []
    for (const number of numbers.slice(0, SUBACCOUNTS_MAX)) {
      subaccounts.push(await this.#subaccount(rpc, head, account, number))
    }
    return { account, record, subaccounts }
  }

  async #subaccount(
    rpc: CometRpc,
    head: VerifiedHead,
    account: string,
    number: number,
  ): Promise<SubaccountState> {
    const height = head.height - 1n
    const owner = number === 0 ? account : `${account}/${number}`
    const request = QueryPortfolioRequest.encode({ account: owner, explain: false }).finish()
    const value = await askHub(rpc, '/causeway.risk.v1.Query/Portfolio', request, height)
    const answer = decodeStrict(
      QueryPortfolioResponse,
      'causeway.risk.v1.QueryPortfolioResponse',
      value,
      ANSWER_LIMITS,
    )
    const trading = await this.#trading(rpc, head, { account, number }, answer)
    const shown = [...answer.collateral].sort(byValue).slice(0, ASSETS_PROVEN_MAX)
    const collateral = await Promise.all(
      shown.map((item) => this.#collateral(rpc, head, account, number, item)),
    )
    return {
      account,
      subaccount: number,
      height,
      equityE6: signed(answer.equityE6),
      initialMarginE6: signed(answer.initialMarginE6),
      maintenanceMarginE6: signed(answer.maintenanceMarginE6),
      initialMarginWithOrdersE6: signed(answer.initialMarginWithOrdersE6),
      initialRequirementE6: signed(answer.initialRequirementE6),
      maintenanceRequirementE6: signed(answer.maintenanceRequirementE6),
      pendingCreditE6: signed(answer.pendingCreditE6),
      ...trading,
      isIsolated: answer.isolated,
      isBelowMaintenance: answer.belowMaintenance,
      level: answer.marginLevel,
      mode: answer.mode,
      collateral,
      assetCount: answer.collateral.length,
    }
  }

  /** Cash and positions that the answer tells, held against what is proven. */
  async #trading(
    rpc: CometRpc,
    head: VerifiedHead,
    { account, number }: { account: string; number: number },
    answer: QueryPortfolioResponse,
  ): Promise<Pick<SubaccountState, 'cash' | 'positions' | 'positionsProof'>> {
    const [proof, poolProof, positionsProof] = await Promise.all([
      readProven(rpc, HUB_STORES.cash, cashKey(account, number), head),
      this.#pool(rpc, head),
      readProven(rpc, HUB_STORES.markets, positionsKey(account, number), head),
    ])
    const amountE6 = readCash(account, proof.value, poolProof.value)
    if (amountE6 !== signed(answer.cashE6))
      throw new EndpointError('wrong-proof', `cash ${answer.cashE6} is not what is proven`)
    const stored = readPositions(positionsProof.value)
    const told = answer.positions.map(({ market, sizeE9, quoteE6 }) => `${market} ${sizeE9} ${quoteE6}`)
    if (stored?.map(({ market, sizeE9, quoteE6 }) => `${market} ${sizeE9} ${quoteE6}`).join() !== told.join())
      throw new EndpointError('wrong-proof', 'positions are not what is proven')
    const positions = answer.positions.map(({ market, symbol, sizeE9, quoteE6, unsettledE6, markE9 }) => ({
      ...{ market, symbol, markE9, sizeE9: signed(sizeE9), quoteE6: signed(quoteE6) },
      fundingE6: signed(unsettledE6),
    }))
    return { cash: { amountE6, proof, poolProof }, positions, positionsProof }
  }

  /** The pool's record is everybody's: it is read once a height. */
  #pool(rpc: CometRpc, head: VerifiedHead): Promise<ProvenValue> {
    if (this.#pools?.height !== head.height) {
      const read = readProven(rpc, HUB_STORES.cash, POOL_KEY, head)
      this.#pools = { height: head.height, read }
      read.catch(() => (this.#pools = undefined))
    }
    return this.#pools.read
  }

  async #collateral(
    rpc: CometRpc,
    head: VerifiedHead,
    account: string,
    subaccount: number,
    item: Collateral,
  ): Promise<CollateralState> {
    const [proof, { denom, decimals }] = await Promise.all([
      readProven(rpc, HUB_STORES.ledger, balanceKey(account, subaccount, item.asset), head),
      this.#asset(rpc, head, item.asset),
    ])
    const amount = readAmount(proof.value)
    if (amount === undefined || String(amount) !== item.amount || denom !== item.denom) {
      throw new EndpointError(
        'wrong-proof',
        `asset ${item.asset}: ${item.amount} ${item.denom} is not what is proven`,
      )
    }
    return {
      asset: item.asset,
      denom,
      decimals,
      amount,
      priceE9: item.priceE9,
      priceStatus: item.priceStatus,
      valueE6: signed(item.valueE6),
      initialValueE6: signed(item.initialValueE6),
      maintenanceValueE6: signed(item.maintenanceValueE6),
      proof,
    }
  }

  /** An asset's name and decimals never change: they are proven once. */
  async #asset(rpc: CometRpc, head: VerifiedHead, id: bigint): Promise<Pick<Asset, 'denom' | 'decimals'>> {
    const known = this.#assets.get(id)
    if (known !== undefined) return known
    const { value } = await readProven(rpc, HUB_STORES.ledger, assetKey(id), head)
    if (value === undefined) throw new EndpointError('wrong-proof', `there is no asset ${id}`)
    const { denom, decimals } = decodeStrict(Asset, 'causeway.ledger.v1.Asset', value)
    this.#assets.set(id, { denom, decimals })
    return { denom, decimals }
  }

  async #balances(rpc: CometRpc, account: string, height: bigint): Promise<Balance[]> {
    const request = QueryBalancesRequest.encode({ account }).finish()
    const value = await askHub(rpc, '/causeway.ledger.v1.Query/Balances', request, height)
    return decodeStrict(
      QueryBalancesResponse,
      'causeway.ledger.v1.QueryBalancesResponse',
      value,
      ANSWER_LIMITS,
    ).balances
  }
}

function byValue(a: Collateral, b: Collateral): number {
  const [left, right] = [signed(a.valueE6), signed(b.valueE6)]
  if (left !== right) return left > right ? -1 : 1
  return a.asset < b.asset ? -1 : 1
}
