// What stands behind a failed account: margin calls, insurance funds, and who is deleveraged first.
import { QueryMarginCallsRequest, QueryMarginCallsResponse } from '@causeway/protocol/causeway/calls/v1/query'
import {
  QueryDeficitsRequest,
  QueryDeficitsResponse,
  QueryFundsRequest,
  QueryFundsResponse,
  QueryRanksRequest,
  QueryRanksResponse,
} from '@causeway/protocol/causeway/insurance/v1/query'
import { toHex } from '@causeway/primitives'
import { holderText } from '../address.ts'
import { PRICE_DIGITS, cashText, fromUnits, readInteger } from '../decimal.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'

/** Insurance now. Amounts are decimal cash. */
export interface InsuranceRow {
  readonly available: string
  /** The common fund first, whose group is `0`; others go by the least asset id of their underlyings. */
  readonly funds: readonly { readonly group: string; readonly holder: string; readonly cash: string }[]
  /** What accounts below zero lack. */
  readonly deficits: string
  /** Redemption and transfers out wait. */
  readonly isPaused: boolean
  readonly height: string
}

/** How a subaccount stands with margin calls. */
export interface MarginCallsRow {
  /** `healthy`, `warned`, `called` or `below`. */
  readonly level: string
  readonly lines: readonly { readonly client: string; readonly line: string; readonly status: string }[]
  readonly calls: readonly {
    readonly client: string
    readonly line: string
    /** Base units of the line's token. */
    readonly amount: string
    /** What its chain says that it gave; absent until it has answered. */
    readonly pulled?: string
    readonly timeSeconds: number
  }[]
  /** Whether liquidation would wait now. */
  readonly isWaiting: boolean
  readonly height: string
}

/** A position's place in the queue of deleveraging. */
export interface RankRow {
  readonly market: string
  readonly size: string
  /** 1 is closed first, of `count`. */
  readonly place: number
  readonly count: number
}

const fundsQuery = queryOf('causeway.insurance.v1', 'Funds', QueryFundsRequest, QueryFundsResponse)
const deficitsQuery = queryOf(
  'causeway.insurance.v1',
  'Deficits',
  QueryDeficitsRequest,
  QueryDeficitsResponse,
)
const ranksQuery = queryOf('causeway.insurance.v1', 'Ranks', QueryRanksRequest, QueryRanksResponse)
const callsQuery = queryOf(
  'causeway.calls.v1',
  'MarginCalls',
  QueryMarginCallsRequest,
  QueryMarginCallsResponse,
)

/** Funds and what they may have to pay. */
export async function readInsurance(hub: Hub): Promise<InsuranceRow> {
  const [funds, deficits] = await Promise.all([ask(hub.rpc, fundsQuery, {}), ask(hub.rpc, deficitsQuery, {})])
  hub.sawHeight(deficits.height)
  return {
    available: cashText(funds.availableE6, 'insurance'),
    funds: funds.funds.map(({ group, holder, cashE6 }) => ({
      ...{ group: group.toString(), holder, cash: cashText(cashE6, 'a fund') },
    })),
    deficits: cashText(deficits.totalE6, 'deficits'),
    isPaused: deficits.paused,
    height: deficits.height.toString(),
  }
}

type Holder = { readonly address: string; readonly subaccount: number }

/** Level of margin, standby lines and calls of a subaccount. */
export async function readMarginCalls(hub: Hub, { address, subaccount }: Holder): Promise<MarginCallsRow> {
  const answer = await ask(hub.rpc, callsQuery, { account: holderText(address, subaccount) })
  hub.sawHeight(answer.height)
  return {
    level: answer.level,
    lines: answer.lines.map(({ client, line, status }) => ({
      ...{ client, line: `0x${toHex(line)}`, status },
    })),
    calls: answer.calls.map(({ client, line, amount, pulled, timeSeconds }) => ({
      ...{ client, line: `0x${toHex(line)}`, amount: readInteger(amount, 'a call').toString() },
      ...(pulled === '' ? {} : { pulled: readInteger(pulled, 'a call').toString() }),
      timeSeconds: Number(timeSeconds),
    })),
    isWaiting: answer.waiting,
    height: answer.height.toString(),
  }
}

/** Places in the queues of deleveraging, by market; `symbolOf` names markets. */
export async function readRanks(
  hub: Hub,
  { address, subaccount }: Holder,
  symbolOf: (id: bigint) => string,
): Promise<RankRow[]> {
  const { ranks, height } = await ask(hub.rpc, ranksQuery, { holder: holderText(address, subaccount) })
  hub.sawHeight(height)
  return ranks.map(({ market, sizeE9, place, count }) => ({
    market: symbolOf(market),
    size: fromUnits(readInteger(sizeE9, 'a size'), PRICE_DIGITS),
    ...{ place, count },
  }))
}
