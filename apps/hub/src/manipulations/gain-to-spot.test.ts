// Cashing a gain out as tokens: the second account of an attacker gains by RFQ, its cash is locked, and it
// buys spot for it, which could be taken out at once. Two wallets which nothing links.
import { expect, it } from 'vitest'
import type { JsonValue } from '@causeway/primitives'
import { message } from '../testing/messages.fixture.ts'
import {
  E6,
  E9,
  ETH,
  USD,
  balanceOf,
  cashOf,
  redeem,
  tradingGenesis,
} from '../testing/trading-hub.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'
import { arena, ether, takeQuote } from './arena.fixture.ts'

const NAMES = ['gain to spot first', 'gain to spot second', 'gain to spot honest'] as const
const [FIRST, SECOND, HONEST] = NAMES
const GRID = { tickE9: '10000000', lotE9: '100000000' }
const ETHER = 10n ** 18n
const LINE = 'transfer/07-tendermint-0/weth'

/** The arena with ether that can be taken out over a line; one of them holds ten. */
function withEther(owner = 2) {
  const wallets = NAMES.map((name) => new Wallet(name))
  const { ledger: base } = tradingGenesis(wallets) as unknown as {
    readonly ledger: { readonly lines: readonly object[]; readonly balances: readonly object[] }
  }
  const escrowed = `${10n * ETHER}`
  const ledger = {
    ...base,
    lines: [base.lines[0], { ...base.lines[0], denom: LINE, asset: 'eth', escrowed }],
    balances: [...base.balances, { holder: wallets[owner]!.address, denom: 'eth', amount: escrowed }],
  }
  const weight = { initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }
  const weights = [
    { asset: `${USD}`, ...weight },
    { asset: `${ETH}`, initialWeightBps: 7_500, maintenanceWeightBps: 8_500, cancelsRisk: true },
  ]
  const genesis = {
    ...{ ledger, cash: { assets: [{ asset: `${USD}` }] }, risk: { weights } },
    markets: { underlyings: [ether({ spot: GRID })] },
  }
  return arena(NAMES, { genesis: genesis as unknown as Record<string, JsonValue> })
}

it('buys nothing for ten minutes; own cash does, and who sold takes its price out at once', async () => {
  const world = withEther()
  const { driver, of } = world
  expect(world.fund(...NAMES)).toBe(true)
  const [second, honest] = [of(SECOND), of(HONEST)]
  const own = cashOf(driver, second.address)
  // 20 ETH at 5 % above the mark, and back at it: some 3,000 are gained, and locked.
  const quote = (size: number, price: number) =>
    takeQuote(world, { taker: FIRST, maker: SECOND, legs: [['ETH-PERP', size, price]] })
  expect([await quote(20, 3_150), await quote(-20, 3_000)]).toEqual(['0', '0'])
  const gain = cashOf(driver, second.address) - own
  expect(gain / E6).toBeGreaterThan(2_900n)
  const left = 100n * E6
  expect(world.act(SECOND, redeem(second, own - left))).toBe('0')
  expect(world.act(SECOND, redeem(second, left + 1n))).toBe('cash/2')
  // In the auction, and by RFQ
  const market = world.market('ETH-SPOT').market!.id
  const limitE9 = 3_000n * E9
  expect(world.order(HONEST, { market, isBuy: false, sizeE9: E9, limitE9 })).toBe('0')
  world.order(SECOND, { market, isBuy: true, sizeE9: (E9 * 9n) / 10n, limitE9 })
  const legs = [['ETH-SPOT', 0.9, 3_000]] as const
  expect(await takeQuote(world, { taker: SECOND, maker: HONEST, legs })).toBe('cash/2')
  expect(balanceOf(driver, second.address, 'eth')).toBe(0n)
  expect(cashOf(driver, second.address)).toBe(gain + left)
  // Ten minutes later it is its own: what it buys leaves, and the seller's price is free at once
  world.blocks(90, 8n)
  world.order(SECOND, { market, isBuy: true, sizeE9: (E9 * 9n) / 10n, limitE9 })
  const held = balanceOf(driver, second.address, 'eth')
  expect(held).toBe((ETHER * 9n) / 10n)
  const out = { holder: second.address, line: LINE, amount: `${held}`, receiver: 'zone1somebody' }
  expect(world.act(SECOND, message('causeway.cash.v1.MsgWithdraw', out))).toBe('0')
  expect(world.act(HONEST, redeem(honest, cashOf(driver, honest.address)))).toBe('0')
  expect(world.broken()).toEqual([])
})

it('frees no collateral by paying a debt that was made before', async () => {
  const world = withEther(1)
  const { driver, of } = world
  expect(world.fund(...NAMES)).toBe(true)
  const second = of(SECOND)
  const trip = async (taker: string, maker: string) => {
    const quote = (size: number, price: number) =>
      takeQuote(world, { taker, maker, legs: [['ETH-PERP', size, price]] })
    expect([await quote(20, 3_150), await quote(-20, 3_000)]).toEqual(['0', '0'])
  }
  const out = (amount: bigint) => {
    const fields = { holder: second.address, line: LINE, amount: `${amount}`, receiver: 'zone1somebody' }
    return world.act(SECOND, message('causeway.cash.v1.MsgWithdraw', fields))
  }
  // Long before: it loses some 3,000 that it has no cash for, and who gains that takes it out in time
  expect(world.act(SECOND, redeem(second, cashOf(driver, second.address) - 10n * E6))).toBe('0')
  await trip(SECOND, HONEST)
  expect(cashOf(driver, second.address)).toBeLessThan(-2_900n * E6)
  world.blocks(90, 8n)
  expect(out(10n * ETHER)).toBe('risk/1')
  await trip(FIRST, SECOND)
  expect(world.act(SECOND, redeem(second, 1n))).toBe('cash/2')
  expect(out(10n * ETHER - ETHER / 100n)).toBe('risk/1')
  world.blocks(90, 8n)
  expect(out(9n * ETHER)).toBe('0')
  expect(world.broken()).toEqual([])
})
