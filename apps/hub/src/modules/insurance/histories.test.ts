// Random histories on a whole hub: whoever is bankrupt is resolved, in whatever order; nothing is made or
// lost, and nobody else falls below zero by it.
import { describe, expect, it } from 'vitest'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { Random } from '../../simulation/random.fixture.ts'
import { E6, E9, ETH, transferCash } from '../../testing/trading-hub.fixture.ts'
import { FUND, SOL, insuredHub } from './insured-hub.fixture.ts'
import type { InsuredHub } from './insured-hub.fixture.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const MARKETS = [
  ['ETH-PERP', ETH, 24_000n],
  ['SOL-PERP', SOL, 20_000n],
] as const
/** Of everybody's cash. */
const PARTS = [0, 1, 2] as const
const ROUNDS = 8
/** Micro-cash that settling, floors of margins and two indices may round off one account. */
const ROUNDING = 40n

interface Worth {
  readonly valueE6: bigint
  readonly cashE6: bigint
}

function everybody(world: InsuredHub, context: Context): Map<string, Worth> {
  const all = new Map<string, Worth>()
  for (const name of NAMES)
    for (const subaccount of PARTS) {
      const holder = world.holder(name, subaccount)
      const { valueE6 } = world.trading.risk.figures(context, holder)
      all.set(`${name}/${subaccount}`, { valueE6, cashE6: world.trading.cash.balanceE6(context, holder) })
    }
  return all
}

/** What deleveraging took from each, by the events since. */
function losses(world: InsuredHub, events: readonly Record<string, string>[]): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { account, subaccount, loss_e6: loss } of events) {
    const name = NAMES.find((each) => world.of(each).address === account)!
    const key = `${name}/${subaccount}`
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(loss!))
  }
  return sums
}

/** Resolves all who are bankrupt, and judges what that did to all others. */
function resolveAll(world: InsuredHub, random: Random): number {
  const { insurance, risk } = world.trading
  const judged = world.atEnd((context) => {
    risk.refresh(context)
    for (const [key, { valueE6 }] of everybody(world, context))
      if (valueE6 < 0n && random.below(3) === 0) strip(world, context, holderOf(world, key), random)
    const before = everybody(world, context)
    const bankrupt = [...before].filter(([, { valueE6 }]) => valueE6 < 0n).map(([key]) => key)
    const order = bankrupt.sort(() => random.below(3) - 1)
    const done = order.filter((key) => {
      const isDone = insurance.resolve(context, holderOf(world, key))
      expectRemembered(world, context)
      return isDone
    })
    return { before, done, after: everybody(world, context) }
  })
  const lost = losses(world, world.events('causeway.insurance.v1.deleveraged'))
  const socialised = sum(world.events('causeway.insurance.v1.resolved').map((e) => BigInt(e.socialised_e6!)))
  for (const key of judged.done) expect(judged.after.get(key)).toEqual({ valueE6: 0n, cashE6: 0n })
  for (const [key, before] of judged.before) {
    if (judged.done.includes(key)) continue
    const { valueE6, cashE6 } = judged.after.get(key)!
    if (before.valueE6 >= 0n && socialised === 0n) expect(valueE6 >= 0n, key).toBe(true)
    // Beyond what was told, only the index takes something, and of positive cash alone
    const rest = before.valueE6 - valueE6 - (lost.get(key) ?? 0n)
    expect(rest >= -ROUNDING, `${key} gained ${-rest}`).toBe(true)
    if (socialised === 0n) expect(rest <= ROUNDING, `${key} lost ${rest}`).toBe(true)
    if (socialised > 0n && cashE6 <= 0n) expect(rest <= ROUNDING, `${key} lost ${rest}`).toBe(true)
  }
  return judged.done.length
}

