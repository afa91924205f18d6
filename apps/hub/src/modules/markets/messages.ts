import {
  MsgAmendOrder,
  MsgAmendOrderResponse,
  MsgCancelAll,
  MsgCancelAllAfter,
  MsgCancelAllAfterResponse,
  MsgCancelAllResponse,
  MsgCancelOrder,
  MsgCancelOrderResponse,
  MsgMassQuote,
  MsgMassQuoteResponse,
  MsgPlaceOrder,
  MsgPlaceOrderResponse,
  MsgResetProtection,
  MsgResetProtectionResponse,
  MsgSetProtection,
  MsgSetProtectionResponse,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { errors as identifierErrors } from '../../identifier-errors.ts'
import { SUBACCOUNT_MAX } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import { amendOrder } from './amend-order.ts'
import { cancelAllAfter } from './cancel-after.ts'
import { cancelAll, cancelOrder } from './cancel-orders.ts'
import { massQuote, validateMassQuote } from './mass-quote.ts'
import { placeOrder, validatePlaceOrder } from './place-order.ts'
import type { MarketsPorts } from './ports.ts'
import { resetProtection, setProtection } from './protection.ts'
import { MARKETS_STORE } from './state.ts'

const PACKAGE = 'causeway.markets.v1'
const QUOTES_PER_TOKEN = 10

/** Who acts for which subaccount. */
export interface Acting {
  readonly signer: string
  readonly subaccount: number
}

/** Messages about orders. */
export function orderMessages(ports: MarketsPorts): readonly MessageType[] {
  return [reducingFirst(placeMessage(ports)), amendMessage(ports), ...cancelMessages(ports)]
}

function cancelMessages(ports: MarketsPorts): readonly MessageType[] {
  const { of, signer } = acting(ports)
  return [
    defineMessage({
      typeName: `${PACKAGE}.MsgCancelOrder`,
      codec: MsgCancelOrder,
      responseCodec: MsgCancelOrderResponse,
      lane: 3,
      permission: 'trade',
      signer,
      validate: (message) => requireSubaccount(message),
      handle(context, message) {
        cancelOrder(context, ports, of(message), message.orderId)
        return {}
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgCancelAll`,
      codec: MsgCancelAll,
      responseCodec: MsgCancelAllResponse,
      lane: 3,
      permission: 'trade',
      signer,
      validate: (message) => requireSubaccount(message),
      handle(context, message) {
        const { market } = message
        return { count: cancelAll(context, ports, of(message), { market, reason: 'cancelled' }) }
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgCancelAllAfter`,
      codec: MsgCancelAllAfter,
      responseCodec: MsgCancelAllAfterResponse,
      lane: 3,
      permission: 'trade',
      signer,
      validate: (message) => requireSubaccount(message),
      handle(context, message) {
        cancelAllAfter(context, of(message), message.seconds)
        return {}
      },
    }),
  ]
}

/** Messages of market makers. */
export function quoteMessages(ports: MarketsPorts): readonly MessageType[] {
  const { of, signer } = acting(ports)
  return [
    defineMessage({
      typeName: `${PACKAGE}.MsgMassQuote`,
      codec: MsgMassQuote,
      responseCodec: MsgMassQuoteResponse,
      lane: 4,
      permission: 'trade',
      signer,
      tokens: ({ quotes }) => 1 + Math.ceil(quotes.length / QUOTES_PER_TOKEN),
      validate(message) {
        requireSubaccount(message)
        validateMassQuote(message)
      },
      handle: (context, message, { nonce = message.nonce }) => ({
        orderIds: massQuote(context, ports, message, { holder: of(message), nonce }),
      }),
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgSetProtection`,
      codec: MsgSetProtection,
      responseCodec: MsgSetProtectionResponse,
      lane: 4,
      permission: 'trade',
      signer,
      validate: (message) => requireSubaccount(message),
      handle(context, message) {
        setProtection(context.store(MARKETS_STORE), of(message), message)
        return {}
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgResetProtection`,
      codec: MsgResetProtection,
      responseCodec: MsgResetProtectionResponse,
      lane: 4,
      permission: 'trade',
      signer,
      validate: (message) => requireSubaccount(message),
      handle(context, message) {
        resetProtection(context.store(MARKETS_STORE), of(message), message.underlying)
        return {}
      },
    }),
  ]
}

/** Reads who signs and for which subaccount. */
export function acting({ addresses }: MarketsPorts) {
  return {
    of: ({ signer, subaccount }: Acting): Holder => ({ account: addresses.decode(signer), subaccount }),
    signer: ({ signer }: Acting) => addresses.decode(signer),
  }
}

/** Throws `identifiers/2`. */
export function requireSubaccount({ subaccount }: Acting): void {
  if (subaccount > SUBACCOUNT_MAX) throw identifierErrors.badSubaccount()
}

function amendMessage(ports: MarketsPorts): MessageType {
  const { of, signer } = acting(ports)
  return defineMessage({
    typeName: `${PACKAGE}.MsgAmendOrder`,
    codec: MsgAmendOrder,
    responseCodec: MsgAmendOrderResponse,
    lane: 4,
    permission: 'trade',
    signer,
    validate: (message) => requireSubaccount(message),
    handle(context, message) {
      amendOrder(context, ports, of(message), message)
      return {}
    },
  })
}

function placeMessage(ports: MarketsPorts): MessageType {
  const { of, signer } = acting(ports)
  return defineMessage({
    typeName: `${PACKAGE}.MsgPlaceOrder`,
    codec: MsgPlaceOrder,
    responseCodec: MsgPlaceOrderResponse,
    lane: 4,
    permission: 'trade',
    signer,
    validate(message) {
      requireSubaccount(message)
      validatePlaceOrder(message)
    },
    handle: (context, message, { nonce = message.nonce }) => ({
      orderId: placeOrder(context, ports, message, { holder: of(message), nonce }),
    }),
  })
}

/** What only reduces stands in lane 3. */
function reducingFirst(type: MessageType): MessageType {
  return {
    ...type,
    prepare(bytes) {
      const action = type.prepare(bytes)
      return (action.message as MsgPlaceOrder).reduceOnly ? { ...action, lane: 3 } : action
    },
  }
}
