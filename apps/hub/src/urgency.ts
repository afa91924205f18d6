// Which messages of lanes 2 and 3 the state makes urgent: who has nothing to cancel, to reduce or to save
// waits with everybody else.
import type { MsgConvert, MsgTransferCash } from '@causeway/protocol/causeway/cash/v1/tx'
import type { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import type {
  MsgCancelAll,
  MsgCancelOrder,
  MsgPlaceOrder,
  MsgRevokeVenue,
} from '@causeway/protocol/causeway/markets/v1/tx'
import type { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import type { Composition } from './block/composition.ts'
import type { ReadContext } from './block/context.ts'
import type { Foundation } from './compose.ts'
import type { Holder } from './identifiers.ts'
import type { Cash } from './modules/cash/cash.ts'
import { LIQUIDATION_STORE, readLiquidation } from './modules/liquidation/state.ts'
import { readGrant } from './modules/markets/grants.ts'
import { MARKETS_STORE, readOrder, readPositions, storedOrders } from './modules/markets/state.ts'

/** What urgency is judged with. */
export interface UrgencyParts {
  cash(): Pick<Cash, 'balanceE6'>
}

/** Judges messages by the state before a block. */
export function urgencyOf(
  { addresses, accounts }: Pick<Foundation, 'addresses' | 'accounts'>,
  parts: UrgencyParts,
): Composition['isUrgent'] {
  const actor = ({ signer, subaccount }: Pick<MsgCancelAll, 'signer' | 'subaccount'>): Holder => ({
    account: addresses.decode(signer),
    subaccount,
  })
  const named = (state: ReadContext, text: string): Holder => {
    const { account, subaccount } = addresses.decodeHolder(text)
    return { account: accounts.owner(state, account), subaccount }
  }
  /** Has a position or owes cash. */
  const isExposed = (state: ReadContext, holder: Holder): boolean =>
    readPositions(state.store(MARKETS_STORE), holder).length > 0 || parts.cash().balanceE6(state, holder) < 0n
  return (state, { typeUrl, message }) => {
    switch (typeUrl) {
      case '/causeway.markets.v1.MsgPlaceOrder': {
        const order = message as MsgPlaceOrder
        return reduces(state, actor(order), order)
      }
      case '/causeway.markets.v1.MsgCancelOrder': {
        const { orderId, ...acting } = message as MsgCancelOrder
        return readOrder(state.store(MARKETS_STORE), actor(acting), orderId) !== undefined
      }
      case '/causeway.markets.v1.MsgCancelAll':
      case '/causeway.markets.v1.MsgCancelAllAfter':
        return hasOrder(state, actor(message as MsgCancelAll))
      case '/causeway.markets.v1.MsgRevokeVenue': {
        const venue = message as MsgRevokeVenue
        return readGrant(state.store(MARKETS_STORE), actor(venue), venue) !== undefined
      }
      case '/causeway.cash.v1.MsgConvert':
        return isExposed(state, named(state, (message as MsgConvert).holder))
      case '/causeway.cash.v1.MsgTransferCash':
        return isExposed(state, named(state, (message as MsgTransferCash).to))
      case '/cosmos.bank.v1beta1.MsgSend':
        return isExposed(state, named(state, (message as MsgSend).toAddress))
      case '/causeway.liquidation.v1.MsgBid': {
        const store = state.store(LIQUIDATION_STORE)
        return readLiquidation(store, named(state, (message as MsgBid).account)) !== undefined
      }
      default:
        return true
    }
  }
}

function reduces(state: ReadContext, holder: Holder, { market, isBuy }: MsgPlaceOrder): boolean {
  const positions = readPositions(state.store(MARKETS_STORE), holder)
  const position = positions.find((each) => each.market === market)
  return position !== undefined && position.sizeE9 < 0n === isBuy
}

function hasOrder(state: ReadContext, holder: Holder): boolean {
  const [first] = storedOrders(state.store(MARKETS_STORE), holder)
  return first !== undefined
}
