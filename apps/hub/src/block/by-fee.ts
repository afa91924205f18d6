import { bytesKey } from '../bytes-key.ts'
import type { Transaction } from '../tx/transaction.ts'

/** A transaction with what it pays, as a multiple of the least price (any common scale). */
export interface Offer {
  readonly transaction: Transaction
  readonly priority: bigint
}

interface Queue {
  readonly arrival: number
  readonly offers: Offer[]
  /** Gas that the same account asks for up to and with the next of these. */
  gas: number
}

/**
 * Orders transactions by what they pay, without ever taking a sender's out of turn: the sender whose next
 * transaction pays most comes first. Among equals the one whose sender asks for least gas with it and all of
 * his before it (fair queueing: Demers, Keshav, Shenker 1989), so that neither many nor large ones keep
 * another's small one waiting; then the one that arrived first.
 */
export function* byFee(offers: readonly Offer[]): Iterable<Transaction> {
  const senders = new Map<string, Queue>()
  const trades = new Map<string, number>()
  const queues: Queue[] = []
  for (const [arrival, offer] of offers.entries()) {
    const { signer, isTrade, gasLimit } = offer.transaction
    const sender = bytesKey(signer)
    if (isTrade) {
      // Trade transactions are in no sequence: each is a queue of its own.
      const gas = (trades.get(sender) ?? 0) + gasLimit
      trades.set(sender, gas)
      queues.push({ arrival, offers: [offer], gas })
      continue
    }
    const queue = senders.get(sender)
    if (queue !== undefined) {
      queue.offers.push(offer)
      continue
    }
    const first = { arrival, offers: [offer], gas: gasLimit }
    senders.set(sender, first)
    queues.push(first)
  }
  for (const { offers: own } of queues) own.reverse()
  const heap: Queue[] = []
  for (const queue of queues) push(heap, queue)
  for (;;) {
    const best = pop(heap)
    if (best === undefined) return
    yield best.offers.pop()!.transaction
    const next = best.offers.at(-1)
    if (next === undefined) continue
    best.gas += next.transaction.gasLimit
    push(heap, best)
  }
}

function isBefore(a: Queue, b: Queue): boolean {
  const first = a.offers.at(-1)!.priority
  const second = b.offers.at(-1)!.priority
  if (first !== second) return first > second
  return a.gas === b.gas ? a.arrival < b.arrival : a.gas < b.gas
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
    for (let child = 2 * parent + 1; child <= 2 * parent + 2; child++) {
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
