// Orders: honest ones, and those that try every bound.
import { assert } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import {
  MsgAmendOrder,
  MsgCancelAll,
  MsgCancelAllAfter,
  MsgCancelOrder,
  MsgMassQuote,
  MsgPlaceOrder,
} from '@causeway/protocol/causeway/markets/v1/tx'
import type { Quote } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Market } from '../modules/markets/market.ts'
import type { Action } from './action.fixture.ts'
import { packed } from './action.fixture.ts'
import type { Actor } from './actor.fixture.ts'
import { BTC, ETH } from './genesis.fixture.ts'
import type { Scene } from './scene.fixture.ts'

const E9 = 1_000_000_000n
const [GTC, IOC, FOK, GTT] = [1, 2, 3, 4] as const
const [LIMIT, MARKET] = [1, 2] as const

/** Everything about orders. */
export const orderActions: readonly Action[] = [
  { kind: 'order that rests', weight: 14, run: (scene) => place(scene, 'order that rests', resting) },
  { kind: 'order that takes', weight: 14, run: (scene) => place(scene, 'order that takes', taking) },
  { kind: 'market order', weight: 4, run: (scene) => place(scene, 'market order', atMarket) },
  { kind: 'post-only order', weight: 4, run: (scene) => place(scene, 'post-only order', postOnly) },
  { kind: 'reduce-only order', weight: 5, run: (scene) => place(scene, 'reduce-only order', reduceOnly) },
  { kind: 'triggered order', weight: 3, run: (scene) => place(scene, 'triggered order', triggered) },
  { kind: 'order until a time', weight: 3, run: (scene) => place(scene, 'order until a time', untilTime) },
  { kind: 'order at a bound', weight: 6, run: (scene) => place(scene, 'order at a bound', atBound) },
  {
    kind: 'order beyond its margin',
    weight: 3,
    run: (scene) => place(scene, 'order beyond its margin', huge),
  },
  { kind: 'fill-or-kill storm', weight: 2, run: fillOrKillStorm },
  { kind: 'self-trade', weight: 3, run: selfTrade },
  { kind: 'cancel', weight: 6, run: cancel },
  { kind: 'cancel all', weight: 2, run: cancelAll },
  { kind: 'amend', weight: 6, run: amend },
  { kind: 'amend and cancel at once', weight: 2, run: race },
  { kind: 'mass quote', weight: 5, run: (scene) => massQuote(scene, scene.random.between(1, 8)) },
  { kind: 'mass quote', weight: 1, run: (scene) => massQuote(scene, scene.random.between(90, 102)) },
  { kind: "dead man's switch", weight: 2, run: deadMansSwitch },
]

type Terms = Partial<MsgPlaceOrder>
type Maker = (scene: Scene, market: Market) => Terms

/** A message of an order: of 1.0 at the mark, good till cancelled, but for what differs. */
export function orderMessage(actor: Actor, scene: Scene, market: Market, terms: Terms): Any {
  return packed('markets.v1.MsgPlaceOrder', MsgPlaceOrder, {
    signer: actor.address,
    market: market.id,
    sizeE9: E9,
    limitE9: onGrid(scene.markE9(market), market),
    isBuy: scene.random.chance(0.5),
    type: LIMIT,
    timeInForce: GTC,
    ...terms,
  })
}

/** A price on the grid, at least a tick. */
export function onGrid(priceE9: bigint, { tickE9 }: Market): bigint {
  assert(priceE9 >= 0n && priceE9 < 2n ** 64n, `a price of ${priceE9}`)
  const down = priceE9 - (priceE9 % tickE9)
  return down > 0n ? down : tickE9
}

/** The mark, so many basis points higher. */
export function off(scene: Scene, market: Market, basisPoints: number): bigint {
  assert(scene.markE9(market) < 2n ** 62n, `the mark of ${market.symbol} is ${scene.markE9(market)}`)
  return onGrid((scene.markE9(market) * BigInt(10_000 + basisPoints)) / 10_000n, market)
}

function place(scene: Scene, kind: string, make: Maker): void {
  const actor = scene.actor()
  const market = scene.market()
  const terms = make(scene, market)
  const subaccount = scene.random.chance(0.8) ? 0 : scene.random.between(1, 3)
  const isForced = scene.random.chance(0.2)
  scene.trade(kind, actor, [orderMessage(actor, scene, market, { subaccount, ...terms })], { isForced })
}

function size({ random }: Scene, lotsMost = 60): bigint {
  return BigInt(random.between(1, lotsMost)) * 100_000_000n
}

function resting(scene: Scene, market: Market): Terms {
  const isBuy = scene.random.chance(0.5)
  const away = scene.random.between(0, 150)
  return { isBuy, sizeE9: size(scene), limitE9: off(scene, market, isBuy ? -away : away) }
}

function taking(scene: Scene, market: Market): Terms {
  const isBuy = scene.random.chance(0.5)
  const over = scene.random.between(0, market.kind === 'option' ? 1_500 : 300)
  const timeInForce = scene.random.pick([GTC, IOC, IOC, FOK])
  return { isBuy, sizeE9: size(scene), limitE9: off(scene, market, isBuy ? over : -over), timeInForce }
}

