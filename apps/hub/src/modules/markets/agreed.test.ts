// Trades made elsewhere, and what was tried with them on other chains.
import { MsgExecuteRfq, MsgGrantVenue, MsgRevokeVenue } from '@causeway/protocol/causeway/markets/v1/tx'
import type { RfqLeg, RfqQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import type { VenueTrade } from './market.ts'
import { DEFAULT_PARAMS, writeParams } from './params.ts'
import { quoteText } from './quote-text.ts'
import { MARKETS_STORE } from './state.ts'
import { E6, E9, ETH, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB, CAROL] = [trader('alice'), trader('bob'), trader('carol')]
const CALL = 'ETH-20270116-3000-C'

let world: World
beforeEach(() => {
  world = new World()
  for (const each of [ALICE, BOB, CAROL]) world.fund(each, 100_000n)
  world.prices.forwardE9 = 3_000n * E9
  world.end()
  world.end()
})

function quoteOf(legs: readonly [string, number, number][], change: Partial<RfqQuote> = {}): RfqQuote {
  return {
    maker: addresses.encode(BOB.account),
    makerSubaccount: 0,
    taker: '',
    legs: legs.map(([symbol, size, price]): RfqLeg => {
      const [sizeE9, priceE9] = [Math.abs(size), price].map((each) => BigInt(Math.round(each * 1e9)))
      return { market: world.market(symbol).id, isBuy: size > 0, sizeE9: sizeE9!, priceE9: priceE9! }
    }),
    expireSeconds: world.seconds + 60n,
    nonce: 1n,
    ...change,
  }
}

function take(
  quote: RfqQuote,
  { by = ALICE, isSigned = true }: { by?: Holder; isSigned?: boolean } = {},
): void {
  if (isSigned) world.signed.add(`${quote.maker} ${quoteText('causeway-1', quote)}`)
  const message = MsgExecuteRfq.fromPartial({
    signer: addresses.encode(by.account),
    subaccount: by.subaccount,
    quote,
    makerSignature: Uint8Array.of(1),
  })
  world.run('MsgExecuteRfq', by, message, MsgExecuteRfq)
}

const refused = (quote: RfqQuote, options?: Parameters<typeof take>[1]) => refusal(() => take(quote, options))

describe('a quote', () => {
  it('is taken leg by leg, all at once, at its prices', () => {
    take(
      quoteOf([
        [CALL, 2, 101],
        ['ETH-PERP', -1, 3_010],
      ]),
    )
    expect([world.size(ALICE, CALL), world.size(ALICE)]).toEqual([2, -1])
    expect([world.size(BOB, CALL), world.size(BOB)]).toEqual([-2, 1])
    world.end()
    expect(world.told('fill').map(({ role, order }) => `${role} ${order}`)).toEqual(Array(4).fill('rfq 0'))
    expect(world.totalE6).toBe(300_000n * E6)
    expect(world.broken).toEqual([])
  })

  it('is what the maker signed, once, in time, for whom it names', () => {
    const quote = quoteOf([['ETH-PERP', 1, 3_000]])
    expect(refused(quote, { isSigned: false })).toBe('markets/35')
    expect(refused({ ...quote, nonce: 2n, taker: addresses.encode(CAROL.account) })).toBe('markets/24')
    expect(refused({ ...quote, nonce: 3n, expireSeconds: world.seconds })).toBe('markets/21')
    expect(refused({ ...quote, nonce: 4n, expireSeconds: world.seconds + 301n })).toBe('markets/22')
    take(quote)
    expect(refused(quote)).toBe('markets/23')
    // A changed quote is another text.
    const better = { ...quote, nonce: 5n, legs: quote.legs.map((leg) => ({ ...leg, priceE9: 2_900n * E9 })) }
    expect(refused(better, { isSigned: false })).toBe('markets/35')
    world.pass(70n, 10n)
    expect(refused(quote)).toBe('markets/21')
    expect([...world.module.invariants!(world.context)]).toEqual([])
  })

  it.each([
    ['no legs', () => quoteOf([]), 'markets/20'],
    [
      'a market twice',
      () =>
        quoteOf([
          ['ETH-PERP', 1, 3_000],
          ['ETH-PERP', -1, 3_000],
        ]),
      'markets/20',
    ],
    ['another lot', () => quoteOf([['ETH-PERP', 0.11, 3_000]]), 'markets/4'],
    ['beyond 5 % of the mark', () => quoteOf([['ETH-PERP', 1, 3_151]]), 'markets/26'],
    ['an option beyond 1 % of the index', () => quoteOf([[CALL, 1, 131]]), 'markets/26'],
  ])('is refused with %s', (_, quote, code) => {
    expect(refused(quote())).toBe(code)
  })

  it('changes nothing when one party lacks margin after the whole', () => {
    const poor = trader('poor')
    world.fund(poor, 100n)
    const quote = quoteOf([
      [CALL, 0.1, 100],
      ['ETH-PERP', 3, 3_000],
    ])
    expect(refused(quote, { by: poor })).toBe('risk/1')
    expect([world.size(poor), world.size(BOB)]).toEqual([0, 0])
    take(quote)
    expect(world.size(ALICE)).toBe(3)
  })
})

describe('tried elsewhere, refused here', () => {
  it('an owner doesn’t trade with itself, through whatever subaccount', () => {
    const own = quoteOf([['ETH-PERP', 1, 3_000]], {
      maker: addresses.encode(ALICE.account),
      makerSubaccount: 4,
    })
    expect(refused(own)).toBe('markets/25')
  })

  it('a held price is not sniped: nothing opens by RFQ, by order or by venue', () => {
    const quote = quoteOf([['ETH-PERP', 1, 3_000]])
    world.prices.state = 'held'
    expect(refused(quote)).toBe('markets/3')
    expect(world.refusal(ALICE, { size: 1, price: 3_000 })).toBe('markets/3')
    grant(ALICE)
    grant(BOB)
    expect(world.markets.clear(world.context, CLIENT, [venueTrade()])).toEqual(['markets/3'])
    expect([world.size(ALICE), world.size(BOB)]).toEqual([0, 0])
  })

  it('a thin mark moves 0.5 % at most, and what is gained at it stays for ten minutes', () => {
    // The attacker's two accounts; the honest book is empty. A wall of bids 4 % up, rested long enough.
    const second = CAROL
    world.place(ALICE, { size: 10, price: 3_120 })
    world.place(ALICE, { size: -10, price: 3_121 })
    for (let i = 0; i < 300; i++) world.end()
    const { markE9 } = world.markets.figures(world.context, world.market('ETH-PERP').id)
    expect(markE9).toBe(3_015n * E9)
    // Outside 5 % of that mark nothing can be agreed on, whoever signs.
    const robbery = quoteOf([['ETH-PERP', 1, 3_200]], { maker: addresses.encode(second.account) })
    expect(refused(robbery)).toBe('markets/26')
    // Within it the second account sells to the first above the index: the loss is the first's own cash.
    const before = world.totalE6
    const gift = quoteOf([['ETH-PERP', 5, 3_120]], { maker: addresses.encode(second.account), nonce: 9n })
    take(gift)
    const gained = world.cashOf(second) - 100_000n * E6
    expect(gained).toBe(5n * 105n * E6 - 3_120_000n)
    expect(world.locked.get(addresses.encode(second.account))).toBe(gained)
    expect(world.totalE6).toBe(before)
    world.end()
    expect(world.broken).toEqual([])
  })

  it('one who only closes may do so below its requirement, at a price near the mark alone', () => {
    const poor = trader('poor')
    world.fund(poor, 1_000n)
    take(quoteOf([['ETH-PERP', 3, 3_000]]), { by: poor })
    world.prices.indexE9 = 2_800n * E9
    world.end()
    world.end()
    expect(world.initialMarginE6(poor, [])).toBeLessThan(0n)
    const at = (price: number, nonce: bigint) => quoteOf([['ETH-PERP', -1, price]], { nonce })
    expect(refused(at(2_760, 7n), { by: poor })).toBe('risk/1')
    take(at(2_800, 8n), { by: poor })
    expect(world.size(poor)).toBe(2)
  })

  it('splitting accounts round a cap gains nothing', () => {
    world = new World({ underlying: { ownerCapE9: `${2n * E9}` } })
    const second = trader('alice', 1)
    for (const each of [ALICE, second, BOB]) world.fund(each, 100_000n)
    world.end()
    take(quoteOf([['ETH-PERP', 2, 3_000]]))
    expect(refused(quoteOf([['ETH-PERP', 1, 3_000]], { nonce: 2n }), { by: second })).toBe('markets/27')
    expect(world.size(second)).toBe(0)
  })
})

const CLIENT = 'ethereum-0'
const VENUE = new Uint8Array(20).fill(9)

function venueTrade(change: Partial<VenueTrade> = {}, number = 1): VenueTrade {
  const tradeId = new Uint8Array(32).fill(number)
  tradeId.set(VENUE)
  return {
    tradeId,
    buyer: ALICE.account,
    buyerSubaccount: 0,
    seller: BOB.account,
    sellerSubaccount: 0,
    market: world.market('ETH-PERP').id,
    sizeE9: E9,
    priceE9: 3_000n * E9,
    ...change,
  }
}

function grant(holder: Holder, change: Partial<MsgGrantVenue> = {}, isSession = false): void {
  const message: MsgGrantVenue = {
    signer: addresses.encode(holder.account),
    subaccount: holder.subaccount,
    client: CLIENT,
    sender: VENUE,
    markets: [world.market('ETH-PERP').id],
    notionalMaxE6PerDay: 10_000n * E6,
    openNotionalMaxE6: 7_000n * E6,
    distanceMaxBps: 100,
    expirySeconds: world.seconds + 86_400n * 10n,
    ...change,
  }
  world.run('MsgGrantVenue', holder, message, MsgGrantVenue, { isSession })
}

describe('trades of a venue', () => {
  const clear = (...trades: VenueTrade[]) => world.markets.clear(world.context, CLIENT, trades)
  const NOT_GRANTED = 'clearing/not-granted'

  it('are taken with the leave of both, each once', () => {
    grant(ALICE)
    expect(clear(venueTrade())).toEqual([NOT_GRANTED])
    grant(BOB)
    expect(clear(venueTrade(), venueTrade())).toEqual(['', 'clearing/already-cleared'])
    expect([world.size(ALICE), world.size(BOB)]).toEqual([1, -1])
    world.end()
    expect(clear(venueTrade())).toEqual(['clearing/already-cleared'])
    expect(world.broken).toEqual([])
  })

  it('of a stranger are not: another venue, another client, another subaccount', () => {
    grant(ALICE)
    grant(BOB)
    const other = venueTrade().tradeId.with(0, 7)
    expect(clear(venueTrade({ tradeId: other }), venueTrade({ buyerSubaccount: 1 }))).toEqual([
      NOT_GRANTED,
      NOT_GRANTED,
    ])
    expect(world.markets.clear(world.context, 'ethereum-1', [venueTrade()])).toEqual([NOT_GRANTED])
    expect(
      clear(venueTrade({ market: 5n }), venueTrade({ seller: ALICE.account, sellerSubaccount: 1 })),
    ).toEqual(['clearing/not-listed', 'clearing/same-owner'])
  })

  it('stay within the grant: markets, distance, notional a day, open notional, time', () => {
    grant(ALICE)
    grant(BOB, { openNotionalMaxE6: 10n ** 15n, notionalMaxE6PerDay: 10n ** 15n, distanceMaxBps: 10_000 })
    expect(clear(venueTrade({ priceE9: 3_031n * E9 }))).toEqual([NOT_GRANTED])
    expect(clear(venueTrade({ market: world.market('ETH-SPOT').id }))).toEqual([NOT_GRANTED])
    expect(clear(venueTrade({ sizeE9: 3n * E9 }))).toEqual([NOT_GRANTED])
    expect(clear(venueTrade({ sizeE9: 2n * E9 }))).toEqual([''])
    // 6,000 of the day's 10,000 are used; closing them adds to the day, not to what is open.
    const back = { buyer: BOB.account, seller: ALICE.account }
    expect(clear(venueTrade({ ...back, sizeE9: 2n * E9 }, 2))).toEqual([NOT_GRANTED])
    expect(clear(venueTrade({ ...back, sizeE9: E9 }, 2))).toEqual([''])
    world.pass(86_400n, 43_200n)
    world.end()
    expect(clear(venueTrade({ ...back, sizeE9: E9 }, 3))).toEqual([''])
    world.pass(86_400n * 10n, 86_400n)
    world.end()
    expect(clear(venueTrade({}, 4))).toEqual([NOT_GRANTED])
  })

  it('one without margin changes nothing, and the others go through', () => {
    const poor = trader('poor')
    world.fund(poor, 10n)
    for (const each of [ALICE, BOB, poor]) grant(each)
    expect(clear(venueTrade({ buyer: poor.account }, 1), venueTrade({}, 2))).toEqual(['risk/1', ''])
    expect([world.size(poor), world.size(ALICE)]).toEqual([0, 1])
    world.fund(poor, 10_000n)
    expect(clear(venueTrade({ buyer: poor.account }, 1))).toEqual([''])
  })

  it('a grant takes a wallet, and its end takes effect at once', () => {
    expect(refusal(() => grant(ALICE, {}, true))).toBe('markets/30')
    expect(refusal(() => grant(ALICE, { markets: [] }))).toBe('markets/31')
    expect(refusal(() => grant(ALICE, { sender: new Uint8Array(32) }))).toBe('markets/31')
    expect(refusal(() => grant(ALICE, { expirySeconds: world.seconds }))).toBe('markets/10')
    grant(ALICE)
    grant(BOB)
    const revoke = () => {
      const message = { signer: addresses.encode(BOB.account), subaccount: 0, client: CLIENT, sender: VENUE }
      world.run('MsgRevokeVenue', BOB, message, MsgRevokeVenue)
    }
    revoke()
    expect(clear(venueTrade())).toEqual([NOT_GRANTED])
    expect(refusal(revoke)).toBe('markets/32')
    // Renewing a grant starts no new day.
    grant(BOB)
    expect(clear(venueTrade({ sizeE9: 2n * E9 }))).toEqual([''])
    grant(BOB)
    grant(ALICE)
    expect(clear(venueTrade({ sizeE9: 2n * E9 }, 2))).toEqual([NOT_GRANTED])
  })

  it('spot changes hands as well', () => {
    world.assets.set(`${addresses.encode(BOB.account)} ${ETH}`, 10n ** 18n)
    for (const each of [ALICE, BOB]) grant(each, { markets: [world.market('ETH-SPOT').id] })
    const spot = { market: world.market('ETH-SPOT').id }
    expect(clear(venueTrade(spot, 1), venueTrade(spot, 2))).toEqual(['', 'markets/34'])
    expect(world.assets.get(`${addresses.encode(ALICE.account)} ${ETH}`)).toBe(10n ** 18n)
    expect(world.locked.size).toBe(0)
  })

  it('spot is paid of free cash', () => {
    const give = () => world.assets.set(`${addresses.encode(BOB.account)} ${ETH}`, 10n ** 18n)
    give()
    const ids = ['ETH-SPOT', 'ETH-PERP'].map((symbol) => world.market(symbol).id)
    const markets = ids.sort((a, b) => (a < b ? -1 : 1))
    for (const each of [ALICE, BOB]) grant(each, { markets })
    const spot = { market: world.market('ETH-SPOT').id }
    const costE6 = 3_000n * E6 + 1_500_000n
    const lock = (freeE6: bigint) =>
      world.locked.set(addresses.encode(ALICE.account), world.cashOf(ALICE) - freeE6)
    lock(costE6 - 1n)
    expect(clear(venueTrade(spot, 1), venueTrade({}, 2))).toEqual(['cash/2', ''])
    // Assets of this world stay moved where a trade is refused.
    give()
    lock(costE6)
    expect(clear(venueTrade(spot, 1))).toEqual([''])
  })
})

describe('spot by quote', () => {
  /** Of one ether: assets of this world stay moved where a trade is refused. */
  const judged = (freeE6: bigint, legs: readonly [string, number, number][]) => {
    world.assets.set(`${addresses.encode(BOB.account)} ${ETH}`, 10n ** 18n)
    world.locked.set(addresses.encode(ALICE.account), world.cashOf(ALICE) - freeE6)
    return refused(quoteOf(legs))
  }

  it('is paid of free cash, whatever the other legs bring', () => {
    const spot: [string, number, number] = ['ETH-SPOT', 1, 3_000]
    expect(judged(0n, [spot])).toBe('cash/2')
    expect(judged(0n, [spot, ['ETH-PERP', 40, 2_960]])).toBe('cash/2')
    expect(judged(3_001_500_000n, [spot])).toBe('nothing')
  })
})

describe('a gain', () => {
  it('is free at once where a vote has set no time for which it stays', () => {
    const params = { ...DEFAULT_PARAMS, gainLockSeconds: 0n }
    writeParams(world.context.store(MARKETS_STORE), params)
    take(quoteOf([['ETH-PERP', 1, 3_100]]))
    expect(world.cashOf(BOB)).toBeGreaterThan(100_090n * E6)
    expect(world.locked.size).toBe(0)
    world.end()
    expect(world.broken).toEqual([])
  })
})
