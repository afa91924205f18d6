import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { parseExactJson } from '../formats/exact-number.ts'
import { accepts } from './json-schema.fixture.ts'
import { preset, presets } from './presets.ts'
import { readRiskModel } from './read-risk-model.ts'
import { riskModelSchema } from './risk-model-schema.ts'
import type { ScenarioModel } from './risk-model.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const copyOf = (name: string) => JSON.parse(JSON.stringify(preset(name))) as Record<string, Json>
const names = Object.keys(presets)

/** Code and text of the error, or undefined when the value is read. */
function refusal(value: unknown): { code: number; message: string } | undefined {
  try {
    readRiskModel(value)
    return undefined
  } catch (error) {
    if (!isMarginError(error)) throw error
    return { code: error.code, message: error.message }
  }
}

/** Every path to a value inside. */
function pathsOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) =>
          pathsOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : []
  return path.length > 0 ? [path, ...inner] : inner
}

function changed(
  value: Json,
  path: readonly (string | number)[],
  change: (old: Json) => Json | undefined,
): Json {
  const [key, ...rest] = path
  if (key === undefined) return change(value) ?? null
  const copy: Record<string | number, Json> = Array.isArray(value)
    ? (Object.assign([], value) as unknown as Record<number, Json>)
    : { ...(value as Record<string, Json>) }
  const next = rest.length === 0 ? change(copy[key]!) : changed(copy[key]!, rest, change)
  if (next === undefined) delete copy[key]
  else copy[key] = next
  return copy as unknown as Json
}

describe('presets', () => {
  it('are read, by name and as values, from doubles and from exact numbers', () => {
    for (const name of names) {
      const model = readRiskModel(name)
      expect(model.name).toBe(name)
      expect(readRiskModel(copyOf(name))).toEqual(model)
      expect(readRiskModel(parseExactJson(JSON.stringify(preset(name))))).toEqual(model)
      expect(accepts(riskModelSchema, copyOf(name)), name).toBe(true)
    }
    expect(refusal('pm3')).toMatchObject({ code: 43 })
    expect(refusal('toString')).toMatchObject({ code: 43 })
  })

  it('pm2 is the parameter set of the design', () => {
    const pm2 = readRiskModel('pm2') as ScenarioModel
    expect(pm2.scenarios.length).toBe(33)
    expect(pm2.scenarios.filter(({ dampening }) => dampening !== 1).map(({ spot }) => spot)).toEqual([
      0.34, 0.67, 1.5, 2, 3, 4, 5, 6,
    ])
    expect(pm2.scenarios.filter(({ vol }) => vol === 'down').length).toBe(7)
    expect(pm2.contingencies.confidenceThreshold).toBe(550_000_000_000_000_000n)
    expect(pm2.peg).toEqual({ threshold: 990_000_000_000_000_000n, factor: 4 })
    expect(pm2.lossFactors).toEqual({ maintenance: 0.8, initial: 1 })
    expect(pm2.offsetGroups).toEqual([{ underlyings: ['BTC', 'ETH'], lambda: 0.5 }])
    expect((readRiskModel('pm1') as ScenarioModel).scenarios.length).toBe(21)
    expect((readRiskModel('pm1') as ScenarioModel).lossFactors.initial).toBe(1.25)
  })
})

