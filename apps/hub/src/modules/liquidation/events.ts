import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { Stage } from './state.ts'

/** Why an account has come to a stage, or out of liquidation. */
export type StageReason =
  'below' | 'waited' | 'unclosed' | 'insolvent' | 'solvent' | 'recovered' | 'sold' | 'resolved' | 'empty'

/** An account has come to another stage; `none`: its liquidation is over. */
export function emitStage(
  context: Context,
  addresses: AddressCodec,
  told: {
    readonly holder: Holder
    readonly stage: Stage | 'none'
    readonly before: Stage | 'none'
    readonly reason: StageReason
    readonly valueE6: bigint
    readonly underlying: bigint
  },
): void {
  const { stage, before, reason, valueE6, underlying } = told
  const searched = { ...owned(addresses, told.holder), stage }
  const rest = { before, reason, value_e6: `${valueE6}`, underlying: `${underlying}` }
  context.emit('causeway.liquidation.v1.stage', searched, rest)
}

/** Closing orders were placed for an account. */
export function emitClosing(context: Context, addresses: AddressCodec, holder: Holder, orders: number): void {
  context.emit('causeway.liquidation.v1.closing', owned(addresses, holder), { orders: `${orders}` })
}

/** A bid waits for the end of its block. */
export function emitBid(
  context: Context,
  addresses: AddressCodec,
  holder: Holder,
  bid: { readonly bidder: Holder; readonly shareE9: bigint; readonly maxPriceE6: bigint },
): void {
  const rest = { share_e9: `${bid.shareE9}`, max_price_e6: `${bid.maxPriceE6}` }
  context.emit('causeway.liquidation.v1.bid', withBidder(addresses, holder, bid.bidder), rest)
}

/** A bid got nothing in its block. */
export function emitLapsed(
  context: Context,
  addresses: AddressCodec,
  holder: Holder,
  { bidder, reason }: { readonly bidder: Holder; readonly reason: string },
): void {
  context.emit('causeway.liquidation.v1.lapsed', withBidder(addresses, holder, bidder), { reason })
}

/** What a bidder took over. */
export function emitSold(
  context: Context,
  addresses: AddressCodec,
  holder: Holder,
  sold: {
    readonly bidder: Holder
    readonly underlying: bigint
    readonly shareE9: bigint
    readonly priceE6: bigint
    readonly paidE6: bigint
    readonly feeE6: bigint
    readonly worthE6: bigint
  },
): void {
  context.emit('causeway.liquidation.v1.sold', withBidder(addresses, holder, sold.bidder), {
    underlying: `${sold.underlying}`,
    share_e9: `${sold.shareE9}`,
    price_e6: `${sold.priceE6}`,
    paid_e6: `${sold.paidE6}`,
    fee_e6: `${sold.feeE6}`,
    worth_e6: `${sold.worthE6}`,
  })
}

function withBidder(addresses: AddressCodec, holder: Holder, { account, subaccount }: Holder) {
  return {
    ...owned(addresses, holder),
    bidder: addresses.encode(account),
    bidder_subaccount: `${subaccount}`,
  }
}

function owned(addresses: AddressCodec, { account, subaccount }: Holder) {
  return { account: addresses.encode(account), subaccount: `${subaccount}` }
}