function atMarket(scene: Scene, market: Market): Terms {
  const isBuy = scene.random.chance(0.5)
  const over = scene.random.pick([100, 400, 490, 510, 5_000])
  const timeInForce = scene.random.pick([IOC, FOK, GTC])
  const limitE9 = off(scene, market, isBuy ? over : -over)
  return { isBuy, sizeE9: size(scene), limitE9, type: MARKET, timeInForce }
}

function postOnly(scene: Scene, market: Market): Terms {
  const isBuy = scene.random.chance(0.5)
  const over = scene.random.between(-100, 100)
  return { isBuy, sizeE9: size(scene), limitE9: off(scene, market, over), postOnly: true }
}

function reduceOnly(scene: Scene, market: Market): Terms {
  const isBuy = scene.random.chance(0.5)
  const over = scene.random.between(-20, 300)
  const timeInForce = scene.random.pick([GTC, IOC, IOC, FOK])
  const limitE9 = off(scene, market, isBuy ? over : -over)
  return { isBuy, sizeE9: size(scene, 200), limitE9, reduceOnly: true, timeInForce }
}

function triggered(scene: Scene, market: Market): Terms {
  const triggerAbove = scene.random.chance(0.5)
  const away = scene.random.between(1, 120)
  const triggerE9 = off(scene, market, triggerAbove ? away : -away)
  return { ...taking(scene, market), triggerE9, triggerAbove, reduceOnly: scene.random.chance(0.3) }
}

function untilTime(scene: Scene, market: Market): Terms {
  const seconds = scene.random.pick([-1, 0, 1, 2, 5, 60, 4_000])
  const expireSeconds = scene.timeSeconds + BigInt(seconds)
  return { ...resting(scene, market), timeInForce: GTT, expireSeconds }
}

const U64 = 2n ** 64n - 1n
const I64 = 2n ** 63n

/** One field, or two, at or beyond its bound. */
function atBound(scene: Scene, market: Market): Terms {
  const { random } = scene
  const { lotE9, tickE9 } = market
  const bounds: readonly Terms[] = [
    { sizeE9: 0n },
    { sizeE9: 1n },
    { sizeE9: lotE9 },
    { sizeE9: lotE9 * 2n ** 36n },
    { sizeE9: lotE9 * (2n ** 36n + 1n) },
    { sizeE9: 2n ** 62n - (2n ** 62n % lotE9) },
    { sizeE9: I64 - 1n },
    { sizeE9: U64 },
    { limitE9: 0n },
    { limitE9: 1n },
    { limitE9: tickE9 },
    { limitE9: tickE9, isBuy: false, sizeE9: 10_000n * E9 },
    { limitE9: U64 - (U64 % tickE9) },
    { limitE9: U64 - (U64 % tickE9), sizeE9: lotE9 },
    { limitE9: U64 },
    { limitE9: U64 - (U64 % tickE9), sizeE9: 2n ** 62n - (2n ** 62n % lotE9), isBuy: true },
    { market: 0n },
    { market: U64 },
    { subaccount: 65_535 },
    { subaccount: 65_536 },
    { subaccount: 2 ** 32 - 1 },
    { type: 0 },
    { type: 3 },
    { timeInForce: 0 },
    { timeInForce: 5 },
    { expireSeconds: U64, timeInForce: GTT },
    { expireSeconds: 1n },
    { postOnly: true, timeInForce: IOC },
    { postOnly: true, triggerE9: onGrid(scene.markE9(market), market) },
    { reduceOnly: true, timeInForce: FOK },
    { triggerAbove: true },
    { triggerE9: 1n },
    { triggerE9: U64 - (U64 % tickE9), triggerAbove: true },
    { nonce: U64 },
    { type: MARKET, timeInForce: IOC, limitE9: tickE9, isBuy: false },
  ]
  return { ...(random.chance(0.3) ? random.pick(bounds) : {}), ...random.pick(bounds) }
}

function huge(scene: Scene, market: Market): Terms {
  const isBuy = scene.random.chance(0.5)
  const sizeE9 = BigInt(scene.random.between(50, 400)) * E9
  return { isBuy, sizeE9, limitE9: off(scene, market, scene.random.between(-200, 200)) }
}

function fillOrKillStorm(scene: Scene): void {
  const market = scene.market()
  for (let i = scene.random.between(4, 14); i > 0; i--) {
    const actor = scene.actor()
    const terms = { ...taking(scene, market), timeInForce: FOK, sizeE9: size(scene, 200) }
    scene.trade('fill-or-kill storm', actor, [orderMessage(actor, scene, market, terms)])
  }
}

/** Both sides of one owner: two subaccounts, in one transaction or in two. */
function selfTrade(scene: Scene): void {
  const actor = scene.actor()
  const market = scene.market()
  const limitE9 = off(scene, market, scene.random.between(-30, 30))
  const sides = [true, false].map((isBuy, i) =>
    orderMessage(actor, scene, market, { isBuy, limitE9, subaccount: i, sizeE9: size(scene) }),
  )
  if (scene.random.chance(0.5)) scene.trade('self-trade', actor, sides)
  else for (const side of sides) scene.trade('self-trade', actor, [side])
}

