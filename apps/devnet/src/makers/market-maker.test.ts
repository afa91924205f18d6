import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runMaker } from './market-maker.ts'
import type { MakerHub } from './market-maker.ts'
import type { Seen, UnderlyingQuotes } from './plan-quotes.ts'

const E9 = 1_000_000_000n
const style = { linearBps: 10n, optionBps: 200n, quoteNotional: 15_000n, quotesHeldMax: 10n }
const perpetual = {
  ...{ id: 1n, kind: 1, symbol: 'ETH-PERP', underlying: 4n, expirySeconds: 0n, strikeE9: 0n, isCall: false },
  ...{ tickE9: E9 / 100n, lotE9: E9 / 1_000n, tier: 1, status: 1, ownerCapE9: 0n, openInterestCapE9: 0n },
  ...{ openNotionalLowerE6: 0n, openNotionalUpperE6: 0n, statusUntilSeconds: 0n },
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
    this.#height += 3n
    return this.#height
  }

  async look(): Promise<Seen> {
    this.#reach()
    const ether = { asset: 4n, indexE9: 3_000n * E9, isFresh: true, smiles: [], markets: [perpetual] }
    return { height: this.#height, timeSeconds: 1n, underlyings: [ether], positions: new Map() }
  }

  async quote(quotes: UnderlyingQuotes): Promise<void> {
    this.#reach()
    if (this.isFrozen) throw new Error('markets/12: frozen')
    this.calls.push('quote')
    this.quotes.push(quotes)
  }

  async protect(asset: bigint): Promise<void> {
    this.#reach()
    this.isFrozen = false
    this.calls.push(`protect ${asset}`)
  }

  async stayAlive(seconds: number): Promise<void> {
    this.#reach()
    this.calls.push(`alive ${seconds}`)
  }

  close(): void {}

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

beforeEach(() => {
  hub = new NotedHub()
  stopping = new AbortController()
  const log = pino({ level: 'silent' })
  quoting.length = 0
  const onQuoting = (markets: number) => void quoting.push(markets)
  running = runMaker({ hub, style, signal: stopping.signal, log, onQuoting })
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
    await until(() => hub.quotes.length >= 5)
    expect(hub.calls.slice(0, 3)).toEqual(['protect 4', 'alive 30', 'quote'])
    expect(hub.calls.filter((call) => call === 'protect 4')).toHaveLength(1)
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
    expect(hub.calls.slice(before, before + 3)).toEqual(['protect 4', 'alive 30', 'quote'])
  })

  it('ends a freeze and quotes again', async () => {
    await until(() => hub.quotes.length >= 1)
    hub.isFrozen = true
    const before = hub.quotes.length
    await until(() => hub.quotes.length > before)
    expect(hub.isFrozen).toBe(false)
  })

  it('ends when it is told, also while the hub is away', async () => {
    hub.isAway = true
    await until(() => hub.tries >= 1)
    stopping.abort(new Error('over'))
    await running
  })
})
