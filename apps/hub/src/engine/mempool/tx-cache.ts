/** Hashes of transactions that were seen, the least recent forgotten first. */
export class TxCache {
  private readonly sizeMax: number
  private readonly seen = new Set<string>()

  constructor(sizeMax: number) {
    this.sizeMax = sizeMax
  }

  /** Remembers a hash; false when it was known. */
  push(key: string): boolean {
    const isNew = !this.seen.delete(key)
    this.seen.add(key)
    if (this.seen.size > this.sizeMax) this.seen.delete(this.seen.values().next().value!)
    return isNew
  }

  /** Forgets a hash, so that its transaction may come again. */
  remove(key: string): void {
    this.seen.delete(key)
  }
}
