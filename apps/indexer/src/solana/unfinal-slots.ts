import { toCoreTransaction, type CoreTransaction, type SolanaSlot } from './project-solana-slot.ts'
import { inParallel } from './read-transactions.ts'
import type { SignatureInfo, SolanaRpc } from './solana-rpc.ts'

type Read = CoreTransaction & { readonly slot: bigint; readonly timeSeconds: bigint }

/** Transactions that are shown before they are final; of more the oldest. */
const TRANSACTIONS_MAX = 2_000

/** What is confirmed and not final: each round finds anew what there is, and reads what it has not read. */
export class UnfinalSlots {
  readonly #core: string
  readonly #parallel: number
  #read = new Map<string, Read>()

  constructor(core: string, parallel: number) {
    this.#core = core
    this.#parallel = parallel
  }

  /** Slots above the final one, oldest first. Throws an `EndpointError`. */
  async above(final: bigint, until: string | undefined, rpc: SolanaRpc, signal: AbortSignal) {
    const infos = (await this.#list(final, until, rpc, signal)).filter(({ isFailed }) => !isFailed)
    const fresh = infos.filter(({ signature, slot }) => this.#read.get(signature)?.slot !== slot)
    const found = await inParallel(fresh, this.#parallel, signal, ({ signature }) =>
      rpc.transaction(signature, 'confirmed', signal),
    )
    const read = new Map(infos.map(({ signature }) => [signature, this.#read.get(signature)]))
    fresh.forEach(({ signature, slot }, index) => {
      const transaction = found[index]
      // It has gone to another slot meanwhile, or nowhere: the next list says which.
      const isThere = transaction !== undefined && transaction.slot === slot && !transaction.isFailed
      const timeSeconds = transaction?.timeSeconds
      if (!isThere || timeSeconds === undefined) read.delete(signature)
      else read.set(signature, { ...toCoreTransaction(transaction, this.#core), slot, timeSeconds })
    })
    this.#read = read as Map<string, Read>
    return toSlots([...this.#read.values()])
  }

  async #list(final: bigint, until: string | undefined, rpc: SolanaRpc, signal: AbortSignal) {
    let oldest: SignatureInfo[] = []
    let before: string | undefined
    for (;;) {
      const range = { commitment: 'confirmed' as const, before, until, atLeast: final }
      const page = await rpc.signatures(this.#core, range, signal)
      const above = page.filter(({ slot }) => slot > final)
      oldest = [...oldest, ...above].slice(-TRANSACTIONS_MAX)
      if (above.length < page.length || page.length === 0) return oldest.reverse()
      before = page.at(-1)!.signature
    }
  }
}

function toSlots(read: readonly Read[]): SolanaSlot[] {
  const slots = new Map<bigint, SolanaSlot & { transactions: CoreTransaction[] }>()
  for (const { slot, timeSeconds, ...transaction } of read) {
    const known = slots.get(slot)
    if (known !== undefined) known.transactions.push(transaction)
    else slots.set(slot, { slot, blockhash: undefined, timeSeconds, transactions: [transaction] })
  }
  return [...slots.values()]
}
