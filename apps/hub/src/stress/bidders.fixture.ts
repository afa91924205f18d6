// Those who buy what is liquidated, when it pays, and get rid of it when all is quiet.
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import { MARKETS_STORE, readPositions } from '../modules/markets/state.ts'
import { packed } from '../simulation/action.fixture.ts'
import type { Random } from '../simulation/random.fixture.ts'
import { UNDERLYINGS } from './assets.fixture.ts'
import { immediate } from './orders.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'
import { DEPTH } from './traders.fixture.ts'
import type { StressWorld } from './world.fixture.ts'

const BIDS_PER_BLOCK = 12
/** What a bidder wants to gain: of what the positions require, by its number. */
const GAINS = [0.1, 0.15, 0.25, 0.4, 0.6]

/** Each bidder looks at a dozen accounts a block, and bids for those that pay. */
export function bid(world: StressWorld, random: Random): void {
  const { bidders } = world.population
  const listed = forSale(world)
  const from = random.below(Math.max(1, listed.length))
  const most = Math.min(listed.length, BIDS_PER_BLOCK)
  const sales = new Map<string, QueryLiquidationResponse>()
  for (let i = 0; i < most * bidders.length; i++) {
    const { account, isOpen } = listed[(from + i) % listed.length]!
    if (!isOpen) continue
    const answer = sales.get(account) ?? saleOf(world, account)
    sales.set(account, answer)
    const number = Math.floor(i / most)
    const [price, worth] = [Number(answer.priceE6), Number(answer.worthE6)]
    const required = Number(answer.valueE6) - Number(answer.maintenanceMarginE6)
    const gain = GAINS[number % GAINS.length]! * 0.2 * Math.max(0, required)
    if (answer.state !== 'open' || worth - price < gain) continue
    const paid = (price * Number(answer.shareMaxE9)) / 1e9
    const fields = {
      bidder: bidders[number]!.address,
      account,
      underlying: answer.liquidation?.underlying ?? 0n,
      shareE9: answer.shareMaxE9,
      maxPriceE6: `${Math.ceil(paid + Math.abs(paid) * 0.02)}`,
    }
    world.send('bid', bidders[number]!, [packed('liquidation.v1.MsgBid', MsgBid, fields)])
  }
}

/** Each bidder sells of what it holds most of. */
export function unwind(world: StressWorld, planned: PlannedBlock): void {
  const store = world.state.store(MARKETS_STORE)
  const byId = new Map(world.population.markets.map((market) => [market.id, market]))
  for (const bidder of world.population.bidders) {
    const held = readPositions(store, { account: bidder.id, subaccount: 0 }).map(({ market: id, sizeE9 }) => {
      const market = byId.get(id)!
      const { name } = UNDERLYINGS.find((underlying) => underlying.id === market.underlying)!
      return {
        market,
        size: Number(sizeE9) / 1e9,
        notional: (Math.abs(Number(sizeE9)) / 1e9) * planned.prices[name]!,
      }
    })
    const [first] = held.sort((a, b) => b.notional - a.notional)
    if (first === undefined) continue
    const { market, size, notional } = first
    immediate(world, planned, {
      ...{ kind: 'unwinding', actor: bidder, market, isBuy: size < 0 },
      notional: Math.min(notional, 2 * DEPTH[market.tier]),
    })
  }
}

/** Of those that wait or close nothing is for sale yet: nobody asks about them. */
function forSale(world: StressWorld): { readonly account: string; readonly isOpen: boolean }[] {
  const request = QueryLiquidationsRequest.encode({ after: '', limit: 1_000 }).finish()
  const path = '/causeway.liquidation.v1.Query/Liquidations'
  const { liquidations } = QueryLiquidationsResponse.decode(world.query(path, request))
  return liquidations.map(({ account, liquidation }) => {
    const stage = liquidation?.stage
    return { account, isOpen: stage !== 'waiting' && stage !== 'closing' }
  })
}

function saleOf(world: StressWorld, account: string): QueryLiquidationResponse {
  const request = QueryLiquidationRequest.encode({ account }).finish()
  const path = '/causeway.liquidation.v1.Query/Liquidation'
  return QueryLiquidationResponse.decode(world.query(path, request))
}
