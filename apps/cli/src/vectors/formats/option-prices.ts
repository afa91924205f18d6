import { annualise, black76, black76Greeks, blackScholesGreeks } from '@causeway/margin'
import { expectNear, numberAt } from '../numbers.ts'
import { isListOf, isObject, textAt } from '../json-shape.ts'
import type { JsonObject } from '../json-shape.ts'
import type { VectorCase, VectorFormat } from '../vector-file.ts'

/**
 * Prices of European options: Black-76 (`prices` with total time in seconds, and `annualise`), and the
 * tables of Black–Scholes–Merton values and Greeks (`values`, `greeks`).
 */
export const optionPricesFormat: VectorFormat = {
  name: 'option-prices',
  recognise({ json }) {
    if (!isObject(json)) return undefined
    const { prices, annualise: times, values, greeks } = json
    if (isListOf(prices, 'timeToExpirySec', 'vol', 'forward', 'strike', 'discount', 'call', 'put')) {
      const tolerance = 'tolerance_abs' in json ? numberAt(json, 'tolerance_abs') : 1e-12
      const years = isListOf(times, 'seconds', 'years') ? times.map(timeCase) : []
      return { cases: [...prices.map((row, i) => priceCase(row, i, tolerance)), ...years] }
    }
    const inputs = ['type', 'strike', 'spot', 'q', 'r', 't', 'vol', 'value', 'tol'] as const
    if (!isListOf(values, ...inputs)) return undefined
    const slopes = isListOf(greeks, ...inputs, 'quantity') ? greeks.map(greekCase) : []
    return { cases: [...values.map(valueCase), ...slopes] }
  },
}

function priceCase(row: JsonObject, index: number, tolerance: number): VectorCase {
  return {
    name: `prices[${index}]`,
    run() {
      const [forward, strike] = [numberAt(row, 'forward'), numberAt(row, 'strike')]
      const [volatility, discount] = [numberAt(row, 'vol'), numberAt(row, 'discount')]
      const years = annualise(numberAt(row, 'timeToExpirySec'))
      const price = (isCall: boolean) =>
        black76(forward, strike, volatility * Math.sqrt(years), discount, isCall)
      expectNear('the call', price(true), numberAt(row, 'call'), tolerance)
      expectNear('the put', price(false), numberAt(row, 'put'), tolerance)
      if (row['undiscountedCallDelta'] === undefined) return
      const { forwardDelta } = black76Greeks({ forward, strike, volatility, years, rate: 0, isCall: true })
      expectNear('the delta', forwardDelta, numberAt(row, 'undiscountedCallDelta'), tolerance)
    },
  }
}

function timeCase(row: JsonObject, index: number): VectorCase {
  return {
    name: `annualise[${index}]`,
    run: () => expectNear('the time', annualise(numberAt(row, 'seconds')), numberAt(row, 'years'), 1e-18),
  }
}

function valueCase(row: JsonObject, index: number): VectorCase {
  return {
    name: `values[${index}]`,
    run: () => expectNear('the value', greeksOf(row).value, numberAt(row, 'value'), numberAt(row, 'tol')),
  }
}

function greekCase(row: JsonObject, index: number): VectorCase {
  const quantity = textAt(row, 'quantity')
  return {
    name: `greeks[${index}] ${quantity}`,
    run() {
      const greeks = greeksOf(row)
      const all: Readonly<Record<string, number>> = { ...greeks, 'theta per day': greeks.theta / 365 }
      const got = all[quantity]
      if (got === undefined) throw new Error(`there is no quantity ${quantity}`)
      expectNear(quantity, got, numberAt(row, 'value'), numberAt(row, 'tol'))
    },
  }
}

function greeksOf(row: JsonObject): ReturnType<typeof blackScholesGreeks> {
  const type = textAt(row, 'type')
  if (type !== 'call' && type !== 'put') throw new Error(`${type} is neither call nor put`)
  return blackScholesGreeks({
    spot: numberAt(row, 'spot'),
    strike: numberAt(row, 'strike'),
    volatility: numberAt(row, 'vol'),
    years: numberAt(row, 't'),
    rate: numberAt(row, 'r'),
    dividendYield: numberAt(row, 'q'),
    isCall: type === 'call',
  })
}
