// One position of a bankrupt account, closed against those who hold the other side: in the order of their
// ranks, all at one price, and nobody for more than it is worth.
import { assert } from '@causeway/primitives'
import { splitByWeights } from './split.ts'

/** What is closed. */
export interface Closing {
  /** Unsigned, whole lots. */
  readonly sizeE9: bigint
  readonly lotE9: bigint
  /** What the others shall lose by the price, against the mark, if the whole is closed at it. */
  readonly lossE6: bigint
}

/** Who holds the other side. */
export interface Counterparty {
  readonly rankE6: bigint | undefined
  /** Unsigned, whole lots. */
  readonly sizeE9: bigint
  /** What it may lose at most, not below 0. */
  readonly equityE6: bigint
}

/** What is closed against one of them. */
export interface Part {
  /** In the queue. */
  readonly index: number
  readonly sizeE9: bigint
  readonly lossE6: bigint
}

/** All parts, and what of the loss nobody could bear. */
export interface Closed {
  readonly parts: readonly Part[]
  readonly leftE6: bigint
}

/**
 * Closes the whole. The queue is in the order of ranks and holds at least as much; who stands equal shares by
 * size. Whom the price would leave below zero is closed at it only as far as it isn't; what is then still
 * open is closed at the mark, again in order.
 */
export function closeAgainst(closing: Closing, queue: readonly Counterparty[]): Closed {
  const { sizeE9, lotE9, lossE6 } = closing
  const lots = sizeE9 / lotE9
  const held = queue.map((each) => each.sizeE9 / lotE9)
  const bearable = queue.map(({ equityE6 }, i) =>
    lossE6 === 0n ? held[i]! : least(held[i]!, (equityE6 * lots) / lossE6),
  )
  const atPrice = takeInOrder(lots, bearable, queue)
  const sum = atPrice.reduce((all, each) => all + each, 0n)
  const rest = held.map((each, i) => each - atPrice[i]!)
  const atMark = takeInOrder(lots - sum, rest, queue)
  const taken = atPrice.map((each, i) => each + atMark[i]!)
  assert(taken.reduce((all, each) => all + each, 0n) === lots, 'the other side holds as much')
  const borneE6 = (lossE6 * sum) / lots
  const losses = sum === 0n ? atPrice : splitByWeights(borneE6, atPrice)
  const parts = taken
    .map((each, index) => ({ index, sizeE9: each * lotE9, lossE6: losses[index]! }))
    .filter((part) => part.sizeE9 > 0n)
  return { parts, leftE6: lossE6 - borneE6 }
}

/** So many lots, rank by rank; equal ranks in proportion to what each can give. */
function takeInOrder(
  lots: bigint,
  available: readonly bigint[],
  queue: readonly Pick<Counterparty, 'rankE6'>[],
): bigint[] {
  const taken = available.map(() => 0n)
  let left = lots
  for (let from = 0; from < queue.length && left > 0n;) {
    let to = from + 1
    while (to < queue.length && queue[to]!.rankE6 === queue[from]!.rankE6) to++
    const here = available.slice(from, to)
    const sum = here.reduce((all, each) => all + each, 0n)
    const take = least(left, sum)
    if (take > 0n) splitByWeights(take, here).forEach((part, i) => (taken[from + i] = part))
    left -= take
    from = to
  }
  return taken
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
