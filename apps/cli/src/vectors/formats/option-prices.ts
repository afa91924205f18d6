import { annualise, black76, black76Greeks, blackScholesGreeks } from '@causeway/margin'
import { expectNear, numberAt } from '../numbers.ts'
import { isObject, textAt } from '../json-shape.ts'
import type { JsonObject } from '../json-shape.ts'
import { hasRowOf, sectionCases } from '../sections.ts'
import type { VectorFormat } from '../vector-file.ts'

/**
 * Prices of European options: Black-76 (`prices` with total time in seconds, and `annualise`), and the
 * tables of Black–Scholes–Merton values and Greeks (`values`, `greeks`).
 */
export const optionPricesFormat: VectorFormat = {
  name: 'option-prices',
  recognise({ json }) {
    if (!isObject(json)) return undefined
    const tolerance = 'tolerance_abs' in json ? numberAt(json, 'tolerance_abs') : 1e-12
    const isBlack76 = hasRowOf(json, 'prices', 'timeToExpirySec', 'vol', 'forward', 'strike', 'discount')
    const isTable = hasRowOf(json, 'values', 'type', 'strike', 'spot', 'q', 'r', 't', 'vol')
    if (!isBlack76 && !isTable) return undefined
    return {
      cases: [
        ...sectionCases(json, 'prices', (row) => checkPrice(row, tolerance)),
        ...sectionCases(json, 'annualise', checkTime),
        ...sectionCases(json, 'values', checkValue),
        ...sectionCases(json, 'greeks', checkGreek),
      ],
    }
  },
}

function checkPrice(row: JsonObject, tolerance: number): void {
  const [forward, strike] = [numberAt(row, 'forward'), numberAt(row, 'strike')]
  const [volatility, discount] = [numberAt(row, 'vol'), numberAt(row, 'discount')]
  const years = annualise(numberAt(row, 'timeToExpirySec'))
  const price = (isCall: boolean) => black76(forward, strike, volatility * Math.sqrt(years), discount, isCall)
  expectNear('the call', price(true), numberAt(row, 'call'), tolerance)
  expectNear('the put', price(false), numberAt(row, 'put'), tolerance)
  if (row['undiscountedCallDelta'] === undefined) return
  const { forwardDelta } = black76Greeks({ forward, strike, volatility, years, rate: 0, isCall: true })
  expectNear('the delta', forwardDelta, numberAt(row, 'undiscountedCallDelta'), tolerance)
}

function checkTime(row: JsonObject): void {
  expectNear('the time', annualise(numberAt(row, 'seconds')), numberAt(row, 'years'), 1e-18)
}

function checkValue(row: JsonObject): void {
  expectNear('the value', greeksOf(row).value, numberAt(row, 'value'), numberAt(row, 'tol'))
}

function checkGreek(row: JsonObject): void {
  const quantity = textAt(row, 'quantity')
  const greeks = greeksOf(row)
  const all: Readonly<Record<string, number>> = { ...greeks, 'theta per day': greeks.theta / 365 }
  const got = all[quantity]
  if (got === undefined) throw new Error(`there is no quantity ${quantity}`)
  expectNear(quantity, got, numberAt(row, 'value'), numberAt(row, 'tol'))
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
