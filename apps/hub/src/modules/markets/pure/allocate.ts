import { assert, be64, compareBytes, sha256Concat } from '@causeway/primitives'
import type { Clearing } from './clearing-price.ts'
import type { AuctionOrder } from './types.ts'
import { compareContents } from './withdrawn-orders.ts'

/**
 * Lots that each order gets at the price, by its place in `orders`: the side with less gets all, the other by
 * price, then entry block, then pro rata in lots, then largest remainder, then least tie hash. Spec:
 * docs/markets.md.
 */
export function allocate(
  orders: readonly AuctionOrder[],
  clearing: Clearing,
  previousAppHash: Uint8Array,
): Float64Array {
  const fills = new Float64Array(orders.length)
  const volume = Math.min(clearing.demand, clearing.supply)
  const buys: number[] = []
  const sells: number[] = []
  for (let i = 0; i < orders.length; i++) {
    const { isBuy, limitTicks } = orders[i]!
    if (isBuy && limitTicks >= clearing.ticks) buys.push(i)
    if (!isBuy && limitTicks <= clearing.ticks) sells.push(i)
  }
  for (const side of [buys, sells]) {
    const wanted = side === buys ? clearing.demand : clearing.supply
    if (wanted === volume) for (const i of side) fills[i] = orders[i]!.lots
    else ration({ orders, fills, previousAppHash }, side, volume)
  }
  return fills
}

interface Rationing {
  readonly orders: readonly AuctionOrder[]
  readonly fills: Float64Array
  readonly previousAppHash: Uint8Array
}

/** Better prices whole, then older blocks whole, and the group that the volume ends in pro rata. */
function ration(to: Rationing, side: readonly number[], volume: number): void {
  const { orders } = to
  let left = volume
  for (const group of groupsBy(side, (i) => orders[i]!.limitTicks, orders[side[0]!]!.isBuy ? -1 : 1)) {
    const lots = sumLots(orders, group)
    if (lots > left) return rationLevel(to, group, left)
    for (const i of group) to.fills[i] = orders[i]!.lots
    left -= lots
  }
  assert(left === 0, 'the rationed side has more than the volume')
}

function rationLevel(to: Rationing, level: readonly number[], volume: number): void {
  const { orders } = to
  let left = volume
  for (const group of groupsBy(level, (i) => orders[i]!.entryHeight, 1)) {
    const lots = sumLots(orders, group)
    if (lots > left) return proRata(to, group, left, lots)
    for (const i of group) to.fills[i] = orders[i]!.lots
    left -= lots
  }
}

/** Whole lots in proportion; what the rounding left, one lot each to the largest remainders. */
function proRata(to: Rationing, group: readonly number[], volume: number, lots: number): void {
  if (volume === 0) return
  const [available, total] = [BigInt(volume), BigInt(lots)]
  let left = volume
  const cut: { place: number; remainder: bigint }[] = []
  for (const place of group) {
    const product = BigInt(to.orders[place]!.lots) * available
    const whole = Number(product / total)
    to.fills[place] = whole
    left -= whole
    cut.push({ place, remainder: product % total })
  }
  cut.sort((a, b) => (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : 0))
  if (left === 0) return
  const last = cut[left - 1]!.remainder
  const tied = cut.filter(({ remainder }) => remainder === last).map(({ place }) => place)
  const certain = cut.filter(({ remainder }) => remainder > last).map(({ place }) => place)
  const drawn = inTieOrder(to.orders, tied, to.previousAppHash).slice(0, left - certain.length)
  for (const place of [...certain, ...drawn]) to.fills[place]! += 1
}

/** Least sha256(app hash of the block before ‖ subaccount ‖ nonce) first; then `compareContents`. */
export function inTieOrder(
  orders: readonly AuctionOrder[],
  places: readonly number[],
  previousAppHash: Uint8Array,
): number[] {
  if (places.length < 2) return [...places]
  const hashed = places.map((place) => {
    const { subaccount, nonce } = orders[place]!
    return { place, hash: sha256Concat(previousAppHash, subaccount, be64(nonce)) }
  })
  hashed.sort((a, b) => compareBytes(a.hash, b.hash) || compareContents(orders[a.place]!, orders[b.place]!))
  return hashed.map(({ place }) => place)
}

function sumLots(orders: readonly AuctionOrder[], places: readonly number[]): number {
  let sum = 0
  for (const place of places) sum += orders[place]!.lots
  return sum
}

/** Groups of equal keys, ascending for direction 1. */
function groupsBy<Key extends number | bigint>(
  places: readonly number[],
  keyOf: (place: number) => Key,
  direction: 1 | -1,
): number[][] {
  const groups = new Map<Key, number[]>()
  for (const place of places) {
    const group = groups.get(keyOf(place))
    if (group === undefined) groups.set(keyOf(place), [place])
    else group.push(place)
  }
  const ascending = [...groups].sort(([a], [b]) => (a < b ? -direction : direction))
  return ascending.map(([, group]) => group)
}
