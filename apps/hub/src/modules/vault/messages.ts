import {
  MsgDepositVault,
  MsgDepositVaultResponse,
  MsgWithdrawVault,
  MsgWithdrawVaultResponse,
} from '@causeway/protocol/causeway/vault/v1/tx'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import { errors } from './errors.ts'
import type { VaultPorts } from './ports.ts'
import { requestDeposit, requestWithdrawal } from './requests.ts'

const PACKAGE = 'causeway.vault.v1'
const DECIMAL = /^[1-9][0-9]{0,38}$/

/** What holders of shares do: a wallet signs, for a fee. */
export function messages(ports: VaultPorts): readonly MessageType[] {
  const { addresses } = ports
  const signer = ({ holder }: { holder: string }) => addresses.decodeHolder(holder).account
  return [
    defineMessage({
      typeName: `${PACKAGE}.MsgDepositVault`,
      codec: MsgDepositVault,
      responseCodec: MsgDepositVaultResponse,
      lane: 4,
      signer,
      validate: ({ amountE6 }) => void amountOf(amountE6),
      handle(context, { holder, amountE6 }) {
        const id = requestDeposit(context, ports, addresses.decodeHolder(holder), amountOf(amountE6))
        return { requestId: id }
      },
    }),
    defineMessage({
      typeName: `${PACKAGE}.MsgWithdrawVault`,
      codec: MsgWithdrawVault,
      responseCodec: MsgWithdrawVaultResponse,
      lane: 4,
      signer,
      validate: ({ shares }) => void amountOf(shares),
      handle(context, { holder, shares }) {
        const id = requestWithdrawal(context, ports, addresses.decodeHolder(holder), amountOf(shares))
        return { requestId: id }
      },
    }),
  ]
}

function amountOf(text: string): bigint {
  if (!DECIMAL.test(text)) throw errors.badAmount()
  return BigInt(text)
}
