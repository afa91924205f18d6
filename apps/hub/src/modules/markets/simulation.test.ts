// Hostile and plain orders at random, prices that jump, outages, expiries: after every block the sums hold,
// and a node that restarts or executes a block twice has the same hash.
import { toHex } from '@causeway/primitives'
import {
  MsgAmendOrder,
  MsgCancelAll,
  MsgCancelOrder,
  MsgMassQuote,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { isProtocolError } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { E9, ETH, World, addresses, trader } from './world.fixture.ts'
import type { OrderTerms } from './world.fixture.ts'

/** A small generator of one seed. Source: mulberry32. */
function randomOf(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return { next, below: (count: number) => Math.floor(next() * count) }
}

const TRADERS = Array.from({ length: 6 }, (_, i) => trader(`trader ${i >> 1}`, i % 2))
// Long before anything expires, one second before the first expiry that trades, and what trades.
const START = 1_799_998_800n

function start() {
  const world = new World({ startSeconds: START })
  for (const each of TRADERS) world.fund(each, 50_000n)
  world.prices.forwardE9 = 3_000n * E9
  world.end()
  world.end()
  return world
}

function symbolsOf(world: World): string[] {
  const all = [...world.markets.markets(world.context)].filter(({ status }) => status === 'open')
  const near = all.filter(({ kind, strikeE9 }) => kind !== 'option' || strikeE9 === 3_000n * E9)
  return near.slice(0, 8).map(({ symbol }) => symbol)
}

/** One step of a block: the same for the same numbers. */
function step(world: World, random: ReturnType<typeof randomOf>, symbols: readonly string[]): void {
  const holder = TRADERS[random.below(TRADERS.length)]!
  const base = { signer: addresses.encode(holder.account), subaccount: holder.subaccount }
  const market = symbols[random.below(symbols.length)]!
  const kind = random.below(20)
  const own = world.markets.orders(world.context, holder)
  const some = own[random.below(own.length || 1)]
  if (kind === 0) world.run('MsgCancelAll', holder, { ...base, market: 0n }, MsgCancelAll)
  else if (kind <= 2 && some !== undefined)
    world.run('MsgCancelOrder', holder, { ...base, orderId: some.id }, MsgCancelOrder)
  else if (kind === 3 && some !== undefined) {
    const remainingE9 = BigInt(1 + random.below(20)) * 100_000_000n
    const limitE9 = some.limitE9 + BigInt(random.below(3) - 1) * 10_000_000n
    world.run('MsgAmendOrder', holder, { ...base, orderId: some.id, remainingE9, limitE9 }, MsgAmendOrder)
  } else if (kind === 4) world.run('MsgMassQuote', holder, quotes(world, random, symbols, base), MsgMassQuote)
  else world.place(holder, orderOf(world, random, market))
}

function quotes(
  world: World,
  random: ReturnType<typeof randomOf>,
  symbols: readonly string[],
  base: { signer: string; subaccount: number },
): MsgMassQuote {
  const sizeE9 = BigInt(1 + random.below(10)) * 100_000_000n
  return {
    ...base,
    underlying: ETH,
    nonce: 0n,
    quotes: symbols.slice(0, 3).map((symbol) => {
      const market = world.market(symbol)
      const midE9 = market.kind === 'option' ? world.prices.optionE9 : world.prices.indexE9
      const rounded = midE9 - (midE9 % 10_000_000n)
      const off = BigInt(random.below(100)) * 10_000_000n
      return {
        market: market.id,
        bidE9: rounded - off,
        bidSizeE9: sizeE9,
        askE9: rounded + off,
        askSizeE9: sizeE9,
      }
    }),
  }
}

function orderOf(world: World, random: ReturnType<typeof randomOf>, market: string): OrderTerms {
  const { kind } = world.market(market)
  const mid = Number(kind === 'option' ? world.prices.optionE9 : world.prices.indexE9) / 1e9
  const price = Math.max(0.01, Math.round(mid * (1 + (random.next() - 0.5) / 25) * 100) / 100)
  const size = (1 + random.below(30)) / 10
  const timeInForce = 1 + random.below(3)
  return {
    market,
    size: random.below(2) === 0 ? size : -size,
    price,
    timeInForce,
    postOnly: timeInForce === 1 && random.below(4) === 0,
    reduceOnly: timeInForce !== 3 && random.below(5) === 0,
    nonce: BigInt(random.below(1000)),
    ...(random.below(12) === 0 ? triggerOf(mid, random) : {}),
  }
}

function triggerOf(mid: number, random: ReturnType<typeof randomOf>): Partial<OrderTerms> {
  const isAbove = random.below(2) === 0
  const price = Math.round(mid * (isAbove ? 1.005 : 0.995) * 100) / 100
  return { triggerE9: BigInt(Math.round(price * 1e9)), triggerAbove: isAbove, postOnly: false }
}

interface Disturbance {
  /** Before the first block. */
  readonly before?: (world: World) => void
  /** After a block was executed, before its end counts: it is executed again. */
  readonly isTwice?: (block: number) => boolean
  /** After a block was committed. */
  readonly after?: (world: World, block: number) => void
}

function transact(world: World, seed: number): void {
  const random = randomOf(seed)
  const symbols = symbolsOf(world)
  for (let i = random.below(12); i > 0; i--) {
    try {
      step(world, random, symbols)
    } catch (error) {
      if (!isProtocolError(error)) throw error
    }
  }
}

function live(seed: number, blocks: number, disturbance?: Disturbance): string[] {
  const world = start()
  disturbance?.before?.(world)
  const total = world.totalE6
  const random = randomOf(seed)
  const hashes: string[] = []
  let [fills, settled] = [0, 0]
  for (let block = 0; block < blocks; block++) {
    transact(world, seed * 10_000 + block)
    if (disturbance?.isTwice?.(block) === true) {
      world.execute()
      world.again()
      // Another block of this height, then the one that is decided.
      transact(world, seed * 10_000 + block + 5_000)
      world.execute()
      world.again()
      transact(world, seed * 10_000 + block)
    }
    hashes.push(toHex(world.end(BigInt(20 + random.below(11)))))
    fills += world.told('fill').length
    settled += world.told('settled').length
    disturbance?.after?.(world, block)
    const moved = 970n + BigInt(random.below(61))
    if (random.below(3) === 0) world.prices.indexE9 = (world.prices.indexE9 * moved) / 1_000n
    world.prices.state = random.below(25) === 0 ? 'held' : 'fresh'
    if (disturbance === undefined) expect(world.broken).toEqual([])
    expect(world.totalE6).toBe(total)
  }
  expect(fills).toBeGreaterThan(blocks / 2)
  expect(settled).toBeGreaterThan(0)
  return hashes
}

describe('many blocks', () => {
  it.each([1, 2])('seed %i: sums hold after each, and cash is neither made nor lost', (seed) => {
    expect(live(seed, 70)).toHaveLength(70)
  })

  it('have the same hashes on a node that restarts, and on one that executes blocks twice', () => {
    const plain = live(7, 70, {})
    const restarted = live(7, 70, { after: (world, block) => void (block % 3 === 0 && world.restart()) })
    const twice = live(7, 70, { isTwice: (block) => block % 4 === 0 })
    expect(restarted).toEqual(plain)
    expect(twice).toEqual(plain)
  })

  it.each([7, 8, 9])('seed %i: the same hashes where every order is counted, not their sums', (seed) => {
    const said = { covered: 0, not: 0 }
    const tight = (world: World) => {
      world.marginBps = 30_000n
      return world.ports.risk
    }
    const noting = (world: World) => {
      const risk = tight(world)
      const { covers } = risk
      risk.covers = (context, holder, sums) => {
        const isCovered = covers(context, holder, sums)
        said[isCovered ? 'covered' : 'not']++
        return isCovered
      }
    }
    const bySums = live(seed, 70, { before: noting })
    const byOrders = live(seed, 70, { before: (world) => void (tight(world).covers = () => false) })
    expect(bySums).toEqual(byOrders)
    expect(said.covered).toBeGreaterThan(50)
    expect(said.not).toBeGreaterThan(2)
  })
})
