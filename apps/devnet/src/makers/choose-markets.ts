import type { Market } from '@causeway/protocol/causeway/markets/v1/markets'

/** Kinds of markets by the hub's numbers. */
export const KIND = { perpetual: 1, future: 2, option: 3, spot: 4 } as const
const OPEN = 1
const WEEK_SECONDS = 7n * 86_400n
/** Strikes on each side of the one next to the index. */
const STRIKES_BESIDE = 1

/**
 * What a maker quotes of an underlying: the perpetual, and calls and puts of one expiry, the first with
 * strikes that is at least a week away, at the strikes next to the index.
 */
export function chooseMarkets(
  markets: readonly Market[],
  { indexE9, nowSeconds }: { readonly indexE9: bigint; readonly nowSeconds: bigint },
): Market[] {
  const open = markets.filter(({ status }) => status === OPEN)
  const perpetuals = open.filter(({ kind }) => kind === KIND.perpetual)
  const later = open.filter(
    ({ kind, expirySeconds }) => kind === KIND.option && expirySeconds >= nowSeconds + WEEK_SECONDS,
  )
  const expiry = later.reduce<bigint | undefined>(
    (first, { expirySeconds }) => (first === undefined || expirySeconds < first ? expirySeconds : first),
    undefined,
  )
  const options = later.filter(({ expirySeconds }) => expirySeconds === expiry)
  const strikes = [...new Set(options.map(({ strikeE9 }) => strikeE9))].sort((a, b) =>
    distance(a, indexE9) < distance(b, indexE9) ? -1 : 1,
  )
  const near = new Set(strikes.slice(0, 2 * STRIKES_BESIDE + 1))
  return [...perpetuals, ...options.filter(({ strikeE9 }) => near.has(strikeE9))].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  )
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b
}
