import { ln, sviVolatility } from '@causeway/margin'
import { expectNear, numberAt } from '../numbers.ts'
import { isObject } from '../json-shape.ts'
import type { JsonObject } from '../json-shape.ts'
import { hasRowOf, sectionCases } from '../sections.ts'
import type { VectorFormat } from '../vector-file.ts'

/** Volatilities of raw SVI smiles (`vols`), and where log-moneyness and variance are capped (`caps`). */
export const sviFormat: VectorFormat = {
  name: 'svi',
  recognise({ json }) {
    if (!isObject(json)) return undefined
    const inputs = ['a', 'b', 'rho', 'm', 'sigma', 'forward', 'tau', 'strike'] as const
    if (!hasRowOf(json, 'vols', ...inputs) && !hasRowOf(json, 'caps', ...inputs)) return undefined
    return {
      cases: [...sectionCases(json, 'vols', checkVolatility), ...sectionCases(json, 'caps', checkCap)],
    }
  },
}

function checkVolatility(row: JsonObject): void {
  const tolerance = 'tol' in row ? numberAt(row, 'tol') : 1e-14
  expectNear('the volatility', volatilityOf(row), numberAt(row, 'vol'), tolerance)
}

function checkCap(row: JsonObject): void {
  if (!('vol_trunc6' in row) && !('k_trunc6' in row)) throw new Error('the row expects nothing')
  if ('vol_trunc6' in row) expectTruncated('the volatility', volatilityOf(row), numberAt(row, 'vol_trunc6'))
  if (!('k_trunc6' in row)) return
  const limit = 4 * Math.sqrt(numberAt(row, 'a') + numberAt(row, 'b') * numberAt(row, 'sigma'))
  const k = ln(numberAt(row, 'strike') / numberAt(row, 'forward'))
  expectTruncated('the log-moneyness', Math.max(-limit, Math.min(limit, k)), numberAt(row, 'k_trunc6'))
}

/** Throws unless the first six decimals are those expected; a rounding away from the next is forgiven. */
function expectTruncated(what: string, got: number, expected: number): void {
  expectNear(what, Math.trunc(got * 1e6 + 1e-9 * Math.sign(got)) / 1e6, expected, 1e-12)
}

function volatilityOf(row: JsonObject): number {
  const of = (name: string) => numberAt(row, name)
  const smile = { a: of('a'), b: of('b'), rho: of('rho'), m: of('m'), sigma: of('sigma') }
  return sviVolatility({ ...smile, forward: of('forward'), tau: of('tau') }, of('strike'))
}
