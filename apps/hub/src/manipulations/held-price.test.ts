// Sniping a held price: the market has jumped 10 %, the oracle holds the price from before for three heights,
// and makers' orders from before the jump still rest.
import { describe, expect, it } from 'vitest'
import { message } from '../testing/messages.fixture.ts'
import { E6, E9, ETH, cashOf, redeem, transferCash } from '../testing/trading-hub.fixture.ts'
import { arena, takeQuote, worthE6 } from './arena.fixture.ts'
import type { Arena } from './arena.fixture.ts'

const NAMES = ['held maker', 'held sniper', 'held friend', 'held short'] as const
const [MAKER, SNIPER, FRIEND, SHORT] = NAMES

/** The maker asks 3,001 for 5; another is short 1 from before. Then the world's price is 3,300. */
function jumped() {
  const world = arena(NAMES)
  expect(world.fund(...NAMES)).toBe(true)
  const market = world.market('ETH-PERP').market!.id
  const one = { market, sizeE9: E9, limitE9: 3_000n * E9 }
  expect(world.order(MAKER, { ...one, isBuy: true })).toBe('0')
  expect(world.order(SHORT, { ...one, isBuy: false })).toBe('0')
  expect(world.order(MAKER, { market, isBuy: false, sizeE9: 5n * E9, limitE9: 3_001n * E9 })).toBe('0')
  world.prices.set(ETH, 3_300n * E9)
  world.blocks(2)
  return { world, market, snipe: { market, isBuy: true, limitE9: 3_001n * E9, sizeE9: 5n * E9 } }
}

const cancelAll = (world: Arena, name: string) =>
  world.trade(
    name,
    message('causeway.markets.v1.MsgCancelAll', {
      signer: world.of(name).address,
      subaccount: 0,
      market: 0n,
    }),
  )

describe('a price that is held', () => {
  it('is sniped by no order and no quote, while the maker may cancel: it loses nothing', async () => {
    const { world, snipe } = jumped()
    const before = worthE6(world, MAKER)
    expect(world.order(SNIPER, snipe)).toBe('markets/3')
    const { world: again, snipe: same } = jumped()
    const legs = [['ETH-PERP', 5, 3_001]] as const
    expect(await takeQuote(again, { taker: SNIPER, maker: FRIEND, legs })).toBe('markets/3')
    // In lane 3, before whatever the sniper sends.
    const third = jumped()
    expect(cancelAll(third.world, MAKER)).toBe('0')
    third.world.blocks(4)
    expect(third.world.market('ETH-PERP').figures!.indexE9).toBe(3_300n * E9)
    expect(third.world.order(SNIPER, same)).toBe('0')
    third.world.blocks(2)
    // It is long the one that it had bought before: 1 × 0.5 % of basis at most is all that the jump changed.
    expect(worthE6(third.world, SNIPER)).toBe(20_000n * E6)
    expect(worthE6(third.world, MAKER) > before).toBe(true)
    expect(third.world.broken()).toEqual([])
  })

  it('lets who is short close against an order that rested, but no further than to nothing', () => {
    const { world, market } = jumped()
    const close = { market, isBuy: true, limitE9: 3_001n * E9, sizeE9: 3n * E9, reduceOnly: true }
    expect(world.order(SHORT, close)).toBe('0')
    world.blocks(1)
    // The maker’s ask shrinks its own long of 1 with it: nobody has more open than before.
    expect(BigInt(world.market('ETH-PERP').figures!.openInterestE9)).toBeLessThanOrEqual(E9)
    expect(world.broken()).toEqual([])
  })

  it('lets nothing out: who knows of the jump can’t take its money away meanwhile', () => {
    const { world } = jumped()
    const { of } = world
    expect(world.act(SHORT, redeem(of(SHORT), 19_000n * E6))).toBe('risk/2')
    const away = jumped().world
    expect(away.act(SHORT, transferCash(of(SHORT).address, of(FRIEND).address, 19_000n * E6))).toBe('risk/2')
    expect(cashOf(away.driver, of(FRIEND).address)).toBe(20_000n * E6)
  })

  it('stays held when nobody knows the new one: an outage is no way round it', () => {
    const { world, snipe } = jumped()
    world.prices.delete(ETH)
    world.blocks(2)
    expect(world.order(SNIPER, snipe)).toBe('markets/3')
    world.blocks(20)
    expect(world.order(SNIPER, snipe)).toBe('markets/3')
    expect(world.broken()).toEqual([])
  })
})
