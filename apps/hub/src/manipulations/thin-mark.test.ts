// Moving a thin mark and cashing out by RFQ to a second account. Two wallets of one attacker, which nothing
// links; an empty book that they fill themselves.
import { describe, expect, it } from 'vitest'
import { message } from '../testing/messages.fixture.ts'
import { E6, E9, cashOf, portfolio, redeem, transferCash } from '../testing/trading-hub.fixture.ts'
import { arena, takeQuote, worthE6 } from './arena.fixture.ts'

const NAMES = ['thin mark first', 'thin mark second', 'thin mark honest'] as const
const [FIRST, SECOND, HONEST] = NAMES

/** Walls 4 % above the index, rested for as long as the basis takes to follow. */
function moved() {
  const world = arena(NAMES)
  expect(world.fund(...NAMES)).toBe(true)
  const market = world.market('ETH-PERP').market!.id
  const wall = { market, sizeE9: 4n * E9 }
  expect(world.order(FIRST, { ...wall, isBuy: true, limitE9: 3_120n * E9 })).toBe('0')
  expect(world.order(SECOND, { ...wall, isBuy: false, limitE9: 3_121n * E9 })).toBe('0')
  world.blocks(40)
  return { world, market, markE9: () => world.market('ETH-PERP').figures!.markE9 }
}

describe('a mark that two accounts of one attacker move', () => {
  it('goes 0.5 % and no further, however long they stand', () => {
    const { world, markE9 } = moved()
    expect(markE9()).toBe(3_015n * E9)
    // 4 % up the walls stand outside 0.5 %: they hold it there, the index does not follow.
    world.blocks(60)
    expect(markE9()).toBe(3_015n * E9)
  })

  it('makes nobody richer: what the second account gains the first has lost, and paid fees for', async () => {
    const { world } = moved()
    const before = worthE6(world, FIRST, SECOND)
    const others = worthE6(world, HONEST)
    // Beyond 5 % of that mark nothing is agreed on, whoever signs.
    const buy = (price: number) =>
      takeQuote(world, { taker: FIRST, maker: SECOND, legs: [['ETH-PERP', 4, price]] })
    expect(await buy(3_170)).toBe('markets/26')
    expect(await buy(3_150)).toBe('0')
    const gained = worthE6(world, SECOND) - before / 2n
    // 4 × (3,150 − 3,015), less a maker's fee: that is all that the band lets over.
    expect(gained / E6).toBe(537n)
    // Together they have lost what they paid: 0.07 % of 12,600.
    expect((before - worthE6(world, FIRST, SECOND)) / 10_000n).toBe(882n)
    expect(worthE6(world, HONEST)).toBe(others)
    expect(world.broken()).toEqual([])
  })

  it('pays nothing out for ten minutes, by no door', async () => {
    const { world } = moved()
    await takeQuote(world, { taker: FIRST, maker: SECOND, legs: [['ETH-PERP', 4, 3_150]] })
    const { driver, of } = world
    const { address } = of(SECOND)
    const own = 20_000n * E6
    const gain = cashOf(driver, address) - own
    expect(gain / E6).toBe(537n)
    expect(world.act(SECOND, redeem(of(SECOND), own + 1n))).toBe('cash/2')
    expect(world.act(SECOND, transferCash(address, of(HONEST).address, own + 1n))).toBe('cash/2')
    expect(world.act(SECOND, transferCash(address, `${address}/1`, own + 1n))).toBe('cash/2')
    // The walls go, the mark falls back, and the gain with it, long before it could leave.
    for (const name of [FIRST, SECOND]) {
      const { address: signer } = of(name)
      const all = { signer, subaccount: 0, market: 0n }
      expect(world.trade(name, message('causeway.markets.v1.MsgCancelAll', all))).toBe('0')
    }
    world.blocks(64, 8n)
    expect(world.market('ETH-PERP').figures!.markE9 / E9).toBe(3_000n)
    expect(world.broken()).toEqual([])
  })

  it('leaves no debt behind: who has too little for the loss can’t take it on', async () => {
    const { world } = moved()
    const { driver, of } = world
    // The first account is emptied to what 4 ETH at the mark require, and then shall buy dear.
    const keep = 900n * E6
    const freeE6 = cashOf(driver, of(FIRST).address)
    const wall = { signer: of(FIRST).address, subaccount: 0, market: 0n }
    expect(world.trade(FIRST, message('causeway.markets.v1.MsgCancelAll', wall))).toBe('0')
    expect(world.act(FIRST, redeem(of(FIRST), freeE6 - keep))).toBe('0')
    const legs = [['ETH-PERP', 4, 3_150]] as const
    expect(await takeQuote(world, { taker: FIRST, maker: SECOND, legs })).toBe('risk/1')
    expect(portfolio(driver, of(FIRST).address).positions).toEqual([])
    expect(cashOf(driver, of(FIRST).address)).toBe(keep)
    expect(world.broken()).toEqual([])
  })
})
