// What an export of markets gives back, and what no genesis may say.
import { be64, canonicalJson, concatBytes, toHex } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import {
  MsgCancelAllAfter,
  MsgExecuteRfq,
  MsgGrantVenue,
  MsgMassQuote,
  MsgSetProtection,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { exportGenesis } from './genesis.ts'
import { quoteText } from './quote-text.ts'
import { MARKETS_STORE, PREFIX } from './state.ts'
import { E6, E9, ETH, ETH_UNDERLYING, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB, CAROL] = [trader('alice'), trader('bob', 3), trader('carol')]
const CALL = 'ETH-20270116-3000-C'
const PARAMS = {
  ordersMax: '100',
  positionsMax: '50',
  gainLockSeconds: '60',
  automaticListing: '1',
  settledMax: '500',
}

interface Exported {
  params: Record<string, string>
  entries: { key: string; value: string }[]
}

const exported = (world: World) =>
  JSON.parse(canonicalJson(exportGenesis(world.context) as JsonValue)) as Exported

/** A world in which everything that the store knows stands. */
function busy(): World {
  const world = new World({ params: PARAMS })
  for (const holder of [ALICE, BOB, CAROL]) world.fund(holder, 1_000_000n)
  world.prices.forwardE9 = 3_000n * E9
  world.end()
  world.end()
  const signer = (holder: Holder) => ({
    signer: addresses.encode(holder.account),
    subaccount: holder.subaccount,
  })
  world.place(ALICE, { size: 3, price: 3_010 })
  world.place(BOB, { size: -2, price: 2_990 })
  world.place(BOB, { size: -1, price: 120, market: CALL })
  world.place(CAROL, { size: 1, price: 120, market: CALL })
  world.end()
  world.place(CAROL, { size: -0.4, price: 3_100, timeInForce: 4, expireSeconds: world.seconds + 500n })
  world.place(CAROL, { size: -1, price: 2_800, triggerE9: 2_900n * E9 })
  const protection = {
    underlying: ETH,
    windowSeconds: 60n,
    sizeMaxE9: 5n * E9,
    deltaMaxE9: 0n,
    vegaMaxE6: 0n,
  }
  world.run('MsgSetProtection', BOB, { ...signer(BOB), ...protection }, MsgSetProtection)
  const perpetual = world.market('ETH-PERP').id
  const quotes = { ...signer(BOB), underlying: ETH, nonce: 4n }
  const quote = { market: perpetual, bidE9: 2_900n * E9, bidSizeE9: E9 }
  world.run('MsgMassQuote', BOB, MsgMassQuote.fromPartial({ ...quotes, quotes: [quote] }), MsgMassQuote)
  world.run('MsgCancelAllAfter', CAROL, { ...signer(CAROL), seconds: 300n }, MsgCancelAllAfter)
  const granted: MsgGrantVenue = {
    ...signer(ALICE),
    client: 'ethereum-0',
    sender: new Uint8Array(20).fill(9),
    markets: [perpetual],
    notionalMaxE6PerDay: 10_000n * E6,
    openNotionalMaxE6: 7_000n * E6,
    distanceMaxBps: 100,
    expirySeconds: world.seconds + 86_400n,
  }
  world.run('MsgGrantVenue', ALICE, granted, MsgGrantVenue)
  const rfq = {
    maker: addresses.encode(ALICE.account),
    makerSubaccount: 0,
    taker: '',
    legs: [{ market: perpetual, isBuy: true, sizeE9: E9, priceE9: 3_000n * E9 }],
    expireSeconds: world.seconds + 200n,
    nonce: 1n,
  }
  world.signed.add(`${rfq.maker} ${quoteText('causeway-1', rfq)}`)
  world.run(
    'MsgExecuteRfq',
    CAROL,
    MsgExecuteRfq.fromPartial({ ...signer(CAROL), quote: rfq }),
    MsgExecuteRfq,
  )
  // So many markets are listed in some blocks.
  while (!world.context.store(MARKETS_STORE).has(concatBytes(PREFIX.listedHour, be64(ETH)))) world.end()
  return world
}

/** The same chain on another node, from an export, at the same height and time. */
function copyOf(world: World, genesis: unknown = exported(world)): World {
  const copy = new World({ genesis, height: world.height - 1n, startSeconds: world.seconds - 1n })
  copy.take(world)
  return copy
}

describe('an export', () => {
  it('makes the same state: orders, positions, figures, grants, protection, timers, used quotes', () => {
    const world = busy()
    const copy = copyOf(world)
    expect(exported(copy)).toEqual(exported(world))
    const kinds = new Set(exported(world).entries.map(({ key }) => key.slice(0, 2)))
    // All but cleared trades, settlement prices and what stands for one block only.
    for (const kind of '01 02 03 04 05 06 08 09 0a 0b 0c 0d 0e 0f 11 12 14 15 16'.split(' '))
      expect([...kinds]).toContain(kind)
    expect([...kinds].every((kind) => kind < '20' && kind !== '07')).toBe(true)
    expect(exported(world).params).toEqual(PARAMS)
    const entries = [...copy.context.store(MARKETS_STORE).iterate()]
    expect(entries).toEqual([...world.context.store(MARKETS_STORE).iterate()])
    expect(copy.broken).toEqual([])
  })

  it('of an export is itself, and one taken within a block leaves out what is for that block only', () => {
    const world = busy()
    const before = exported(world).entries
    const copy = copyOf(world)
    expect(exported(copyOf(copy))).toEqual(exported(copy))
    world.place(ALICE, { size: 1, price: 2_000 })
    const kinds = (entries: Exported['entries']) => new Set(entries.map(({ key }) => key.slice(0, 2)))
    expect(kinds(exported(world).entries)).toEqual(kinds(before))
  })

  it('goes on as the chain would have: the same fills, timers, settlements and marks', () => {
    const world = busy()
    const copy = copyOf(world)
    const both = [world, copy]
    const step = (act: (each: World) => unknown, seconds = 1n) => {
      const done = both.map((each) => {
        const result = act(each)
        each.end(seconds)
        return { result, events: each.events, state: exported(each), total: each.totalE6 }
      })
      expect(done[1]).toEqual(done[0])
      return done[0]!
    }
    // Takes what rests: the orders of before have kept their places.
    const { events } = step((each) => each.place(BOB, { size: -1, price: 3_000 }))
    expect(events.map(({ type }) => type)).toContain('fill')
    step((each) => each.place(CAROL, { size: 1.5, price: 3_100, timeInForce: 2 }))
    // A used quote stays used, a timer runs out, a trigger fires, a time in force ends.
    step((each) => (each.prices.indexE9 = 2_890n * E9))
    for (let i = 0; i < 12; i++) step(() => 0, 60n)
    expect([...world.markets.orders(world.context, CAROL)]).toEqual([])
    for (const each of both) expect(each.broken).toEqual([])
  })

  it('of a chain without markets says that there are none', () => {
    const none = new World({ genesis: {} })
    expect(exported(none).entries).toEqual([])
    expect([...none.markets.markets(none.context)]).toEqual([])
    expect(exported(copyOf(none))).toEqual(exported(none))
  })
})

describe('a genesis', () => {
  const judge = (genesis: unknown) => refusal(() => new World({ genesis }))
  const good = exported(busy())

  it.each([
    ['no object', 7],
    ['another member', { markets: [] }],
    ['an underlying without caps', { underlyings: [{ ...ETH_UNDERLYING, ownerCapE9: undefined }] }],
    ['a number that is no text', { underlyings: [{ ...ETH_UNDERLYING, asset: 7 }] }],
    ['a number above 2^64 - 1', { underlyings: [{ ...ETH_UNDERLYING, ownerCapE9: `${1n << 64n}` }] }],
    ['tier 4', { underlyings: [{ ...ETH_UNDERLYING, tier: 4 }] }],
    ['half a grid', { underlyings: [{ ...ETH_UNDERLYING, perpetual: { tickE9: '1' } }] }],
    ['1,001 underlyings', { underlyings: Array(1_001).fill(ETH_UNDERLYING) }],
    ['parameters without one', { params: { ...PARAMS, ordersMax: undefined } }],
    ['a parameter out of bounds', { params: { ...PARAMS, ordersMax: '0' } }],
    ['a key that is not hex', { entries: [{ key: 'zz', value: '00' }] }],
    ['a key in capitals', { entries: [{ key: '0A', value: '00' }] }],
    ['an empty value', { entries: [{ key: '05', value: '' }] }],
    ['keys that don’t ascend', { ...good, entries: [...good.entries].reverse() }],
    ['a key twice', { ...good, entries: good.entries.flatMap((entry) => [entry, entry]) }],
    ['parameters among the entries', { entries: [{ key: '07', value: '00' }] }],
    ['an order of one block only', { entries: [{ key: `20${'00'.repeat(8)}`, value: '00' }] }],
    ['a key of no kind', { entries: [{ key: '00', value: '00' }] }],
    ['a key of a kind that nobody knows', { entries: [{ key: '1f', value: '00' }] }],
  ])('is refused with %s', (_, genesis) => {
    expect(judge(genesis)).toBe('genesis/2')
  })

  it.each([
    ['a small name', { name: 'eth' }],
    ['an asset that is not there', { asset: '99' }],
    ['a grid finer than cash', { perpetual: { tickE9: '1', lotE9: '1' } }],
  ])('lists no underlying with %s', (_, changes) => {
    expect(judge({ underlyings: [{ ...ETH_UNDERLYING, ...changes }] })).toBe('markets/40')
  })

  it('is refused with entries that contradict one another', () => {
    const without = (kind: string) => ({
      ...good,
      entries: good.entries.filter(({ key }) => !key.startsWith(kind)),
    })
    // Orders and positions of no market; sizes that don't sum to nothing; open interest that nobody has.
    for (const kind of ['01', '02', `03${toHex(ALICE.account)}`])
      expect([kind, judge(without(kind))]).toEqual([kind, 'genesis/2'])
    const garbled = good.entries.map(({ key, value }) => ({
      key,
      value: key.startsWith('04') ? 'ff' : value,
    }))
    expect(judge({ ...good, entries: garbled })).toBe('genesis/2')
  })
})
