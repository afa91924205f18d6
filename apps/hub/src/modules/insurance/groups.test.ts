// Deficits over several markets, on a whole hub: each group's part by itself; options and collateral.
import { describe, expect, it } from 'vitest'
import { E6, E9, ETH, transferCash } from '../../testing/trading-hub.fixture.ts'
import { gapAndResolve, insuredHub, SOL } from './insured-hub.fixture.ts'
import type { InsuredHub } from './insured-hub.fixture.ts'

const NAMES = ['long', 'short', 'shortSol', 'rich', 'idle'] as const

const closed = (world: InsuredHub) =>
  world.events('causeway.insurance.v1.deleveraged').map((event) => ({
    name: NAMES.find((name) => world.of(name).address === event.account),
    market: BigInt(event.market!),
    sizeE9: BigInt(event.size_e9!),
    lossE6: BigInt(event.loss_e6!),
  }))
const charged = (world: InsuredHub) =>
  world.events('causeway.insurance.v1.charged').map((event) => ({
    group: BigInt(event.group!),
    amountE6: BigInt(event.amount_e6!),
    ownE6: BigInt(event.own_e6!),
    commonE6: BigInt(event.common_e6!),
    leftE6: BigInt(event.left_e6!),
  }))

/** `long` is long 12 ETH and 240 SOL, 60,000 together, with 20,000 cash. */
function twoGroups() {
  const world = insuredHub(NAMES, { hasSol: true })
  const [eth, sol] = [world.market('ETH-PERP').id, world.market('SOL-PERP').id]
  const trade = (seller: string, market: bigint, sizeE9: bigint, limitE9: bigint) => {
    expect(world.order(seller, { market, isBuy: false, sizeE9, limitE9 })).toBe('0')
    expect(world.order('long', { market, isBuy: true, sizeE9, limitE9 })).toBe('0')
  }
  trade('short', eth, 12n * E9, 3_000n * E9)
  trade('shortSol', sol, 240n * E9, 100n * E9)
  return { world, eth, sol }
}

describe('a deficit over two groups', () => {
  it('is charged by what each loses at worst; none pays for another, and the common fund for both', () => {
    const { world, eth, sol } = twoGroups()
    const { insurance } = world.trading
    // A fund of ETH's group with 10,000, of SOL's none
    const ethOnly = [{ group: ETH, lossE6: 1n }]
    world.atEnd((c) => insurance.receive(c, world.holder('rich'), 10_000n * E6, 'liquidation', ethOnly))
    world.insure('rich', 50n * E6)
    world.prices.set(SOL, 60n * E9)
    expect(gapAndResolve(world, 'long', 2_000n * E9)).toBe(true)
    const parts = charged(world)
    expect(parts.map(({ group }) => group)).toEqual([ETH, SOL])
    // By their worst scenarios, the same 18 % for both: 24,000 of ETH, 14,400 of SOL
    const [ofEth, ofSol] = [parts[0]!, parts[1]!]
    const sum = ofEth.amountE6 + ofSol.amountE6
    const off = ofEth.amountE6 * 38_400n - sum * 24_000n
    expect(off < sum && off > -sum).toBe(true)
    expect(ofEth).toMatchObject({ ownE6: ofEth.amountE6, commonE6: 0n, leftE6: 0n })
    expect(ofSol).toMatchObject({ ownE6: 0n, commonE6: 50n * E6, leftE6: ofSol.amountE6 - 50n * E6 })
    expect(closed(world)).toEqual([
      { name: 'short', market: eth, sizeE9: 12n * E9, lossE6: 0n },
      { name: 'shortSol', market: sol, sizeE9: 240n * E9, lossE6: ofSol.leftE6 },
    ])
    expect([world.fund(1), world.fund()]).toEqual([10_000n * E6 - ofEth.amountE6, 0n])
    expect([world.folio('long').positions, world.cash('long')]).toEqual([[], 0n])
    world.blocks(3)
    expect(world.broken()).toEqual([])
  })
})

