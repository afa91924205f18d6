// Accounts under liquidation, and what their auctions ask.
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import type { Liquidation } from '@causeway/protocol/causeway/liquidation/v1/liquidation'
import { addressBytes, checkSubaccount, holderText } from '../address.ts'
import { CASH_DIGITS, cashText, fromUnits, readInteger } from '../decimal.ts'
import { errors } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'

/** What the hub notes of an account under liquidation. Amounts are decimal cash. */
export interface LiquidationRow {
  readonly account: string
  readonly subaccount: number
  /** `waiting` for a standby line, `closing` by orders, `auction`, or `insolvent`: worth nothing. */
  readonly stage: string
  /** When it fell below maintenance. */
  readonly height: string
  readonly timeSeconds: number
  /** When the stage began. */
  readonly stageSeconds: number
  /** What bids have paid in: it is not for sale. */
  readonly paidIn: string
  /** Asset id of what is for sale; `0`: a share of everything. */
  readonly underlying: string
  /** Cash, collateral and positions, as valued last. */
  readonly value: string
}

/** What the auction of an account asks at a block. Amounts are decimal cash, shares decimals of 1. */
export interface SaleRow {
  /** `open`, or why no bid is taken: `none`, `waiting`, `closing`, `prices`, `healthy`, `turning`. */
  readonly state: string
  /** Absent where nothing is liquidated. */
  readonly liquidation?: LiquidationRow
  readonly value: string
  readonly maintenanceMargin: string
  readonly bufferMargin: string
  /** More of what is for sale isn't sold now. */
  readonly shareMax: string
  /** Of the whole of what is for sale; below zero the bidder is paid. */
  readonly price: string
  /** What it is worth at the hub's marks. */
  readonly worth: string
  /** The part of its worth that is asked; 0 of an account that is worth nothing. */
  readonly discount: string
  readonly height: string
  readonly timeSeconds: number
}

/** Digits of a share. */
export const SHARE_DIGITS = 9
const ONE_E9 = 1_000_000_000n
const SERVICE = 'causeway.liquidation.v1'
const PAGE = 1_000
const PAGES_MAX = 20
const saleQuery = queryOf(SERVICE, 'Liquidation', QueryLiquidationRequest, QueryLiquidationResponse)
const listQuery = queryOf(SERVICE, 'Liquidations', QueryLiquidationsRequest, QueryLiquidationsResponse)

/** Every account under liquidation, ascending. Throws `client/2` where the list doesn't go on. */
export async function readLiquidations(hub: Hub): Promise<LiquidationRow[]> {
  const rows: LiquidationRow[] = []
  const seen = new Set<string>()
  let after = ''
  for (let page = 0; page < PAGES_MAX; page++) {
    const { liquidations, height } = await ask(hub.rpc, listQuery, { after, limit: PAGE })
    hub.sawHeight(height)
    for (const { account, liquidation } of liquidations) {
      if (seen.has(account)) throw bad('it names an account twice')
      seen.add(account)
      rows.push(rowOf(account, liquidation))
      after = account
    }
    if (liquidations.length < PAGE) return rows
  }
  throw bad(`there are more than ${PAGE * PAGES_MAX}`)
}

/** The auction of a subaccount. */
export async function readSale(
  hub: Hub,
  holder: { readonly address: string; readonly subaccount: number },
): Promise<SaleRow> {
  const account = holderText(holder.address, holder.subaccount)
  const sale = await ask(hub.rpc, saleQuery, { account })
  hub.sawHeight(sale.height)
  if (sale.shareMaxE9 > ONE_E9 * 2n) throw bad('more than the whole is for sale')
  return {
    state: sale.state,
    ...(sale.liquidation === undefined ? {} : { liquidation: rowOf(account, sale.liquidation) }),
    value: cashText(sale.valueE6, 'value'),
    maintenanceMargin: cashText(sale.maintenanceMarginE6, 'maintenance margin'),
    bufferMargin: cashText(sale.bufferMarginE6, 'buffer margin'),
    shareMax: fromUnits(sale.shareMaxE9 > ONE_E9 ? ONE_E9 : sale.shareMaxE9, SHARE_DIGITS),
    price: cashText(sale.priceE6, 'price'),
    worth: cashText(sale.worthE6, 'worth'),
    discount: fromUnits(sale.discountE9, SHARE_DIGITS),
    height: sale.height.toString(),
    timeSeconds: Number(sale.timeSeconds),
  }
}

/** `cway1…/3` in its two parts. Throws `client/2`. */
export function splitHolder(text: string): { readonly account: string; readonly subaccount: number } {
  const [account = '', number = '0', ...rest] = text.split('/')
  try {
    addressBytes(account)
    if (rest.length === 0) return { account, subaccount: checkSubaccount(Number(number)) }
  } catch {
    // told below: it is the node's
  }
  throw bad('it names no account')
}

function rowOf(holder: string, liquidation: Liquidation | undefined): LiquidationRow {
  if (liquidation === undefined) throw bad('an entry is empty')
  return {
    ...splitHolder(holder),
    stage: liquidation.stage,
    height: liquidation.height.toString(),
    timeSeconds: Number(liquidation.timeSeconds),
    stageSeconds: Number(liquidation.stageSeconds),
    paidIn: fromUnits(readInteger(liquidation.paidInE6 || '0', 'paid in'), CASH_DIGITS),
    underlying: liquidation.underlying.toString(),
    value: cashText(liquidation.valueE6 || '0', 'value'),
  }
}

function bad(reason: string) {
  return errors.badAnswer({ what: 'liquidations', reason })
}
