// At which prices and how much the vault quotes: integers, and nothing but what is handed in. Prices are cash
// per 1.0 in 10⁻⁹, sizes 10⁻⁹ of 1.0, shares of something 10⁻⁹ or basis points. Spec: docs/vault.md.
import { assert } from '@causeway/primitives'
import { squareRoot } from './square-root.ts'

const E9 = 1_000_000_000n
const BPS = 10_000n
const YEAR_SECONDS = 365n * 86_400n
/** A taker's fee on perpetuals, futures and spot; an option's, of the index and at most of the premium. */
const LINEAR_FEE_E9 = 500_000n
const OPTION_FEE_E9 = 300_000n
const OPTION_FEE_CAP_E9 = 125_000_000n
/** A resting order stays while the wanted price is within this part of its half spread. */
const STAY_PART = 4n

/** What is quoted. */
export interface QuotedInstrument {
  readonly tickE9: bigint
  readonly lotE9: bigint
  readonly isOption: boolean
  readonly indexE9: bigint
  /** What 1.0 is worth. */
  readonly fairE9: bigint
  /** Of 1.0: 10⁻⁹ of the underlying, and cash (10⁻⁹) for 1.00 of volatility. */
  readonly deltaE9: bigint
  readonly vegaE9: bigint
}

/** How exposed a quote is. */
export interface Exposure {
  /** Half of the least spread, of the index; of an option, of volatility as well. */
  readonly spreadE9: bigint
  readonly volatilitySpreadE9: bigint
  /** Yearly. */
  readonly volatilityE9: bigint
  /** For how long a quote may be hit at a price that has moved on. */
  readonly seconds: bigint
}

/** What the vault has of an underlying by what it may have at most: −10⁹ … 10⁹. */
export interface Inventory {
  readonly deltaE9: bigint
  readonly vegaE9: bigint
}

/** Both sides; a size of 0 leaves its side out. */
export interface TwoSides {
  readonly bidE9: bigint
  readonly bidSizeE9: bigint
  readonly askE9: bigint
  readonly askSizeE9: bigint
  /** Of the spread. */
  readonly halfE9: bigint
}

/** Half of the spread, of the index: the least one, and a standard deviation of the exposed time. */
export function linearHalfE9({ spreadE9, volatilityE9, seconds }: Exposure): bigint {
  assert(seconds >= 0n && volatilityE9 >= 0n, 'time and volatility are not negative')
  return spreadE9 + squareRoot((volatilityE9 * volatilityE9 * seconds) / YEAR_SECONDS)
}

/**
 * Prices around fair value. Half of the spread is the fee, and what a move of the index and of volatility by
 * theirs would cost. The middle leans against what the vault has: by all of the half spread but the fee at
 * the most that it may have. Whole ticks, outwards; what is worth less than a tick has no bid.
 */
export function quotePrices(
  instrument: QuotedInstrument,
  exposure: Exposure,
  inventory: Inventory,
): Pick<TwoSides, 'bidE9' | 'askE9' | 'halfE9'> {
  const { tickE9, isOption, indexE9, fairE9, deltaE9, vegaE9 } = instrument
  const movedE9 = (linearHalfE9(exposure) * indexE9) / E9
  const byDeltaE9 = (absolute(deltaE9) * movedE9) / E9
  const byVegaE9 = isOption ? (vegaE9 * exposure.volatilitySpreadE9) / E9 : 0n
  const feeE9 = isOption
    ? lesser((indexE9 * OPTION_FEE_E9) / E9, (fairE9 * OPTION_FEE_CAP_E9) / E9)
    : (fairE9 * LINEAR_FEE_E9) / E9
  const halfE9 = greater(byDeltaE9 + byVegaE9 + feeE9, tickE9)
  const leanE9 = (((deltaE9 * movedE9) / E9) * inventory.deltaE9) / E9 + (byVegaE9 * inventory.vegaE9) / E9
  const middleE9 = fairE9 - leanE9
  const bidE9 = down(greater(middleE9 - halfE9, 0n), tickE9)
  return { halfE9, bidE9, askE9: up(greater(middleE9 + halfE9, tickE9), tickE9) }
}

/**
 * The size of each side: whole lots of the quoted size, less where the position would lead the underlying's
 * delta or vega further than the vault may have, none at what it may have.
 */
export function quoteSizes(
  { lotE9, deltaE9, isOption }: QuotedInstrument,
  sizeE9: bigint,
  inventory: Inventory,
  onlyReduces: boolean,
): Pick<TwoSides, 'bidSizeE9' | 'askSizeE9'> {
  const side = (direction: 1n | -1n) => {
    const adds = (held: bigint, change: bigint) => held !== 0n && held > 0n === change > 0n
    const change = direction * deltaE9
    const addsDelta = adds(inventory.deltaE9, change)
    const addsVega = isOption && adds(inventory.vegaE9, direction)
    if (onlyReduces && (inventory.deltaE9 === 0n || change === 0n || addsDelta || isOption)) return 0n
    let room = E9
    if (addsDelta) room = lesser(room, E9 - absolute(inventory.deltaE9))
    if (addsVega) room = lesser(room, E9 - absolute(inventory.vegaE9))
    return down((sizeE9 * greater(room, 0n)) / E9, lotE9)
  }
  return { bidSizeE9: side(1n), askSizeE9: side(-1n) }
}

/** Whether a resting order does for what is wanted: near enough, and of half to twice the size. */
export function doesFor(
  resting: { readonly priceE9: bigint; readonly sizeE9: bigint },
  wanted: { readonly priceE9: bigint; readonly sizeE9: bigint; readonly halfE9: bigint },
): boolean {
  const away = absolute(resting.priceE9 - wanted.priceE9)
  if (away * STAY_PART > wanted.halfE9) return false
  return resting.sizeE9 * 2n >= wanted.sizeE9 && resting.sizeE9 <= wanted.sizeE9 * 2n
}

/** So much by its limit, −10⁹ … 10⁹; all of it where there is no limit. */
export function filledE9(held: bigint, limit: bigint): bigint {
  if (held === 0n) return 0n
  const signed = held > 0n ? E9 : -E9
  if (limit <= 0n || absolute(held) >= limit) return signed
  return (held * E9) / limit
}

/** `bps` of an amount, not below 0. */
export function shareOf(amount: bigint, bps: bigint): bigint {
  return amount > 0n ? (amount * bps) / BPS : 0n
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function down(amount: bigint, step: bigint): bigint {
  return amount - (amount % step)
}

function up(amount: bigint, step: bigint): bigint {
  return down(amount + step - 1n, step)
}
