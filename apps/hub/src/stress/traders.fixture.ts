// What everybody does in a block of a worst day, or between two: makers quote, traders trade, some of those
// who were warned get help from home, bidders buy what is liquidated when it pays. Without memory: a run can
// stop and go on.
import { MsgMassQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Quote } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Market } from '../modules/markets/market.ts'
import { packed } from '../simulation/action.fixture.ts'
import type { Random } from '../simulation/random.fixture.ts'
import { addresses } from '../simulation/scene.fixture.ts'
import { UNDERLYINGS } from './assets.fixture.ts'
import { bid, unwind } from './bidders.fixture.ts'
import { fairOf } from './fair.fixture.ts'
import { HOME_OF_ETHER } from './homes.fixture.ts'
import { immediate } from './orders.fixture.ts'
import { onGrid, sizeOf } from './population.fixture.ts'
import { comeBack, takeHome } from './returning.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'
import type { StressWorld } from './world.fixture.ts'

const ORDERS_PER_BLOCK = 6
const HELPED_PER_BLOCK = 3
/** Cash that a market maker quotes on each side, by tier. */
export const DEPTH = { 1: 400_000, 2: 150_000, 3: 25_000 } as const
const HALF_SPREAD = { 1: 0.0008, 2: 0.002, 3: 0.006 } as const

/** Hands in what everybody does. */
export function act(world: StressWorld, planned: PlannedBlock, random: Random): void {
  if (!planned.isSilent) {
    quote(world, planned)
    if (planned.isQuiet) {
      unwind(world, planned)
      comeBack(world, planned, random)
      takeHome(world, planned, random)
    } else for (let i = 0; i < ORDERS_PER_BLOCK; i++) trade(world, planned, random)
  }
  help(world, random)
  world.homes.act(world, planned.isCutOff, random)
  bid(world, random)
}

/** Each maker renews its quotes of one underlying; when all is quiet one maker does. */
function quote(world: StressWorld, planned: PlannedBlock): void {
  const { makers, markets } = world.population
  const height = Number(world.height)
  makers.forEach((maker, i) => {
    if (planned.isQuiet && height % makers.length !== i) return
    const turn = planned.isQuiet ? Math.floor(height / makers.length) : height
    const { id: underlying, tier } = UNDERLYINGS[(turn + i) % UNDERLYINGS.length]!
    const quotes = markets
      .filter((market) => market.underlying === underlying)
      .map((market) => quoteOf(market, planned, world.timeSeconds, tier))
    const message = packed('markets.v1.MsgMassQuote', MsgMassQuote, {
      signer: maker.address,
      underlying,
      quotes,
    })
    world.trade('quotes', maker, message, 1 + Math.ceil(quotes.length / 10))
  })
}

function quoteOf(market: Market, planned: PlannedBlock, now: bigint, tier: 1 | 2 | 3): Quote {
  const fair = fairOf(market, planned, now)
  const spot = planned.prices[UNDERLYINGS.find(({ id }) => id === market.underlying)!.name]!
  const half = market.kind === 'option' ? 0.02 * fair + 0.0005 * spot : fair * HALF_SPREAD[tier]
  const size = sizeOf((DEPTH[tier] / spot) * 10_000)
  const bid = fair - half
  return {
    market: market.id,
    bidE9: onGrid(bid),
    bidSizeE9: bid < 0.01 ? 0n : size,
    askE9: onGrid(fair + half) + (bid < 0.01 ? 10_000_000n : 0n),
    askSizeE9: size,
  }
}

/** Somebody takes what makers offer, more or less than it had. */
function trade(world: StressWorld, planned: PlannedBlock, random: Random): void {
  const { actor } = random.pick(world.population.traders)
  const market = random.pick(world.population.markets)
  const isBuy = random.chance(0.5)
  const notional = 200 * 10 ** (random.next() * 2)
  immediate(world, planned, { kind: 'order', actor, market, isBuy, notional })
}

/** Some of those who were warned get cash from home, or ether; some of it comes too late. */
function help(world: StressWorld, random: Random): void {
  const warned = world.holdersAt('warned')
  for (let i = 0; i < HELPED_PER_BLOCK && warned.length > 0; i++) {
    const { account } = random.pick(warned)
    if (!random.chance(0.15)) continue
    const home = random.below(3)
    const cash = random.between(500, 5_000)
    const amount = home === HOME_OF_ETHER ? BigInt(cash) * 10n ** 15n : BigInt(cash) * 1_000_000n
    const seconds = BigInt(random.pick([120, 600, 3_600]))
    world.homes.deposit(world, home, { amount, receiver: addresses.encode(account), seconds })
  }
}
