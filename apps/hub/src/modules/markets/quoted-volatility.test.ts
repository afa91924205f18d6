// Options marked by their own quotes, and what makers would like to do with that.
import {
  MsgAmendOrder,
  MsgCancelAll,
  MsgCancelOrder,
  MsgMassQuote,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { readVolatility } from './quoted-volatility.ts'
import { deleteMarket, MARKETS_STORE } from './state.ts'
import { E9, World, addresses, trader } from './world.fixture.ts'

const MAKERS = ['alice', 'bob', 'carol'].map((name) => trader(name))
const [ALICE, BOB, CAROL] = MAKERS as [Holder, Holder, Holder]
const CALL = 'ETH-20270116-3000-C'
const SIZE = 4

let world: World
beforeEach(() => {
  world = new World()
  for (const each of [...MAKERS, trader('alice', 1), trader('dave')]) world.fund(each, 1_000_000n)
  world.prices.forwardE9 = 3_000n * E9
  world.end()
  world.end()
})

const record = (symbol = CALL) => readVolatility(world.context.store(MARKETS_STORE), world.market(symbol).id)
const moved = () => world.markets.markVolatilities(world.context).get(world.market(CALL).id)
/** What the oracle's 60 % becomes. */
const volatility = () => moved()?.(600_000_000n)

function quote(holder: Holder, bid: number, ask: number, size = SIZE): void {
  world.place(holder, { market: CALL, size, price: bid })
  world.place(holder, { market: CALL, size: -size, price: ask })
}

function cancelAll(holder: Holder): void {
  const message = { signer: addresses.encode(holder.account), subaccount: holder.subaccount, market: 0n }
  world.run('MsgCancelAll', holder, message, MsgCancelAll)
}

/** Three makers about a middle of 102, which is 62 %. */
function quoteAll(middle = 102): void {
  for (const [i, holder] of MAKERS.entries()) quote(holder, middle - 3 - i, middle + 3 + i)
}

function blocks(count: number): void {
  for (let i = 0; i < count; i++) world.end()
}

describe('quotes of three', () => {
  it('are the mark once they were there in 80 of 100 blocks', () => {
    quoteAll()
    blocks(79)
    expect(volatility()).toBeUndefined()
    // A book in which nothing happens is looked at every 25 blocks.
    blocks(25)
    expect(volatility()).toBe(620_000_000n)
    expect(record()).toMatchObject({ isTwoSided: true, volatilityE9: 620_000_000n })
  })

  it('tell it, once', () => {
    quoteAll()
    const told: string[] = []
    for (let i = 0; i < 140; i++) {
      world.end()
      for (const { market, volatility_e9: is } of world.told('volatility')) told.push(`${market} ${is}`)
    }
    const { id } = world.market(CALL)
    expect(told).toEqual([`${id} 620000000`])
    for (const holder of MAKERS) cancelAll(holder)
    for (let i = 0; i < 50; i++) {
      world.end()
      for (const { market, volatility_e9: is } of world.told('volatility')) told.push(`${market} ${is}`)
    }
    expect(told).toEqual([`${id} 620000000`, `${id} 0`])
  })

  it('move no more than 5 points, whatever they say', () => {
    quoteAll(112)
    blocks(110)
    expect(record()?.volatilityE9).toBe(720_000_000n)
    expect(volatility()).toBe(650_000_000n)
    expect(moved()?.(900_000_000n)).toBe(850_000_000n)
    expect(moved()?.(700_000_000n)).toBe(720_000_000n)
  })

  it('beyond the band of agreed trades say nothing', () => {
    // 1 % of the index is 30: a bid of 69 is as good as none.
    for (const holder of MAKERS) quote(holder, 69, 102)
    blocks(110)
    expect(record()).toBeUndefined()
  })

  it('are not forgotten for a block or two of re-quoting', () => {
    quoteAll()
    blocks(110)
    for (const holder of MAKERS) cancelAll(holder)
    blocks(3)
    expect(volatility()).toBe(620_000_000n)
    quoteAll(103)
    blocks(1)
    expect(volatility()).toBe(630_000_000n)
  })
})

describe('what doesn’t count', () => {
  const never = () => {
    blocks(130)
    expect(volatility()).toBeUndefined()
    expect(record()).toBeUndefined()
  }

  it('wallets that are linked are one owner', () => {
    world.ports.owner = (_: unknown, account: Uint8Array) =>
      account.toString() === BOB.account.toString() ? ALICE.account : account
    world.restart()
    quoteAll()
    never()
  })

  it('subaccounts of one account are one owner', () => {
    quote(ALICE, 99, 105)
    quote(trader('alice', 1), 98, 106)
    quote(BOB, 97, 107)
    never()
  })

  it('less than 10,000 cash of the underlying', () => {
    quote(ALICE, 99, 105)
    quote(BOB, 98, 106)
    quote(CAROL, 97, 107, 3.3)
    never()
  })

  it('one side', () => {
    quote(ALICE, 99, 105)
    quote(BOB, 98, 106)
    world.place(CAROL, { market: CALL, size: SIZE, price: 97 })
    world.place(trader('dave'), { market: CALL, size: -SIZE, price: 107 })
    never()
  })

  it('quotes that are gone before the block ends, in every block', () => {
    quote(ALICE, 99, 105)
    quote(BOB, 98, 106)
    for (let i = 0; i < 110; i++) {
      quote(CAROL, 97, 107)
      cancelAll(CAROL)
      world.end()
    }
    expect(record()).toBeUndefined()
  })

  it('four blocks of five are 80 of 100; three of four are not', () => {
    quote(ALICE, 99, 105)
    quote(BOB, 98, 106)
    const absentEvery = (blocks: number, count: number) => {
      for (let i = 0; i < count; i++) {
        if (i % blocks === 0) cancelAll(CAROL)
        else if (i % blocks === 1) quote(CAROL, 97, 107)
        world.end()
      }
    }
    absentEvery(4, 132)
    expect([volatility(), record()?.isTwoSided]).toEqual([undefined, true])
    cancelAll(CAROL)
    absentEvery(5, 130)
    expect(volatility()).toBe(620_000_000n)
  })

  it('what crosses trades instead of telling', () => {
    quoteAll()
    blocks(110)
    const before = world.size(ALICE, CALL)
    world.place(trader('dave'), { market: CALL, size: -SIZE, price: 99 })
    world.end()
    expect(world.size(ALICE, CALL)).toBe(before + SIZE)
    // Alice's bid is gone: two are left, and the last that three said stands for 20 blocks.
    expect([record()?.isTwoSided, volatility()]).toEqual([false, 620_000_000n])
    blocks(50)
    expect(volatility()).toBeUndefined()
  })

  it('one of three at the edge moves it no further than to another’s', () => {
    quoteAll()
    blocks(110)
    cancelAll(CAROL)
    // Within the band, as high as it goes.
    quote(CAROL, 104, 130)
    blocks(1)
    expect(record()).toMatchObject({ isTwoSided: true, volatilityE9: 620_000_000n })
  })
})

describe('a market', () => {
  it('whose index is not fresh is moved by what was said before, for 20 blocks', () => {
    quoteAll()
    blocks(110)
    world.prices.state = 'stale'
    blocks(60)
    expect(volatility()).toBeUndefined()
  })

  it('takes amended and mass quotes as any others', () => {
    const { id, underlying } = world.market(CALL)
    for (const holder of MAKERS) {
      const signer = addresses.encode(holder.account)
      const sides = { bidE9: 99n * E9, bidSizeE9: 4n * E9, askE9: 105n * E9, askSizeE9: 4n * E9 }
      const message = { signer, subaccount: 0, underlying, quotes: [{ market: id, ...sides }], nonce: 1n }
      world.run('MsgMassQuote', holder, message, MsgMassQuote)
    }
    const order = world.place(ALICE, { market: CALL, size: 1, price: 99 })
    world.end()
    const own = { signer: addresses.encode(ALICE.account), subaccount: 0, orderId: order }
    world.run('MsgAmendOrder', ALICE, { ...own, remainingE9: E9 / 2n, limitE9: 98n * E9 }, MsgAmendOrder)
    world.end()
    world.run('MsgCancelOrder', ALICE, own, MsgCancelOrder)
    blocks(110)
    expect(volatility()).toBe(620_000_000n)
  })

  it('that nobody quotes leaves nothing in the store; one that is deleted neither', () => {
    expect(record()).toBeUndefined()
    quoteAll()
    blocks(30)
    expect(record()?.presence).not.toBe('')
    for (const holder of MAKERS) cancelAll(holder)
    blocks(140)
    expect(record()).toBeUndefined()
    quoteAll()
    blocks(30)
    const market = world.market(CALL)
    deleteMarket(world.context.store(MARKETS_STORE), market)
    expect(readVolatility(world.context.store(MARKETS_STORE), market.id)).toBeUndefined()
  })

  it('says the same after a restart, and when a block is executed again', () => {
    const act = (i: number) => {
      if (i === 0) quoteAll()
      if (i === 40) cancelAll(BOB)
      if (i === 44) quote(BOB, 98, 106)
    }
    for (let i = 0; i < 120; i++) {
      if (i % 7 === 3) world.restart()
      act(i)
      const first = world.execute()
      world.again()
      act(i)
      expect(world.execute()).toEqual(first)
      world.again()
      act(i)
      world.end()
    }
    expect(volatility()).toBe(620_000_000n)
  })

  it('that is empty in memory is as one that was never there', () => {
    quoteAll()
    blocks(30)
    for (const holder of MAKERS) cancelAll(holder)
    world.end()
    const hashes: string[] = []
    for (let i = 0; i < 60; i++) {
      const kept = world.execute()
      world.again()
      world.restart()
      hashes.push(`${String(kept) === String(world.execute())}`)
      world.again()
      world.end()
    }
    expect(new Set(hashes)).toEqual(new Set(['true']))
  })
})