function cancel(scene: Scene): void {
  const actor = scene.actor()
  const subaccount = scene.random.chance(0.8) ? 0 : 1
  const own = scene.orders({ account: actor.id, subaccount })
  // Now and then an order of somebody else, or of nobody.
  const other = scene.orders({ account: scene.actor().id, subaccount: 0 })
  const list = scene.random.chance(0.85) ? own : other
  const orderId = list.length === 0 ? BigInt(scene.random.between(1, 1_000)) : scene.random.pick(list).id
  const message = { signer: actor.address, subaccount, orderId }
  scene.trade('cancel', actor, [packed('markets.v1.MsgCancelOrder', MsgCancelOrder, message)])
}

function cancelAll(scene: Scene): void {
  const actor = scene.actor()
  const market = scene.random.chance(0.5) ? 0n : scene.market().id
  const message = { signer: actor.address, subaccount: scene.random.below(2), market }
  scene.trade('cancel all', actor, [packed('markets.v1.MsgCancelAll', MsgCancelAll, message)])
}

function amend(scene: Scene): void {
  const amended = amendment(scene)
  if (amended !== undefined) scene.trade('amend', amended.actor, [amended.message])
}

function amendment(scene: Scene) {
  const actor = scene.actor()
  const own = scene.orders({ account: actor.id, subaccount: 0 })
  const order = own.length === 0 ? undefined : scene.random.pick(own)
  const market = scene.markets().find(({ id }) => id === order?.market)
  if (order === undefined || market === undefined) return undefined
  const { lotE9 } = market
  const remaining = [order.remainingE9, lotE9, order.remainingE9 + lotE9, size(scene), 0n, U64]
  const limits = [order.limitE9, order.limitE9, off(scene, market, scene.random.between(-100, 100)), 0n]
  const message = packed('markets.v1.MsgAmendOrder', MsgAmendOrder, {
    signer: actor.address,
    subaccount: 0,
    orderId: order.id,
    remainingE9: scene.random.pick(remaining),
    limitE9: scene.random.pick(limits),
  })
  return { actor, message, orderId: order.id }
}

/** Two amendments, a cancel and an amendment after it, in one block. */
function race(scene: Scene): void {
  const amended = amendment(scene)
  if (amended === undefined) return
  const { actor, message, orderId } = amended
  const cancelling = packed('markets.v1.MsgCancelOrder', MsgCancelOrder, {
    signer: actor.address,
    subaccount: 0,
    orderId,
  })
  const orders = [
    [message, message],
    [message, cancelling],
    [cancelling, message],
    [cancelling, cancelling],
  ]
  const messages = scene.random.pick(orders)
  if (scene.random.chance(0.5)) scene.trade('amend and cancel at once', actor, messages)
  else for (const each of messages) scene.trade('amend and cancel at once', actor, [each])
}

function massQuote(scene: Scene, count: number): void {
  const actor = scene.actor()
  const underlying = scene.random.chance(0.75) ? ETH : BTC
  const all = scene.markets().filter((market) => market.underlying === underlying)
  const quotes: Partial<Quote>[] = []
  const first = count > 20 ? scene.random.below(all.length) : 0
  for (let i = 0; i < count; i++) {
    const market = count > 20 ? all[(first + i) % all.length]! : scene.market()
    quotes.push(quoteOf(scene, market))
  }
  // Honest makers quote a market once.
  const seen = new Set<bigint>()
  const once = quotes.filter(({ market }) => !seen.has(market!) && seen.add(market!))
  const right = once.filter(({ market }) => all.some(({ id }) => id === market))
  const sent = (scene.random.chance(0.9) ? right : quotes) as Quote[]
  const fields = { signer: actor.address, underlying, quotes: sent }
  const message = packed('markets.v1.MsgMassQuote', MsgMassQuote, fields)
  const kind = count > 20 ? 'mass quote of a hundred' : 'mass quote'
  scene.trade(kind, actor, [message], { tokens: 1 + Math.ceil(sent.length / 10) })
}

function quoteOf(scene: Scene, market: Market): Partial<Quote> {
  const half = scene.random.between(0, 80)
  return {
    market: market.id,
    bidE9: off(scene, market, -half),
    bidSizeE9: scene.random.chance(0.9) ? size(scene, 20) : 0n,
    askE9: off(scene, market, half + scene.random.between(0, 3)),
    askSizeE9: scene.random.chance(0.9) ? size(scene, 20) : 0n,
  }
}

function deadMansSwitch(scene: Scene): void {
  const actor = scene.actor()
  const seconds = scene.random.pick([0n, 1n, 3n, 10n, 60n, 86_400n, 10n ** 9n])
  const message = { signer: actor.address, subaccount: 0, seconds }
  scene.trade("dead man's switch", actor, [
    packed('markets.v1.MsgCancelAllAfter', MsgCancelAllAfter, message),
  ])
}
