import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ASSETS, assetNumber } from '../chains/markets.ts'
import { startPrices } from './start-prices.ts'
import type { RunningPrices } from './start-prices.ts'

let prices: RunningPrices
const ended: unknown[] = []

beforeAll(async () => {
  prices = await startPrices(pino({ level: 'silent' }), (error) => ended.push(error))
})

afterAll(() => prices.stop())

describe('the way of a price', () => {
  it('leads from the exchange to the node: every asset, near where it began', async () => {
    await expect.poll(() => prices.priceSource(1n, 0n).length, { timeout: 20_000 }).toBe(ASSETS.length)
    for (const { asset, priceE9 } of prices.priceSource(1n, 0n)) {
      const began = ASSETS[Number(asset - assetNumber(ASSETS[0]!.denom))]!
      expect(Number(priceE9) / Number(began.priceE9)).toBeCloseTo(1, 1)
      // A dollar is worth a dollar of cash: a deposit of it is credited whole.
      if (began.isConvertible === true) expect(priceE9).toBeGreaterThanOrEqual(1_000_000_000n)
    }
  })

  it('brings surfaces of what has options', async () => {
    await expect.poll(() => prices.surfaceSource(1n, 0n).length, { timeout: 20_000 }).toBe(1)
    const [surface] = prices.surfaceSource(1n, 0n)
    expect(surface!.asset).toBe(assetNumber('eth'))
    expect(surface!.smiles.length).toBeGreaterThanOrEqual(3)
    expect(ended).toEqual([])
  })
})
