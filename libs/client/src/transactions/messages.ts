// The messages that a trader sends, in their envelopes, and what each costs of the free transactions.
import type { Codec } from '@causeway/protocol'
import {
  MsgCreateSessionKey,
  MsgLinkWallet,
  MsgRevokeSessionKey,
} from '@causeway/protocol/causeway/accounts/v1/tx'
import {
  MsgCancelWithdrawal,
  MsgConvert,
  MsgRedeem,
  MsgRedirectWithdrawal,
  MsgTransferCash,
  MsgWithdraw,
} from '@causeway/protocol/causeway/cash/v1/tx'
import { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import { MsgPublishExitClaim } from '@causeway/protocol/causeway/exit/v1/tx'
import {
  MsgAmendOrder,
  MsgCancelAll,
  MsgCancelAllAfter,
  MsgCancelOrder,
  MsgExecuteRfq,
  MsgGrantVenue,
  MsgMassQuote,
  MsgPlaceOrder,
  MsgResetProtection,
  MsgRevokeVenue,
  MsgSetProtection,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { MsgOpenIsolated } from '@causeway/protocol/causeway/risk/v1/tx'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import type { Message } from '../wallets/wallet.ts'

type Maker<T> = (message: T) => Message

/** Makes an ordinary message: a wallet signs it, a fee is paid. */
export const messages = {
  linkWallet: maker('causeway.accounts.v1.MsgLinkWallet', MsgLinkWallet),
  createSession: maker('causeway.accounts.v1.MsgCreateSessionKey', MsgCreateSessionKey),
  revokeSession: maker('causeway.accounts.v1.MsgRevokeSessionKey', MsgRevokeSessionKey),
  send: maker('cosmos.bank.v1beta1.MsgSend', MsgSend),
  convert: maker('causeway.cash.v1.MsgConvert', MsgConvert),
  redeem: maker('causeway.cash.v1.MsgRedeem', MsgRedeem),
  withdraw: maker('causeway.cash.v1.MsgWithdraw', MsgWithdraw),
  transferCash: maker('causeway.cash.v1.MsgTransferCash', MsgTransferCash),
  cancelWithdrawal: maker('causeway.cash.v1.MsgCancelWithdrawal', MsgCancelWithdrawal),
  redirectWithdrawal: maker('causeway.cash.v1.MsgRedirectWithdrawal', MsgRedirectWithdrawal),
  publishExitClaim: maker('causeway.exit.v1.MsgPublishExitClaim', MsgPublishExitClaim),
  openIsolated: maker('causeway.risk.v1.MsgOpenIsolated', MsgOpenIsolated),
  bid: maker('causeway.liquidation.v1.MsgBid', MsgBid),
  grantVenue: maker('causeway.markets.v1.MsgGrantVenue', MsgGrantVenue),
} as const

/** A trade message: a session key may sign it, and it is free while tokens last. */
export interface TradeMessage {
  readonly message: Message
  readonly tokens: number
}

const QUOTES_PER_TOKEN = 10

/** Makes a trade message, with the tokens that it takes (docs/signing.md, “Trade messages”). */
export const tradeMessages = {
  placeOrder: trade('MsgPlaceOrder', MsgPlaceOrder),
  cancelOrder: trade('MsgCancelOrder', MsgCancelOrder),
  revokeVenue: trade('MsgRevokeVenue', MsgRevokeVenue),
  cancelAll: trade('MsgCancelAll', MsgCancelAll),
  cancelAllAfter: trade('MsgCancelAllAfter', MsgCancelAllAfter),
  amendOrder: trade('MsgAmendOrder', MsgAmendOrder),
  massQuote: trade(
    'MsgMassQuote',
    MsgMassQuote,
    ({ quotes }) => 1 + Math.ceil(quotes.length / QUOTES_PER_TOKEN),
  ),
  setProtection: trade('MsgSetProtection', MsgSetProtection),
  resetProtection: trade('MsgResetProtection', MsgResetProtection),
  executeRfq: trade('MsgExecuteRfq', MsgExecuteRfq, ({ quote }) => 5 + (quote?.legs.length ?? 0)),
} as const

function maker<T>(typeName: string, codec: Codec<T>): Maker<T> {
  return (message) => ({ typeUrl: `/${typeName}`, value: codec.encode(message).finish() })
}

function trade<T>(name: string, codec: Codec<T>, tokens: (message: T) => number = () => 1) {
  const make = maker(`causeway.markets.v1.${name}`, codec)
  return (message: T): TradeMessage => ({ message: make(message), tokens: tokens(message) })
}
