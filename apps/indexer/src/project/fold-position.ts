// A position out of what happened to it, one event after another: average cost, as exchanges show it.

import { mulDivFloor } from '@causeway/primitives'

/** What a holder has in a market, and what it has made there. */
export type HeldPosition = {
  /** Signed. */
  readonly sizeE9: bigint
  /** What the open size cost, or was sold for; below 0 only where it was given away for cash. */
  readonly entryNotionalE6: bigint
  /** Made by what was closed and settled, before fees and funding. */
  readonly realisedE6: bigint
  readonly feeE6: bigint
  readonly boughtE9: bigint
  readonly soldE9: bigint
  /** Since when it is open. */
  readonly openedHeight: bigint
}

/** Something that happened to a position: a fill, or its settlement with its market. */
export type PositionEvent =
  | ({ readonly kind: 'fill'; readonly height: bigint; readonly side: string } & Charged & {
        readonly notionalE6: bigint
      })
  | ({ readonly kind: 'settlement'; readonly height: bigint; readonly valueE6: bigint } & Charged)

type Charged = { readonly sizeE9: bigint; readonly feeE6: bigint }

/** A position that never was. */
export const NO_POSITION: HeldPosition = {
  sizeE9: 0n,
  entryNotionalE6: 0n,
  realisedE6: 0n,
  feeE6: 0n,
  boughtE9: 0n,
  soldE9: 0n,
  openedHeight: 0n,
}

/** The position after an event. */
export function foldPosition(before: HeldPosition, event: PositionEvent): HeldPosition {
  const position = { ...before, feeE6: before.feeE6 + event.feeE6 }
  return event.kind === 'fill' ? fill(position, event) : settle(position, event)
}

/** Cash per 1.0 at which the open size was entered, in 10⁻⁹; undefined when nothing is open. */
export function entryPriceE9(position: Pick<HeldPosition, 'sizeE9' | 'entryNotionalE6'>): bigint | undefined {
  const size = magnitude(position.sizeE9)
  return size === 0n ? undefined : mulDivFloor(position.entryNotionalE6, 10n ** 12n, size)
}

/** What the open size has made at a mark and is not realised; micro-cash. */
export function unrealisedE6(
  { sizeE9, entryNotionalE6 }: Pick<HeldPosition, 'sizeE9' | 'entryNotionalE6'>,
  markE9: bigint,
): bigint {
  const cost = sizeE9 < 0n ? -entryNotionalE6 : entryNotionalE6
  return mulDivFloor(sizeE9, markE9, 10n ** 12n) - cost
}

function fill(position: HeldPosition, event: PositionEvent & { kind: 'fill' }): HeldPosition {
  const isBuy = event.side === 'buy'
  const signed = isBuy ? event.sizeE9 : -event.sizeE9
  const held = position.sizeE9
  const traded = isBuy
    ? { ...position, boughtE9: position.boughtE9 + event.sizeE9 }
    : { ...position, soldE9: position.soldE9 + event.sizeE9 }
  const isClosing = held !== 0n && held > 0n !== isBuy
  const closedE9 = isClosing ? least(event.sizeE9, magnitude(held)) : 0n
  const costE6 = closedE9 === 0n ? 0n : mulDivFloor(position.entryNotionalE6, closedE9, magnitude(held))
  const closedE6 = closedE9 === 0n ? 0n : mulDivFloor(event.notionalE6, closedE9, event.sizeE9)
  const madeE6 = closedE6 - costE6
  const openedE6 = event.notionalE6 - closedE6
  const isNew = held === 0n || (isClosing && closedE9 < event.sizeE9)
  return {
    ...traded,
    sizeE9: held + signed,
    entryNotionalE6: position.entryNotionalE6 - costE6 + openedE6,
    realisedE6: position.realisedE6 + (held < 0n ? -madeE6 : madeE6),
    openedHeight: isNew ? event.height : position.openedHeight,
  }
}

function settle(position: HeldPosition, event: PositionEvent & { kind: 'settlement' }): HeldPosition {
  const { sizeE9, entryNotionalE6 } = position
  const cost = sizeE9 < 0n ? -entryNotionalE6 : entryNotionalE6
  const realisedE6 = position.realisedE6 + event.valueE6 - cost
  return { ...position, sizeE9: sizeE9 - event.sizeE9, entryNotionalE6: 0n, realisedE6 }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
