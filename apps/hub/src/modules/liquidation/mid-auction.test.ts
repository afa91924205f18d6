// What can happen to an account while it is for sale: its market is paused, its options expire, its standby
// line comes in with the bids of the same block.
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { describe, expect, it } from 'vitest'
import { be64 } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { ether } from '../../manipulations/arena.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { WETH } from '../../testing/ethereum-bridge.fixture.ts'
import { ETHER, StandbyWorld } from '../../testing/standby.fixture.ts'
import { E9, order, place } from '../../testing/trading-hub.fixture.ts'
import { nextExpiries } from '../markets/pure/expiries.ts'
import { MARKETS_STORE, PREFIX, readMarket, writeMarket } from '../markets/state.ts'
import { setStatus } from '../markets/status.ts'
import { FAILING, OTHER, SECOND, TAKER, eventsOf, failingHub, longFailing } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'

/** Slow on a busy machine. */
const TIMEOUT_MS = 300_000
const [PAUSED, SETTLING] = [3, 4]
const GRID = { tickE9: '10000000', lotE9: '100000000' }

/** Something that the hub itself does at the beginning of the next block. */
function atBegin(world: FailingHub, run: (context: Context) => void): void {
  const module = world.hub.chain.composition.modules.find(({ name }) => name === 'clearing')!
  Object.assign(module, { beginBlock: run })
  world.driver.block()
  Object.assign(module, { beginBlock: undefined })
}

describe('a market that is paused in the middle of an auction', { timeout: TIMEOUT_MS }, () => {
  it('keeps nobody from taking over what is for sale there, at its mark', () => {
    const world = longFailing({ params: { closingBlocks: '0' } })
    world.fall(2_450)
    world.blocksUntil(() => world.stage() === 'auction')
    const { id } = world.market('ETH-PERP').market!
    atBegin(world, (context) => setStatus(context, id, { status: PAUSED, seconds: 600n }))
    expect(world.order(OTHER, { market: id, sizeE9: E9, limitE9: 2_450n * E9, isBuy: true })).not.toBe('0')
    const { state, shareMaxE9 } = world.sale(FAILING)
    expect([world.stage(), state]).toEqual(['auction', 'open'])
    expect(world.bids([SECOND])).toEqual(['0'])
    const sold = eventsOf(world.driver.responses.at(-1)!, 'sold')
    expect(sold).toMatchObject([{ bidder: world.addressOf(SECOND) }])
    expect(BigInt(sold[0]!['share_e9']!)).toBeGreaterThanOrEqual(shareMaxE9)
    expect(BigInt(world.sizeOf(FAILING)) + BigInt(world.sizeOf(SECOND))).toBe(30n * E9)
    expect(BigInt(world.sale(FAILING).maintenanceMarginE6)).toBeGreaterThan(0n)
    expect(world.broken()).toEqual([])
    world.blocks(3)
    expect(world.stage()).toBe('none')
    expect(world.market('ETH-PERP').market!.status).toBe(PAUSED)
    expect(world.broken()).toEqual([])
  })
})

describe('options that expire in the middle of an auction', { timeout: TIMEOUT_MS }, () => {
  /** A hub with one option: the hundreds that it would list by itself only take time. */
  function oneOption() {
    const params = { ordersMax: '20', positionsMax: '20', gainLockSeconds: '600' }
    const world = failingHub({
      ...{ hasSurfaces: true, expiries: 1, params: { closingBlocks: '0' } },
      genesis: {
        markets: {
          params: { ...params, automaticListing: '0', settledMax: '20' },
          underlyings: [ether({ option: GRID })],
        },
      },
    })
    const perpetual = readMarket(world.hub.chain.readLatest().store(MARKETS_STORE), 1n)!
    const [expirySeconds] = nextExpiries(world.driver.timeSeconds)
    const [id, symbol] = [2n, 'ETH-20231115-3000-C']
    const option = {
      ...perpetual,
      kind: 'option',
      expirySeconds: expirySeconds!,
      strikeE9: 3_000n * E9,
    } as const
    atBegin(world, (context) => {
      const store = context.store(MARKETS_STORE)
      writeMarket(store, { ...option, id, symbol, isCall: true })
      store.set(PREFIX.nextMarket, be64(id + 1n))
    })
    world.blocks(2)
    return { world, id, symbol, expirySeconds: expirySeconds! }
  }

  /** Short calls a quarter of a minute before they expire, worth less than nothing, and for sale. */
  function expiring() {
    const { world, id, symbol, expirySeconds } = oneOption()
    const { driver, of } = world
    const terms = { market: id, sizeE9: 25n * E9, limitE9: 40n * E9 }
    expect(place(driver, of(OTHER), order(of(OTHER), { ...terms, isBuy: true }))).toBe('0')
    expect(place(driver, of(FAILING), order(of(FAILING), { ...terms, isBuy: false }))).toBe('0')
    expect(world.sizeOf(FAILING, symbol)).toBe(`${-25n * E9}`)
    const left = () => expirySeconds - driver.timeSeconds
    // Whoever is in an outage isn't sold: prices are fresh for a while before
    driver.block(left() - 70n)
    world.blocks(15)
    for (let price = 3_140; world.stage() === 'none' && left() > 8n; price += 140) world.fall(price)
    expect(['auction', 'insolvent']).toContain(world.stage())
    while (left() > -2n) driver.block()
    return { world, symbol }
  }

  it('are sold on at what they will pay, and pay; nobody is asked twice', () => {
    const { world, symbol } = expiring()
    const { driver } = world
    expect(world.market(symbol).market!.status).toBe(SETTLING)
    expect([world.stage(), world.sale(FAILING).state]).toEqual(['insolvent', 'open'])
    // A tenth of it, by two: there is no insurance that could add anything
    world.bids([TAKER, { shareE9: E9 / 10n }], [SECOND, { shareE9: E9 / 10n }])
    expect(world.broken()).toEqual([])
    const held = () => [FAILING, OTHER, TAKER, SECOND].map((name) => BigInt(world.sizeOf(name, symbol)))
    expect(held().reduce((sum, size) => sum + size, 0n)).toBe(0n)
    // Nobody resolves what waits for its settlement price
    const told = () =>
      driver.responses.flatMap(({ events }) =>
        events.filter(({ type }) => type.endsWith('insurance.v1.resolved')),
      )
    for (let i = 0; i < 200 && held().some((size) => size !== 0n); i++) {
      expect(told()).toEqual([])
      driver.block(10n)
    }
    expect(held()).toEqual([0n, 0n, 0n, 0n])
    world.blocksUntil(() => world.stage() === 'none')
    expect(told()).toHaveLength(1)
    expect([world.cash(FAILING), world.broken()]).toEqual([0n, []])
    world.blocks(3)
    expect(told()).toHaveLength(1)
  })
})

