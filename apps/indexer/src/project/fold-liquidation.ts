// A liquidation out of its steps and sales, one after another.

import type { LiquidationRow } from '../database/liquidation-entities.ts'

/** A liquidation as it stands, or stood when it ended. */
export type Liquidation = Omit<LiquidationRow, 'account' | 'subaccount'>

type Place = { readonly height: bigint; readonly position: number; readonly timeNanoseconds: bigint }

/** Something that happened in a liquidation. */
export type LiquidationEvent = Place &
  (
    | {
        readonly kind: 'stage'
        readonly stage: string
        readonly reason: string
        readonly valueE6: bigint
        readonly underlying: bigint
      }
    | { readonly kind: 'closing'; readonly orders: number }
    | {
        readonly kind: 'sale'
        readonly priceE6: bigint
        readonly paidE6: bigint
        readonly feeE6: bigint
        readonly worthE6: bigint
      }
  )

/** The stage of one that is over. */
export const OVER = 'none'

/**
 * The liquidation after an event. `before` is the last one of the subaccount: one that is over is followed by
 * a new one, and so is none.
 */
export function foldLiquidation(before: Liquidation | undefined, event: LiquidationEvent): Liquidation {
  const { height, timeNanoseconds } = event
  const last = before === undefined || before.stage === OVER ? begun(event) : before
  return { ...last, ...afterEvent(last, event), height, timeNanoseconds }
}

function begun(event: LiquidationEvent): Liquidation {
  const { height, position, timeNanoseconds } = event
  const valueE6 = event.kind === 'stage' ? event.valueE6 : 0n
  return {
    beganHeight: height,
    beganPosition: position,
    beganNanoseconds: timeNanoseconds,
    beganValueE6: valueE6,
    ...{ stage: 'auction', reason: 'below', valueE6, underlying: 0n },
    ...{ closingBlocks: 0, closingOrders: 0, sales: 0 },
    ...{ priceE6: 0n, paidE6: 0n, feeE6: 0n, worthE6: 0n },
    height,
    timeNanoseconds,
  }
}

function afterEvent(last: Liquidation, event: LiquidationEvent): Partial<Liquidation> {
  switch (event.kind) {
    case 'stage': {
      const { stage, reason, valueE6, underlying } = event
      return { stage, reason, valueE6, underlying }
    }
    case 'closing':
      return {
        closingBlocks: last.closingBlocks + 1,
        closingOrders: last.closingOrders + event.orders,
      }
    case 'sale':
      return {
        sales: last.sales + 1,
        priceE6: last.priceE6 + event.priceE6,
        paidE6: last.paidE6 + event.paidE6,
        feeE6: last.feeE6 + event.feeE6,
        worthE6: last.worthE6 + event.worthE6,
      }
  }
}
