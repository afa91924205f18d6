import { runAuction } from '@causeway/hub'
import type { AuctionOrder, AuctionTerms } from '@causeway/hub'
import type { Comparison } from './figures.ts'
import { generator } from './margin-market.ts'
import { cpuFigure, target } from './margin-timing.ts'

const RESTING = 10_000
const NEW = 2_500
const MID_TICKS = 300_000
const terms: AuctionTerms = {
  height: 100n,
  markE9: 3_000_000_000_000n,
  bandE9: 50_000_000n,
  tickE9: 10_000_000n,
  lotE9: 1_000_000n,
  previousAppHash: new Uint8Array(32),
}

/** What differs between the books that are measured. */
interface BookKind {
  readonly name: string
  /** How far resting orders stand from the middle, ticks; below 0 they cross. */
  readonly restingTicks: readonly [nearest: number, furthest: number]
  /** How far new limits are spread round the middle, ticks. */
  readonly newTicks: number
  /** One of so many new orders is fill-or-kill; 0 = none. */
  readonly fillOrKillEvery: number
}

const KINDS: readonly BookKind[] = [
  { name: 'new orders round the middle', restingTicks: [1, 2_000], newTicks: 40, fillOrKillEvery: 0 },
  { name: 'all new orders at one price', restingTicks: [1, 2_000], newTicks: 0, fillOrKillEvery: 0 },
  { name: 'half of the new fill-or-kill', restingTicks: [1, 2_000], newTicks: 40, fillOrKillEvery: 2 },
  { name: 'all resting orders cross', restingTicks: [-500, 0], newTicks: 40, fillOrKillEvery: 0 },
]

/** Batch auctions of 10,000 resting and 2,500 new orders: how many a CPU second has room for. */
export function compareAuctions(repetitions: number): Comparison[] {
  return KINDS.map((kind) => {
    const orders = bookOf(kind)
    const ours = cpuFigure(`auction, ${kind.name}`, repetitions, 20, () => runAuction(orders, terms))
    const peer = target('5 ms an auction', 200)
    return { what: ours.work, ours, peer, by: 'per_cpu_second', aim: 1 }
  })
}

function bookOf({ restingTicks: [nearest, furthest], newTicks, fillOrKillEvery }: BookKind): AuctionOrder[] {
  const draw = generator(7)
  const whole = (from: number, to: number) => from + Math.floor(draw() * (to - from + 1))
  return Array.from({ length: RESTING + NEW }, (_, i) => {
    const isNew = i >= RESTING
    const isBuy = i % 2 === 0
    const away = isNew ? whole(-newTicks / 2, newTicks / 2) : whole(nearest, furthest)
    const subaccount = new Uint8Array(22)
    new DataView(subaccount.buffer).setUint32(0, i)
    return {
      id: BigInt(i + 1),
      owner: `owner ${i}`,
      subaccount,
      nonce: BigInt(i),
      isBuy,
      limitTicks: isBuy ? MID_TICKS - away : MID_TICKS + away,
      lots: whole(1, 1_000),
      entryHeight: isNew ? terms.height : BigInt(whole(1, 99)),
      isFillOrKill: isNew && fillOrKillEvery > 0 && whole(1, fillOrKillEvery) === 1,
      isPostOnly: false,
    }
  })
}
