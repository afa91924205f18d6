// One owner's account as the hub has it: balances proven under the verified application hash, values from the
// hub's own risk query at the same height, held against the proven amounts and against the tables.

import { QueryBalancesRequest, QueryBalancesResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { Asset, type Balance } from '@causeway/protocol/causeway/ledger/v1/ledger'
import {
  QueryPortfolioRequest,
  QueryPortfolioResponse,
  type Collateral,
} from '@causeway/protocol/causeway/risk/v1/query'
import { parseDecimal } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import type { VerifiedHead } from '../follow/verify-block.ts'
import { accountKey, assetKey, balanceKey, HUB_STORES, readAmount } from './hub-keys.ts'
import { readProven, type ProvenValue } from './read-proven.ts'

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

/** One subaccount as the hub values it. */
export type SubaccountState = {
  readonly account: string
  readonly subaccount: number
  readonly height: bigint
  readonly equityE6: bigint
  readonly initialMarginE6: bigint
  readonly maintenanceMarginE6: bigint
  readonly collateral: readonly CollateralState[]
  /** How many assets the subaccount holds; `collateral` has the most valuable of them. */
  readonly assetCount: number
}

/** One account: its own record (or proof that there is none) and its subaccounts. */
export type AccountState = { readonly record: ProvenValue; readonly subaccounts: readonly SubaccountState[] }

/** Anyone can send dust of worthless assets into an account: only so many are proven for one answer. */
const ASSETS_PROVEN_MAX = 50
const SUBACCOUNTS_MAX = 20
const ANSWER_LIMITS = { maxBytes: 4 * 1024 * 1024 } as const

/** Reads from one hub endpoint. `head` is the hub's last verified header. Throws `EndpointError`. */
export class PortfolioReader {
  readonly #assets = new Map<bigint, Pick<Asset, 'denom' | 'decimals'>>()

  /** The account with its subaccounts, or with one of them. */
  async read(
    rpc: CometRpc,
    head: VerifiedHead,
    account: string,
    only: number | undefined,
  ): Promise<AccountState> {
    const height = head.height - 1n
    const [record, balances] = await Promise.all([
      readProven(rpc, HUB_STORES.accounts, accountKey(account), head),
      this.#balances(rpc, account, height),
    ])
    const held = new Set(balances.map(({ subaccount }) => subaccount))
    if (record.value !== undefined) held.add(0)
    const numbers = [...held].sort((a, b) => a - b).filter((number) => only === undefined || number === only)
    const subaccounts: SubaccountState[] = []
    for (const number of numbers.slice(0, SUBACCOUNTS_MAX)) {
      subaccounts.push(await this.#subaccount(rpc, head, account, number))
    }
    return { record, subaccounts }
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
    const value = await ask(rpc, '/causeway.risk.v1.Query/Portfolio', request, height)
    const answer = decodeStrict(
      QueryPortfolioResponse,
      'causeway.risk.v1.QueryPortfolioResponse',
      value,
      ANSWER_LIMITS,
    )
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
      collateral,
      assetCount: answer.collateral.length,
    }
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
    const value = await ask(rpc, '/causeway.ledger.v1.Query/Balances', request, height)
    return decodeStrict(
      QueryBalancesResponse,
      'causeway.ledger.v1.QueryBalancesResponse',
      value,
      ANSWER_LIMITS,
    ).balances
  }
}

async function ask(rpc: CometRpc, path: string, request: Uint8Array, height: bigint): Promise<Uint8Array> {
  if (height < 1n) throw new EndpointError('behind', 'nothing is provable yet')
  const { code, codespace, log, value, height: answered } = await rpc.abciQuery(path, request, height, false)
  if (code !== 0) throw new EndpointError('rpc-error', `${path}: ${codespace}/${code}: ${log}`.slice(0, 300))
  if (answered !== height)
    throw new EndpointError('wrong-proof', `${path} of height ${answered}, not ${height}`)
  return value
}

function byValue(a: Collateral, b: Collateral): number {
  const [left, right] = [signed(a.valueE6), signed(b.valueE6)]
  if (left !== right) return left > right ? -1 : 1
  return a.asset < b.asset ? -1 : 1
}

function signed(text: string): bigint {
  return text.startsWith('-')
    ? -parseDecimal(text.slice(1), 'a signed amount')
    : parseDecimal(text, 'an amount')
}
