import { EndpointError } from '../follow/endpoint-error.ts'
import { toCoreTransaction, type CoreTransaction, type SolanaSlot } from './project-solana-slot.ts'
import type { SolanaRpc } from './solana-rpc.ts'
import type { SlotSignatures } from './slots-of-address.ts'

/** Reads final slots with what the core told in them, at most `parallel` requests at once. */
export async function readFinalSlots(
  rpc: SolanaRpc,
  core: string,
  slots: readonly SlotSignatures[],
  parallel: number,
  signal: AbortSignal,
): Promise<SolanaSlot[]> {
  const blocks = await inParallel(slots, parallel, signal, ({ slot }) => rpc.block(slot, signal))
  const wanted = slots.flatMap(({ slot, signatures }) => signatures.map((signature) => ({ slot, signature })))
  const read = await inParallel(wanted, parallel, signal, async ({ slot, signature }) => {
    const found = await rpc.transaction(signature, 'finalized', signal)
    if (found === undefined) throw new EndpointError('behind', `no transaction ${signature}`)
    if (found.slot !== slot || found.isFailed)
      throw new EndpointError('wrong-transactions', `${signature} is not what the list says`)
    return { slot, transaction: toCoreTransaction(found, core) }
  })
  const bySlot = new Map<bigint, CoreTransaction[]>(slots.map(({ slot }) => [slot, []]))
  for (const { slot, transaction } of read) bySlot.get(slot)!.push(transaction)
  return blocks.map((block) => ({ ...block, transactions: bySlot.get(block.slot)! }))
}

/** Runs over items, some at once, in order; results in order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  parallel: number,
  signal: AbortSignal,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += parallel) {
    signal.throwIfAborted()
    results.push(...(await Promise.all(items.slice(start, start + parallel).map(run))))
  }
  return results
}
