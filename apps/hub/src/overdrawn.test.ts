// Negative cash above half of the collateral at initial haircuts: sold down in the hub whole, against real
// bids, and what its owner would do against that.
import type { JsonValue } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { arena, ether } from './manipulations/arena.fixture.ts'
import type { ArenaOptions } from './manipulations/arena.fixture.ts'
import { cashOwed } from './testing/debts.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import {
  E6,
  E9,
  ETH,
  USD,
  balanceOf,
  cashOf,
  order,
  portfolio,
  redeem,
  tradingGenesis,
  transferCash,
} from './testing/trading-hub.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'

const NAMES = ['overdrawn debtor', 'overdrawn bidder'] as const
const [DEBTOR, BIDDER] = NAMES
const GRID = { tickE9: '10000000', lotE9: '100000000' }
const WEI = 10n ** 18n
const ETH_HELD = 10n * WEI
const WEIGHTS = [
  { asset: `${USD}`, initialWeightBps: 9_000, maintenanceWeightBps: 9_500 },
  { asset: `${ETH}`, initialWeightBps: 7_500, maintenanceWeightBps: 8_500, cancelsRisk: true },
]

/** Ten ETH at 3,000 cover 22,500 at first: a debt of 11,250 is the limit. Beside them it has `usd` USDZ. */
function scene({ debt = 15_000n, usd = 0n, hasSpot = true, ...options }: Partial<Terms> = {}) {
  const wallets = NAMES.map((name) => new Wallet(name))
  const debtor = wallets[0]!.address
  const base = tradingGenesis(wallets) as unknown as { ledger: Ledger }
  const balances = base.ledger.balances.filter(({ holder, denom }) => holder !== debtor || denom !== 'usdz')
  const [line] = base.ledger.lines
  const ledger = {
    ...base.ledger,
    lines: [
      { ...line!, escrowed: `${(20_000n + usd) * E6}` },
      { ...line!, denom: 'transfer/07-tendermint-0/weth', asset: 'eth', escrowed: `${ETH_HELD}` },
    ],
    balances: [
      ...balances,
      { holder: debtor, denom: 'eth', amount: `${ETH_HELD}` },
      ...(usd > 0n ? [{ holder: debtor, denom: 'usdz', amount: `${usd * E6}` }] : []),
    ],
  }
  const world = arena(NAMES, {
    ...options,
    underlying: hasSpot ? { spot: GRID } : {},
    genesis: {
      ledger,
      risk: { weights: WEIGHTS },
      cash: { assets: [{ asset: `${USD}` }], ...cashOwed({ [debtor]: debt * E6 }) },
      markets: { underlyings: [ether(hasSpot ? { spot: GRID } : {})] },
    } as unknown as Record<string, JsonValue>,
  })
  const { driver, of } = world
  const told: string[] = []
  const seen = { blocks: 0 }
  return {
    ...world,
    debtor,
    eth: () => balanceOf(driver, of(DEBTOR).address, 'eth'),
    cash: () => cashOf(driver, of(DEBTOR).address),
    /** Statuses in the order of their events. */
    told() {
      for (const { events, txResults } of driver.responses.slice(seen.blocks))
        for (const { type, attributes } of [...txResults.flatMap((result) => result.events), ...events])
          if (type === 'causeway.cash.v1.overdrawn')
            told.push(attributes.find(({ key }) => key === 'status')!.value)
      seen.blocks = driver.responses.length
      return told
    },
    bid(price: number, size = 5) {
      const { id } = world.market('ETH-SPOT').market!
      const terms = {
        sizeE9: BigInt(Math.round(size * 10)) * 100_000_000n,
        limitE9: BigInt(price * 100) * 10_000_000n,
      }
      if (cashOf(driver, of(BIDDER).address) === 0n) expect(world.fund(BIDDER)).toBe(true)
      expect(world.order(BIDDER, { market: id, isBuy: true, ...terms })).toBe('0')
    },
  }
}