describe('an option', () => {
  /** `long` has sold 40 calls, and a jump of the price has made them dear. */
  function soldCalls() {
    const world = insuredHub(NAMES, {
      hasSurfaces: true,
      underlying: { option: { tickE9: '10000000', lotE9: '100000000' } },
    })
    const context = () => world.hub.chain.readLatest()
    world.blocks(3)
    const markets = world.trading.markets
    const call = [...markets.markets.markets(context())].find(
      (market) =>
        market.kind === 'option' &&
        market.isCall &&
        market.strikeE9 === 3_000n * E9 &&
        (markets.markE9(context(), market) ?? 0n) > 0n,
    )!
    expect(call).toBeDefined()
    const mark = markets.markE9(context(), call)!
    const limitE9 = mark - (mark % 10_000_000n)
    const sizeE9 = 15n * E9
    for (const [name, isBuy] of [
      ['long', false],
      ['short', true],
    ] as const)
      expect(world.order(name, { market: call.id, isBuy, sizeE9, limitE9 })).toBe('0')
    expect(world.folio('long').positions).toMatchObject([{ sizeE9: `${-sizeE9}` }])
    return { world, call, sizeE9 }
  }

  it('that was sold is bought back for less than the mark from those who gained', () => {
    const { world, call, sizeE9 } = soldCalls()
    const before = world.cash('short')
    expect(gapAndResolve(world, 'long', 4_600n * E9)).toBe(true)
    const [resolved] = world.events('causeway.insurance.v1.resolved')
    const lack = BigInt(resolved!.deficit_e6!)
    expect(lack > 0n).toBe(true)
    expect(resolved).toMatchObject({ insured_e6: '0', deleveraged_e6: `${lack}`, socialised_e6: '0' })
    expect(closed(world)).toEqual([{ name: 'short', market: call.id, sizeE9, lossE6: lack }])
    const markE9 = world.trading.markets.markE9(world.hub.chain.readLatest(), call)!
    // What it got for its calls: their worth less what was lacking (a block's drift of the fair value aside)
    const got = world.cash('short') - before
    const worth = (sizeE9 * markE9) / 10n ** 12n
    const off = got + lack - worth
    expect(off < 50n * E6 && off > -50n * E6).toBe(true)
    expect(got > 0n).toBe(true)
    expect([world.folio('long').positions, world.cash('long')]).toEqual([[], 0n])
    world.blocks(3)
    expect(world.broken()).toEqual([])
  })
})

