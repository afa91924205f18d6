/** What stands at one price. */
export interface Level<Item> {
  readonly ticks: number
  readonly items: Map<bigint, Item>
  /** Sum over the items. */
  lots: number
}

/** What is kept in levels. */
export interface Levelled {
  readonly id: bigint
  readonly lots: number
}

/** Items by price, best first: the greatest (`descending`) or the least. */
export class SortedLevels<Item extends Levelled> {
  readonly #sign: 1 | -1
  readonly #levels: Level<Item>[] = []

  constructor(order: 'ascending' | 'descending') {
    this.#sign = order === 'ascending' ? 1 : -1
  }

  /** Best first. */
  get levels(): readonly Level<Item>[] {
    return this.#levels
  }

  /** The level at a price, if anything stands there. */
  at(ticks: number): Level<Item> | undefined {
    const level = this.#levels[this.#find(ticks)]
    return level?.ticks === ticks ? level : undefined
  }

  /** Puts an item behind the others of its price. */
  add(ticks: number, item: Item): void {
    const index = this.#find(ticks)
    let level = this.#levels[index]
    if (level?.ticks !== ticks) {
      level = { ticks, items: new Map(), lots: 0 }
      this.#levels.splice(index, 0, level)
    }
    level.items.set(item.id, item)
    level.lots += item.lots
  }

  /** Takes an item out, with the lots that it was last counted with. */
  remove(ticks: number, item: Item, lots = item.lots): void {
    const index = this.#find(ticks)
    const level = this.#levels[index]
    if (level?.ticks !== ticks || !level.items.delete(item.id)) return
    level.lots -= lots
    if (level.items.size === 0) this.#levels.splice(index, 1)
  }

  /** Counts fewer lots of what stays. */
  reduce(ticks: number, lots: number): void {
    const level = this.at(ticks)
    if (level !== undefined) level.lots -= lots
  }

  /** Where a price stands, or would. */
  #find(ticks: number): number {
    let [low, high] = [0, this.#levels.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sign * (this.#levels[middle]!.ticks - ticks) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
