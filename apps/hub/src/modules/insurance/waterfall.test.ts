// Bankrupt accounts on a whole hub: who pays, in which order, to the last unit.
import { describe, expect, it } from 'vitest'
import { message } from '../../testing/messages.fixture.ts'
import { E6, E9, ETH, LINE, transferCash } from '../../testing/trading-hub.fixture.ts'
import { gapAndResolve, insuredHub } from './insured-hub.fixture.ts'
import type { InsuredHub } from './insured-hub.fixture.ts'

const NAMES = ['long', 'whale', 'short', 'bold', 'calm', 'rich', 'late'] as const
const START = 20_000n * E6
/** Everybody pays 0.05 % of 3,000 · 10 at most; who rested 0.02 %. */
const [MAKER_FEE, TAKER_FEE] = [6n * E6, 15n * E6]

/** A hub whose insurance has so much. */
function insured(amountE6: bigint): InsuredHub {
  const world = insuredHub(NAMES)
  if (amountE6 > 0n) world.insure('rich', amountE6)
  return world
}

/**
 * `long` buys 20 ETH at 3,000 with 20,000 cash (or more of it), `whale` the rest; against them 10 each:
 * `short` with 20,000 cash, `bold` with 10,000 and `calm` with 22,000.
 */
function trade(world: InsuredHub, boughtE9 = 20n * E9): bigint {
  const market = world.perpetual()
  const { address } = world.of('bold')
  expect(world.act('bold', transferCash(address, `${address}/9`, 10_000n * E6))).toBe('0')
  expect(
    world.act('rich', transferCash(world.of('rich').address, world.of('calm').address, 2_000n * E6)),
  ).toBe('0')
  for (const name of ['short', 'bold', 'calm'])
    expect(world.order(name, { market, isBuy: false, sizeE9: 10n * E9 })).toBe('0')
  expect(world.order('long', { market, isBuy: true, sizeE9: boughtE9 })).toBe('0')
  if (boughtE9 < 30n * E9)
    expect(world.order('whale', { market, isBuy: true, sizeE9: 30n * E9 - boughtE9 })).toBe('0')
  return market
}

const sizeOf = (world: InsuredHub, name: string, subaccount = 0) =>
  world.folio(name, subaccount).positions.map(({ sizeE9 }) => BigInt(sizeE9))
const worth = (world: InsuredHub, name: string, subaccount = 0) =>
  BigInt(world.folio(name, subaccount).equityE6)
const closed = (world: InsuredHub): (readonly [string | undefined, bigint, bigint])[] =>
  world
    .events('causeway.insurance.v1.deleveraged')
    .map(({ account, size_e9: size, loss_e6: loss }) => [
      NAMES.find((name) => world.of(name).address === account),
      BigInt(size!),
      BigInt(loss!),
    ])

