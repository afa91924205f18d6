// After the auctions: counts what was filled of protected quotes, and withdraws the rest where it was too
// much.
import type { Holder } from '../../identifiers.ts'
import { emitFrozen } from './events.ts'
import { readProtection, writeProtection } from './protection.ts'
import { afterFill } from './pure/maker-protection.ts'
import { ONE_E9 } from './pure/bands.ts'
import type { ProtectionState } from './pure/types.ts'
import { MARKETS_STORE } from './state.ts'
import type { BlockRun, QuoteFill } from './run.ts'

/** Counts this block's fills of quotes. */
export function protect(run: BlockRun): void {
  const groups = new Map<string, QuoteFill[]>()
  for (const fill of run.quoteFills) {
    const key = `${fill.item.holderKey}${fill.market.underlying}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [fill])
    else group.push(fill)
  }
  for (const fills of groups.values()) protectOne(run, fills)
}

function protectOne(run: BlockRun, fills: readonly QuoteFill[]): void {
  const [first] = fills
  const { holder } = first!.item.order
  const { underlying } = first!.market
  const store = run.context.store(MARKETS_STORE)
  const stored = readProtection(store, holder, underlying)
  if (stored === undefined || stored.isFrozen) return
  const { windowSeconds, sizeMaxE9: sizeE9Max, deltaMaxE9: deltaE9Max, vegaMaxE6: vegaE6Max } = stored
  const limits = { windowSeconds, sizeE9Max, deltaE9Max, vegaE6Max }
  let state: ProtectionState = {
    windowStartSeconds: stored.windowStartSeconds,
    sizeE9: BigInt(stored.sizeE9),
    deltaE9: BigInt(stored.deltaE9),
    vegaE6: BigInt(stored.vegaE6),
    isFrozen: false,
  }
  for (const { market, sizeE9 } of fills) {
    const greeks = run.ports.prices.greeks(run.context, market)
    const fill = {
      sizeE9: sizeE9 < 0n ? -sizeE9 : sizeE9,
      deltaE9: (greeks.deltaE9 * sizeE9) / ONE_E9,
      vegaE6: (greeks.vegaE6 * sizeE9) / ONE_E9,
    }
    state = afterFill(state, limits, fill, run.context.timeSeconds)
  }
  const { windowStartSeconds, isFrozen } = state
  const [sizeE9, deltaE9, vegaE6] = [`${state.sizeE9}`, `${state.deltaE9}`, `${state.vegaE6}`]
  writeProtection(store, holder, underlying, {
    ...stored,
    windowStartSeconds,
    sizeE9,
    deltaE9,
    vegaE6,
    isFrozen,
  })
  if (isFrozen) freeze(run, holder, first!.item.holderKey, underlying)
}

function freeze(run: BlockRun, holder: Holder, holderKey: string, underlying: bigint): void {
  for (const item of [...run.books.ordersOf(holderKey)].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const market = run.market(item.market)!
    if (item.order.isQuote && market.underlying === underlying) run.close(item, market, 'protection')
  }
  emitFrozen(run.context, run.ports.addresses, holder, underlying)
}
