import { black76Greeks, blackScholesGreeks, logMoneyness, optionKernel } from '@causeway/margin'
import { beforeAll, describe, expect, it } from 'vitest'
import { askQuantlib, QUANTITIES, requireQuantlib } from './quantlib.ts'
import type { OptionInput } from './quantlib.ts'

const COUNT = 10_000
/**
 * Below it QuantLib takes total volatility for 0 and its Greeks for those of a step, one-sided ones at
 * times.
 */
const STEP = 2.220446049250313e-16

let python: string | undefined

beforeAll(() => {
  try {
    python = requireQuantlib()
  } catch (error) {
    process.stdout.write(`skipped: no Python with QuantLib here (${String(error).split('\n')[0]})\n`)
  }
})

/** Numbers in [0, 1) by a linear congruential generator (Knuth's MMIX), the same each time. */
function uniform(seed: bigint): (from: number, to: number) => number {
  let state = seed
  return (from, to) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return from + (to - from) * (Number(state >> 11n) / 2 ** 53)
  }
}

/**
 * Random options: every tenth without time, every eleventh without volatility, a seventh with far strikes.
 */
function randomOptions(): OptionInput[] {
  const draw = uniform(44n)
  const spread = (from: number, to: number): number => Math.exp(draw(Math.log(from), Math.log(to)))
  return Array.from({ length: COUNT }, (_, i): OptionInput => {
    const spot = spread(1e-3, 1e6)
    const years = i % 100 === 0 ? 0 : i % 10 === 0 ? spread(1e-12, 1e-6) : spread(1e-4, 30)
    const volatility = i % 121 === 0 ? 0 : i % 11 === 0 ? spread(1e-12, 1e-5) : spread(0.01, 4)
    const [rate, dividendYield] = [draw(-0.1, 0.2), draw(-0.1, 0.2)]
    const forward = spot * Math.exp((rate - dividendYield) * years)
    const deviation = i % 3 === 0 ? 3 * volatility * Math.sqrt(years) : i % 7 === 0 ? 8 : 1
    const strike = forward * Math.exp(deviation * draw(-1, 1))
    return { forward, spot, strike, volatility, years, rate, dividendYield, sign: draw(0, 1) < 0.5 ? 1 : -1 }
  })
}

function oursOf(option: OptionInput): Record<string, number> {
  const isCall = option.sign > 0
  const forward = black76Greeks({ ...option, isCall })
  const { delta, gamma, theta, rho, dividendRho, elasticity } = blackScholesGreeks({ ...option, isCall })
  return { ...forward, delta, gamma, spotTheta: theta, spotRho: rho, dividendRho, elasticity }
}

/** What a difference is measured by: the greatest that each quantity can be for such an option, roughly. */
function scalesOf(option: OptionInput, value: number): Record<string, number> {
  const { forward, spot, strike, volatility, years, rate } = option
  const discount = Math.exp(-rate * years)
  const v = volatility * Math.sqrt(years)
  const growth = forward / spot
  const greater = discount * Math.max(forward, strike)
  const gamma = discount / forward / v
  const decay = (discount * forward * volatility) / Math.sqrt(years)
  // QuantLib takes the rate back out of the discount: its thetas have an error of ε·greater ÷ years.
  const noise = greater / years / 10
  return {
    ...{ value: greater, forwardDelta: discount, forwardGamma: gamma, rho: years * greater },
    ...{ vega: discount * forward * Math.sqrt(years), theta: decay + Math.abs(rate) * greater + noise },
    ...{ delta: discount * growth, gamma: gamma * growth * growth, spotRho: years * greater },
    ...{ spotTheta: decay + 0.4 * greater + noise, dividendRho: years * greater },
    // The value's own rounding, against the value, twice
    elasticity: (discount * forward * greater) / value / value,
  }
}

