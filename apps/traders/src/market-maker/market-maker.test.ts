import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkMarketMakerConfig } from '../config/load-config.ts'
import type { SeenMarket } from './choose-markets.ts'
import { makerMetrics } from './maker-metrics.ts'
import { runMaker } from './market-maker.ts'
import type { MakerHub } from './market-maker.ts'
import type { Seen, SeenPrice, UnderlyingQuotes } from './plan-quotes.ts'

const E9 = 1_000_000_000n
const config = checkMarketMakerConfig({ everyBlocks: 6, deadMan: '30s' })
const perpetual: SeenMarket = {
  ...{ symbol: 'ETH-PERP', kind: 'perpetual', status: 'open', tickE9: E9 / 100n, lotE9: E9 / 1_000n },
  ...{ expirySeconds: 0n, strikeE9: 0n, isCall: false },
}

/** A hub that notes what it is asked, and can be away. */
class NotedHub implements MakerHub {
  readonly calls: string[] = []
  readonly quotes: UnderlyingQuotes[] = []
  isAway = false
  /** How often it was tried while it was away. */
  tries = 0
  isFrozen = false
  #height = 0n

  async height(): Promise<bigint> {
    this.#reach()
    await new Promise((resolve) => setImmediate(resolve))
    this.#height += 1n
    return this.#height
  }

  price: SeenPrice = { indexE9: 3_000n * E9, isFresh: true }

  async prices(): Promise<ReadonlyMap<string, SeenPrice>> {
    this.#reach()
    return new Map([['ETH', this.price]])
  }

  async look(): Promise<Seen> {
    this.#reach()
    const ether = { name: 'ETH', hasOptions: false, ...this.price, smiles: [], markets: [perpetual] }
    return { timeSeconds: 1n, underlyings: [ether], positions: new Map() }
  }

  async quote(quotes: UnderlyingQuotes): Promise<void> {
    this.#reach()
    if (this.isFrozen) throw new Error('markets/12: frozen')
    this.calls.push('quote')
    this.quotes.push(quotes)
  }

  async protect(name: string): Promise<void> {
    this.#reach()
    this.isFrozen = false
    this.calls.push(`protect ${name}`)
  }

  async stayAlive(seconds: number): Promise<void> {
    this.#reach()
    this.calls.push(`alive ${seconds}`)
  }

  #reach(): void {
    if (!this.isAway) return
    this.tries += 1
    throw new Error('fetch failed')
  }
}

let hub: NotedHub
let stopping: AbortController
let running: Promise<void>
const quoting: number[] = []
let nowMs = 0
let metrics: ReturnType<typeof makerMetrics>

beforeEach(() => {
  hub = new NotedHub()
  stopping = new AbortController()
  const log = pino({ level: 'silent' })
  quoting.length = 0
  const onQuoting = (markets: number) => void quoting.push(markets)
  nowMs = 0
  const now = () => nowMs
  metrics = makerMetrics()
  running = runMaker({ hub, config, signal: stopping.signal, log, metrics, now, onQuoting })
})

afterEach(async () => {
  stopping.abort(new Error('the test is over'))
  await running
})

/** Waits for something that the maker does. */
async function until(isThere: () => boolean): Promise<void> {
  await expect.poll(isThere, { interval: 5, timeout: 20_000 }).toBe(true)
}

describe('a market maker', () => {
  it('protects itself and sets its switch before it quotes, and renews the switch', async () => {
    await until(() => hub.quotes.length >= 3)
    nowMs += 10_001
    const before = hub.quotes.length
    await until(() => hub.quotes.length >= before + 2)
    expect(hub.calls.slice(0, 3)).toEqual(['protect ETH', 'alive 30', 'quote'])
    expect(hub.calls.filter((call) => call === 'protect ETH')).toHaveLength(1)
    expect(hub.calls.filter((call) => call === 'alive 30')).toHaveLength(2)
  })

  it('tells once that it quotes, and how many markets', async () => {
    await until(() => hub.quotes.length >= 2)
    expect(quoting).toEqual([1])
  })

  it('recovers when the hub was away', async () => {
    await until(() => hub.quotes.length >= 1)
    hub.isAway = true
    await until(() => hub.tries >= 2)
    const before = hub.calls.length
    hub.isAway = false
    await until(() => hub.calls.length >= before + 3)
    // It can't know what became of its quotes meanwhile.
    expect(hub.calls.slice(before, before + 3)).toEqual(['protect ETH', 'alive 30', 'quote'])
  })

  it('ends a freeze and quotes again', async () => {
    await until(() => hub.quotes.length >= 1)
    hub.isFrozen = true
    const before = hub.quotes.length
    await until(() => hub.quotes.length > before)
    expect(hub.isFrozen).toBe(false)
  })

  it('takes its quotes back at once when the price is not fresh any more', async () => {
    await until(() => hub.quotes.length >= 1)
    hub.price = { ...hub.price, isFresh: false }
    await until(() => hub.quotes.at(-1)!.quotes.length === 0)
    hub.price = { indexE9: 2_000n * E9, isFresh: true }
    await until(() => (hub.quotes.at(-1)!.quotes[0]?.bidE9 ?? 0n) > 0n)
    expect(hub.quotes.at(-1)!.quotes[0]!.bidE9).toBeLessThan(2_000n * E9)
  })

  it('withdraws everything when it is told to stop', async () => {
    await until(() => hub.quotes.length >= 1)
    stopping.abort(new Error('over'))
    await running
    expect(hub.quotes.at(-1)).toEqual({ name: 'ETH', quotes: [], isWhole: false })
  })

  it('ends when it is told, also while the hub is away', async () => {
    hub.isAway = true
    await until(() => hub.tries >= 1)
    stopping.abort(new Error('over'))
    await running
  })
})
