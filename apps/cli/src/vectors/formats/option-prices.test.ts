import { describe, expect, it } from 'vitest'
import type { VectorFile, VectorFormat } from '../vector-file.ts'
import { optionPricesFormat } from './option-prices.ts'
import { sviFormat } from './svi.ts'

function file(json: unknown): VectorFile {
  const none = () => undefined
  return {
    path: 'x.json',
    name: 'x.json',
    folders: [],
    json,
    text: JSON.stringify(json),
    sibling: none,
    siblingText: none,
  }
}

/** What each case says: `ok`, or why it fails. */
function outcomes(format: VectorFormat, json: unknown): Record<string, string> {
  const cases = format.recognise(file(json))?.cases ?? []
  return Object.fromEntries(
    cases.map(({ name, run }) => {
      try {
        run()
        return [name, 'ok']
      } catch (error) {
        return [name, (error as Error).message]
      }
    }),
  )
}

const price = {
  ...{ timeToExpirySec: 604800, vol: '1', forward: '1500', strike: 1500, discount: '1' },
  ...{
    call: '82.805080668634559515',
    put: '82.805080668634559515',
    undiscountedCallDelta: '0.5276016935562116',
  },
}
const value = {
  type: 'put',
  strike: 19,
  spot: 19,
  q: 0.1,
  r: 0.1,
  t: 0.75,
  vol: 0.28,
  value: 1.7011,
  tol: 1e-4,
}
const smile = {
  ...{ tau: '0.25', a: '0.01', b: '0.1', rho: '0', m: '0', sigma: '0.2', forward: '100', strike: '100' },
  vol: '0.3464101615137754',
}

describe('option-prices', () => {
  it('runs prices, times, values and Greeks', () => {
    const times = [{ seconds: 60, years: '0.000001902587519025' }]
    expect(
      outcomes(optionPricesFormat, { prices: [price], annualise: times, tolerance_abs: '1e-12' }),
    ).toEqual({
      ...{ 'prices[0]': 'ok', 'annualise[0]': 'ok' },
    })
    const greek = { ...value, quantity: 'delta', value: -0.4501, tol: 1e-4 }
    const found = outcomes(optionPricesFormat, { values: [value], greeks: [greek] })
    expect(found['values[0]']).toBe('ok')
    expect(Object.keys(found)).toEqual(['values[0]', 'greeks[0]'])
  })

  it('tells a price that is off by more than its tolerance, and a quantity that there is none of', () => {
    const off = { ...price, put: '82.805080668636' }
    expect(outcomes(optionPricesFormat, { prices: [off] })['prices[0]']).toContain('the put is 82.8050806686')
    const delta = { ...price, undiscountedCallDelta: '0.52' }
    expect(outcomes(optionPricesFormat, { prices: [delta] })['prices[0]']).toContain('the delta is')
    const wrong = outcomes(optionPricesFormat, {
      values: [{ ...value, value: 1.7 }],
      greeks: [{ ...value, quantity: 'zomma' }],
    })
    expect(wrong['values[0]']).toContain('the value is 1.701')
    expect(wrong['greeks[0]']).toBe('there is no quantity zomma')
  })

  it('fails on what is no number or no option, and leaves other files alone', () => {
    expect(outcomes(optionPricesFormat, { prices: [{ ...price, vol: 'high' }] })['prices[0]']).toBe(
      'vol is no number',
    )
    expect(outcomes(optionPricesFormat, { prices: [{ ...price, vol: -1 }] })['prices[0]']).toContain(
      'totalVolatility is negative',
    )
    expect(outcomes(optionPricesFormat, { values: [{ ...value, type: 'straddle' }] })['values[0]']).toContain(
      'neither',
    )
    for (const json of [[], {}, { prices: [] }, { prices: [{ vol: 1 }] }, { values: [1] }, undefined])
      expect(optionPricesFormat.recognise(file(json))).toBeUndefined()
  })
})

describe('damage', () => {
  it('never makes fewer cases', () => {
    const { vol: _, ...broken } = smile
    const { quantity: __, ...nameless } = { ...value, quantity: 'delta' }
    const table = (greeks: unknown) => outcomes(optionPricesFormat, { values: [value], greeks })
    expect(table([nameless])['greeks[0]']).not.toBe('ok')
    expect(table('garbage')['greeks']).toBe('greeks is no list')
    expect(table([7])['greeks[0]']).toBe('the row is no object')
    expect(outcomes(optionPricesFormat, { prices: [price], annualise: 'x' })['annualise']).not.toBe('ok')
    const found = outcomes(sviFormat, { vols: [broken, smile], caps: [{}] })
    expect(found['vols[0]']).not.toBe('ok')
    expect(found['vols[1]']).toBe('ok')
    expect(found['caps[0]']).toBe('the row expects nothing')
  })
})

describe('svi', () => {
  it('runs volatilities and caps', () => {
    const cap = { ...smile, strike: '100000', k_trunc6: '0.692820', vol_trunc6: '0.574149' }
    const found = outcomes(sviFormat, { vols: [smile], caps: [cap] })
    expect(found['vols[0]']).toBe('ok')
    expect(found['caps[0]']).not.toContain('log-moneyness')
  })

  it('tells what is off', () => {
    expect(outcomes(sviFormat, { vols: [{ ...smile, vol: '0.3464101615138' }] })['vols[0]']).toContain(
      'expected',
    )
    expect(outcomes(sviFormat, { caps: [{ ...smile, k_trunc6: '0.1' }] })['caps[0]']).toContain(
      'log-moneyness is 0',
    )
    for (const json of [[], {}, { vols: [] }, { vols: [{ a: 1 }] }])
      expect(sviFormat.recognise(file(json))).toBeUndefined()
  })
})
