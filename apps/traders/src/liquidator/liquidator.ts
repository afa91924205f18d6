// A liquidator: watches accounts under liquidation, bids, and closes what it has taken over.
import { formatUnits } from 'viem'
import { isClientError } from '@causeway/client'
import type { LiquidationRow, Trader } from '@causeway/client'
import type { Logger } from 'pino'
import type { LiquidatorConfig } from '../config/liquidator-config.ts'
import { pause } from '../pause.ts'
import { bidOnce } from './bidding.ts'
import type { LiquidatorMetrics } from './liquidator-metrics.ts'
import { planUnwind } from './plan-unwind.ts'
import { createViews } from './view.ts'
import type { View, WatchedHub } from './view.ts'

/** A liquidator at work. */
export interface LiquidatorParts {
  readonly causeway: WatchedHub
  readonly trader: Pick<Trader, 'bid' | 'order' | 'account' | 'address'>
  readonly config: LiquidatorConfig
  readonly log: Logger
  readonly metrics: LiquidatorMetrics
  readonly signal: AbortSignal
  readonly now: () => number
  /** Told after each round that ended well. */
  readonly onRound?: () => void
}

const RETRY_MS = 500
const RETRY_MS_MAX = 15_000
/** A transaction is void after so many blocks. */
const VOID_BLOCKS = 300n
const E6 = 6

/**
 * Works until it is told to stop. What goes wrong is logged and tried again, later each time. It remembers
 * nothing that the hub does not tell: killed at any moment, it goes on when it is started again.
 */
export async function runLiquidator(parts: LiquidatorParts): Promise<void> {
  const { causeway, trader, config, log, metrics, signal, now } = parts
  const account = await retrying(parts, () => trader.account())
  if (account === undefined) return
  const who = { address: account, subaccount: config.subaccount }
  const look = createViews(causeway, who, { reference: config.reference, now })
  const bell = createBell(parts)
  const bidding = createRounds(parts, account, look)
  const watching = async () => {
    while (!signal.aborted) {
      const rung = bell.next() // what is told from here on, also during the round, ends the pause after it
      bell.isBusy = (await retrying(parts, bidding)) ?? false
      await pause(config.poll, signal, rung)
    }
  }
  const unwinding = async () => {
    while (!signal.aborted && config.unwind.enabled && !config.dryRun) {
      await pause(config.unwind.every, signal)
      await retrying(parts, async () => await unwind(parts, await look()))
    }
  }
  log.info({ account, subaccount: config.subaccount, dryRun: config.dryRun }, 'watching')
  try {
    await Promise.all([watching(), unwinding()])
  } finally {
    bell.stop()
    metrics.set('liquidator_auctions', 0)
  }
}

/** Rounds: true while something is in auction. */
function createRounds(
  parts: LiquidatorParts,
  account: string,
  look: () => Promise<View>,
): () => Promise<boolean> {
  const { causeway, metrics, log, onRound = () => undefined } = parts
  let unknown: Unknown | undefined
  return async () => {
    const all = await causeway.liquidations()
    const auctions = all.filter((row) => isAuction(row) && row.account !== account).sort(byAge)
    metrics.set('liquidator_auctions', auctions.length)
    const view = await look()
    metrics.set('liquidator_equity', Number(view.own.equity))
    metrics.set('liquidator_initial_margin', Number(view.own.initialMarginWithOrders))
    metrics.set('liquidator_held_notional', Number(formatUnits(view.heldE6, E6)))
    unknown = unknown && (await stillUnknown(causeway, unknown))
    const isReady = unknown === undefined && !view.own.belowMaintenance
    try {
      if (auctions.length > 0 && isReady) await bidOnce(parts, auctions, view)
    } catch (error) {
      if (isClientError(error) && error.outcome === 'unknown' && error.txHash !== undefined) {
        const height = BigInt(await causeway.height())
        unknown = { txHash: error.txHash, untilHeight: height + VOID_BLOCKS }
        log.warn({ txHash: error.txHash }, 'nobody knows what became of a bid: no other until it is known')
      }
      throw error
    }
    metrics.add('liquidator_looks_total', 1)
    onRound()
    return all.length > 0
  }
}

/** A bid that may still be taken: none is made beside it. */
interface Unknown {
  readonly txHash: string
  readonly untilHeight: bigint
}

async function stillUnknown(causeway: WatchedHub, unknown: Unknown): Promise<Unknown | undefined> {
  if ((await causeway.transaction(unknown.txHash)) !== undefined) return undefined
  return BigInt(await causeway.height()) > unknown.untilHeight ? undefined : unknown
}

function isAuction({ stage }: LiquidationRow): boolean {
  return stage === 'auction' || stage === 'insolvent'
}

function byAge(a: LiquidationRow, b: LiquidationRow): number {
  return a.stageSeconds - b.stageSeconds
}

async function unwind(
  { trader, config, metrics, log }: LiquidatorParts,
  { own, markets, prices }: View,
): Promise<void> {
  for (const order of planUnwind({ positions: own.positions, markets, prices }, config.unwind)) {
    const placed = await trader.order({ ...order, subaccount: config.subaccount })
    const isFilled = placed.filled !== '0'
    metrics.add('liquidator_unwind_orders_total', 1, { filled: isFilled ? 'yes' : 'no' })
    const { filled, averagePrice, status } = placed
    const about = { market: order.market, side: order.side, size: order.size, limit: order.limit }
    log[isFilled ? 'info' : 'debug']({ ...about, filled, averagePrice, status }, 'closing order')
  }
}

/** Wakes the rounds: when liquidation tells of something, and with every block while it is busy. */
function createBell({ causeway, log }: LiquidatorParts) {
  let ring = new AbortController()
  const bell = {
    isBusy: false,
    next(): AbortSignal {
      ring = new AbortController()
      return ring.signal
    },
  }
  const onError = (error: Error) => log.warn({ error: error.message }, 'the subscription')
  const ends = [
    causeway.subscribe({ topic: 'liquidations' }, () => ring.abort(), onError),
    causeway.subscribe({ topic: 'blocks' }, () => bell.isBusy && ring.abort(), onError),
  ]
  return Object.assign(bell, { stop: () => ends.forEach((end) => end()) })
}

/** Tries until it goes well or everything ends. */
async function retrying<T>(
  { signal, log, metrics }: LiquidatorParts,
  work: () => Promise<T>,
): Promise<T | undefined> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted) return undefined
      metrics.add('liquidator_failures_total', 1)
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'trying again')
      await pause(Math.min(RETRY_MS * 2 ** failures, RETRY_MS_MAX), signal)
    }
  }
  return undefined
}