interface Terms extends ArenaOptions {
  readonly debt: bigint
  readonly usd: bigint
  readonly hasSpot: boolean
}

interface Ledger {
  readonly lines: readonly object[]
  readonly balances: readonly { holder: string; denom: string }[]
}

describe('a debt beyond half of what its collateral covers', () => {
  it('is sold down at the bids, to the limit and no further', () => {
    const world = scene()
    world.bid(2_990)
    world.blocks(6)
    // (30,000 − 99 % of 22,500) ÷ (2 − 99 % of 0.75): 6,143 at the mark, in whole lots.
    expect(world.eth()).toBe(ETH_HELD - (21n * WEI) / 10n)
    const proceeds = 15_000n * E6 + world.cash()
    expect(proceeds).toBeGreaterThan((21n * 2_990n * E6 * 999n) / 10_000n)
    expect(proceeds).toBeLessThanOrEqual((21n * 2_990n * E6) / 10n)
    expect(-2n * world.cash()).toBeLessThanOrEqual(((79n * 3_000n * 75n) / 1_000n) * E6)
    expect(world.told()).toEqual(['stuck', 'selling', 'none'].slice(-world.told().length))
    const after = world.eth()
    world.blocks(20)
    expect(world.eth()).toBe(after)
    expect(world.broken()).toEqual([])
  })

  it('is left alone within it', () => {
    const world = scene({ debt: 11_249n })
    world.bid(2_990)
    world.blocks(5)
    expect([world.eth(), world.told()]).toEqual([ETH_HELD, []])
  })

  it('sells nothing lower than 5 % below the mark', () => {
    const world = scene()
    world.bid(2_849)
    world.blocks(5)
    expect([world.eth(), world.told()]).toEqual([ETH_HELD, ['selling']])
    world.bid(2_850, 1)
    world.blocks(2)
    expect(world.eth()).toBe(ETH_HELD - WEI)
  })

  it('sells nothing at a price that isn’t fresh', () => {
    const world = scene()
    world.prices.delete(ETH)
    world.blocks(1, 30n)
    const before = world.eth()
    world.blocks(5)
    expect(world.eth()).toBe(before)
    world.prices.set(ETH, 3_000n * E9)
    world.blocks(3)
    world.bid(2_990)
    world.blocks(3)
    expect(world.eth()).toBeLessThan(before)
  })

  it('becomes cash first where the token converts, without an auction', () => {
    // 10,000 USDZ and ten ETH cover 31,500: (40,000 − 99 % of that) ÷ (2 − 99 % of 0.9) of USDZ.
    const world = scene({ debt: 20_000n, usd: 10_000n })
    world.bid(2_990)
    world.blocks(3)
    expect(world.eth()).toBe(ETH_HELD)
    expect(balanceOf(world.driver, world.debtor, 'usdz') / E6).toBe(10_000n - 7_949n)
    expect(world.cash() / E6).toBe(-12_051n)
    expect(world.told().at(-1)).toBe('none')
    expect(world.broken()).toEqual([])
  })

  it('is told where nothing trades the asset, and can open nothing but sell', () => {
    const world = scene({ hasSpot: false })
    world.blocks(2)
    expect(world.told()).toEqual(['stuck'])
    const { id: market } = world.market('ETH-PERP').market!
    const buy = { market, sizeE9: E9 / 10n, limitE9: 3_000n * E9 }
    expect(world.order(DEBTOR, { ...buy, isBuy: true })).toBe('0')
    const closed = world.driver.responses.at(-1)!.events.filter(({ type }) => type.endsWith('v1.closed'))
    expect(closed[0]!.attributes.find(({ key }) => key === 'reason')!.value).toBe('margin')
    expect(portfolio(world.driver, world.debtor).positions).toEqual([])
    expect(BigInt(portfolio(world.driver, world.debtor).initialMarginE6)).toBeGreaterThan(2_000n * E6)
    expect(world.act(DEBTOR, redeem(world.of(DEBTOR), E6))).toBe('cash/23')
    expect(world.broken()).toEqual([])
  })

  it('ends with what comes in, and then it may open again', () => {
    const world = scene({ hasSpot: false })
    world.blocks(1)
    expect(world.fund(BIDDER)).toBe(true)
    const gift = transferCash(world.of(BIDDER).address, world.debtor, 16_000n * E6)
    expect(world.act(BIDDER, gift)).toBe('0')
    expect(world.told()).toEqual(['stuck', 'none'])
    const { id: market } = world.market('ETH-PERP').market!
    expect(world.order(DEBTOR, { market, sizeE9: E9 / 10n, limitE9: 2_900n * E9, isBuy: true })).toBe('0')
    world.blocks(1)
    expect(
      world.driver.responses.flatMap(({ events }) => events).filter(({ type }) => type.endsWith('v1.closed')),
    ).toEqual([])
    expect(world.broken()).toEqual([])
  })
})

