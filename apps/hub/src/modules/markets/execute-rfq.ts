import { equalBytes } from '@causeway/primitives'
import type { MsgExecuteRfq } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { requireMarket } from './place-order.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE } from './state.ts'
import { tradeAgreed } from './agreed-trades.ts'
import { quoteText, validateQuote } from './quote-text.ts'
import { isUsed, markUsed } from './used-quotes.ts'

/** A quote holds for so long at most. */
export const QUOTE_SECONDS_MAX = 300n

/**
 * Takes a maker's quote: every leg at its price, or nothing. Throws `markets/1` – `/6`, `/8`, `/20` – `/29`,
 * `/34`, `/35`, `cash/2`, `risk/1`, `risk/2`.
 */
export function executeRfq(
  context: Context,
  ports: MarketsPorts,
  taker: Holder,
  message: MsgExecuteRfq,
): void {
  const { addresses } = ports
  const quote = validateQuote(message.quote)
  // 1. Judge: in time, for this taker, between two owners
  const { expireSeconds, nonce } = quote
  if (expireSeconds <= context.timeSeconds) throw errors.rfqExpired({ seconds: expireSeconds })
  if (expireSeconds > context.timeSeconds + QUOTE_SECONDS_MAX)
    throw errors.rfqTooLong({ secondsMax: QUOTE_SECONDS_MAX })
  const maker = { account: addresses.decode(quote.maker), subaccount: quote.makerSubaccount }
  const isForTaker = quote.taker === '' || equalBytes(addresses.decode(quote.taker), taker.account)
  if (!isForTaker) throw errors.rfqOtherTaker()
  const [makerOwner, takerOwner] = [maker, taker].map(({ account }) => ports.owner(context, account))
  if (!equalBytes(makerOwner!, maker.account))
    throw errors.badRfq({ reason: 'its maker is a wallet of an account: name the account' })
  if (equalBytes(makerOwner!, takerOwner!)) throw errors.sameOwner()
  // 2. Replay
  const store = context.store(MARKETS_STORE)
  if (isUsed(store, maker.account, nonce)) throw errors.rfqUsed({ nonce })
  // 3. Authenticate
  const isSigned = ports.isSigned(context, {
    account: maker.account,
    text: quoteText(context.chainId, quote),
    publicKey: message.makerPublicKey,
    signMode: message.makerSignMode,
    signature: message.makerSignature,
  })
  if (!isSigned) throw errors.notSigned()
  // 4. Write
  markUsed(store, maker.account, nonce, expireSeconds)
  const trades = quote.legs.map(({ market, isBuy, sizeE9, priceE9 }) => ({
    market: requireMarket(context, market),
    buyer: isBuy ? taker : maker,
    seller: isBuy ? maker : taker,
    sizeE9,
    priceE9,
    maker: isBuy ? ('seller' as const) : ('buyer' as const),
  }))
  tradeAgreed(context, ports, trades, 'rfq')
}
