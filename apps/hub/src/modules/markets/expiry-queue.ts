/**
 * What ends at a time, soonest first: a binary heap. Entries that are over by then are the caller's to skip.
 */
export class ExpiryQueue {
  readonly #heap: { readonly seconds: bigint; readonly id: bigint }[] = []

  /** Notes when an order ends. */
  add(seconds: bigint, id: bigint): void {
    const heap = this.#heap
    heap.push({ seconds, id })
    let at = heap.length - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.seconds <= heap[at]!.seconds) break
      this.#swap(at, parent)
      at = parent
    }
  }

  /** Takes out what has ended. */
  takeUntil(seconds: bigint): bigint[] {
    const ended: bigint[] = []
    while (this.#heap.length > 0 && this.#heap[0]!.seconds <= seconds) ended.push(this.#pop())
    return ended.sort((a, b) => (a < b ? -1 : 1))
  }

  #pop(): bigint {
    const heap = this.#heap
    const { id } = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      this.#sink()
    }
    return id
  }

  #sink(): void {
    const heap = this.#heap
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < heap.length && heap[left]!.seconds < heap[least]!.seconds) least = left
      if (right < heap.length && heap[right]!.seconds < heap[least]!.seconds) least = right
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a]!
    this.#heap[a] = this.#heap[b]!
    this.#heap[b] = kept
  }
}