describe('a standby line that comes in with a bid', { timeout: TIMEOUT_MS }, () => {
  /** For sale, the answer on its way; then both in one block, in one order or the other. */
  function together(amount: bigint, isBidFirst: boolean) {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    world.moveTo(1_900n)
    world.moveTo(1_730n)
    for (let i = 0; i < 10; i++) world.driver.block()
    const packet = world.deposit({ amount, receiver: world.trader.address, token: WETH })
    const slot = world.finalize()
    // Time has passed until that was final: prices are fresh for a while before anybody is sold
    for (let i = 0; i < 12; i++) world.driver.block()
    const options = { gasLimit: 20_000_000n, fee: [] }
    const bid = message('causeway.liquidation.v1.MsgBid', {
      ...{ bidder: world.stranger.address, account: world.trader.address, underlying: 0n },
      ...{ shareE9: E9, maxPriceE6: `${10n ** 15n}` },
    })
    const answer = world.relayer.sign([world.receiveMessage(packet, slot)], options)
    const both = [answer, world.stranger.sign([bid], options)]
    const sizeE9 = positionOf(world)
    const block = world.driver.execute(world.driver.proposal(isBidFirst ? both.reverse() : both))
    const codes = block.txResults.slice(-2).map(codeOf)
    return { world, block, sizeE9, answered: codes[isBidFirst ? 1 : 0], bidden: codes[isBidFirst ? 0 : 1] }
  }
  const folio = (world: StandbyWorld) => {
    const data = QueryPortfolioRequest.encode({ account: world.trader.address, explain: false }).finish()
    const { value } = world.driver.query('/causeway.risk.v1.Query/Portfolio', data)
    return QueryPortfolioResponse.decode(value)
  }
  const positionOf = (world: StandbyWorld) => BigInt(folio(world).positions[0]?.sizeE9 ?? 0)

  it.each([false, true])('and is enough leaves nothing to sell; the bid came first: %s', (isBidFirst) => {
    const { world, block, sizeE9, answered, bidden } = together(12n * ETHER, isBidFirst)
    expect(answered).toBe('0')
    expect(bidden).toBe(isBidFirst ? '0' : 'liquidation/2')
    expect(eventsOf(block, 'sold')).toEqual([])
    expect(eventsOf(block, 'lapsed')).toHaveLength(isBidFirst ? 1 : 0)
    expect(positionOf(world)).toBe(sizeE9)
    expect(BigInt(folio(world).maintenanceMarginE6)).toBeGreaterThan(0n)
    expect(world.broken()).toEqual([])
  })

  it('and is too little is counted in what is sold', () => {
    const { world, block, sizeE9, answered, bidden } = together(ETHER / 5n, true)
    expect([answered, bidden]).toEqual(['0', '0'])
    expect(eventsOf(block, 'sold')).toHaveLength(1)
    expect(positionOf(world)).toBeLessThan(sizeE9)
    expect(BigInt(folio(world).maintenanceMarginE6)).toBeGreaterThanOrEqual(0n)
    expect(world.broken()).toEqual([])
  })
})