describe('a bankrupt account', () => {
  it('is paid for by insurance where that is enough, and the others are closed at the mark', () => {
    const world = insured(10_000n * E6)
    trade(world)
    expect(gapAndResolve(world, 'long', 1_900n * E9)).toBe(true)
    // 22,000 lost of 20,000 less fees
    const lack = 22_000n * E6 - (START - 2n * TAKER_FEE)
    expect(world.fund()).toBe(10_000n * E6 - lack)
    expect([sizeOf(world, 'long'), world.cash('long')]).toEqual([[], 0n])
    expect(closed(world)).toEqual([
      ['bold', 10n * E9, 0n],
      ['short', 10n * E9, 0n],
    ])
    expect(worth(world, 'bold')).toBe(10_000n * E6 - MAKER_FEE + 11_000n * E6)
    expect(worth(world, 'short')).toBe(START - MAKER_FEE + 11_000n * E6)
    expect(sizeOf(world, 'calm')).toEqual([-10n * E9])
    expect(world.events('causeway.insurance.v1.resolved')).toEqual([
      expect.objectContaining({ deficit_e6: `${lack}`, insured_e6: `${lack}`, deleveraged_e6: '0' }),
    ])
    expect(world.events('causeway.cash.v1.socialised')).toEqual([])
    world.blocks(3)
    expect(world.broken()).toEqual([])
  })

  it('beyond insurance is paid for by those who rank first, at one price', () => {
    const world = insured(500n * E6)
    const market = trade(world)
    expect(gapAndResolve(world, 'long', 1_900n * E9)).toBe(true)
    const left = 2_030n * E6 - 500n * E6
    expect(world.fund()).toBe(0n)
    expect(closed(world)).toEqual([
      ['bold', 10n * E9, left / 2n],
      ['short', 10n * E9, left / 2n],
    ])
    expect(worth(world, 'bold')).toBe(21_000n * E6 - MAKER_FEE - left / 2n)
    expect(worth(world, 'short')).toBe(31_000n * E6 - MAKER_FEE - left / 2n)
    expect(worth(world, 'calm')).toBe(33_000n * E6 - MAKER_FEE)
    expect([sizeOf(world, 'long'), world.cash('long')]).toEqual([[], 0n])
    // Both sides of it are fills for no fee, at the price that leaves the bankrupt account at zero
    const fills = world.events('causeway.markets.v1.fill').filter(({ role }) => role === 'deleverage')
    const price = 1_900n * E9 + (left * 1_000n) / 20n
    expect(fills).toHaveLength(4)
    for (const fill of fills)
      expect(fill).toMatchObject({ market: `${market}`, price_e9: `${price}`, fee_e6: '0' })
    expect(world.events('causeway.cash.v1.socialised')).toEqual([])
    world.blocks(3)
    expect(world.broken()).toEqual([])
  })

  it('costs nobody more than he is worth: what nobody can bear all positive cash does', () => {
    const world = insured(0n)
    const market = trade(world, 30n * E9)
    const { address } = world.of('late')
    expect(world.act('late', transferCash(address, world.of('rich').address, START - 3_200n * E6))).toBe('0')
    world.prices.set(ETH, 1_400n * E9)
    world.blocks(4)
    // Bold takes its gain; who sells to it came too late to gain anything
    expect(world.order('bold', { market, isBuy: true, sizeE9: 10n * E9, limitE9: 1_400n * E9 })).toBe('0')
    expect(world.order('late', { market, isBuy: false, sizeE9: 10n * E9, limitE9: 1_400n * E9 })).toBe('0')
    expect(sizeOf(world, 'bold')).toEqual([])
    const before = { bold: world.cash('bold'), rich: world.cash('rich'), late: worth(world, 'late') }
    expect(gapAndResolve(world, 'long', 1_400n * E9)).toBe(true)
    const [resolved] = world.events('causeway.insurance.v1.resolved')
    const lack = BigInt(resolved!.deficit_e6!)
    const [borne, socialised] = [BigInt(resolved!.deleveraged_e6!), BigInt(resolved!.socialised_e6!)]
    expect(borne + socialised).toBe(lack)
    expect(socialised > 0n && borne > 0n).toBe(true)
    // Late first, as far as it goes, and the rest of it at the mark when the others could bear no more
    const parts = closed(world)
    expect(parts.map(([name]) => name)).toEqual(['late', 'short', 'calm'])
    expect(parts.map(([, size]) => size)).toEqual([10n * E9, 10n * E9, 10n * E9])
    expect(parts[0]![2] <= before.late).toBe(true)
    const left = worth(world, 'late')
    expect(left >= 0n && left < lack / 300n).toBe(true)
    // Bold and rich have nothing but cash: both lose the same part of it
    const [bold, rich] = [before.bold - world.cash('bold'), before.rich - world.cash('rich')]
    const share = (before.rich * bold) / before.bold
    expect(bold > 0n && rich - share <= 2n && share - rich <= 2n).toBe(true)
    world.blocks(3)
    expect(world.broken()).toEqual([])
  })

  it('with nothing but a debt falls on all positive cash, however it is spread', () => {
    const world = insured(0n)
    const market = trade(world)
    const { address } = world.of('rich')
    for (const to of [1, 2, 3])
      expect(world.act('rich', transferCash(address, `${address}/${to}`, 4_321n * E6 + BigInt(to)))).toBe('0')
    world.prices.set(ETH, 1_900n * E9)
    world.blocks(4)
    // Somebody has taken all its positions over at the mark
    world.atEnd((context) => {
      const [from, to] = [world.holder('long'), world.holder('rich')]
      const move = { market, from, to, sizeE9: 20n * E9, amountE6: 20n * 1_900n * E6 }
      world.trading.markets.markets.move(context, [move], 'liquidation')
    })
    expect([world.cash('long'), sizeOf(world, 'rich')]).toEqual([-2_030n * E6, [20n * E9]])
    const before = ['rich', 'late'].map((name) => cashOfAll(world, name))
    const lentE6 = creditsE6(world)
    const isResolved = world.atEnd((context) =>
      world.trading.insurance.resolve(context, world.holder('long')),
    )
    expect(isResolved).toBe(true)
    const [event] = world.events('causeway.cash.v1.socialised')
    const socialised = BigInt(event!.amount_e6!)
    // A second's interest
    expect(socialised - 2_030n * E6 < 100n).toBe(true)
    expect(closed(world)).toEqual([])
    expect(world.cash('long')).toBe(0n)
    for (const [i, name] of ['rich', 'late'].entries()) {
      const share = (before[i]! * socialised) / lentE6
      const loss = before[i]! - cashOfAll(world, name)
      expect(loss >= share && loss <= share + 5n).toBe(true)
    }
    world.blocks(3)
    expect(world.broken()).toEqual([])
  })

  it('and a line that is written off in the same block: both to the last unit', () => {
    const world = insured(3_000n * E6)
    trade(world)
    world.prices.set(ETH, 1_900n * E9)
    world.blocks(4)
    const lentE6 = creditsE6(world)
    const loss = 5_000n * E6
    expect(
      world.atEnd((context) => {
        world.trading.governedLines.writeOff(context, { line: LINE, amount: loss })
        return world.trading.insurance.resolve(context, world.holder('long'))
      }),
    ).toBe(true)
    // The line's loss takes all of insurance and 2,000 of everybody: nothing of it is left for the account
    const [resolved] = world.events('causeway.insurance.v1.resolved')
    expect(resolved).toMatchObject({ insured_e6: '0', deleveraged_e6: resolved!.deficit_e6 })
    expect(world.fund()).toBe(0n)
    const late = START - world.cash('late')
    const share = (START * 2_000n * E6) / (lentE6 - 3_000n * E6)
    expect(late - share <= 10n && share - late <= 10n).toBe(true)
    expect([sizeOf(world, 'long'), world.cash('long')]).toEqual([[], 0n])
    world.blocks(3)
    expect(world.broken()).toEqual([])
  })

  it('gains nothing on the other side by being split into equal parts', () => {
    const losses = [1, 2].map((parts) => {
      const world = insured(500n * E6)
      const market = world.perpetual()
      const { address } = world.of('bold')
      if (parts === 2) expect(world.act('bold', transferCash(address, `${address}/1`, START / 2n))).toBe('0')
      const sizeE9 = (12n * E9) / BigInt(parts)
      for (let i = 0; i < parts; i++)
        expect(world.order('bold', { market, subaccount: i, isBuy: false, sizeE9 })).toBe('0')
      expect(world.order('calm', { market, isBuy: false, sizeE9: 12n * E9 })).toBe('0')
      expect(world.order('long', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
      expect(world.order('whale', { market, isBuy: true, sizeE9: 4n * E9 })).toBe('0')
      expect(gapAndResolve(world, 'long', 1_900n * E9)).toBe(true)
      expect(world.broken()).toEqual([])
      const own = closed(world).filter(([name]) => name === 'bold')
      return own.reduce((sum, [, size, loss]) => [sum[0]! + size, sum[1]! + loss], [0n, 0n])
    })
    expect(losses[0]![0]).toBe(10n * E9)
    expect(losses[1]).toEqual(losses[0])
  })
})

describe('an isolated subaccount', () => {
  /** `long` has 5,000 in its cross account and the rest in an isolated one, in which it buys 15 ETH. */
  function isolated(insuredE6: bigint) {
    const world = insured(insuredE6)
    const market = world.perpetual()
    const { address } = world.of('long')
    const open = message('causeway.risk.v1.MsgOpenIsolated', { holder: `${address}/1` })
    expect(world.act('long', open)).toBe('0')
    expect(world.act('long', transferCash(address, `${address}/1`, START - 8_000n * E6))).toBe('0')
    return { world, market }
  }

  it('has no recourse to what its owner has elsewhere', () => {
    const { world, market } = isolated(0n)
    for (const name of ['short', 'bold'])
      expect(world.order(name, { market, isBuy: false, sizeE9: 6n * E9 })).toBe('0')
    expect(world.order('long', { market, subaccount: 1, isBuy: true, sizeE9: 12n * E9 })).toBe('0')
    expect(gapAndResolve(world, 'long', 1_900n * E9, 1)).toBe(true)
    expect(world.cash('long')).toBe(8_000n * E6)
    expect([sizeOf(world, 'long', 1), world.cash('long', 1)]).toEqual([[], 0n])
    // Not even as a group's: the others have paid
    expect(closed(world).map(([, , loss]) => loss > 0n)).toEqual([true, true])
    expect(world.broken()).toEqual([])
  })

  it('leaves its owner’s hedge in the queue where a stranger’s would stand', () => {
    const { world, market } = isolated(0n)
    // Short 6 each: the owner with 8,000 in its cross account, bold with 7,000, calm with 20,000
    const { address } = world.of('bold')
    expect(world.act('bold', transferCash(address, `${address}/9`, START - 7_000n * E6))).toBe('0')
    for (const [name, buyer] of [
      ['long', 'whale'],
      ['bold', 'late'],
      ['calm', 'late'],
    ] as const) {
      expect(world.order(name, { market, isBuy: false, sizeE9: 6n * E9 })).toBe('0')
      expect(world.order(buyer, { market, isBuy: true, sizeE9: 6n * E9 })).toBe('0')
    }
    // Late sells its 12 to the isolated subaccount
    expect(world.order('late', { market, isBuy: false, sizeE9: 12n * E9 })).toBe('0')
    expect(world.order('long', { market, subaccount: 1, isBuy: true, sizeE9: 12n * E9 })).toBe('0')
    expect([sizeOf(world, 'long', 1), sizeOf(world, 'late')]).toEqual([[12n * E9], []])
    expect(gapAndResolve(world, 'long', 1_900n * E9, 1)).toBe(true)
    const parts = closed(world)
    expect(parts.map(([name]) => name)).toEqual(['bold', 'long'])
    expect(parts[0]!.slice(1)).toEqual(parts[1]!.slice(1))
    expect(sizeOf(world, 'long')).toEqual([])
    expect(world.cash('long') > 8_000n * E6).toBe(true)
    expect(world.broken()).toEqual([])
  })
})

function cashOfAll(world: InsuredHub, name: string): bigint {
  return [0, 1, 2, 3].reduce((sum, subaccount) => sum + world.cash(name, subaccount), 0n)
}

/** Positive cash of all. */
function creditsE6(world: InsuredHub): bigint {
  return BigInt(world.pool().lentE6)
}
