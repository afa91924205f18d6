import { toHex } from '@causeway/primitives'
import type { Transaction } from '../tx/transaction.ts'

/** A transaction with what it pays, as a multiple of the least price (any common scale). */
export interface Offer {
  readonly transaction: Transaction
  readonly priority: bigint
}

interface Queue {
  readonly arrival: number
  readonly offers: Offer[]
}

/**
 * Orders transactions by what they pay, without ever taking a sender's out of turn: the sender whose next
 * transaction pays most comes first; among equals, the one that arrived first.
 */
export function* byFee(offers: readonly Offer[]): Iterable<Transaction> {
  const queues = new Map<string, Queue>()
  for (const [arrival, offer] of offers.entries()) {
    const { signer, isTrade, sequence } = offer.transaction
    // Trade transactions have no turn: each is a queue of its own.
    const sender = isTrade ? `${toHex(signer)} ${sequence} ${arrival}` : toHex(signer)
    const queue = queues.get(sender)
    if (queue === undefined) queues.set(sender, { arrival, offers: [offer] })
    else queue.offers.push(offer)
  }
  for (const queue of queues.values()) queue.offers.reverse()
  const heap: Queue[] = []
  for (const queue of queues.values()) push(heap, queue)
  for (;;) {
    const best = pop(heap)
    if (best === undefined) return
    yield best.offers.pop()!.transaction
    if (best.offers.length > 0) push(heap, best)
  }
}

function isBefore(a: Queue, b: Queue): boolean {
  const first = a.offers.at(-1)!.priority
  const second = b.offers.at(-1)!.priority
  return first === second ? a.arrival < b.arrival : first > second
}

function push(heap: Queue[], queue: Queue): void {
  let child = heap.push(queue) - 1
  while (child > 0) {
    const parent = (child - 1) >> 1
    if (!isBefore(heap[child]!, heap[parent]!)) return
    swap(heap, child, parent)
    child = parent
  }
}

function pop(heap: Queue[]): Queue | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) return top
  heap[0] = last
  let parent = 0
  for (;;) {
    let best = parent
    for (const child of [2 * parent + 1, 2 * parent + 2]) {
      if (child < heap.length && isBefore(heap[child]!, heap[best]!)) best = child
    }
    if (best === parent) return top
    swap(heap, parent, best)
    parent = best
  }
}

function swap(heap: Queue[], a: number, b: number): void {
  const held = heap[a]!
  heap[a] = heap[b]!
  heap[b] = held
}
