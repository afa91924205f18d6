// What a maker signs: plain lines, the same from every wallet. Grammar: docs/markets.md, "Quotes".
import { U64_MAX } from '@causeway/primitives'
import type { RfqQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { errors } from './errors.ts'

/** Legs of one quote. */
export const LEGS_MAX = 16

/** The text of a quote, for one chain. Addresses are as `addresses` writes them, and numbers decimal. */
export function quoteText(chainId: string, quote: RfqQuote): string {
  const legs = quote.legs.map(({ market, isBuy, sizeE9, priceE9 }) => {
    const side = isBuy ? 'sells' : 'buys'
    return `leg: maker ${side} ${sizeE9} of market ${market} at ${priceE9}`
  })
  return [
    'Causeway quote v1',
    `chain id: ${chainId}`,
    `maker: ${quote.maker}/${quote.makerSubaccount}`,
    `taker: ${quote.taker === '' ? 'anybody' : quote.taker}`,
    ...legs,
    `expire seconds: ${quote.expireSeconds}`,
    `nonce: ${quote.nonce}`,
  ].join('\n')
}

/** Judges a quote alone. Throws `markets/20`. */
export function validateQuote(quote: RfqQuote | undefined): RfqQuote {
  const refuse = (reason: string) => errors.badRfq({ reason })
  if (quote === undefined) throw refuse('there is none')
  const { legs } = quote
  if (legs.length === 0 || legs.length > LEGS_MAX) throw refuse(`it has 1 to ${LEGS_MAX} legs`)
  if (new Set(legs.map(({ market }) => market)).size < legs.length) throw refuse('a market stands in one leg')
  if (legs.some(({ sizeE9, priceE9 }) => sizeE9 === 0n || priceE9 === 0n || sizeE9 > U64_MAX / 2n))
    throw refuse('sizes and prices are positive')
  return quote
}
