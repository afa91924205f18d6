import {
  butterflyViolations,
  calendarViolations,
  sviFromIntegers,
  sviVariance,
  sviVolatility,
  wingSlope,
} from '@causeway/margin'
import type { SviSurface } from '@causeway/margin'
import { describe, expect, it } from 'vitest'
import type { OptionTicker } from '../formats/deribit-options.ts'
import { GRID } from './fit-expiry.ts'
import { fitQuoted, joinExpiries, readExpiry } from './fit-surface.ts'
import type { ExpiryLeftOut, FittedExpiry } from './fit-surface.ts'
import { forwardOf } from './forward.ts'
import { INDEX, NOW, optionsOf, seeded, trueSmile } from './options.fixture.ts'
import type { Flaws } from './options.fixture.ts'
import { nextSurface } from './track-surface.ts'
import type { TrackedSurface } from './track-surface.ts'

const DAYS = [1, 2, 9, 30, 90, 270]
const YEAR = 365 * 86_400

/** The largest difference in volatility within two and a half standard deviations. */
function errorOf(fit: SviSurface, truth: SviSurface): number {
  const deviation = sviVolatility(truth, truth.forward) * Math.sqrt(truth.tau)
  const places = [-2.5, -2, -1, -0.5, 0, 0.5, 1, 2, 2.5]
  return Math.max(
    ...places.map((z) => {
      const strike = truth.forward * Math.exp(z * deviation)
      return Math.abs(sviVolatility(fit, strike) - sviVolatility(truth, strike))
    }),
  )
}

function fitOne(options: readonly OptionTicker[], seconds: number): FittedExpiry | ExpiryLeftOut {
  const read = readExpiry(options, NOW + seconds, NOW)
  return 'reason' in read ? read : fitQuoted(read, undefined)
}

function fit(truth: SviSurface, options: readonly OptionTicker[]): FittedExpiry {
  const fitted = fitOne(options, Math.round(truth.tau * YEAR))
  if ('reason' in fitted) throw new Error(fitted.reason)
  return fitted
}

function reasonOf(options: readonly OptionTicker[], days = 30): string {
  const fitted = fitOne(options, days * 86_400)
  return 'reason' in fitted ? fitted.reason : 'fits'
}

const surfaceOf = (options: readonly OptionTicker[]) =>
  nextSurface(undefined, { publishTimeMs: NOW * 1_000 + 500, options }, 16)

describe('one expiry', () => {
  it.each(DAYS)('of %s days: the parameters that made the quotes come out again', (days) => {
    const truth = trueSmile(days)
    const { surface, forwardRatio } = fit(truth, optionsOf(truth))
    // Half of the spread in the premium moves the implied volatility of the mid a little.
    expect(errorOf(surface, truth)).toBeLessThan(1e-4)
    expect(forwardRatio).toBeCloseTo(truth.forward / INDEX, 9)
    expect(surface.tau).toBe(truth.tau)
  })

  it('with noise of one volatility point: within two, on average far less than one', () => {
    const errors = Array.from({ length: 20 }, (_, i) => {
      const truth = trueSmile(30)
      return errorOf(fit(truth, optionsOf(truth, { noise: 0.01, random: seeded(i) })).surface, truth)
    })
    expect(Math.max(...errors)).toBeLessThan(0.025)
    expect(errors.reduce((sum, one) => sum + one, 0) / errors.length).toBeLessThan(0.006)
  })

  it('with every eighth quote nonsense: as good as without them', () => {
    const truth = trueSmile(30)
    const wild: Flaws['change'] = (option, i) =>
      i % 8 === 3 ? { ...option, bid: option.bid! * 4, ask: option.ask! * 4, markVolatility: 3.5 } : option
    const { surface } = fit(truth, optionsOf(truth, { noise: 0.003, random: seeded(7), change: wild }))
    expect(errorOf(surface, truth)).toBeLessThan(0.006)
  })

  it('with marks only, and with a mark that is off at one strike', () => {
    const truth = trueSmile(30)
    const withoutBook: Flaws['change'] = ({ bid: _, ask: __, ...option }, i) =>
      i === 21 ? { ...option, markVolatility: option.markVolatility! + 0.15 } : option
    expect(errorOf(fit(truth, optionsOf(truth, { change: withoutBook })).surface, truth)).toBeLessThan(0.003)
  })

  it('is left out with too few quotes, or too few that fit together', () => {
    const options = optionsOf(trueSmile(30))
    expect(reasonOf(options.slice(16, 22))).toMatch(/^only \d of \d quotes fit together$/)
    const random = seeded(3)
    const chaos = options.map(({ bid: _, ask: __, ...option }) => ({
      ...option,
      markVolatility: 0.1 + 3 * random(),
    }))
    expect(reasonOf(chaos)).toMatch(/^(only \d+ of \d+ quotes fit together|butterfly arbitrage)$/)
    expect(reasonOf([])).toBe('no forward')
  })
})

