/** The evidence that an error carries: plain data, so that its text can be derived and compared. */
export type MarginErrorDetail = Readonly<Record<string, string | number | bigint | boolean | undefined>>

/**
 * What an input can cause: data, not prose. Of the same shape as the hub's `ProtocolError`, which this
 * library does not import: `codespace` and `code` are a contract (append-only), the message is derived from
 * `detail`.
 */
export class MarginError extends Error {
  readonly codespace = 'margin'
  readonly code: number
  readonly detail: MarginErrorDetail

  constructor(code: number, text: string, detail: MarginErrorDetail = {}) {
    super(text)
    this.name = 'MarginError'
    this.code = code
    this.detail = detail
  }
}

/** Whether `error` is what an input caused; anything else is a bug. */
export function isMarginError(error: unknown): error is MarginError {
  return error instanceof MarginError
}

type Row = readonly [code: number, text: (detail: never) => string]

type MarginErrorFactories<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends readonly [number, (detail: infer Detail) => string]
    ? unknown extends Detail
      ? () => MarginError
      : (detail: Detail) => MarginError
    : never
}

interface OutOfRange {
  readonly name: string
  readonly value: number
}

/**
 * Every error of this library. Numbers are never reused; bands: 1–19 numbers, 20–39 surfaces and pricing,
 * 40–59 models, 60–79 portfolios, 80–99 formats.
 *
 *     throw marginErrors.notFinite({ name: 'forward', value: Number.NaN })
 */
export const marginErrors = defineMarginErrors({
  notFinite: [1, (d: OutOfRange) => `${d.name} is no finite number: ${d.value}`],
  negative: [2, (d: OutOfRange) => `${d.name} is negative: ${d.value}`],
  outOfRange: [
    3,
    (d: OutOfRange & { min: number; max: number }) =>
      `${d.name} is ${d.value}, not within ${d.min} to ${d.max}`,
  ],
  notPositive: [4, (d: OutOfRange) => `${d.name} is not positive: ${d.value}`],
  columnLength: [
    5,
    (d: { name: string; length: number; need: number }) => `${d.name} has ${d.length} items, not ${d.need}`,
  ],
  overflow: [6, (d: { name: string }) => `${d.name} is beyond the largest number`],
  negativeVariance: [
    20,
    (d: { k: number; variance: number }) => `the surface has variance ${d.variance} at log-moneyness ${d.k}`,
  ],
  noImpliedVolatility: [
    21,
    (d: { price: number; low: number; high: number }) =>
      `no volatility gives ${d.price}: prices lie within ${d.low} and ${d.high}`,
  ],
  tooFewPoints: [22, (d: { have: number; need: number }) => `${d.have} points, ${d.need} are needed`],
  crossedSurfaces: [
    23,
    (d: { underlying: string; k: number; near: number; far: number }) =>
      `${d.underlying}: total variance falls with time at log-moneyness ${d.k}, from ${d.near} to ${d.far}`,
  ],
  noVolatility: [24, (d: { option: string }) => `${d.option} has neither a surface nor a mark volatility`],
  butterflyArbitrage: [
    25,
    (d: { k: number; density: number }) =>
      `the surface implies a negative density at log-moneyness ${d.k}: g = ${d.density}`,
  ],
  discountOrder: [
    40,
    (d: { side: 'long' | 'short'; base: number }) =>
      `the ${d.side} static discount is ${d.base}: a long one is expected to be at most 1, a short one at ` +
      'least 1; a file that has them swapped says "swapped": true',
  ],
  groupOverlap: [41, (d: { underlying: string }) => `${d.underlying} is in two offset groups`],
  noOptionsInModel: [42, (d: { model: string }) => `the model ${d.model} takes no options`],
  unknownPreset: [43, (d: { name: string; expected: string }) => `no preset ${d.name}: ${d.expected}`],
  tooManyPositions: [
    60,
    (d: { count: number; max: number }) => `${d.count} positions are more than ${d.max}`,
  ],
  unknownInstrument: [61, (d: { instrument: string }) => `${d.instrument} is not in the market`],
  duplicate: [62, (d: { what: string; key: string }) => `${d.what} ${d.key} stands there twice`],
  notIsolated: [
    63,
    (d: { first: string; second: string }) =>
      `an isolated account holds one underlying, this one ${d.first} and ${d.second}`,
  ],
  otherModel: [
    64,
    (d: { expected: string; got: string }) => `a model of kind ${d.expected} is expected, not ${d.got}`,
  ],
  malformed: [
    80,
    (d: { path: string; expected: string; got: string }) =>
      `${d.path}: ${d.expected} is expected, not ${d.got}`,
  ],
  notJson: [81, (d: { reason: string }) => `not JSON (${d.reason})`],
})

/** Makes the factories of a table. Numbers are positive and unique. */
export function defineMarginErrors<const Table extends Record<string, Row>>(
  table: Table,
): MarginErrorFactories<Table> {
  const seen = new Set<number>()
  const factories: Record<string, (detail?: MarginErrorDetail) => MarginError> = {}
  for (const [name, [code, text]] of Object.entries(table)) {
    if (!Number.isSafeInteger(code) || code <= 0) throw new TypeError(`${name}: ${code} is no code`)
    if (seen.has(code)) throw new TypeError(`${name}: code ${code} is used twice`)
    seen.add(code)
    const derive = text as (detail: MarginErrorDetail) => string
    factories[name] = (detail = {}) => new MarginError(code, derive(detail), detail)
  }
  return factories as MarginErrorFactories<Table>
}

/** The value when it is a finite number. Throws `MarginError` otherwise. */
export function finite(name: string, value: number): number {
  if (typeof value !== 'number' || value - value !== 0) throw marginErrors.notFinite({ name, value })
  return value
}

/** The result when it is finite. Throws `MarginError` where sound inputs led beyond the doubles. */
export function finiteResult(name: string, value: number): number {
  if (value - value !== 0) throw marginErrors.overflow({ name })
  return value
}

/** The value when it is finite and not negative. Throws `MarginError` otherwise. */
export function finiteNonNegative(name: string, value: number): number {
  if (value >= 0 && value <= Number.MAX_VALUE) return value
  if (value < 0 && value >= -Number.MAX_VALUE) throw marginErrors.negative({ name, value })
  throw marginErrors.notFinite({ name, value })
}

/** The value when it is finite and above zero. Throws `MarginError` otherwise. */
export function finitePositive(name: string, value: number): number {
  if (finiteNonNegative(name, value) === 0) throw marginErrors.notPositive({ name, value })
  return value
}
