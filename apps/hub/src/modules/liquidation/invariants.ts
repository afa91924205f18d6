import type { ReadContext } from '../../block/context.ts'
import { isRunning } from './freshness.ts'
import { readParams } from './params.ts'
import type { LiquidationPorts } from './ports.ts'
import { figuresNow } from './review.ts'
import { LIQUIDATION_STORE, bids, due, liquidations, readTotals } from './state.ts'
import { bufferMarginE6 } from './terms.ts'

/** Blocks that an auction may stay open after its account needs none, where all are valued in each. */
const BLOCKS = 1n

/**
 * What must hold of liquidation at the end of a block: totals are those of the accounts; nothing of one block
 * is left; what is not for sale is not negative; nobody's auction outlives its reason.
 */
export function invariants(context: ReadContext, ports: LiquidationPorts): readonly string[] {
  const store = context.store(LIQUIDATION_STORE)
  const params = readParams(store)
  const totals = readTotals(store)
  const broken: string[] = []
  let [deficitsE6, count] = [0n, 0n]
  for (const [holder, record] of liquidations(store)) {
    const name = ports.addresses.encodeHolder(holder)
    count++
    if (record.valueE6 < 0n) deficitsE6 -= record.valueE6
    if (record.paidInE6 < 0n) broken.push(`liquidation: ${name} has been paid ${record.paidInE6}`)
    if (record.stageSeconds > context.timeSeconds)
      broken.push(`liquidation: the clock of ${name} is ahead of its block`)
    const since = record.healthySeconds
    const isRecovered = since > 0n && context.timeSeconds - since > params.recoveredSeconds
    const isWatched = isRunning(context) && totals.count <= params.valuedMax
    if (!isWatched || !isRecovered || context.height <= record.height + BLOCKS) continue
    const figures = figuresNow(context, ports, holder)
    if (figures !== undefined && bufferMarginE6(figures, params) >= 0n)
      broken.push(`liquidation: ${name} needs none`)
  }
  if (deficitsE6 !== totals.deficitsE6 || count !== totals.count)
    broken.push(`liquidation: ${count} accounts lack ${deficitsE6}, the totals say otherwise`)
  const [bid] = bids(store)
  if (bid !== undefined || due(store).length > 0) broken.push('liquidation: something of one block is left')
  return broken
}
