import { MsgSend, MsgSendResponse } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import type { Context } from '../../block/context.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import { isUnpayable } from '../../named-accounts.ts'
import { parseAmount } from './amounts.ts'
import { errors } from './errors.ts'
import type { Ledger } from './ledger.ts'

/** What sending needs beside the ledger. */
export interface SendPorts {
  readonly addresses: AddressCodec
  /** Throws `ProtocolError` when what has just left a subaccount was needed there. */
  checkWithdrawal(context: Context, holder: Holder): void
}

const COINS_MAX = 16

/** `MsgSend`: both addresses may name a subaccount, `cway1…/3`. */
export function messages(ledger: Ledger, ports: SendPorts): readonly MessageType[] {
  const { addresses } = ports
  return [
    defineMessage({
      typeName: 'cosmos.bank.v1beta1.MsgSend',
      codec: MsgSend,
      responseCodec: MsgSendResponse,
      lane: 3,
      signer: (message) => addresses.decodeHolder(message.fromAddress).account,
      validate(message) {
        const { account } = addresses.decodeHolder(message.toAddress)
        if (isUnpayable(account)) throw errors.blockedReceiver({ receiver: message.toAddress })
        if (message.amount.length === 0) throw errors.noCoins()
        if (message.amount.length > COINS_MAX) {
          throw errors.tooManyCoins({ count: message.amount.length, max: COINS_MAX })
        }
        const seen = new Set<string>()
        for (const { denom, amount } of message.amount) {
          parseAmount(amount, 'amount')
          if (seen.has(denom)) throw errors.duplicateCoin({ denom: denom.slice(0, 128) })
          seen.add(denom)
        }
      },
      handle(context, message) {
        const from = addresses.decodeHolder(message.fromAddress)
        const to = addresses.decodeHolder(message.toAddress)
        for (const coin of message.amount) {
          const asset = ledger.asset(context, coin.denom)
          ledger.move(context, from, to, asset, parseAmount(coin.amount, 'amount'))
        }
        ports.checkWithdrawal(context, from)
        context.emit('message', { module: 'bank', sender: addresses.encode(from.account) })
        return {}
      },
    }),
  ]
}