describe('the forward', () => {
  it('is that of put-call parity where the exchange names none', () => {
    const truth = trueSmile(30)
    const found = forwardOf(optionsOf(truth, { namedForward: 0 }))
    expect('forward' in found && found.forward / truth.forward).toBeCloseTo(1, 9)
  })

  it('is not believed where put-call parity says otherwise', () => {
    expect(reasonOf(optionsOf(trueSmile(30), { namedForward: 1.006 }))).toBe(
      'the forward and put-call parity disagree',
    )
    expect(reasonOf(optionsOf(trueSmile(30), { namedForward: 1.004 }))).toBe('fits')
  })

  it('is not believed far from the index, nor a rate beyond 100 %', () => {
    const options = optionsOf(trueSmile(30))
    expect(reasonOf(options.map((option) => ({ ...option, index: 1_000 })))).toBe(
      'a forward far from the index',
    )
    expect(reasonOf(options.map((option) => ({ ...option, index: 0 })))).toBe('no index')
    expect(reasonOf(options.map((option) => ({ ...option, rate: 1.5 })))).toBe('a rate beyond 100 %')
  })
})

describe('a surface', () => {
  it('of noisy expiries is free of arbitrage in the integers that a hub gets', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = seeded(seed)
      const options = DAYS.flatMap((days) => optionsOf(trueSmile(days), { noise: 0.02, random }))
      const { smiles, leftOut } = await surfaceOf(options)
      expect(leftOut).toEqual([])
      const exact = smiles.map(sviFromIntegers)
      expect(exact).toHaveLength(DAYS.length)
      expect(calendarViolations(exact, GRID)).toEqual([])
      for (const surface of exact) {
        expect(butterflyViolations(surface, GRID)).toEqual([])
        expect(wingSlope(surface)).toBeLessThanOrEqual(2)
      }
      DAYS.forEach((days, i) => expect(errorOf(exact[i]!, trueSmile(days))).toBeLessThan(0.03))
    }
  })

  it('with an expiry whose variance can’t be: that one is left out, the rest stays', async () => {
    const options = DAYS.flatMap((days) => optionsOf(trueSmile(days, days === 9 ? 2.5 : 0.6)))
    const { smiles, leftOut } = await surfaceOf(options)
    expect(leftOut).toEqual([{ expirySeconds: NOW + 9 * 86_400, reason: 'calendar arbitrage' }])
    expect(smiles.map(({ tauRefSeconds }) => Number(tauRefSeconds) / 86_400)).toEqual([1, 2, 30, 90, 270])
  })

  it('with two expiries that touch: the later is raised a trifle', () => {
    const near = trueSmile(30)
    const far = { ...near, tau: trueSmile(30.5).tau, a: near.a * 0.999 }
    const fitted = [near, far].map((surface, i) => ({
      expirySeconds: NOW + (30 + i) * 86_400,
      surface,
      quotes: [],
      forwardRatio: 1,
      rate: 0,
    }))
    const { smiles, leftOut } = joinExpiries(fitted)
    expect(leftOut).toEqual([])
    const [first, second] = smiles.map(sviFromIntegers)
    expect(calendarViolations([first!, second!], GRID)).toEqual([])
    expect(sviVariance(second!, 0) / sviVariance(far, 0)).toBeLessThan(1.001)
  })

  it('is of the first expiries, ascending, its numbers as votes carry them', async () => {
    const options = DAYS.flatMap((days) => optionsOf(trueSmile(days))).reverse()
    const { smiles, publishTimeMs } = await nextSurface(undefined, { publishTimeMs: NOW * 1_000, options }, 3)
    expect(publishTimeMs).toBe(NOW * 1_000)
    expect(smiles.map(({ expirySeconds }) => Number(expirySeconds))).toEqual(
      [1, 2, 9].map((day) => NOW + day * 86_400),
    )
    expect(smiles[0]).toMatchObject({ tauRefSeconds: 86_400n, rateE9: 0n })
    expect(Number(smiles[0]!.forwardRefE9) / 1e9).toBeCloseTo(trueSmile(1).forward, 6)
  })

  it('keeps the last smile of an expiry in its last half hour, and drops it then', async () => {
    // Of the expiries of today, if it is quoted, and tomorrow.
    const at = (before: TrackedSurface | undefined, secondsBefore: number, isQuoted = false) => {
      const [near, far] = [NOW + 86_400, NOW + 2 * 86_400]
      const quoted = isQuoted ? [near, far] : [far]
      const options = quoted.flatMap((expirySeconds) => {
        const truth = { ...trueSmile(2), tau: (expirySeconds - near + secondsBefore) / YEAR }
        return optionsOf(truth.tau < 1 / 365 ? trueSmile(1 / 24) : truth).map((one) => ({
          ...one,
          expirySeconds,
        }))
      })
      return nextSurface(before, { publishTimeMs: (near - secondsBefore) * 1_000, options }, 16)
    }
    const before = await at(undefined, 3_600, true)
    expect(before.smiles.map(({ tauRefSeconds }) => tauRefSeconds)).toEqual([3_600n, 90_000n])
    const near = await at(before, 1_800)
    expect(near.smiles).toHaveLength(2)
    expect(near.smiles[0]).toBe(before.smiles[0])
    expect((await at(near, 1)).smiles[0]).toBe(before.smiles[0])
    expect((await at(before, 0)).smiles).toHaveLength(1)
    // Before, it is fitted anew: without its options it is not there.
    expect((await at(before, 1_801)).smiles).toHaveLength(1)
    // One that is older no hub would take.
    expect((await at(await at(undefined, 3_601, true), 1_800)).smiles).toHaveLength(1)
  })
})