describe('its owner', () => {
  it('doesn’t cancel the sale', () => {
    const world = scene()
    expect(world.fund(BIDDER)).toBe(true)
    world.blocks(1)
    const { driver, of } = world
    const { id: market } = world.market('ETH-SPOT').market!
    const bid = order(of(BIDDER), { market, isBuy: true, sizeE9: 5n * E9, limitE9: 2_990n * E9 })
    const orders = (block: number) =>
      driver.responses.at(block)!.events.filter(({ type }) => type === 'causeway.markets.v1.order')
    const last = BigInt(orders(-1)[0]!.attributes.find(({ key }) => key === 'order')!.value)
    const own = { signer: world.debtor, subaccount: 0 }
    const acts = [
      [BIDDER, bid],
      [DEBTOR, message('causeway.markets.v1.MsgCancelAll', { ...own, market: 0n })],
      // That of this block has the next number.
      [DEBTOR, message('causeway.markets.v1.MsgCancelOrder', { ...own, orderId: last + 1n })],
    ] as const
    for (const [i, [name, act]] of acts.entries()) {
      const sequence = driver.timeNanoseconds / 1_000_000n + BigInt(i)
      expect(codeOf(driver.submit(of(name).sign([act], { gasLimit: 30_000n, fee: [], sequence })))).toBe('0')
    }
    const codes = driver.block().txResults.slice(1).map(codeOf)
    expect([...codes].sort()).toEqual(['0', '0', 'markets/9'])
    expect(world.eth()).toBe(ETH_HELD - (21n * WEI) / 10n)
  })

  it('doesn’t stand in its way with a bid of another subaccount: that goes', () => {
    const world = scene({ usd: 4_000n, debt: 17_000n })
    const { id: market } = world.market('ETH-SPOT').market!
    const from = { from: world.debtor, to: `${world.debtor}/1`, amountE6: '1' }
    expect(world.act(DEBTOR, message('causeway.cash.v1.MsgTransferCash', from))).toBe('cash/2')
    expect(world.fund(BIDDER)).toBe(true)
    expect(world.act(BIDDER, transferCash(world.of(BIDDER).address, `${world.debtor}/1`, 4_000n * E6))).toBe(
      '0',
    )
    const own = { subaccount: 1, market, isBuy: true, sizeE9: E9, limitE9: 3_000n * E9 }
    expect(world.order(DEBTOR, own)).toBe('0')
    expect(world.order(BIDDER, { market, isBuy: true, sizeE9: 4n * E9, limitE9: 2_980n * E9 })).toBe('0')
    world.blocks(4)
    const closed = world.driver.responses
      .flatMap(({ events }) => events)
      .filter(({ type }) => type.endsWith('v1.closed'))
    expect(
      closed
        .flatMap(({ attributes }) => attributes.filter(({ key }) => key === 'reason'))
        .map(({ value }) => value),
    ).toContain('selfTrade')
    expect(world.eth()).toBeLessThan(ETH_HELD)
    expect(world.broken()).toEqual([])
  })
})
