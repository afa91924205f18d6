/** Hashes of transactions that were seen, the least recent forgotten first. */
export class TxCache {
  private readonly sizeMax: number
  private readonly seen = new Set<string>()
  /** Stands at the oldest: everything before it is forgotten, what is seen again goes to the end. */
  private oldest: SetIterator<string>
  private forgotten = 0

  constructor(sizeMax: number) {
    this.sizeMax = sizeMax
    this.oldest = this.seen.values()
  }

  /** Whether a hash is known. */
  has(key: string): boolean {
    return this.seen.has(key)
  }

  /** Remembers a hash; false when it was known. */
  push(key: string): boolean {
    const isNew = !this.forget(key)
    this.seen.add(key)
    if (this.seen.size > this.sizeMax) this.forget(this.oldest.next().value!)
    return isNew
  }

  /** Forgets a hash, so that its transaction may come again. */
  remove(key: string): void {
    this.forget(key)
  }

  private forget(key: string): boolean {
    if (!this.seen.delete(key)) return false
    // What an iterator that stands still has not passed, it holds for ever: it begins anew now and then.
    if (++this.forgotten > this.sizeMax) {
      this.forgotten = 0
      this.oldest = this.seen.values()
    }
    return true
  }
}
