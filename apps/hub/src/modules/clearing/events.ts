// Events of port `clearing`.
import { toHex } from '@causeway/primitives'
import type { OutgoingMessage, StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { Context } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'

/** Trades that a venue sent, and how many of them were taken. */
export function emitTrades(
  context: Context,
  trades: { client: string; sequence: bigint; count: number; accepted: number },
): void {
  context.emit('causeway.clearing.v1.trades', {
    client: trades.client,
    sequence: trades.sequence.toString(),
    count: trades.count.toString(),
    accepted: trades.accepted.toString(),
  })
}

/** What a standby line is now. */
export function emitStandbyLine(context: Context, addresses: AddressCodec, standby: StandbyLine): void {
  context.emit('causeway.clearing.v1.standby', {
    client: standby.client,
    line: toHex(standby.line),
    token: toHex(standby.token),
    amount: standby.amount,
    expiry_seconds: standby.expirySeconds.toString(),
    account: addresses.encode(standby.account),
    subaccount: standby.subaccount.toString(),
    status: standby.status,
  })
}

/** A message of this chain: sent, or what became of it. */
export function emitOutgoing(
  context: Context,
  { client, sequence, kind, target, status }: OutgoingMessage,
): void {
  context.emit('causeway.clearing.v1.message', {
    client,
    sequence: sequence.toString(),
    kind: kind.toString(),
    target: toHex(target),
    status,
  })
}
