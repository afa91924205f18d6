import type { Any } from '@causeway/protocol'
import {
  MsgAcknowledgement,
  MsgRecvPacket,
  MsgSendPacket,
  MsgTimeout,
} from '@causeway/protocol/ibc/core/channel/v2/tx'
import { MsgCreateClient, MsgUpdateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { MsgRegisterCounterparty } from '@causeway/protocol/ibc/core/client/v2/tx'
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
import { MsgPublishExitClaim } from '@causeway/protocol/causeway/exit/v1/tx'
import {
  MsgCancelAll,
  MsgCancelAllAfter,
  MsgCancelOrder,
  MsgGrantVenue,
  MsgSetProtection,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { MsgBid } from '@causeway/protocol/causeway/liquidation/v1/tx'
import { MsgPreviewDeposit } from '@causeway/protocol/causeway/preview/v1/tx'
import { MsgOpenIsolated } from '@causeway/protocol/causeway/risk/v1/tx'
import { MsgDepositVault, MsgWithdrawVault } from '@causeway/protocol/causeway/vault/v1/tx'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'

const CODECS = {
  'ibc.core.client.v1.MsgCreateClient': MsgCreateClient,
  'ibc.core.client.v1.MsgUpdateClient': MsgUpdateClient,
  'ibc.core.client.v2.MsgRegisterCounterparty': MsgRegisterCounterparty,
  'ibc.core.channel.v2.MsgSendPacket': MsgSendPacket,
  'ibc.core.channel.v2.MsgRecvPacket': MsgRecvPacket,
  'ibc.core.channel.v2.MsgAcknowledgement': MsgAcknowledgement,
  'ibc.core.channel.v2.MsgTimeout': MsgTimeout,
  'ibc.applications.transfer.v1.MsgTransfer': MsgTransfer,
  'causeway.exit.v1.MsgPublishExitClaim': MsgPublishExitClaim,
  'causeway.accounts.v1.MsgCreateSessionKey': MsgCreateSessionKey,
  'causeway.accounts.v1.MsgLinkWallet': MsgLinkWallet,
  'causeway.accounts.v1.MsgRevokeSessionKey': MsgRevokeSessionKey,
  'causeway.cash.v1.MsgCancelWithdrawal': MsgCancelWithdrawal,
  'causeway.cash.v1.MsgConvert': MsgConvert,
  'causeway.cash.v1.MsgRedeem': MsgRedeem,
  'causeway.cash.v1.MsgRedirectWithdrawal': MsgRedirectWithdrawal,
  'causeway.cash.v1.MsgTransferCash': MsgTransferCash,
  'causeway.cash.v1.MsgWithdraw': MsgWithdraw,
  'causeway.markets.v1.MsgCancelAll': MsgCancelAll,
  'causeway.markets.v1.MsgCancelAllAfter': MsgCancelAllAfter,
  'causeway.markets.v1.MsgCancelOrder': MsgCancelOrder,
  'causeway.markets.v1.MsgGrantVenue': MsgGrantVenue,
  'causeway.markets.v1.MsgSetProtection': MsgSetProtection,
  'causeway.risk.v1.MsgOpenIsolated': MsgOpenIsolated,
  'causeway.liquidation.v1.MsgBid': MsgBid,
  'causeway.preview.v1.MsgPreviewDeposit': MsgPreviewDeposit,
  'causeway.vault.v1.MsgDepositVault': MsgDepositVault,
  'causeway.vault.v1.MsgWithdrawVault': MsgWithdrawVault,
} as const

type Codecs = typeof CODECS
type MessageOf<Name extends keyof Codecs> = ReturnType<Codecs[Name]['decode']>

/** A message in its envelope. */
export function message<Name extends keyof Codecs>(name: Name, value: MessageOf<Name>): Any {
  const codec = CODECS[name] as unknown as { encode(message: MessageOf<Name>): { finish(): Uint8Array } }
  return { typeUrl: `/${name}`, value: codec.encode(value).finish() }
}
