import { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Market } from '../modules/markets/market.ts'
import { packed } from '../simulation/action.fixture.ts'
import type { Actor } from '../simulation/actor.fixture.ts'
import { UNDERLYINGS } from './assets.fixture.ts'
import { fairOf } from './fair.fixture.ts'
import { onGrid, sizeOf } from './population.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'
import type { StressWorld } from './world.fixture.ts'

/** What somebody wants at once. */
export interface Wanted {
  readonly kind: string
  readonly actor: Actor
  readonly market: Market
  readonly isBuy: boolean
  /** In cash, by the underlying's price. */
  readonly notional: number
}

const [IOC, LIMIT] = [2, 1] as const

/** Takes at once what makers offer within 3 % of the fair value. */
export function immediate(world: StressWorld, planned: PlannedBlock, wanted: Wanted): void {
  const { kind, actor, market, isBuy, notional } = wanted
  const fair = fairOf(market, planned, world.timeSeconds)
  const spot = planned.prices[UNDERLYINGS.find(({ id }) => id === market.underlying)!.name]!
  const order = {
    signer: actor.address,
    market: market.id,
    isBuy,
    sizeE9: sizeOf((notional / spot) * 10_000),
    limitE9: onGrid(isBuy ? fair * 1.03 + 0.02 : Math.max(0.01, fair * 0.97)),
    type: LIMIT,
    timeInForce: IOC,
  }
  world.trade(kind, actor, packed('markets.v1.MsgPlaceOrder', MsgPlaceOrder, order), 1)
}