/** What queues remember of whom they know is what he has, after each that was resolved. */
function expectRemembered({ trading }: InsuredHub, context: Context): void {
  const { insurance, markets, risk } = trading
  for (const { holder, positions, valueE6 } of insurance.queues.standings(context)) {
    remembered.looked++
    if (valueE6 !== undefined) expect(valueE6).toBe(risk.figures(context, holder).valueE6)
    else remembered.unknown++
    if (positions === undefined) continue
    const sizes = (list: readonly { market: bigint; sizeE9: bigint }[]) =>
      list.map(({ market, sizeE9 }) => `${market}: ${sizeE9}`)
    expect(sizes(positions)).toEqual(sizes(markets.markets.positions(context, holder)))
  }
}

const remembered = { looked: 0, unknown: 0 }

/** Somebody takes over all that a bankrupt account holds, at the marks: only a debt is left. */
function strip(world: InsuredHub, context: Context, from: Holder, random: Random): void {
  const { markets, markE9 } = world.trading.markets
  const to = world.holder(random.pick(NAMES), 9)
  const moves = markets.positions(context, from).map(({ market, sizeE9 }) => {
    const mark = markE9(context, markets.market(context, market)!)!
    return { market, from, to, sizeE9, amountE6: (sizeE9 * mark) / 10n ** 12n }
  })
  markets.move(context, moves, 'liquidation')
}

function holderOf(world: InsuredHub, key: string): Holder {
  const [name, subaccount] = key.split('/')
  return world.holder(name!, Number(subaccount))
}

const sum = (list: readonly bigint[]) => list.reduce((all, each) => all + each, 0n)

/** Orders of everybody at the index, so that what can cross does, as large as some margins let. */
function trade(world: InsuredHub, random: Random): void {
  const orders = MARKETS.flatMap(([symbol, asset, sizeMax]) => {
    const { id } = world.market(symbol)
    const limitE9 = world.prices.get(asset)!
    const first = random.below(2)
    return PARTS.flatMap((subaccount) =>
      NAMES.map((name, i) => {
        const lots = (sizeMax * 10n * BigInt(20 + random.below(80)) * E9) / (100n * limitE9)
        const isBuy = (i + first + subaccount) % 2 === 0
        return [name, { market: id, subaccount, isBuy, limitE9, sizeE9: lots * (E9 / 10n) }] as const
      }),
    )
  })
  world.orders(orders)
}

/** Anybody gives to a fund, if he may. */
function insure(world: InsuredHub, random: Random): void {
  const [name, fund] = [random.pick(NAMES), random.below(3)]
  const to = fund === 0 ? FUND : `${FUND}/${fund}`
  world.act(name, transferCash(world.of(name).address, to, BigInt(1 + random.below(300)) * E6))
}

describe('random histories', () => {
  it.each([1, 2, 3, 4])('end bankrupt accounts exactly: seed %i', (seed) => {
    const random = new Random(seed)
    const world = insuredHub(NAMES, { hasSol: true })
    for (const name of NAMES) {
      const { address } = world.of(name)
      for (const part of PARTS.slice(1))
        expect(world.act(name, transferCash(address, `${address}/${part}`, 7_000n * E6))).toBe('0')
    }
    const counts = { resolved: 0, deleveraged: 0, socialised: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      trade(world, random)
      insure(world, random)
      for (const [asset, base] of [
        [ETH, 3_000n],
        [SOL, 100n],
      ] as const)
        world.prices.set(asset, (base * BigInt(55 + random.below(100)) * E9) / 100n)
      world.blocks(4)
      counts.resolved += resolveAll(world, random)
      counts.deleveraged += world.events('causeway.insurance.v1.deleveraged').length
      counts.socialised += world.events('causeway.cash.v1.socialised').length
      expect(world.broken(), `round ${round}`).toEqual([])
    }
    expect(counts.resolved).toBeGreaterThan(2)
    expect(counts.deleveraged).toBeGreaterThan(2)
    expect(remembered.looked).toBeGreaterThan(remembered.unknown)
    expect(remembered.unknown).toBeGreaterThan(0)
  })
})
