// Orders to test auctions with, and a second auction: naive, slow, in rationals of bigint, price by price.
import { be64, compareBytes, sha256, concatBytes } from '@causeway/primitives'
import fc from 'fast-check'
import type { AuctionOrder, AuctionTerms } from './types.ts'

/** A tick of 0.01, a lot of 0.1, a mark of 1.0 and a band of 10 %: clears at 90 to 110 ticks. */
export const TERMS: AuctionTerms = {
  height: 10n,
  markE9: 1_000_000_000n,
  bandE9: 100_000_000n,
  tickE9: 10_000_000n,
  lotE9: 100_000_000n,
  previousAppHash: new Uint8Array(32).fill(7),
}

/** A subaccount of its own for each number. */
export function subaccountOf(number: number): Uint8Array {
  return concatBytes(new Uint8Array(14), be64(BigInt(number)))
}

let lastId = 0n

/** An order to buy (sell) `lots` at `limitTicks`, of an owner of its own, from this block. */
export function order(
  side: 'buy' | 'sell',
  lots: number,
  limitTicks: number,
  more: Partial<AuctionOrder> = {},
): AuctionOrder {
  const id = ++lastId
  return {
    id,
    owner: `owner ${id}`,
    subaccount: subaccountOf(Number(id)),
    nonce: id,
    isBuy: side === 'buy',
    limitTicks,
    lots,
    entryHeight: TERMS.height,
    isFillOrKill: false,
    isPostOnly: false,
    ...more,
  }
}

/**
 * Random orders near the mark, many of them alike. `plain`: no fill-or-kill, no post-only, each its owner's
 * only.
 */
export function anyOrders(
  options: { plain?: boolean; maxLength?: number } = {},
): fc.Arbitrary<AuctionOrder[]> {
  const isPlain = options.plain === true
  const one = fc.record({
    owner: fc.nat({ max: 6 }),
    isBuy: fc.boolean(),
    limitTicks: fc.oneof(fc.integer({ min: 96, max: 104 }), fc.integer({ min: 80, max: 120 })),
    lots: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1000 })),
    entryHeight: fc.bigInt({ min: TERMS.height - 2n, max: TERMS.height }),
    isFillOrKill: isPlain ? fc.constant(false) : fc.boolean(),
    isPostOnly: isPlain ? fc.constant(false) : fc.boolean(),
    nonce: fc.bigInt({ min: 1n, max: 1n << 60n }),
  })
  return fc.array(one, { maxLength: options.maxLength ?? 14 }).map((rows) =>
    rows.map((row, i) => ({
      ...row,
      id: BigInt(i + 1),
      owner: isPlain ? `owner ${i}` : `owner ${row.owner}`,
      subaccount: subaccountOf(isPlain ? i : row.owner),
      isFillOrKill: row.isFillOrKill && row.entryHeight === TERMS.height,
    })),
  )
}

/** New orders that differ in little: many ties. `fillOrKill` of ten are fill-or-kill. */
export function alikeOrders(fillOrKill: number): fc.Arbitrary<AuctionOrder[]> {
  const one = fc.record({
    isBuy: fc.boolean(),
    limitTicks: fc.integer({ min: 99, max: 101 }),
    lots: fc.integer({ min: 1, max: 3 }),
    isFillOrKill: fc.nat({ max: 9 }).map((n) => n < fillOrKill),
    nonce: fc.bigInt({ min: 1n, max: 3n }),
  })
  return fc.array(one, { minLength: 4, maxLength: 60 }).map((rows) =>
    rows.map((row, i) => ({
      ...row,
      id: BigInt(i + 1),
      owner: `owner ${i}`,
      subaccount: subaccountOf(i >> 2),
      entryHeight: TERMS.height,
      isPostOnly: false,
    })),
  )
}

/** Terms with marks on and between ticks, and narrow and wide bands. */
export const anyTerms: fc.Arbitrary<AuctionTerms> = fc
  .record({
    markE9: fc.bigInt({ min: 950_000_000n, max: 1_050_000_000n }),
    bandE9: fc.constantFrom(10_000_000n, 50_000_000n, 100_000_000n, 200_000_000n),
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  })
  .map(({ markE9, bandE9, hash }) => ({ ...TERMS, markE9, bandE9, previousAppHash: hash }))

/** What the naive auction says: lots by order id, and who was withdrawn. */
export interface NaiveResult {
  readonly ticks: bigint | undefined
  readonly lots: ReadonlyMap<bigint, bigint>
  readonly refusedPostOnly: readonly bigint[]
  readonly selfTrades: readonly bigint[]
  readonly droppedFillOrKill: readonly bigint[]
}