describe('collateral of a bankrupt account', () => {
  it('that converts becomes cash first, and the rest is the common fund’s', () => {
    const world = insuredHub(NAMES, {
      unconverted: { long: 5_000n * E6 },
      genesis: {
        risk: { weights: [{ asset: '2', initialWeightBps: 10_000, maintenanceWeightBps: 10_000 }] },
      },
    })
    const market = world.perpetual()
    world.insure('rich', 9_000n * E6)
    expect(world.order('short', { market, isBuy: false, sizeE9: 20n * E9 })).toBe('0')
    expect(world.order('long', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
    expect(world.folio('long').collateral).toContainEqual(
      expect.objectContaining({ amount: `${5_000n * E6}` }),
    )
    const par = BigInt(world.pool().pool!.parE6)
    expect(gapAndResolve(world, 'long', 1_900n * E9)).toBe(true)
    // 22,030 lost of 15,000 cash and 5,000 tokens
    expect(world.events('causeway.insurance.v1.resolved')).toMatchObject([{ insured_e6: `${2_030n * E6}` }])
    expect(BigInt(world.pool().pool!.parE6) - par).toBe(5_000n * E6)
    expect(world.folio('long').collateral).not.toContainEqual(expect.objectContaining({ denom: 'usdz' }))
    expect(world.broken()).toEqual([])
  })

  /** `long` has 5,000 in tokens that don't convert, and the common fund so much cash; ETH falls by 1,100. */
  function unconverted(fundE6: bigint) {
    const world = insuredHub(NAMES, {
      unconverted: { long: 5_000n * E6 },
      genesis: {
        risk: { weights: [{ asset: '2', initialWeightBps: 10_000, maintenanceWeightBps: 10_000 }] },
      },
    })
    const market = world.perpetual()
    if (fundE6 > 0n) world.insure('rich', fundE6)
    expect(world.order('short', { market, isBuy: false, sizeE9: 20n * E9 })).toBe('0')
    expect(world.order('long', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
    world.atEnd((context) => {
      const { parameters } = world.hub.chain.composition.modules.find(({ name }) => name === 'cash')!
      parameters!.change(context, 'convertible/2', 0n)
    })
    return world
  }
  const tokensOf = (world: InsuredHub, name: string) =>
    world.folio(name).collateral.find(({ denom }) => denom === 'usdz')?.amount ?? '0'

  it('that does not convert now is taken at its price for what the fund pays', () => {
    const world = unconverted(9_000n * E6)
    expect(gapAndResolve(world, 'long', 1_900n * E9)).toBe(true)
    expect(world.events('causeway.insurance.v1.resolved')).toMatchObject([{ insured_e6: `${7_030n * E6}` }])
    expect(world.fund()).toBe(9_000n * E6 - 7_030n * E6)
    expect(world.tokens()).toBe(5_000n * E6)
    expect(world.act('idle', transferCash(world.of('idle').address, world.of('rich').address, E6))).toBe('0')
    expect(world.broken()).toEqual([])
  })

  it('goes to the fund for what it pays, and for the rest to those who are closed at a loss', () => {
    const world = unconverted(1_200n * E6)
    const before = BigInt(tokensOf(world, 'short'))
    expect(gapAndResolve(world, 'long', 1_900n * E9)).toBe(true)
    const lossE6 = 7_030n * E6 - 1_200n * E6
    expect(world.events('causeway.insurance.v1.resolved')).toMatchObject([
      { insured_e6: `${1_200n * E6}`, deleveraged_e6: `${lossE6}`, socialised_e6: '0' },
    ])
    // 1,200 of the 5,000 are paid for; the other 3,800 are a part of what `short` has lost
    expect([world.fund(), world.tokens()]).toEqual([0n, 1_200n * E6])
    expect(BigInt(tokensOf(world, 'short')) - before).toBe(3_800n * E6)
    expect(tokensOf(world, 'long')).toBe('0')
    expect(world.broken()).toEqual([])
  })

  it('is all theirs where there is no insurance, in proportion to what each loses', () => {
    const world = unconverted(0n)
    const market = world.perpetual()
    // A quarter of the other side goes to another
    expect(world.order('rich', { market, isBuy: false, sizeE9: 5n * E9 })).toBe('0')
    expect(world.order('short', { market, isBuy: true, sizeE9: 5n * E9 })).toBe('0')
    const before = { short: BigInt(tokensOf(world, 'short')), rich: BigInt(tokensOf(world, 'rich')) }
    expect(gapAndResolve(world, 'long', 1_900n * E9)).toBe(true)
    expect(world.tokens()).toBe(0n)
    const lost = new Map(closed(world).map(({ name, lossE6 }) => [name, lossE6]))
    const got = (name: 'short' | 'rich') => BigInt(tokensOf(world, name)) - before[name]
    expect(got('short') + got('rich')).toBe(5_000n * E6)
    const sum = (lost.get('short') ?? 0n) + (lost.get('rich') ?? 0n)
    for (const name of ['short', 'rich'] as const) {
      const off = got(name) * sum - 5_000n * E6 * (lost.get(name) ?? 0n)
      expect(off <= sum && off >= -sum).toBe(true)
    }
    expect(world.broken()).toEqual([])
  })

  it('is kept by the common fund for what everybody bears', () => {
    const world = unconverted(0n)
    const { insurance, cash } = world.trading
    // A debt beyond its tokens, with nobody on the other side of anything
    const market = world.perpetual()
    expect(world.order('short', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
    expect(world.order('long', { market, isBuy: false, sizeE9: 20n * E9 })).toBe('0')
    world.atEnd((context) => {
      const owedE6 = cash.balanceE6(context, world.holder('long')) + 6_000n * E6
      cash.move(context, world.holder('long'), world.holder('short'), owedE6, 'trade')
    })
    expect(world.atEnd((context) => insurance.resolve(context, world.holder('long')))).toBe(true)
    const [resolved] = world.events('causeway.insurance.v1.resolved')
    expect(resolved).toMatchObject({ insured_e6: '0', deleveraged_e6: '0' })
    expect(BigInt(resolved!.socialised_e6!)).toBeGreaterThanOrEqual(6_000n * E6)
    expect([world.tokens(), tokensOf(world, 'long')]).toEqual([5_000n * E6, '0'])
    expect(world.broken()).toEqual([])
  })
})
