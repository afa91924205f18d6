// A market maker: looks at the hub every few blocks and quotes anew.
import type { Logger } from 'pino'
import { pause } from '../story/poll.ts'
import { planQuotes } from './plan-quotes.ts'
import type { Seen, UnderlyingQuotes } from './plan-quotes.ts'
import type { MakerStyle } from './quote-rule.ts'

/** The hub as a maker needs it: public queries, and transactions of its account. */
export interface MakerHub {
  /** Height of the newest block. */
  height(): Promise<bigint>
  look(): Promise<Seen>
  /** Replaces all quotes of an underlying. */
  quote(quotes: UnderlyingQuotes): Promise<void>
  /** Sets what may be filled of its quotes of an underlying in a window; also ends a freeze. */
  protect(asset: bigint): Promise<void>
  /** Puts the dead man's switch off: without another call its orders end after so many seconds. */
  stayAlive(seconds: number): Promise<void>
  close(): void
}

/** A maker at work. */
export interface MakerOptions {
  readonly hub: MakerHub
  readonly style: MakerStyle
  readonly signal: AbortSignal
  readonly log: Logger
  /** Told once, when quotes of everything stand for the first time. */
  readonly onQuoting: (markets: number) => void
}

/** Both makers quote at the same heights, so that neither trades against what the other saw earlier. */
const BLOCKS_BETWEEN = 6n
const LOOK_MS = 200
const SWITCH_SECONDS = 30
/** Quotings between two renewals of the switch: less than half of its time, at three seconds each. */
const RENEW_EVERY = 4
const RETRY_MS = 500
const RETRY_MS_MAX = 10_000

/**
 * Quotes until it is told to stop. Whatever goes wrong is logged and tried again, later each time; the switch
 * ends the quotes of a maker that can't reach the hub.
 */
export async function runMaker({ hub, style, signal, log, onQuoting }: MakerOptions): Promise<void> {
  let [quoted, rounds, failures] = [-1n, 0, 0]
  let [isKnown, hasTold] = [false, false]
  while (!signal.aborted) {
    try {
      const height = await hub.height()
      if (quoted >= 0n && height / BLOCKS_BETWEEN === quoted / BLOCKS_BETWEEN) {
        await pause(LOOK_MS, signal)
        continue
      }
      const seen = await hub.look()
      if (!isKnown) for (const { asset } of seen.underlyings) await hub.protect(asset)
      if (!isKnown || rounds % RENEW_EVERY === 0) await hub.stayAlive(SWITCH_SECONDS)
      isKnown = true
      const plan = planQuotes(seen, style)
      await Promise.all(plan.map((quotes) => hub.quote(quotes)))
      if (!hasTold && plan.every(({ quotes }) => quotes.length > 0)) {
        onQuoting(plan.reduce((sum, { quotes }) => sum + quotes.length, 0))
        hasTold = true
      }
      ;[quoted, rounds, failures] = [height, rounds + 1, 0]
    } catch (error) {
      if (signal.aborted) return
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'trying again')
      isKnown = false // it may be frozen, its switch may have gone off: both are set anew
      await pause(Math.min(RETRY_MS * 2 ** failures++, RETRY_MS_MAX), signal)
    }
  }
}
