import {
  MsgCreateSessionKey,
  MsgCreateSessionKeyResponse,
  MsgLinkWallet,
  MsgLinkWalletResponse,
  MsgRevokeSessionKey,
  MsgRevokeSessionKeyResponse,
} from '@causeway/protocol/causeway/accounts/v1/tx'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { linkWallet } from './link-wallet.ts'
import type { LinkPorts } from './ports.ts'
import { createSession, revokeSession } from './sessions.ts'

/** Wallets and session keys. */
export function messages(addresses: AddressCodec, ports: LinkPorts): readonly MessageType[] {
  return [
    defineMessage({
      typeName: 'causeway.accounts.v1.MsgLinkWallet',
      codec: MsgLinkWallet,
      responseCodec: MsgLinkWalletResponse,
      lane: 4,
      signer: ({ account }) => addresses.decode(account),
      handle: (context, message) => ({
        wallet: addresses.encode(linkWallet(context, addresses, ports, message)),
      }),
    }),
    defineMessage({
      typeName: 'causeway.accounts.v1.MsgCreateSessionKey',
      codec: MsgCreateSessionKey,
      responseCodec: MsgCreateSessionKeyResponse,
      lane: 4,
      signer: ({ account }) => addresses.decode(account),
      handle(context, message) {
        createSession(context, addresses, message)
        return {}
      },
    }),
    defineMessage({
      typeName: 'causeway.accounts.v1.MsgRevokeSessionKey',
      codec: MsgRevokeSessionKey,
      responseCodec: MsgRevokeSessionKeyResponse,
      // Taking back comes before trading.
      lane: 3,
      signer: ({ account }) => addresses.decode(account),
      handle(context, message) {
        revokeSession(context, addresses, message)
        return {}
      },
    }),
  ]
}
