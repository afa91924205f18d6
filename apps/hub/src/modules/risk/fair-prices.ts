// What libs/margin says that something is worth: fair values and Greeks off the oracle's surfaces.
import {
  createPortfolio,
  impliedTotalVolatility,
  optionValue,
  portfolioGreeks,
  priceFromE9,
} from '@causeway/margin'
import type { RiskMarket } from '@causeway/margin'
import type { ReadContext } from '../../block/context.ts'
import { instrumentOf } from './account.ts'
import type { MarketMemory } from './market-memory.ts'
import type { RiskMarketTerms, RiskPorts } from './ports.ts'
import { expiryName } from './snapshot.ts'

/** Prices that don't come from books. */
export interface FairPrices {
  /**
   * Fair value of a future (its forward, without one the index), an option (its model price), or the oracle's
   * price; nothing where the underlying has no price or the option's expiry no surface.
   */
  fairE9(context: ReadContext, market: RiskMarketTerms): bigint | undefined
  /** Of 1.0 long: delta in 10⁻⁹ of the underlying, vega in micro-cash a volatility point. */
  greeks(context: ReadContext, market: RiskMarketTerms): { readonly deltaE9: bigint; readonly vegaE6: bigint }
  /**
   * The yearly volatility at which an option is worth a price, 10⁻⁹: 0 for less than no volatility makes it,
   * nothing where the option has no market or no time left.
   */
  volatilityE9(context: ReadContext, market: RiskMarketTerms, priceE9: bigint): bigint | undefined
  /** Forward at an expiry that the oracle has published; nothing without one. */
  forwardE9(context: ReadContext, underlying: bigint, expirySeconds: bigint): bigint | undefined
}

const E6 = 1e6
const E9 = 1e9
const NONE = { deltaE9: 0n, vegaE6: 0n } as const

/** Makes them over the market of each context. */
export function createFairPrices(
  memory: Pick<MarketMemory, 'at' | 'renew'>,
  { price, surface }: Pick<RiskPorts, 'price' | 'surface'>,
): FairPrices {
  const forwardE9: FairPrices['forwardE9'] = (context, underlying, expirySeconds) => {
    const { expiries } = surface(context, underlying)
    const published = expiries.find((each) => each.expirySeconds === expirySeconds)?.forwardE9 ?? 0n
    return published > 0n ? published : undefined
  }
  const indexE9 = (context: ReadContext, underlying: bigint) => {
    const { priceE9 } = price(context, underlying)
    return priceE9 > 0n ? priceE9 : undefined
  }
  const marginedOf = (context: ReadContext, { id }: RiskMarketTerms) => {
    const known = memory.at(context)
    return known.terms.has(id) ? known : memory.renew(context)
  }
  return {
    forwardE9,
    fairE9(context, terms) {
      const { kind, underlying, expirySeconds } = terms
      if (kind === 'future')
        return forwardE9(context, underlying, expirySeconds) ?? indexE9(context, underlying)
      if (kind !== 'option') return indexE9(context, underlying)
      const { market, layout, terms: known, unknownVolatility } = marginedOf(context, terms)
      if (!known.has(terms.id) || unknownVolatility.has(expiryName(underlying, expirySeconds)))
        return undefined
      return toInteger(optionValue(market, layout.index(terms)) * E9)
    },
    volatilityE9(context, terms, priceE9) {
      const { market, terms: known } = marginedOf(context, terms)
      return known.has(terms.id) ? impliedE9(market, terms, priceFromE9(priceE9)) : undefined
    },
    greeks(context, terms) {
      const { market, terms: known } = marginedOf(context, terms)
      if (!known.has(terms.id) || terms.kind === 'spot') return NONE
      const { deltaCash, vegaCash } = unitGreeks(market, terms)
      const spot = market.underlyings.spot[market.underlyings.names.indexOf(terms.underlying.toString())]!
      return { deltaE9: toInteger((deltaCash / spot) * E9), vegaE6: toInteger(vegaCash * E6) }
    },
  }
}

/** By the forward and discount that its mark has; prices outside what any volatility makes are its ends. */
function impliedE9(
  { underlyings, expiries }: RiskMarket,
  { underlying, expirySeconds, strikeE9, isCall }: RiskMarketTerms,
  price: number,
): bigint | undefined {
  const ofUnderlying = expiries.indexOf[underlyings.names.indexOf(underlying.toString())]
  const at = ofUnderlying?.get(Number(expirySeconds))
  if (at === undefined || expiries.years[at]! <= 0) return undefined
  const [forward, discount, strike] = [expiries.forward[at]!, expiries.discount[at]!, priceFromE9(strikeE9)]
  const low = discount * Math.max(0, isCall ? forward - strike : strike - forward)
  const high = discount * (isCall ? forward : strike)
  const within = Math.max(low, Math.min(high, price))
  const total = impliedTotalVolatility(within, forward, strike, discount, isCall)
  return toInteger((total / expiries.rootYears[at]!) * E9)
}

/** 1.0 of a market by itself. */
function unitGreeks(market: RiskMarket, terms: RiskMarketTerms) {
  const instrument = instrumentOf(terms)
  const account =
    instrument.kind === 'option'
      ? { cash: 0, options: [{ ...instrument, amount: 1 }] }
      : instrument.kind === 'perp'
        ? { cash: 0, perps: [{ underlying: instrument.underlying, size: 1, quote: 0 }] }
        : { cash: 0, futures: [{ ...instrument, size: 1, quote: 0 }] }
  return portfolioGreeks(market, createPortfolio(market, account)).positions[0]!
}

/** The integer below; doubles here are finite and far below 2⁵³ · 10⁹. */
function toInteger(value: number): bigint {
  return BigInt(Math.floor(value))
}
