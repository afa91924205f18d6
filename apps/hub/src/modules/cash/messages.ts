import {
  MsgCancelWithdrawal,
  MsgCancelWithdrawalResponse,
  MsgConvert,
  MsgConvertResponse,
  MsgRedeem,
  MsgRedeemResponse,
  MsgRedirectWithdrawal,
  MsgRedirectWithdrawalResponse,
  MsgTransferCash,
  MsgTransferCashResponse,
  MsgWithdraw,
  MsgWithdrawResponse,
} from '@causeway/protocol/causeway/cash/v1/tx'
import { U256_MAX, equalBytes } from '@causeway/primitives'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import { sameHolder } from '../../identifiers.ts'
import { isUnpayable } from '../../named-accounts.ts'
import type { Cash } from './cash.ts'
import { convert } from './convert.ts'
import { errors } from './errors.ts'
import type { CashPorts } from './ports.ts'
import { cancel, redeem, redirect, withdraw } from './withdraw.ts'

const CASH_MAX_E6 = 2n ** 100n
const DECIMAL = /^[1-9][0-9]{0,77}$/
const PACKAGE = 'causeway.cash.v1'

/** What holders do with cash. Each names the subaccount; its account signs. */
export function messages(cash: Cash, ports: CashPorts): readonly MessageType[] {
  return [...conversions(ports), transfer(cash, ports), ...waitingOnes(ports)]
}

function conversions(ports: CashPorts): readonly MessageType[] {
  const signer = (message: { holder: string }) => ports.addresses.decodeHolder(message.holder).account
  return [
    defineMessage({
      typeName: `${PACKAGE}.MsgConvert`,
      codec: MsgConvert,
      responseCodec: MsgConvertResponse,
      lane: 3,
      signer,
      handle(context, { holder, denom, amount }) {
        const asset = ports.assetOfDenom(context, denom)
        const converted = { asset, amount: amountOf(amount, U256_MAX) }
        const cashE6 = convert(context, ports, ports.addresses.decodeHolder(holder), converted)
        return { cashE6: cashE6.toString() }
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgRedeem`,
      codec: MsgRedeem,
      responseCodec: MsgRedeemResponse,
      lane: 4,
      signer,
      handle(context, { holder, line, amountE6, receiver }) {
        const redeemed = { line, receiver, amountE6: amountOf(amountE6, CASH_MAX_E6) }
        return redeem(context, ports, ports.addresses.decodeHolder(holder), redeemed)
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgWithdraw`,
      codec: MsgWithdraw,
      responseCodec: MsgWithdrawResponse,
      lane: 4,
      signer,
      handle(context, { holder, line, amount, receiver }) {
        const withdrawn = { line, receiver, amount: amountOf(amount, U256_MAX) }
        return withdraw(context, ports, ports.addresses.decodeHolder(holder), withdrawn)
      },
    }),
  ]
}

function transfer(cash: Cash, ports: CashPorts): MessageType {
  const { addresses } = ports
  return defineMessage({
    typeName: `${PACKAGE}.MsgTransferCash`,
    codec: MsgTransferCash,
    responseCodec: MsgTransferCashResponse,
    lane: 3,
    signer: ({ from }) => addresses.decodeHolder(from).account,
    validate({ from, to }) {
      const receiver = addresses.decodeHolder(to)
      if (sameHolder(addresses.decodeHolder(from), receiver)) throw errors.sameHolder()
      if (isUnpayable(receiver.account)) throw errors.blockedReceiver({ receiver: to })
    },
    handle(context, message) {
      const [from, to] = [addresses.decodeHolder(message.from), addresses.decodeHolder(message.to)]
      if (!equalBytes(from.account, to.account)) ports.requireSolvent?.(context)
      ports.settleTrading?.(context, from)
      ports.requireFresh(context, from)
      cash.pay(context, from, to, amountOf(message.amountE6, CASH_MAX_E6), 'transfer')
      ports.checkWithdrawal(context, from)
      return {}
    },
  })
}

function waitingOnes(ports: CashPorts): readonly MessageType[] {
  const { addresses } = ports
  const signer = (message: { holder: string }) => addresses.decodeHolder(message.holder).account
  return [
    defineMessage({
      typeName: `${PACKAGE}.MsgCancelWithdrawal`,
      codec: MsgCancelWithdrawal,
      responseCodec: MsgCancelWithdrawalResponse,
      lane: 3,
      signer,
      handle(context, { holder, id }) {
        cancel(context, ports, addresses.decodeHolder(holder), id)
        return {}
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgRedirectWithdrawal`,
      codec: MsgRedirectWithdrawal,
      responseCodec: MsgRedirectWithdrawalResponse,
      lane: 4,
      signer,
      handle: (context, { holder, ...redirected }) =>
        redirect(context, ports, addresses.decodeHolder(holder), redirected),
    }),
  ]
}

function amountOf(text: string, max: bigint): bigint {
  if (!DECIMAL.test(text)) throw errors.badAmount()
  const amount = BigInt(text)
  if (amount > max) throw errors.badAmount()
  return amount
}
