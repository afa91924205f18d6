// Following a hub that runs, over a WebSocket that breaks.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, testEvmWallet } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import type { Causeway } from '../connect.ts'
import type { Trader } from '../trade/trader.ts'
import type { Told } from './subscribe.ts'
import type { WebSocketMaker } from './socket.ts'

const [maker, taker] = [testEvmWallet('maker'), testEvmWallet('taker')]
const sockets: WebSocket[] = []
// The platform's, remembered so that a test can break it.
class BreakableSocket extends WebSocket {
  constructor(url: string) {
    super(url)
    sockets.push(this)
  }
}
let hub: TestHub
let causeway: Causeway
let makes: Trader
let takes: Trader

beforeAll(async () => {
  hub = await startTestHub({ addresses: [maker.address, taker.address] })
  causeway = await hub.connect({ WebSocket: BreakableSocket as unknown as WebSocketMaker })
  makes = causeway.trader(maker)
  takes = causeway.trader(taker)
  await Promise.all([makes, takes].map((trader) => trader.convert({ denom: 'usdz', amount: '20000' })))
})
afterAll(async () => {
  causeway.close()
  await hub.stop()
})

const market = 'ETH-PERP'
const waitFor = async (what: () => void) => await vi.waitFor(what, { timeout: 20_000, interval: 50 })

describe('a subscription', () => {
  it('tells blocks in order, prices and auctions, without gaps over a break', async () => {
    const heights: number[] = []
    const prices: Told['prices'][] = []
    const failures: Error[] = []
    const ends = [
      causeway.subscribe(
        { topic: 'blocks' },
        ({ height }) => heights.push(Number(height)),
        (error) => failures.push(error),
      ),
      causeway.subscribe({ topic: 'prices' }, (price) => prices.push(price)),
    ]
    await waitFor(() => expect(heights.length).toBeGreaterThan(3))
    sockets.at(-1)!.close()
    const before = heights.length
    await waitFor(() => expect(heights.length).toBeGreaterThan(before + 8))
    for (const end of ends) end()
    expect(heights).toEqual(heights.map((_, i) => heights[0]! + i))
    expect(prices[0]).toMatchObject({ price: '1', asset: '2' })
    expect(failures).toEqual([])
    const told = heights.length
    const later = Number(await hub.causeway.height()) + 3
    await waitFor(() => expect(hub.node.height()).toBeGreaterThan(BigInt(later)))
    expect(heights.length).toBe(told)
  })

  it('tells an account’s fills and ends of orders, by auction and by agreement', async () => {
    const fills: Told['fills'][] = []
    const closed: Told['closed'][] = []
    const auctions: Told['auctions'][] = []
    const ends = [
      causeway.subscribe({ topic: 'fills', address: taker.address }, (fill) => fills.push(fill)),
      causeway.subscribe({ topic: 'closed', address: maker.address }, (order) => closed.push(order)),
      causeway.subscribe({ topic: 'auctions' }, (auction) => auctions.push(auction)),
    ]
    await waitFor(() => expect(sockets.at(-1)!.readyState).toBe(WebSocket.OPEN))
    const resting = await makes.order({ market, side: 'sell', size: '1', limit: '3002' })
    const bought = await takes.order({ market, side: 'buy', size: '0.6' })
    const legs = [{ market, takerSide: 'sell', size: '0.2', price: '2999' }] as const
    await takes.takeQuote(await makes.signQuote({ legs }))
    await makes.cancel(resting.orderId)
    await waitFor(() => expect([fills.length, closed.length]).toEqual([2, 1]))
    for (const end of ends) end()
    expect(fills).toMatchObject([
      { orderId: bought.orderId, size: '0.6', price: '3002', role: 'taker', height: bought.height },
      { orderId: '0', size: '0.2', price: '2999', side: 'sell', role: 'rfq' },
    ])
    expect(closed).toMatchObject([{ orderId: resting.orderId, reason: 'cancelled', remaining: '0.4' }])
    expect(auctions).toMatchObject([{ price: '3002', volume: '0.6' }])
    expect(() => causeway.subscribe({ topic: 'fills', address: 'x' }, () => undefined)).toThrow('address')
  })

  it('keeps a book by its deltas, over breaks, equal to the hub’s own', async () => {
    const books: Told['book'][] = []
    const failures: Error[] = []
    const end = causeway.subscribe(
      { topic: 'book', market, depth: 5 },
      (book) => books.push(book),
      (error) => failures.push(error),
    )
    await waitFor(() => expect(books.length).toBeGreaterThan(0))
    for (let i = 0; i < 4; i++) {
      await makes.order({ market, side: 'buy', size: '0.2', limit: `${2_900 + i}` })
      await makes.order({ market, side: 'sell', size: '0.3', limit: `${3_100 - i}` })
      if (i === 1) sockets.at(-1)!.close()
    }
    const bought = await takes.order({ market, side: 'buy', size: '0.5' })
    expect(bought.filled).toBe('0.5')
    const own = await causeway.book(market, 5)
    await waitFor(() => expect(books.at(-1)!.sequence).toBe(own.sequence))
    end()
    expect({ ...books.at(-1), height: own.height }).toEqual(own)
    const sequences = books.map(({ sequence }) => Number(sequence))
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
    expect(failures).toEqual([])
    await makes.cancelAll()
  })

  it('needs a WebSocket', async () => {
    const closed = await hub.connect()
    closed.close()
    const none = await hub.connect()
    const { WebSocket } = globalThis
    Reflect.deleteProperty(globalThis, 'WebSocket')
    try {
      expect(() => none.subscribe({ topic: 'blocks' }, () => undefined)).toThrow('no WebSocket')
    } finally {
      globalThis.WebSocket = WebSocket
    }
  })
})