describe('refusals say what was expected', () => {
  const pm2 = () => copyOf('pm2')
  const with_ = (path: (string | number)[], value: Json) => changed(pm2(), path, () => value)

  it('kind, missing and unknown members, wrong types', () => {
    expect(refusal(null)?.message).toBe('model: an object is expected, not null')
    expect(refusal([])?.message).toBe('model: an object is expected, not a list of 0')
    expect(refusal({})?.message).toContain('one of scenario, standard, linear is expected, not nothing')
    expect(refusal({ kind: 'spam' })?.message).toContain('not "spam"')
    expect(refusal(changed(pm2(), ['volShock'], () => undefined))?.message).toBe(
      'model.volShock: a value is expected, not nothing',
    )
    expect(refusal(with_(['volShock', 'rangeUp'], '0.5'))?.message).toBe(
      'model.volShock.rangeUp: a number is expected, not "0.5"',
    )
    expect(refusal(with_(['spare'], 1))?.message).toContain('model.spare: no other member than kind, name')
    expect(refusal(with_(['scenarios', 3, 'vol'], 'sideways'))?.message).toContain(
      'model.scenarios[3].vol: one of up',
    )
    expect(refusal(with_(['scenarios'], []))?.message).toContain('a list of 1 to 256 items')
  })

  it('numbers out of bounds, NaN and infinities', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e9])
      expect(refusal({ ...pm2(), lossFactors: { maintenance: value, initial: 1 } })?.code).toBe(80)
    expect(refusal(with_(['scenarios', 0, 'spot'], 0))?.message).toContain('a number above zero')
    expect(refusal(with_(['basis', 'spotUp'], 0.9))?.message).toContain('at least 1')
    expect(refusal(with_(['basis', 'spotDown'], 1.1))?.message).toContain('at most 1')
    expect(refusal(with_(['scenarios', 31, 'spot'], 1.1))?.message).toContain('a skew keeps the spot')
  })

  it('swapped static discounts, unless the file says so', () => {
    const swapped = changed(pm2(), ['staticDiscount'], () => ({
      long: { base: 1.05, rateMultiplier: 0, rateAddend: 0.16 },
      short: { base: 0.95, rateMultiplier: 0, rateAddend: 0.16 },
    })) as Record<string, Json>
    expect(refusal(swapped)).toMatchObject({ code: 40 })
    expect(refusal(swapped)?.message).toContain('"swapped": true')
    expect(refusal(with_(['staticDiscount', 'short', 'base'], 0.99))?.message).toContain(
      'the short static discount',
    )
    expect(readRiskModel({ ...swapped, swapped: true })).toEqual(readRiskModel('pm2'))
    expect(refusal({ ...pm2(), swapped: true })).toMatchObject({ code: 40 })
  })

  it('an underlying in two groups, open-interest rows that make no sense', () => {
    const groups = [
      { underlyings: ['BTC', 'ETH'], lambda: 0.5 },
      { underlyings: ['SOL', 'ETH'], lambda: 0.1 },
    ]
    expect(refusal(with_(['offsetGroups'], groups))).toMatchObject({ code: 41 })
    const row = { underlying: 'BTC', base: 0.05, lower: 10, upper: 10 }
    expect(refusal(with_(['openInterest'], [row]))?.message).toContain('more than lower')
    expect(
      refusal(
        with_(
          ['openInterest'],
          [
            { ...row, upper: 11 },
            { ...row, upper: 12 },
          ],
        ),
      ),
    ).toMatchObject({ code: 62 })
  })
})

describe('schema and reader', () => {
  const replacements: Json[] = [null, true, 'text', '', -1e9, 1e9, 0, 1, 0.5, -0.5, 3, [], {}, 'x'.repeat(65)]
  const mutation = fc.constantFrom(...names).chain((name) => {
    const model = copyOf(name)
    return fc.record({
      model: fc.constant(model),
      path: fc.constantFrom(...pathsOf(model)),
      replacement: fc.constantFrom<Json | undefined>(...replacements, undefined),
    })
  })

  /** The three rules that compare members with one another stand in the reader alone. */
  const isBeyondSchema = (found: ReturnType<typeof refusal>) =>
    found !== undefined &&
    (found.code === 41 || found.code === 62 || found.message.includes('more than lower'))

  it('accept and refuse the same mutations', () => {
    let refused = 0
    fc.assert(
      fc.property(mutation, ({ model, path, replacement }) => {
        const mutated = changed(model, path, () => replacement)
        const found = refusal(mutated)
        if (isBeyondSchema(found)) return
        if (found) refused++
        expect(accepts(riskModelSchema, mutated), JSON.stringify({ path, replacement, found })).toBe(!found)
      }),
      { numRuns: 3_000 },
    )
    expect(refused).toBeGreaterThan(500)
  })

  it('and the same added members', () => {
    for (const name of names) {
      const model = { ...copyOf(name), another: 1 }
      expect(accepts(riskModelSchema, model)).toBe(false)
      expect(refusal(model)?.code).toBe(80)
    }
  })

  it('an error that the reader throws is a typed one, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(refusal(value)?.code).toBeGreaterThan(0)
      }),
    )
  })
})
