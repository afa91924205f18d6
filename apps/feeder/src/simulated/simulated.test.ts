import { sviFromIntegers, sviVolatility } from '@causeway/margin'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseOptions } from '../formats/deribit-options.ts'
import { deribit } from '../formats/deribit.ts'
import { nextSurface } from '../surface/track-surface.ts'
import { simulatedExpiries } from './instruments.ts'
import { simulatedPriceE9, simulatedSmile } from './market.ts'
import { SIMULATED_UNDERLYINGS, startSimulatedExchange } from './start-simulated-exchange.ts'
import type { SimulatedExchange } from './start-simulated-exchange.ts'

const START = Date.UTC(2026, 2, 10, 12)
const ETH = SIMULATED_UNDERLYINGS.find(({ symbol }) => symbol === 'ETH')!

let now = START
let exchange: SimulatedExchange
beforeEach(async () => {
  now = START
  exchange = await startSimulatedExchange({ seed: 'test', port: 0, now: () => now })
})
afterEach(() => exchange.stop())

async function ask(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${exchange.url}${path}`)
  return { status: response.status, text: await response.text() }
}

async function index(venue: string): Promise<number> {
  const { text } = await ask(`/${venue}${deribit.rest.request('eth_usd').path}`)
  return Number(deribit.rest.parse(text, 'eth_usd', 0).priceE9) / 1e9
}

describe('the simulated market', () => {
  it('is a function of seed and time, near its base, and moves slowly', () => {
    const at = (ms: number, seed = 'a') => Number(simulatedPriceE9(seed, ETH, 'alpha', ms)) / 3e12
    expect(at(START)).toBe(at(START))
    expect(at(START)).not.toBe(at(START, 'b'))
    for (let i = 0; i < 5_000; i++) {
      expect(Math.abs(at(START + i * 977) - 1)).toBeLessThan(0.021)
      expect(Math.abs(at(START + i * 1_000 + 1_000) / at(START + i * 1_000) - 1)).toBeLessThan(0.002)
    }
  })

  it('lists the expiries that the hub lists', () => {
    const days = simulatedExpiries(START / 1_000).map((seconds) => new Date(seconds * 1_000).toISOString())
    expect(days).toEqual(
      [
        ['03-11', '03-12', '03-13', '03-20', '03-27', '04-03', '04-24', '05-29', '06-26', '09-25', '12-25'],
      ].flatMap((all) => all.map((day) => `2026-${day}T08:00:00.000Z`)),
    )
  })
})

describe('the simulated exchange', () => {
  it('answers as Deribit: price, instruments, ticker, time, and errors', async () => {
    expect(await index('alpha')).toBeGreaterThan(2_900)
    const { text } = await ask('/api/v2/public/get_instruments?currency=ETH&kind=option')
    const [first] = (JSON.parse(text) as { result: { instrument_name: string }[] }).result
    const ticker = JSON.parse(
      (await ask(`/api/v2/public/ticker?instrument_name=${first!.instrument_name}`)).text,
    )
    expect(ticker.result).toMatchObject({
      instrument_name: first!.instrument_name,
      state: 'open',
      timestamp: START,
    })
    expect(JSON.parse((await ask('/api/v2/public/get_time')).text).result).toBe(START)
    const unknown = await ask('/api/v2/public/get_index_price?index_name=doge_usd')
    expect(unknown.status).toBe(400)
    expect(JSON.parse(unknown.text)).toMatchObject({ error: { code: -32_602 }, testnet: true })
    expect((await ask('/elsewhere')).status).toBe(404)
  })

  it('quotes options from which its own smile comes out again, at every expiry', async () => {
    for (const hours of [0, 5, 19, 20.2, 77]) {
      now = START + hours * 3_600_000
      const { text } = await ask('/alpha/api/v2/public/get_book_summary_by_currency?currency=ETH&kind=option')
      const { smiles, leftOut } = await nextSurface(undefined, parseOptions(text, 'ETH'), 16)
      expect(leftOut).toEqual([])
      expect(smiles.length).toBeGreaterThanOrEqual(10)
      for (const smile of smiles) {
        const fit = sviFromIntegers(smile)
        const terms = { expirySeconds: Number(smile.expirySeconds), timeMs: now }
        const truth = { ...simulatedSmile('test', ETH, fit.forward, terms), forward: fit.forward }
        for (const z of [-2, -1, 0, 1, 2]) {
          const strike = fit.forward * Math.exp(z * 0.65 * Math.sqrt(fit.tau))
          expect(Math.abs(sviVolatility(fit, strike) - sviVolatility(truth, strike))).toBeLessThan(0.005)
        }
      }
    }
  })

  it('lists strikes round a price that moved, so that every expiry still has a smile', async () => {
    const summary = '/alpha/api/v2/public/get_book_summary_by_currency?currency=ETH&kind=option'
    const before = await nextSurface(undefined, parseOptions((await ask(summary)).text, 'ETH'), 16)
    for (const move of [-6_000, -4_000, 8_000]) {
      exchange.set({ moves: { ETH: move } })
      const options = parseOptions((await ask(summary)).text, 'ETH')
      const { smiles, leftOut } = await nextSurface(undefined, options, 16)
      expect([move, leftOut, smiles.length]).toEqual([move, [], before.smiles.length])
      for (const smile of smiles) {
        const fit = sviFromIntegers(smile)
        const terms = { expirySeconds: Number(smile.expirySeconds), timeMs: now }
        const truth = { ...simulatedSmile('test', ETH, fit.forward, terms), forward: fit.forward }
        const apart = Math.abs(sviVolatility(fit, fit.forward) - sviVolatility(truth, fit.forward))
        expect(apart).toBeLessThan(0.005)
      }
    }
  })

  it('plays its scenarios', async () => {
    const calm = await index('alpha')
    exchange.set({ moveBps: -3_000 })
    expect((await index('alpha')) / calm).toBeCloseTo(0.7, 3)
    exchange.set({ moves: { ETH: -4_000 } })
    expect((await index('alpha')) / calm).toBeCloseTo(0.42, 3)
    exchange.set({ moves: { BTC: -4_000 } })
    expect((await index('alpha')) / calm).toBeCloseTo(0.7, 3)
    exchange.set({ moves: {}, moveBps: 0, lying: { beta: 5_000 } })
    expect((await index('beta')) / calm).toBeCloseTo(1.5, 2)
    expect((await index('alpha')) / calm).toBeCloseTo(1, 3)
    exchange.set({ out: ['gamma'] })
    expect((await ask('/gamma/api/v2/public/get_time')).status).toBe(503)
    exchange.set({ garbled: { alpha: 'NaN' } })
    expect((await ask('/alpha/api/v2/public/get_time')).text).toBe('NaN')
    exchange.calm()
    expect(await index('alpha')).toBe(calm)
  })

  it('stands still when flat, and stops telling new times when stalled', async () => {
    exchange.set({ isFlat: true })
    const before = await index('alpha')
    now += 3_600_000
    expect(await index('alpha')).toBe(before)
    const sent = async () =>
      deribit.rest.parse(
        (await ask('/alpha/api/v2/public/get_index_price?index_name=eth_usd')).text,
        'eth_usd',
        0,
      )
    expect((await sent()).publishTimeMs).toBe(now)
    exchange.set({ isFlat: false, stalled: ['alpha'] })
    const stalledAt = now
    now += 60_000
    expect((await sent()).publishTimeMs).toBe(stalledAt)
  })
})
