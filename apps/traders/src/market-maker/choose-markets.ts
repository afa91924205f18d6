import type { MarketKind, MarketStatus } from '@causeway/client'
import type { MakerStyle } from './quote-rule.ts'

/** A market as the hub tells it; prices and sizes × 10⁹. */
export interface SeenMarket {
  readonly symbol: string
  readonly kind: MarketKind
  readonly status: MarketStatus
  readonly tickE9: bigint
  readonly lotE9: bigint
  /** 0 where it never ends. */
  readonly expirySeconds: bigint
  readonly strikeE9: bigint
  readonly isCall: boolean
}

const DAY_SECONDS = 86_400n

/**
 * What a maker quotes of an underlying: the perpetual, and calls and puts of one expiry, the first with
 * strikes that is late enough, at the strikes next to the index.
 */
export function chooseMarkets(
  markets: readonly SeenMarket[],
  { indexE9, nowSeconds }: { readonly indexE9: bigint; readonly nowSeconds: bigint },
  { strikesBeside, expiryDaysMin }: Pick<MakerStyle, 'strikesBeside' | 'expiryDaysMin'>,
): SeenMarket[] {
  const open = markets.filter(({ status }) => status === 'open')
  const perpetuals = open.filter(({ kind }) => kind === 'perpetual')
  const from = nowSeconds + BigInt(expiryDaysMin) * DAY_SECONDS
  const later = open.filter(({ kind, expirySeconds }) => kind === 'option' && expirySeconds >= from)
  const expiry = later.reduce<bigint | undefined>(
    (first, { expirySeconds }) => (first === undefined || expirySeconds < first ? expirySeconds : first),
    undefined,
  )
  const options = later.filter(({ expirySeconds }) => expirySeconds === expiry)
  const strikes = [...new Set(options.map(({ strikeE9 }) => strikeE9))].sort((a, b) =>
    distance(a, indexE9) < distance(b, indexE9) ? -1 : 1,
  )
  const near = new Set(strikes.slice(0, 2 * strikesBeside + 1 < 0 ? 0 : 2 * strikesBeside + 1))
  return [...perpetuals, ...options.filter(({ strikeE9 }) => near.has(strikeE9))]
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b
}
