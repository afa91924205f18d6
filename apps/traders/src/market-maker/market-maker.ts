// A market maker: looks at every block, and quotes anew every few of them or when prices have moved.
import type { Logger } from 'pino'
import type { MarketMakerConfig } from '../config/market-maker-config.ts'
import { pause } from '../pause.ts'
import type { MakerMetrics } from './maker-metrics.ts'
import { hasMoved, planQuotes } from './plan-quotes.ts'
import type { Seen, SeenPrice, UnderlyingQuotes } from './plan-quotes.ts'

/** The hub as a maker needs it: public queries, and transactions of its account. */
export interface MakerHub {
  /** Height of the newest block. */
  height(): Promise<bigint>
  /** Prices of what it quotes, by name. */
  prices(): Promise<ReadonlyMap<string, SeenPrice>>
  look(): Promise<Seen>
  /** Replaces all quotes of an underlying. */
  quote(quotes: UnderlyingQuotes): Promise<void>
  /** Sets what may be filled of its quotes of an underlying in a window; also ends a freeze. */
  protect(name: string, indexE9: bigint): Promise<void>
  /** Puts the dead man's switch off: without another call its orders end after so many seconds. */
  stayAlive(seconds: number): Promise<void>
}

/** A maker at work. */
export interface MakerOptions {
  readonly hub: MakerHub
  readonly config: MarketMakerConfig
  readonly signal: AbortSignal
  readonly log: Logger
  readonly metrics: MakerMetrics
  readonly now: () => number
  /** Told once, when quotes of everything stand for the first time. */
  readonly onQuoting?: (markets: number) => void
  /** Told after each look that went well. */
  readonly onRound?: () => void
}

const LOOK_MS = 200
const RETRY_MS = 500
const RETRY_MS_MAX = 10_000

/** What stands, as far as the maker knows. */
interface Standing {
  /** −1: nothing is known. */
  readonly height: bigint
  /** Prices that were quoted around. */
  readonly prices: ReadonlyMap<string, SeenPrice>
  readonly switchedMs: number
}

const NOTHING: Standing = { height: -1n, prices: new Map(), switchedMs: -Infinity }

/**
 * Quotes until it is told to stop. Whatever goes wrong is logged and tried again, later each time; the switch
 * ends the quotes of a maker that can't reach the hub. It begins by setting protection and switch and
 * replaces all quotes, so a maker that was killed goes on when it is started again.
 */
export async function runMaker(options: MakerOptions): Promise<void> {
  const { hub, config, signal, log, metrics, onQuoting, onRound } = options
  let standing = NOTHING
  let failures = 0
  let hasTold = false
  let seenHeight = -1n
  while (!signal.aborted) {
    try {
      const height = await hub.height()
      if (height === seenHeight) {
        await pause(LOOK_MS, signal)
        continue
      }
      const due = await dueNow(options, standing, height)
      if (due.length > 0) {
        const { next, markets, isWhole } = await quoteAnew(options, standing, { height, due })
        standing = next
        if (!hasTold && isWhole) onQuoting?.(markets)
        hasTold ||= isWhole
      }
      ;[seenHeight, failures] = [height, 0]
      onRound?.()
    } catch (error) {
      if (signal.aborted) break
      metrics.add('maker_failures_total', 1)
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'trying again')
      standing = NOTHING // it may be frozen, its switch may have gone off: both are set anew
      seenHeight = -1n
      await pause(Math.min(RETRY_MS * 2 ** failures++, RETRY_MS_MAX), signal)
    }
  }
  if (config.withdrawAtEnd && !config.dryRun) await withdraw(options, standing)
}

/** Names of underlyings to quote anew, with why. */
async function dueNow(
  { hub, config }: MakerOptions,
  { height: quoted, prices: before }: Standing,
  height: bigint,
): Promise<(readonly [name: string, why: string])[]> {
  const prices = await hub.prices()
  const every = BigInt(config.everyBlocks)
  // At the same heights as others of its kind, so that neither trades against what the other saw earlier.
  const isTime = quoted < 0n || height / every !== quoted / every
  return [...prices].flatMap(([name, price]): (readonly [string, string])[] => {
    if (isTime) return [[name, 'time']]
    if (!hasMoved(before.get(name), price, config.requoteBps)) return []
    return [[name, price.isFresh ? 'move' : 'stale']]
  })
}

async function quoteAnew(
  options: MakerOptions,
  standing: Standing,
  { height, due }: { readonly height: bigint; readonly due: readonly (readonly [string, string])[] },
): Promise<{ readonly next: Standing; readonly markets: number; readonly isWhole: boolean }> {
  const { hub, config, metrics, log, now } = options
  const seen = await hub.look()
  const plan = planQuotes(seen, config.style)
  const why = new Map(due)
  const wanted = plan.filter(({ name }) => why.has(name))
  const markets = plan.reduce((sum, { quotes }) => sum + quotes.length, 0)
  const prices = new Map(standing.prices)
  for (const { name, indexE9, isFresh } of seen.underlyings) {
    if (why.has(name)) prices.set(name, { indexE9, isFresh })
  }
  const isFirst = standing.height < 0n
  const isSwitchDue = now() - standing.switchedMs > config.deadMan / 3
  if (config.dryRun) {
    for (const { name, quotes } of wanted) log.info({ name, quotes: inWords(quotes) }, 'would quote')
  } else {
    if (isFirst) for (const { name, indexE9 } of seen.underlyings) await hub.protect(name, indexE9)
    if (isSwitchDue) await hub.stayAlive(Math.floor(config.deadMan / 1_000))
    await Promise.all(wanted.map((quotes) => hub.quote(quotes)))
  }
  for (const reason of new Set(why.values())) metrics.add('maker_quotings_total', 1, { why: reason })
  metrics.set('maker_quoted_markets', markets)
  const isTime = [...why.values()].includes('time')
  return {
    next: {
      height: isTime ? height : standing.height,
      prices,
      switchedMs: isSwitchDue ? now() : standing.switchedMs,
    },
    markets,
    isWhole: plan.length > 0 && plan.every((each) => each.isWhole),
  }
}

/** What stands is taken back; if that fails the switch does it. */
async function withdraw({ hub, log }: MakerOptions, { prices }: Standing): Promise<void> {
  const all = [...prices.keys()].map((name) => hub.quote({ name, quotes: [], isWhole: false }))
  const failed = (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')
  if (failed.length > 0) log.warn('quotes could not be withdrawn: the switch ends them')
}

function inWords(quotes: UnderlyingQuotes['quotes']): string[] {
  const text = (units: bigint) => `${Number(units) / 1e9}`
  return quotes.map(
    ({ market, bidE9, bidSizeE9, askE9, askSizeE9 }) =>
      `${market} ${text(bidSizeE9)} @ ${text(bidE9)} / ${text(askE9)} @ ${text(askSizeE9)}`,
  )
}
