import type { ReadContext } from '../../block/context.ts'
import { LEDGER_STORE, amounts, assets, lines } from './state.ts'

const NOTHING = { escrowed: 0n, inFlight: 0n }

/**
 * What must hold of balances and lines; one sentence for each breach. On a chain with lines every asset that
 * is not native is backed by them.
 */
export function invariants(context: ReadContext, hasLines: boolean): readonly string[] {
  const store = context.store(LEDGER_STORE)
  const broken: string[] = []
  const held = new Map<bigint, bigint>()
  for (const [asset, amount] of amounts(store)) held.set(asset, (held.get(asset) ?? 0n) + amount)
  const backing = new Map<bigint, { escrowed: bigint; inFlight: bigint }>()
  for (const line of lines(store)) {
    const escrowed = BigInt(line.escrowed)
    const inFlight = BigInt(line.inFlight)
    if (inFlight > escrowed) broken.push(`line ${line.id}: ${inFlight} in flight of ${escrowed} escrowed`)
    const sum = backing.get(line.asset) ?? { escrowed: 0n, inFlight: 0n }
    backing.set(line.asset, { escrowed: sum.escrowed + escrowed, inFlight: sum.inFlight + inFlight })
  }
  for (const asset of assets(store)) {
    const balance = held.get(asset.id) ?? 0n
    held.delete(asset.id)
    if (balance !== BigInt(asset.supply)) {
      broken.push(`asset ${asset.id}: balances sum to ${balance}, the supply is ${asset.supply}`)
    }
    const behind = backing.get(asset.id) ?? (hasLines && !asset.native ? NOTHING : undefined)
    if (behind !== undefined && balance + behind.inFlight !== behind.escrowed) {
      broken.push(
        `asset ${asset.id}: ${balance} held and ${behind.inFlight} in flight, ${behind.escrowed} escrowed`,
      )
    }
  }
  for (const id of held.keys()) broken.push(`asset ${id} has balances and does not exist`)
  return broken
}
