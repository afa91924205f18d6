import { U256_MAX } from '@causeway/primitives'
import type { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import type { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { MessagingContext } from '../context.ts'
import { parseAmount } from './amount.ts'
import { TRANSFER_PORT } from './denomination.ts'
import { resolveVoucher } from './denomination-store.ts'
import { TRANSFER_ENCODINGS, encodeTransfer } from './packet-data.ts'
import { errors } from './transfer-errors.ts'
import type { TransferPorts } from './transfer-ports.ts'

/**
 * * Turns ibc-go's `MsgTransfer` into the packet that it means over IBC v2: `source_channel` is our client
 * id, `timeout_timestamp` counts seconds, no encoding means the peer's or JSON, and 2²⁵⁶ − 1 means all that
 * can be spent. The result still has to pass `sendPacket`. Throws `transfer/1`, `transfer/20`,
 * `transfer/21`, `transfer/40` – `transfer/43`, `transfer/80` – `transfer/82`. Spec: ibc-go v10 transfer
 * `msg_server.go`.
 *
 * DIFFERS FROM SPEC: ibc-go ignores a timeout height; a sender who relies on one is told.
 */
export function transferToSendPacket<Context extends MessagingContext<Context>>(
  context: Context,
  ports: TransferPorts<Context>,
  message: MsgTransfer,
): MsgSendPacket {
  const { sourcePort, sourceChannel, token, sender, receiver, timeoutHeight, timeoutTimestamp, memo } =
    message
  if (sourcePort !== TRANSFER_PORT) throw errors.wrongPort({ portId: sourcePort.slice(0, 140) })
  if (
    timeoutHeight !== undefined &&
    (timeoutHeight.revisionNumber > 0n || timeoutHeight.revisionHeight > 0n)
  ) {
    throw errors.timeoutHeight()
  }
  if (token === undefined) throw errors.missingToken()
  const denom = resolveVoucher(ports.denominations(context), token.denom)
  const named = parseAmount(token.amount)
  const amount = named === U256_MAX ? ports.bank.spendable(context, sender, denom) : named
  if (amount === 0n) throw errors.nothingToSend({ denomination: denom })
  const usual = ports.peer?.(sourceChannel)?.encoding ?? TRANSFER_ENCODINGS.json
  const encoding = message.encoding === '' ? usual : message.encoding
  const payload = encodeTransfer({ denom, amount, sender, receiver, memo }, encoding)
  return { sourceClient: sourceChannel, timeoutTimestamp, payloads: [payload], signer: sender }
}
