// Messages of trades made elsewhere: RFQ, and what a venue may clear.
import {
  MsgExecuteRfq,
  MsgExecuteRfqResponse,
  MsgGrantVenue,
  MsgGrantVenueResponse,
  MsgRevokeVenue,
  MsgRevokeVenueResponse,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import { errors } from './errors.ts'
import { acting, requireSubaccount } from './messages.ts'
import type { MarketsPorts } from './ports.ts'
import { executeRfq } from './execute-rfq.ts'
import { validateQuote } from './quote-text.ts'
import { grantVenue, revokeVenue, validateGrant } from './grants.ts'

const PACKAGE = 'causeway.markets.v1'

/** Positions and orders of two accounts are judged, whatever the legs. */
const QUOTE_TOKENS = 5

/** RFQ and venue grants. */
export function agreementMessages(ports: MarketsPorts): readonly MessageType[] {
  const { of, signer } = acting(ports)
  return [
    defineMessage({
      typeName: `${PACKAGE}.MsgExecuteRfq`,
      codec: MsgExecuteRfq,
      responseCodec: MsgExecuteRfqResponse,
      lane: 4,
      permission: 'trade',
      signer,
      tokens: ({ quote }) => QUOTE_TOKENS + (quote?.legs.length ?? 0),
      validate(message) {
        requireSubaccount(message)
        const { maker, makerSubaccount, taker } = validateQuote(message.quote)
        requireSubaccount({ signer: maker, subaccount: makerSubaccount })
        for (const address of taker === '' ? [maker] : [maker, taker]) ports.addresses.decode(address)
      },
      handle(context, message) {
        executeRfq(context, ports, of(message), message)
        return {}
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgGrantVenue`,
      codec: MsgGrantVenue,
      responseCodec: MsgGrantVenueResponse,
      lane: 4,
      signer,
      validate(message) {
        requireSubaccount(message)
        validateGrant(message)
      },
      handle(context, message, { isSession }) {
        if (isSession) throw errors.walletOnly()
        grantVenue(context, ports, of(message), message)
        return {}
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgRevokeVenue`,
      codec: MsgRevokeVenue,
      responseCodec: MsgRevokeVenueResponse,
      lane: 3,
      permission: 'trade',
      signer,
      validate: (message) => requireSubaccount(message),
      handle(context, message) {
        revokeVenue(context, ports, of(message), message)
        return {}
      },
    }),
  ]
}