/** The rules of docs/markets.md, written down as they are read. */
export function naiveAuction(all: readonly AuctionOrder[], terms: AuctionTerms): NaiveResult {
  const meets = (a: AuctionOrder, b: AuctionOrder) =>
    a.isBuy !== b.isBuy && (a.isBuy ? a.limitTicks >= b.limitTicks : a.limitTicks <= b.limitTicks)
  const isEarlier = (a: AuctionOrder) => a.entryHeight < terms.height
  const refused = all.filter(
    (a) => a.isPostOnly && !isEarlier(a) && all.some((b) => isEarlier(b) && meets(a, b)),
  )
  const byAge = all.filter((a) => !refused.includes(a)).sort(compareAge)
  const kept: AuctionOrder[] = []
  const cut: AuctionOrder[] = []
  for (const a of byAge) (kept.some((b) => b.owner === a.owner && meets(a, b)) ? cut : kept).push(a)

  // Fill-or-kill orders that cross nothing are dropped without a round of their own.
  let active = kept.filter((a) => byAge.some((b) => meets(a, b)))
  for (let round = 0; ; round++) {
    const ticks = naivePrice(active, terms)
    const lots = ticks === undefined ? new Map<bigint, bigint>() : naiveFills(active, ticks, terms)
    const unfilled = active.filter((a) => a.isFillOrKill && (lots.get(a.id) ?? 0n) < BigInt(a.lots))
    if (unfilled.length === 0 || ticks === undefined) {
      const dropped = all.filter(
        (a) => a.isFillOrKill && !lots.has(a.id) && ![...refused, ...cut].includes(a),
      )
      return {
        ticks,
        lots,
        refusedPostOnly: ids(refused),
        selfTrades: ids(cut),
        droppedFillOrKill: ids(dropped),
      }
    }
    const beyond = (a: AuctionOrder) => (a.isBuy ? 1 : -1) * (a.limitTicks - Number(ticks))
    unfilled.sort((a, b) => beyond(a) - beyond(b) || -compareTies(a, b, terms))
    const gone =
      round < 8 ? unfilled.slice(0, 1) : round < 16 ? unfilled : active.filter((a) => a.isFillOrKill)
    active = active.filter((a) => !gone.includes(a))
  }
}

function naivePrice(orders: readonly AuctionOrder[], terms: AuctionTerms): bigint | undefined {
  const { markE9, bandE9, tickE9 } = terms
  let best: { ticks: bigint; score: readonly bigint[] } | undefined
  for (let ticks = 0n; ticks <= 200n; ticks++) {
    const off = ticks * tickE9 - markE9
    const distance = off < 0n ? -off : off
    if (distance * 1_000_000_000n > markE9 * bandE9) continue
    const [buys, sells] = [true, false].map((side) => eligible(orders, side, ticks).reduce(addLots, 0n))
    const volume = buys! < sells! ? buys! : sells!
    if (volume === 0n) continue
    const imbalance = buys! > sells! ? buys! - sells! : sells! - buys!
    const score = [-volume, imbalance, distance, ticks]
    if (best === undefined || isLess(score, best.score)) best = { ticks, score }
  }
  return best?.ticks
}

function naiveFills(
  orders: readonly AuctionOrder[],
  ticks: bigint,
  terms: AuctionTerms,
): Map<bigint, bigint> {
  const fills = new Map<bigint, bigint>()
  const sides = [true, false].map((side) => eligible(orders, side, ticks))
  const totals = sides.map((side) => side.reduce(addLots, 0n))
  let volume: bigint
  for (const side of sides) {
    volume = totals[0]! < totals[1]! ? totals[0]! : totals[1]!
    const rank = (a: AuctionOrder) => [BigInt(a.isBuy ? -a.limitTicks : a.limitTicks), a.entryHeight]
    while (side.length > 0 && volume > 0n) {
      const first = side.reduce((a, b) => (isLess(rank(b), rank(a)) ? b : a))
      const group = side.filter((a) => !isLess(rank(first), rank(a)))
      for (const a of group) side.splice(side.indexOf(a), 1)
      const wanted = group.reduce(addLots, 0n)
      const got = wanted < volume ? wanted : volume
      share(group, got, wanted, terms).forEach((lots, i) => lots > 0n && fills.set(group[i]!.id, lots))
      volume -= got
    }
  }
  return fills
}

/** Hamilton's method: the whole parts, then one more for each of the largest fractions. */
function share(group: readonly AuctionOrder[], got: bigint, wanted: bigint, terms: AuctionTerms): bigint[] {
  const shares = group.map((a) => (BigInt(a.lots) * got) / wanted)
  const fraction = (i: number) => BigInt(group[i]!.lots) * got - shares[i]! * wanted
  const places = group.map((_, i) => i)
  places.sort((i, j) =>
    fraction(i) === fraction(j)
      ? compareTies(group[i]!, group[j]!, terms)
      : fraction(i) > fraction(j)
        ? -1
        : 1,
  )
  const left = got - shares.reduce((sum, lots) => sum + lots, 0n)
  for (const i of places.slice(0, Number(left))) shares[i]! += 1n
  return shares
}

function eligible(orders: readonly AuctionOrder[], isBuy: boolean, ticks: bigint): AuctionOrder[] {
  return orders.filter(
    (a) => a.isBuy === isBuy && (isBuy ? BigInt(a.limitTicks) >= ticks : BigInt(a.limitTicks) <= ticks),
  )
}

function tieHash(a: AuctionOrder, { previousAppHash }: AuctionTerms): Uint8Array {
  return sha256(concatBytes(previousAppHash, a.subaccount, be64(a.nonce)))
}

function compareTies(a: AuctionOrder, b: AuctionOrder, terms: AuctionTerms): number {
  return compareBytes(tieHash(a, terms), tieHash(b, terms)) || compareRows(contents(a), contents(b))
}

function compareAge(a: AuctionOrder, b: AuctionOrder): number {
  return compareRows([a.entryHeight, a.nonce, ...contents(a)], [b.entryHeight, b.nonce, ...contents(b)])
}

/** Sells first, lower limit, fewer lots, plain before bound, lower id. */
function contents(a: AuctionOrder): bigint[] {
  return [a.isBuy, a.limitTicks, a.lots, a.isFillOrKill, a.isPostOnly, a.id].map(BigInt)
}

function compareRows(a: readonly bigint[], b: readonly bigint[]): number {
  return isLess(a, b) ? -1 : 1
}

function addLots(sum: bigint, a: AuctionOrder): bigint {
  return sum + BigInt(a.lots)
}

function ids(orders: readonly AuctionOrder[]): bigint[] {
  return orders.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1))
}

function isLess(a: readonly bigint[], b: readonly bigint[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!
  return false
}
