import type { AccountState } from '@causeway/light-clients'
import { keyOf } from '../execution/accounts.ts'
import type { Block, ProcessedTransaction } from './block.ts'
import type { State } from './state.ts'

/** Blocks that keep what they wrote: more than are ever open to question. */
const BLOCKS_WITH_WRITES = 64
/** Blocks that keep their votes. */
const BLOCKS_WITH_VOTES = 512
const BLOCKS_MAX = 8_192
/** Transactions beside votes that are kept. */
const TRANSACTIONS_MAX = 20_000

/**
 * Blocks and transactions of the past, as far back as memory allows, and states of the banks that are not
 * rooted.
 */
export class History {
  readonly #state: State
  /** Ascending. */
  #blocks: Block[]
  readonly #transactions = new Map<string, ProcessedTransaction>()
  /** What accounts were before each block that is not rooted; ascending. */
  #undo: { slot: bigint; before: Map<string, AccountState | undefined> }[] = []
  #kept = 0
  #count = 0n

  constructor(genesis: Block, state: State) {
    this.#blocks = [genesis]
    this.#state = state
  }

  /** The newest block. */
  get newest(): Block {
    return this.#blocks.at(-1)!
  }

  /** The oldest block that is kept. */
  get oldest(): Block {
    return this.#blocks[0]!
  }

  /** Blocks that are kept, ascending. */
  get blocks(): readonly Block[] {
    return this.#blocks
  }

  /** The block of a slot; nothing where there is none. */
  block(slot: bigint): Block | undefined {
    const found = this.blockUpTo(slot)
    return found?.slot === slot ? found : undefined
  }

  /** The newest block up to a slot. */
  blockUpTo(slot: bigint): Block | undefined {
    let [low, high] = [0, this.#blocks.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#blocks[middle]!.slot <= slot) low = middle + 1
      else high = middle
    }
    return this.#blocks[low - 1]
  }

  /** Transactions that ran since genesis, votes too. */
  get transactionCount(): bigint {
    return this.#count
  }

  /** A transaction that ran, by its signature in base 58. */
  status(signature: string): ProcessedTransaction | undefined {
    return this.#transactions.get(signature)
  }

  /** Notes a transaction of the open bank. */
  note(transaction: ProcessedTransaction): void {
    this.#transactions.set(transaction.signature, transaction)
    this.#count++
    if (!transaction.isVote) this.#kept++
  }

  /** An account as the newest block up to `slot` left it, from the root on; or as it is in the open bank. */
  accountAt(address: Uint8Array, slot: bigint): AccountState | undefined {
    const key = keyOf(address)
    for (const { slot: later, before } of this.#undo)
      if (later > slot && before.has(key)) return before.get(key)
    const { before } = this.#state
    const isOpen = slot > this.newest.slot
    return before.has(key) && !isOpen ? before.get(key) : this.#state.account(address)
  }

  /** Addresses in hex of what was written after a slot: their states now are not those of then. */
  writtenAfter(slot: bigint): Set<string> {
    const keys = new Set(slot > this.newest.slot ? [] : this.#state.before.keys())
    for (const { slot: later, before } of this.#undo)
      if (later > slot) for (const key of before.keys()) keys.add(key)
    return keys
  }

  /** Adds the newest block. */
  add(block: Block): void {
    this.#blocks.push(block)
    const before = new Map(block.writes.map((write) => [keyOf(write.pubkey), write.before]))
    this.#undo.push({ slot: block.slot, before })
    this.#trim()
  }

  /** Blocks up to a slot can't be undone any more. */
  root(slot: bigint): void {
    this.#undo = this.#undo.filter((each) => each.slot > slot)
  }

  #trim(): void {
    this.#lighten(this.#blocks.length - 1 - BLOCKS_WITH_WRITES, (block) => ({ ...block, writes: [] }))
    this.#lighten(this.#blocks.length - 1 - BLOCKS_WITH_VOTES, (block) => {
      for (const { isVote, signature } of block.transactions) if (isVote) this.#transactions.delete(signature)
      return { ...block, transactions: block.transactions.filter(({ isVote }) => !isVote) }
    })
    while (
      this.#blocks.length > BLOCKS_MAX ||
      (this.#kept > TRANSACTIONS_MAX && this.#blocks.length > 1_024)
    ) {
      const [oldest] = this.#blocks.splice(0, 1)
      for (const { signature, isVote } of oldest!.transactions) {
        this.#transactions.delete(signature)
        if (!isVote) this.#kept--
      }
    }
  }

  #lighten(index: number, lighter: (block: Block) => Block): void {
    const block = this.#blocks[index]
    if (block) this.#blocks[index] = lighter(block)
  }
}
