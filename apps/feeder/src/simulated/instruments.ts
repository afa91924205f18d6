// The options that the SIMULATED exchange lists.

/** An option of the simulated exchange. */
export interface SimulatedOption {
  /** As Deribit names it: ETH-27MAR26-3000-C. */
  readonly name: string
  readonly expirySeconds: number
  readonly strike: number
  readonly isCall: boolean
}

const DAY = 86_400
const EXPIRY_HOUR = 8
const FRIDAY = 5
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
/** Steps and reach of the strikes by days to expiry, as shares of the price. */
const GRIDS = [
  { days: 3, step: 0.01, from: 0.88, to: 1.12 },
  { days: 10, step: 0.02, from: 0.8, to: 1.25 },
  { days: 45, step: 0.04, from: 0.65, to: 1.5 },
  { days: Number.POSITIVE_INFINITY, step: 0.08, from: 0.4, to: 2 },
] as const

/**
 * The next 3 days, 4 Fridays, last Fridays of 3 months and of 4 quarters, at 08:00 UTC: as the hub lists
 * them.
 */
export function simulatedExpiries(nowSeconds: number): number[] {
  const first = Math.floor((nowSeconds - EXPIRY_HOUR * 3_600) / DAY) + 1
  const friday = first + ((FRIDAY - weekday(first) + 7) % 7)
  const days = new Set([0, 1, 2].map((i) => first + i))
  for (let i = 0; i < 4; i++) days.add(friday + 7 * i)
  for (const [count, every] of [
    [3, 1],
    [4, 3],
  ] as const) {
    for (let day = friday, found = 0; found < count; day += 7) {
      const [month, next] = [
        new Date(day * DAY * 1_000).getUTCMonth(),
        new Date((day + 7) * DAY * 1_000).getUTCMonth(),
      ]
      if (month === next || (month + 1) % every !== 0) continue
      days.add(day)
      found++
    }
  }
  return [...days].sort((a, b) => a - b).map((day) => day * DAY + EXPIRY_HOUR * 3_600)
}

/** All options of an underlying whose price has moved around these: after a move an exchange adds strikes. */
export function simulatedOptions(
  symbol: string,
  bases: readonly number[],
  nowSeconds: number,
): SimulatedOption[] {
  return simulatedExpiries(nowSeconds).flatMap((expirySeconds) =>
    strikesOf(bases, (expirySeconds - nowSeconds) / DAY).flatMap((strike) =>
      [true, false].map((isCall) => {
        const [price, side] = [String(strike).replace('.', 'd'), isCall ? 'C' : 'P']
        const name = `${symbol}-${dateText(expirySeconds)}-${price}-${side}`
        return { name, expirySeconds, strike, isCall }
      }),
    ),
  )
}

function strikesOf(bases: readonly number[], days: number): number[] {
  return [...new Set(bases.flatMap((base) => strikes(base, days)))].sort((a, b) => a - b)
}

function strikes(price: number, days: number): number[] {
  const { step, from, to } = GRIDS.find((grid) => days <= grid.days)!
  const unit = 10 ** (Math.floor(Math.log10(price)) - 2)
  const width = Math.max(1, Math.round((price * step) / unit)) * unit
  const [low, high] = [Math.ceil((price * from) / width), Math.floor((price * to) / width)]
  return Array.from({ length: high - low + 1 }, (_, i) => Number(((low + i) * width).toPrecision(10)))
}

function weekday(day: number): number {
  // The first of January 1970 was a Thursday.
  return (day + 4) % 7
}

function dateText(seconds: number): string {
  const date = new Date(seconds * 1_000)
  const year = String(date.getUTCFullYear() % 100).padStart(2, '0')
  return `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}${year}`
}
