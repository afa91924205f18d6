// Trades by agreement: a maker signs a quote, the taker sends it; all legs or none. Grammar:
// docs/markets.md, “Quotes”.
import { fromHex, toHex } from '@causeway/primitives'
import { packSigningKey } from '@causeway/protocol'
import type { RfqQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { addressBytes, checkSubaccount } from '../address.ts'
import { errors } from '../errors.ts'
import type { Side } from '../read/names.ts'
import { tradeMessages } from '../transactions/messages.ts'
import type { SendOptions } from '../transactions/sender.ts'
import { accountOf, acting, sentOf, trade } from './context.ts'
import type { Sent, TraderContext } from './context.ts'
import { onGrid } from './order-terms.ts'

/** One leg of a quote. Decimal texts. */
export interface RfqLegTerms {
  readonly market: string
  /** What the taker does. */
  readonly takerSide: Side
  readonly size: string
  readonly price: string
}

/** What a maker offers. */
export interface RfqTerms {
  readonly legs: readonly RfqLegTerms[]
  /** Who may take it; absent: anybody. */
  readonly taker?: string
  /** How long it holds: 300 at most, default 30. */
  readonly seconds?: number
  readonly subaccount?: number
}

/**
 * A quote that its maker signed: JSON, to be handed to the taker. Numbers are decimal texts in 10⁻⁹, bytes
 * hex.
 */
export interface SignedQuote {
  readonly maker: string
  readonly makerSubaccount: number
  readonly taker: string
  readonly legs: readonly {
    readonly market: string
    readonly takerBuys: boolean
    readonly sizeE9: string
    readonly priceE9: string
  }[]
  readonly expirySeconds: number
  readonly nonce: string
  readonly keyType: string
  readonly key: string
  readonly signMode: number
  readonly signature: string
}

/** Trades by agreement. */
export interface RfqActions {
  /** Signs a quote as its maker; nothing is sent. */
  signQuote(terms: RfqTerms): Promise<SignedQuote>
  /** Takes a maker's quote: what its legs say is what is traded. */
  takeQuote(quote: SignedQuote, options?: SendOptions & { readonly subaccount?: number }): Promise<Sent>
}

const LEGS_MAX = 16
const SECONDS_DEFAULT = 30
const SECONDS_MAX = 300
const DIGITS = /^[0-9]{1,20}$/

/** Trades by agreement of a trader. */
export function rfqActions(context: TraderContext): RfqActions {
  return {
    signQuote: (terms) => signQuote(context, terms),
    async takeQuote(signed, options = {}) {
      const { keyType, key, signMode, signature } = signed
      const message = {
        ...(await acting(context, options.subaccount)),
        quote: readQuote(signed),
        makerPublicKey: packSigningKey({ type: keyTypeOf(keyType), bytes: hexBytes(key, 'key', 33) }),
        makerSignature: hexBytes(signature, 'signature', 65),
        makerSignMode: signMode,
      }
      return sentOf(await trade(context, tradeMessages.executeRfq(message), options))
    },
  }
}

/** The text that a maker signs; what `apps/hub` makes of the same quote. */
export function quoteText(chainId: string, quote: RfqQuote): string {
  return [
    'Causeway quote v1',
    `chain id: ${chainId}`,
    `maker: ${quote.maker}/${quote.makerSubaccount}`,
    `taker: ${quote.taker === '' ? 'anybody' : quote.taker}`,
    ...quote.legs.map(({ market, isBuy, sizeE9, priceE9 }) => {
      const side = isBuy ? 'sells' : 'buys'
      return `leg: maker ${side} ${sizeE9} of market ${market} at ${priceE9}`
    }),
    `expire seconds: ${quote.expireSeconds}`,
    `nonce: ${quote.nonce}`,
  ].join('\n')
}

async function signQuote(context: TraderContext, terms: RfqTerms): Promise<SignedQuote> {
  const { hub, trading, markets } = context
  const { legs, taker, seconds = SECONDS_DEFAULT } = terms
  if (legs.length === 0 || legs.length > LEGS_MAX) {
    throw errors.badArgument({ name: 'legs', expected: `1 to ${LEGS_MAX}` })
  }
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SECONDS_MAX) {
    throw errors.badArgument({ name: 'seconds', expected: `1 to ${SECONDS_MAX}` })
  }
  if (taker !== undefined) addressBytes(taker, 'taker')
  const quote: RfqQuote = {
    maker: await accountOf(context),
    makerSubaccount: checkSubaccount(terms.subaccount ?? context.subaccount),
    taker: taker ?? '',
    legs: await Promise.all(
      legs.map(async (leg) => {
        const { id, lot, tick } = await markets.bySymbol(leg.market)
        const sizeE9 = onGrid(leg.size, lot, 'size')
        const priceE9 = onGrid(leg.price, tick, 'price')
        return { market: BigInt(id), isBuy: leg.takerSide === 'buy', sizeE9, priceE9 }
      }),
    ),
    expireSeconds: BigInt(Math.floor(hub.clock.now() / 1_000) + seconds),
    nonce: context.sender.nonce(),
  }
  const { key, mode, signature } = await trading.signText(quoteText(hub.chainId, quote))
  return {
    maker: quote.maker,
    makerSubaccount: quote.makerSubaccount,
    taker: quote.taker,
    legs: quote.legs.map(({ market, isBuy, sizeE9, priceE9 }) => ({
      market: market.toString(),
      takerBuys: isBuy,
      sizeE9: sizeE9.toString(),
      priceE9: priceE9.toString(),
    })),
    expirySeconds: Number(quote.expireSeconds),
    nonce: quote.nonce.toString(),
    keyType: String(key.type),
    key: toHex(key.bytes),
    signMode: mode,
    signature: toHex(signature),
  }
}

/** Reads a quote that came from somebody else. Throws `client/20`. */
function readQuote(signed: SignedQuote): RfqQuote {
  const { legs, taker, expirySeconds } = signed
  addressBytes(signed.maker, 'quote, maker')
  if (taker !== '') addressBytes(taker, 'quote, taker')
  if (!Array.isArray(legs) || legs.length === 0 || legs.length > LEGS_MAX) throw badQuote('1 to 16 legs')
  if (!Number.isInteger(expirySeconds) || expirySeconds < 0) throw badQuote('a time')
  return {
    maker: signed.maker,
    makerSubaccount: checkSubaccount(signed.makerSubaccount),
    taker,
    legs: legs.map(({ market, takerBuys, sizeE9, priceE9 }) => ({
      market: whole(market),
      isBuy: takerBuys === true,
      sizeE9: whole(sizeE9),
      priceE9: whole(priceE9),
    })),
    expireSeconds: BigInt(expirySeconds),
    nonce: whole(signed.nonce),
  }
}

function whole(text: string): bigint {
  if (typeof text !== 'string' || !DIGITS.test(text)) throw badQuote('whole numbers as text')
  return BigInt(text)
}

function hexBytes(text: string, name: string, lengthMax: number): Uint8Array {
  const isHex = typeof text === 'string' && /^([0-9a-f]{2})+$/.test(text) && text.length <= lengthMax * 2
  if (!isHex) throw badQuote(`a ${name} in hex`)
  return fromHex(text)
}

function keyTypeOf(text: string): 0 | 1 | 2 | 'session' {
  const found = ([0, 1, 2, 'session'] as const).find((type) => String(type) === text)
  if (found === undefined) throw badQuote('a known type of key')
  return found
}

function badQuote(expected: string) {
  return errors.badArgument({ name: 'quote', expected })
}
