import { MsgBid, MsgBidResponse } from '@causeway/protocol/causeway/liquidation/v1/tx'
import type { Context } from '../../block/context.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import { errors } from './errors.ts'
import { emitBid } from './events.ts'
import { requireBidder, saleState } from './judge-bid.ts'
import type { LiquidationPorts } from './ports.ts'
import { requireTakeable, wantedOf } from './sale.ts'
import { LIQUIDATION_STORE, writeBid } from './state.ts'
import { ONE_E9, shareOf, termsOf } from './terms.ts'

/** What judging a bid at the block's end takes, and its part in the sale. */
const END_GAS = 100_000

const SIGNED = /^(0|-?[1-9][0-9]{0,37})$/

/** `MsgBid`. */
export function messages(ports: LiquidationPorts): readonly MessageType[] {
  const { addresses } = ports
  return [
    defineMessage({
      typeName: 'causeway.liquidation.v1.MsgBid',
      codec: MsgBid,
      responseCodec: MsgBidResponse,
      lane: 2,
      signer: (message) => addresses.decodeHolder(message.bidder).account,
      validate({ account, shareE9, maxPriceE6 }) {
        addresses.decodeHolder(account)
        if (shareE9 === 0n || shareE9 > ONE_E9) throw errors.badBid({ reason: 'share is 1 to 10^9' })
        if (!SIGNED.test(maxPriceE6)) throw errors.badBid({ reason: 'price is whole micro-cash' })
      },
      handle(context: Context, message) {
        bid(context, ports, message)
        return {}
      },
    }),
  ]
}

/**
 * Notes a bid for the end of its block, if it would get what it asks for now: who can't bear it, or pays less
 * than the auction asks, takes no place from others.
 */
function bid(context: Context, ports: LiquidationPorts, message: MsgBid): void {
  const { addresses, risk } = ports
  const store = context.store(LIQUIDATION_STORE)
  const holder = addresses.decodeHolder(message.account)
  const { shareE9, underlying } = message
  const made = {
    bidder: addresses.decodeHolder(message.bidder),
    maxPriceE6: BigInt(message.maxPriceE6),
    ...{ shareE9, underlying },
  }
  // 1. Judge: for sale now, to this bidder, for this price
  const { state, sale } = saleState(context, ports, holder)
  if (sale === undefined) throw errors.notForSale({ state })
  requireBidder(context, ports, holder, made.bidder)
  const terms = termsOf(context, ports, holder, sale)
  if (terms.underlying !== underlying)
    throw errors.otherGoods({ underlying: terms.underlying, asked: underlying })
  const priceE6 = shareOf(terms.priceE6, shareE9)
  if (priceE6 > made.maxPriceE6) throw errors.beyondPrice({ priceE6, maxPriceE6: made.maxPriceE6 })
  // 2. It can bear it now, and pays for being judged again when the block ends: alone, and with the others
  const { gas } = context
  gas.consume(END_GAS)
  const before = gas.used
  risk.requireInitial(context, made.bidder)
  const taker = wantedOf(made, terms)
  if (taker.shareE9 > 0n) requireTakeable(context, ports, holder, { taker, terms })
  gas.consume(2 * (gas.used - before))
  // 3. Write: a bidder's later bid takes the place of its first
  writeBid(store, holder, made)
  emitBid(context, addresses, holder, made)
}
