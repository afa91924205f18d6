// What only the hub can say of accounts that fail: what an auction asks now, what funds have, who is closed
// first. Not proven: figures that follow from all of the state.

import { decodeStrict } from '@causeway/protocol'
import {
  QueryDeficitsRequest,
  QueryDeficitsResponse,
  QueryFundsRequest,
  QueryFundsResponse,
  QueryQueueRequest,
  QueryQueueResponse,
  QueryRanksRequest,
  QueryRanksResponse,
} from '@causeway/protocol/causeway/insurance/v1/query'
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import { parseHubAccount, type HubAccount } from '../project/owners.ts'
import { askHub } from './ask-hub.ts'
import { signed } from './signed.ts'

/** What is for sale of an account under liquidation, and what it asks. */
export type Sale = {
  readonly height: bigint
  /** `open`, or why no bid is taken. */
  readonly state: string
  readonly valueE6: bigint
  readonly maintenanceMarginE6: bigint
  readonly bufferMarginE6: bigint
  /** The one underlying that is sold; 0: a share of everything. */
  readonly underlying: bigint
  readonly shareMaxE9: bigint
  readonly priceE6: bigint
  readonly worthE6: bigint
  readonly discountE9: bigint
}

/** What insurance has, and what live accounts lack. */
export type InsuranceState = {
  readonly height: bigint
  readonly availableE6: bigint
  readonly funds: readonly Fund[]
  readonly deficits: readonly (HubAccount & { readonly deficitE6: bigint })[]
  readonly deficitE6: bigint
  readonly isPaused: boolean
  readonly sinceSeconds: bigint
  readonly untilSeconds: bigint
}

/** A fund: of a group of markets, or the common one (0). */
export type Fund = HubAccount & {
  readonly group: bigint
  readonly underlyings: readonly bigint[]
  readonly cashE6: bigint
}

/** A place in the queue of deleveraging; 1 is closed first. */
export type QueuePlace = HubAccount & {
  readonly place: number
  readonly sizeE9: bigint
  /** Null for who is worth nothing. */
  readonly rankE6: bigint | null
}

/** A page of a queue, and how many stand in it. */
export type Queue = {
  readonly height: bigint
  readonly count: number
  readonly places: readonly QueuePlace[]
}

/** Where a subaccount's position stands. */
export type Rank = QueuePlace & { readonly market: bigint; readonly count: number }

const ANSWER_LIMITS = { maxBytes: 4 * 1024 * 1024 } as const

/** What an account's auction asks, after a block; undefined where nothing is liquidated. */
export async function readSale(rpc: CometRpc, holder: HubAccount, height: bigint): Promise<Sale | undefined> {
  const request = QueryLiquidationRequest.encode({ account: holderText(holder) }).finish()
  const value = await askHub(rpc, '/causeway.liquidation.v1.Query/Liquidation', request, height)
  const name = 'causeway.liquidation.v1.QueryLiquidationResponse'
  const { liquidation, ...told } = decodeStrict(QueryLiquidationResponse, name, value, ANSWER_LIMITS)
  if (liquidation === undefined) return undefined
  return {
    height,
    state: told.state,
    valueE6: signed(told.valueE6),
    maintenanceMarginE6: signed(told.maintenanceMarginE6),
    bufferMarginE6: signed(told.bufferMarginE6),
    underlying: liquidation.underlying,
    shareMaxE9: told.shareMaxE9,
    priceE6: signed(told.priceE6),
    worthE6: signed(told.worthE6),
    discountE9: told.discountE9,
  }
}

/** What insurance has after a block. */
export async function readInsurance(rpc: CometRpc, height: bigint): Promise<InsuranceState> {
  const service = '/causeway.insurance.v1.Query'
  const [fundsValue, deficitsValue] = await Promise.all([
    askHub(rpc, `${service}/Funds`, QueryFundsRequest.encode({}).finish(), height),
    askHub(rpc, `${service}/Deficits`, QueryDeficitsRequest.encode({}).finish(), height),
  ])
  const type = 'causeway.insurance.v1'
  const funds = decodeStrict(QueryFundsResponse, `${type}.QueryFundsResponse`, fundsValue, ANSWER_LIMITS)
  const lacking = decodeStrict(
    QueryDeficitsResponse,
    `${type}.QueryDeficitsResponse`,
    deficitsValue,
    ANSWER_LIMITS,
  )
  return {
    height,
    availableE6: signed(funds.availableE6),
    funds: funds.funds.map(({ group, underlyings, holder, cashE6 }) => ({
      ...{ group, underlyings, cashE6: signed(cashE6) },
      ...holderOf(holder),
    })),
    deficits: lacking.deficits.map(({ holder, deficitE6 }) => ({
      ...holderOf(holder),
      deficitE6: signed(deficitE6),
    })),
    deficitE6: signed(lacking.totalE6),
    isPaused: lacking.paused,
    sinceSeconds: lacking.sinceSeconds,
    untilSeconds: lacking.untilSeconds,
  }
}

/** Who of one side of a market is closed first, after a block; at most 100. */
export async function readQueue(
  rpc: CometRpc,
  asked: {
    readonly market: bigint
    readonly isLong: boolean
    readonly offset: number
    readonly limit: number
  },
  height: bigint,
): Promise<Queue> {
  const request = QueryQueueRequest.encode(asked).finish()
  const value = await askHub(rpc, '/causeway.insurance.v1.Query/Queue', request, height)
  const name = 'causeway.insurance.v1.QueryQueueResponse'
  const { places, count } = decodeStrict(QueryQueueResponse, name, value, ANSWER_LIMITS)
  return {
    height,
    count,
    places: places.map(({ holder, sizeE9, rankE6 }, index) => ({
      ...holderOf(holder),
      place: asked.offset + index + 1,
      sizeE9: signed(sizeE9),
      rankE6: rankE6 === '' ? null : signed(rankE6),
    })),
  }
}

/** Where each position of a subaccount stands in its queue, after a block. */
export async function readRanks(rpc: CometRpc, holder: HubAccount, height: bigint): Promise<Rank[]> {
  const request = QueryRanksRequest.encode({ holder: holderText(holder) }).finish()
  const value = await askHub(rpc, '/causeway.insurance.v1.Query/Ranks', request, height)
  const name = 'causeway.insurance.v1.QueryRanksResponse'
  const { ranks } = decodeStrict(QueryRanksResponse, name, value, ANSWER_LIMITS)
  return ranks.map(({ market, sizeE9, rankE6, place, count }) => ({
    ...holder,
    ...{ market, place, count },
    sizeE9: signed(sizeE9),
    rankE6: rankE6 === '' ? null : signed(rankE6),
  }))
}

/** How the hub names a subaccount. */
export function holderText({ account, subaccount }: HubAccount): string {
  return subaccount === 0 ? account : `${account}/${subaccount}`
}

function holderOf(text: string): HubAccount {
  const holder = parseHubAccount(text)
  if (holder === undefined) throw new EndpointError('malformed', 'a subaccount that is none')
  return holder
}
