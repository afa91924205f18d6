import { marginErrors } from '../errors.ts'
import { sviVolatility } from '../pricing/svi.ts'
import type { OptionTerms } from './account.ts'
import { boundedNonNegative, boundedPrice, VOLATILITY_MAX } from './bounded.ts'
import { expiryIndex, type ExpiryTable } from './expiry-table.ts'
import type { ExpirySnapshot } from './market-snapshot.ts'
import type { UnderlyingTable } from './underlying-table.ts'

/** Options, ascending by underlying, expiry, strike, call before put. */
export interface OptionTable {
  readonly count: number
  readonly expiry: Int32Array
  readonly strike: Float64Array
  readonly isCall: Uint8Array
  /** Yearly, as marked. */
  readonly volatility: Float64Array
  /** Indexes by expiry and strike, of calls and of puts. */
  readonly calls: readonly (ReadonlyMap<number, number> | undefined)[]
  readonly puts: readonly (ReadonlyMap<number, number> | undefined)[]
}

/** Names an option in errors. */
export function optionName({ underlying, expirySeconds, strike, isCall }: OptionTerms): string {
  return `${underlying} ${expirySeconds} ${strike} ${isCall ? 'call' : 'put'}`
}

/** The table of these options. Throws `MarginError` 3, 4, 24, 61 or 62. */
export function optionTable(
  expiries: ExpiryTable,
  underlyings: UnderlyingTable,
  options: readonly OptionTerms[],
): OptionTable {
  const count = options.length
  const expiryOf = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const { underlying, expirySeconds } = options[i]!
    expiryOf[i] = expiryIndex(expiries, underlyings, underlying, expirySeconds)
  }
  const order = inOrder(options, expiryOf)
  const sides = () => new Array<Map<number, number> | undefined>(expiries.years.length).fill(undefined)
  const table = {
    count,
    expiry: new Int32Array(count),
    strike: new Float64Array(count),
    isCall: new Uint8Array(count),
    volatility: new Float64Array(count),
    calls: sides(),
    puts: sides(),
  }
  for (let index = 0; index < count; index++) {
    const terms = options[order[index]!]!
    const expiry = expiryOf[order[index]!]!
    const side = terms.isCall ? table.calls : table.puts
    const byStrike = (side[expiry] ??= new Map<number, number>())
    if (byStrike.has(terms.strike)) throw marginErrors.duplicate({ what: 'option', key: optionName(terms) })
    byStrike.set(terms.strike, index)
    table.expiry[index] = expiry
    table.strike[index] = boundedPrice(terms.underlying, 'strike', terms.strike)
    table.isCall[index] = terms.isCall ? 1 : 0
    table.volatility[index] = volatilityOf(expiries.snapshots[expiry]!, terms)
  }
  return table
}

/** Places of the options in the order of the table; listings mostly come in it. */
function inOrder(options: readonly OptionTerms[], expiryOf: Int32Array): Uint32Array {
  const order = new Uint32Array(options.length)
  const compare = (a: number, b: number) =>
    expiryOf[a]! - expiryOf[b]! ||
    options[a]!.strike - options[b]!.strike ||
    Number(options[b]!.isCall) - Number(options[a]!.isCall)
  let isInOrder = true
  for (let i = 0; i < options.length; i++) {
    order[i] = i
    isInOrder &&= i === 0 || compare(i - 1, i) <= 0
  }
  return isInOrder ? order : order.sort(compare)
}

/** The index of an option. Throws `MarginError` 61 for one that isn't in the market. */
export function optionIndex(
  options: OptionTable,
  expiries: ExpiryTable,
  underlyings: UnderlyingTable,
  terms: OptionTerms,
): number {
  const expiry = expiryIndex(expiries, underlyings, terms.underlying, terms.expirySeconds)
  const index = (terms.isCall ? options.calls : options.puts)[expiry]?.get(terms.strike)
  if (index === undefined) throw marginErrors.unknownInstrument({ instrument: optionName(terms) })
  return index
}

function volatilityOf({ markVols, surface }: ExpirySnapshot, terms: OptionTerms): number {
  const mark = markVols?.find(({ strike, isCall }) => strike === terms.strike && isCall === terms.isCall)
  if (mark) return mark.volatility
  if (!surface) throw marginErrors.noVolatility({ option: optionName(terms) })
  return boundedNonNegative(
    terms.underlying,
    'volatility',
    sviVolatility(surface, terms.strike),
    VOLATILITY_MAX,
  )
}
