// Somebody with more leverage than is wise: opens a position by small orders, and keeps it.
import { connect } from '@causeway/client'
import type { Causeway, ConnectOptions, Trader, Wallet } from '@causeway/client'
import type { Logger } from 'pino'
import type { SpeculatorRole } from '../chains/accounts.ts'
import { pause } from '../story/poll.ts'

/** What one wants to hold of a market: below zero is short. */
export interface Wager {
  readonly market: string
  readonly size: number
}

/** At 3,000 with 10,000 of cash: 3.6 times, and 2.4 times both ways. */
export const WAGERS: Readonly<Record<SpeculatorRole, Wager>> = {
  'speculator-1': { market: 'ETH-PERP', size: 12 },
  'speculator-2': { market: 'ETH-PERP', size: 8 },
  'speculator-3': { market: 'ETH-PERP', size: -8 },
}

/** Small enough not to wear the market makers' protection out. */
const CLIP = 2
const EVERY_MS = 4_000
const PATIENCE_MS = 180_000

/** Opens the wager; ends when it is held, when patience ends, or when it is told to. */
export async function speculate(
  { hub, wallet }: { readonly hub: ConnectOptions; readonly wallet: Wallet },
  wager: Wager,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<void> {
  const causeway = await connect(hub)
  try {
    const trader = causeway.trader(wallet)
    const until = performance.now() + PATIENCE_MS
    while (!signal.aborted && performance.now() < until) {
      try {
        if (!(await step(causeway, trader, wager))) return
      } catch (error) {
        log.warn({ error: error instanceof Error ? error.message : String(error) }, 'trying again')
      }
      await pause(EVERY_MS, signal)
    }
  } finally {
    causeway.close()
  }
}

/** One order; false when nothing is left to do. */
async function step(causeway: Causeway, trader: Trader, { market, size }: Wager): Promise<boolean> {
  const { positions } = await causeway.portfolio(trader.address)
  const held = Number(positions.find((position) => position.market === market)?.size ?? '0')
  const left = Math.abs(size) - Math.abs(held)
  if (left < 0.001) return false
  const clip = Math.min(CLIP, left).toFixed(3)
  await trader.order({ market, side: size > 0 ? 'buy' : 'sell', size: clip }, { waitSeconds: 8 })
  return true
}