describe('QuantLib', () => {
  it('has the same values, within 2e-15 of the greater of forward and strike', () => {
    if (python === undefined) return
    const options = randomOptions()
    const theirs = askQuantlib(python, options)
    let worst = 0
    options.forEach((option, i) => {
      const greater = Math.exp(-option.rate * option.years) * Math.max(option.forward, option.strike)
      worst = Math.max(worst, Math.abs(oursOf(option)['value']! - theirs[i]!['value']!) / greater)
    })
    process.stdout.write(
      `QuantLib: ${COUNT} values, at most ${worst.toExponential(1)} of the greater price apart\n`,
    )
    expect(worst).toBeLessThan(2e-15)
  })

  it('has the same Greeks, within the rounding of its own division by the total volatility', () => {
    if (python === undefined) return
    const options = randomOptions()
    const theirs = askQuantlib(python, options)
    const worst: Record<string, number> = {}
    let steps = 0
    options.forEach((option, i) => {
      const ours = oursOf(option)
      for (const name of QUANTITIES) expect(Number.isFinite(ours[name])).toBe(true)
      const v = option.volatility * Math.sqrt(option.years)
      if (v < STEP) return void steps++
      const scales = scalesOf(option, ours['value']!)
      for (const name of QUANTITIES) {
        // Where the value is rounding alone, so is what is divided by it.
        if (name === 'elasticity' && ours['value']! < 1e-9 * scales['value']!) continue
        const difference = Math.abs(ours[name]! - theirs[i]![name]!) / (scales[name]! * (1 + 1 / v))
        worst[name] = Math.max(worst[name] ?? 0, difference)
      }
    })
    process.stdout.write(
      `QuantLib: ${COUNT - steps} options with Greeks (${steps} are steps), at most apart: `,
    )
    process.stdout.write(
      `${QUANTITIES.map((name) => `${name} ${worst[name]!.toExponential(1)}`).join(', ')}\n`,
    )
    expect(steps).toBeLessThan(COUNT / 20)
    for (const name of QUANTITIES) expect([name, worst[name]! < 5e-15]).toEqual([name, true])
  })

  it('has the same total of a book, empty positions included', () => {
    if (python === undefined) return
    const draw = uniform(7n)
    const options = Array.from({ length: 1000 }, (): OptionInput => {
      const common = { forward: 100, spot: 100, years: 0.4, rate: 0.03, dividendYield: 0.03 }
      return { ...common, strike: draw(50, 200), volatility: draw(0.1, 1.5), sign: draw(0, 1) < 0.5 ? 1 : -1 }
    })
    const theirs = askQuantlib(python, options)
    const kernel = optionKernel()
    const columns = kernel.columns(options.length)
    let expected = 0
    options.forEach(({ forward, strike, volatility, years, sign }, i) => {
      columns.logRatio[i] = logMoneyness(forward, strike)
      columns.strike[i] = strike
      columns.volatility[i] = volatility * Math.sqrt(years)
      columns.sign[i] = sign
      columns.amount[i] = i % 5 === 0 ? 0 : draw(-10, 10)
      expected += columns.amount[i]! * theirs[i]!['value']!
    })
    const shock = { forward: 100, logShift: 0, volatilityScale: 1, volatilityFloor: 0 }
    const total = kernel.total(0, options.length, { ...shock, discount: Math.exp(-0.03 * 0.4) })
    expect(Math.abs(total - expected)).toBeLessThan(1e-9)
  })

  it('differs in what it calls the Greeks of a step', () => {
    if (python === undefined) return
    const step = {
      forward: 100,
      spot: 100,
      volatility: 0,
      years: 1,
      rate: 0,
      dividendYield: 0,
      sign: -1,
    } as const
    const [above, at] = askQuantlib(python, [
      { ...step, strike: 90 },
      { ...step, strike: 100 },
    ])
    process.stdout.write(
      `QuantLib, no volatility: delta of a put at 90 is ${above!['forwardDelta']}, ours 0; `,
    )
    process.stdout.write(`at 100 it is ${at!['forwardDelta']}, ours −0.5\n`)
    expect(above!['value']).toBe(0)
    expect(oursOf({ ...step, strike: 90 })['forwardDelta']).toBe(0)
    expect(oursOf({ ...step, strike: 100 })['forwardDelta']).toBe(-0.5)
    expect(above!['forwardDelta']).not.toBe(0)
  })
})
