// Events of margin calls.
import { toHex } from '@causeway/primitives'
import type { MarginCall } from '@causeway/protocol/causeway/calls/v1/calls'
import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** What a call came to: `delivered` where what was pulled has come in. */
export type CallStatus = 'sent' | 'pulled' | 'refused' | 'timed out' | 'delivered'

/** A line was called, or something became of it. */
export function emitCall(
  context: Context,
  addresses: AddressCodec,
  { call, status }: { call: MarginCall; status: CallStatus },
): void {
  const { client, line, sequence, asset, amount, pulled } = call
  context.emit(
    'causeway.calls.v1.call',
    { ...named(addresses, call), client, line: toHex(line), sequence: sequence.toString(), status },
    { asset: asset.toString(), amount, pulled },
  )
}

/** Liquidation waits from now on, or no more. */
export function emitWait(
  context: Context,
  addresses: AddressCodec,
  { holder, status }: { holder: Holder; status: string },
): void {
  context.emit('causeway.calls.v1.wait', { ...named(addresses, holder), status })
}

/** A relayer was paid for what it brought in. */
export function emitReward(
  context: Context,
  addresses: AddressCodec,
  { call, relayer, amount }: { call: MarginCall; relayer: Uint8Array; amount: bigint },
): void {
  context.emit(
    'causeway.calls.v1.reward',
    { ...named(addresses, call), relayer: addresses.encode(relayer) },
    {
      client: call.client,
      line: toHex(call.line),
      asset: call.asset.toString(),
      amount: amount.toString(),
    },
  )
}

function named(addresses: AddressCodec, { account, subaccount }: Holder) {
  return { account: addresses.encode(account), subaccount: subaccount.toString() }
}
