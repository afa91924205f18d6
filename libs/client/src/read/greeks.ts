// Greeks as the hub's risk module tells them: analysis of libs/margin in doubles, given here as decimal
// texts.
import { errors } from '../errors.ts'
import { listAt, membersOf, objectAt } from '../rpc/members.ts'
import type { Members } from '../rpc/members.ts'
import { toUnits } from '../decimal.ts'
import type { MarketRow } from './markets.ts'

/** What is gained by a small move of one thing, in cash; docs/margin.md. */
export interface Greeks {
  /** The holding in spot that gains as much. */
  readonly deltaCash: string
  /** By how much that grows when the spot rises by 1 %. */
  readonly gammaCash: string
  /** Gained when volatilities rise by one point. */
  readonly vegaCash: string
  /** Gained in a day in which no price moves. */
  readonly thetaCash: string
  /** Gained when the rate rises by a basis point. */
  readonly rhoCash: string
}

/** Greeks of an account, and of its positions. */
export interface GreeksOfAccount {
  readonly account: Greeks
  /** Of the position in a market, with what it is worth in micro-cash. */
  ofMarket(market: MarketRow): { readonly greeks: Greeks; readonly valueE6: bigint } | undefined
}

const WHAT = 'portfolio details'
const NAMES = ['deltaCash', 'gammaCash', 'vegaCash', 'thetaCash', 'rhoCash'] as const
const DIGITS = 6
const POSITIONS_MAX = 10_000

/** Reads the JSON of a portfolio's `details`. Throws `client/2`. */
export function readGreeks(details: string): GreeksOfAccount {
  let json: unknown
  try {
    json = JSON.parse(details)
  } catch {
    throw errors.badAnswer({ what: WHAT, reason: 'they are no JSON' })
  }
  const greeks = objectAt(membersOf(json, WHAT), 'greeks', WHAT)
  const positions = listAt(greeks, 'positions', WHAT, POSITIONS_MAX).map((each) => membersOf(each, WHAT))
  return {
    account: greeksOf(objectAt(greeks, 'account', WHAT)),
    ofMarket(market) {
      const found = positions.find((position) => isIn(objectAt(position, 'instrument', WHAT), market))
      if (found === undefined) return undefined
      return { greeks: greeksOf(found), valueE6: toUnits(decimalOf(found['value']), DIGITS, WHAT) }
    },
  }
}

function greeksOf(members: Members): Greeks {
  return Object.fromEntries(NAMES.map((name) => [name, decimalOf(members[name])])) as unknown as Greeks
}

/** A double as a decimal text of six digits. Throws `client/2`. */
function decimalOf(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) >= 1e20) {
    throw errors.badAnswer({ what: WHAT, reason: 'expected a number' })
  }
  const text = value.toFixed(DIGITS).replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}

function isIn(instrument: Members, market: MarketRow): boolean {
  const { kind, underlying } = instrument
  const kinds = { perpetual: 'perp', future: 'future', option: 'option', spot: undefined } as const
  if (kind !== kinds[market.kind] || underlying !== market.underlying) return false
  if (market.kind === 'perpetual') return true
  if (instrument['expirySeconds'] !== market.expirySeconds) return false
  if (market.kind === 'future') return true
  const isCall = market.optionType === 'call'
  return instrument['isCall'] === isCall && instrument['strike'] === Number(market.strike)
}
