import { finiteNonNegative, finiteResult } from '../errors.ts'

/** What the options of one range have in common in one scenario. */
export interface Shock {
  /** The shocked forward. */
  readonly forward: number
  /** What is added to `logRatio`: ln of what the forward was multiplied with. */
  readonly logShift: number
  /** What total volatilities are multiplied with … */
  readonly volatilityScale: number
  /** … and the least total volatility (vol·√T) there is; 0 for none. */
  readonly volatilityFloor: number
  readonly discount: number
}

/** One array a property, one option an index. They change place when `columns` asks for more room. */
export interface OptionColumns {
  /** ln(forward ÷ strike): `revalue` and `total` read it. */
  readonly logRatio: Float64Array
  /** `price` reads it. */
  readonly forward: Float64Array
  readonly strike: Float64Array
  /** Total volatility, vol·√T. */
  readonly volatility: Float64Array
  /** `price` reads it. */
  readonly discount: Float64Array
  /** 1 for a call, −1 for a put. */
  readonly sign: Float64Array
  /** Signed size: `total` reads it. */
  readonly amount: Float64Array
  /** `price` and `revalue` write it. */
  readonly value: Float64Array
}

/**
 * Batch Black-76 over columns. Ranges are [first, first + count). There is one set of columns: who fills them
 * asks before anyone else fills them, which is easy where everything is synchronous.
 */
export interface OptionKernel {
  readonly engine: 'wasm' | 'typescript'
  /** The columns, with room for at least `count` options. Growing keeps no content. */
  columns(count: number): OptionColumns
  /**
   * value[i] = black76(forward[i], strike[i], volatility[i], discount[i], sign[i] > 0). Throws
   * `MarginError` for the first number that is negative, infinite or NaN, and for a value beyond the
   * doubles.
   */
  price(first: number, count: number): void
  /**
   * value[i] = valueOf(logRatio[i] + logShift, forward, strike[i], v, discount, sign[i]) with
   * v = max(volatility[i]·volatilityScale, volatilityFloor). Columns and shock are taken as sound.
   */
  revalue(first: number, count: number, shock: Shock): void
  /**
   * Σ amount[i]·value(i), `value` as in `revalue`, which is not stored. Options first, first + 2 … and
   * first + 1, first + 3 … are summed apart, the two sums then added.
   */
  total(first: number, count: number, shock: Shock): number
}

/** Throws unless the range lies within the columns: callers compute it, so this is no `MarginError`. */
export function checkRange(columns: OptionColumns, first: number, count: number): void {
  const { length } = columns.value
  if (!(
    Number.isInteger(first) &&
    Number.isInteger(count) &&
    first >= 0 &&
    count >= 0 &&
    first + count <= length
  ))
    throw new RangeError(`options ${first} to ${first + count} of ${length}`)
}

/** Throws `MarginError` for the first number that `price` would read and can't value. */
export function checkOptions(columns: OptionColumns, first: number, count: number): void {
  for (const name of ['forward', 'strike', 'volatility', 'discount'] as const) {
    const column = columns[name]
    for (let i = first; i < first + count; i++) {
      const x = column[i]!
      // The name is only made where it is needed
      if (!(x >= 0 && x <= Number.MAX_VALUE)) finiteNonNegative(`${name}[${i}]`, x)
    }
  }
}

/** Throws `MarginError` for the first value that exceeds the doubles. */
export function checkValues({ value }: OptionColumns, first: number, count: number): void {
  for (let i = first; i < first + count; i++)
    if (!(value[i]! < Infinity)) finiteResult(`value[${i}]`, value[i]!)
}
