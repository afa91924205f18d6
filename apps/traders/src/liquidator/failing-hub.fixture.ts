// A hub in this process on which an account fails, and a liquidator's parts over it.
import pino from 'pino'
import { expect } from 'vitest'
import { startTestHub, testEvmWallet } from '../../../../libs/client/src/testing/hub.fixture.ts'
import type { TestHub } from '../../../../libs/client/src/testing/hub.fixture.ts'
import type { Causeway, EvmWallet } from '@causeway/client'
import { checkLiquidatorConfig } from '../config/load-config.ts'
import type { LiquidatorConfigInput } from '../config/liquidator-config.ts'
import { runLiquidator } from './liquidator.ts'
import { liquidatorMetrics } from './liquidator-metrics.ts'

const ETH = 3n
const E9 = 1_000_000_000n
/** For what blocks bring, on a busy machine. */
export const SOON = { timeout: 150_000, interval: 50 }
/** Of a test that waits so. */
export const PATIENCE_MS = 400_000
const MARKET = 'ETH-PERP'
const WALLETS = ['failing', 'other side', 'liquidator', 'maker'] as const

/** The hub, and who is on it: each has 20,000 of cash. */
export interface FailingHub {
  readonly hub: TestHub
  readonly wallets: Readonly<Record<(typeof WALLETS)[number], EvmWallet>>
  /** The failing account is long so much ETH of the other side's at 3,000. */
  open(size: string): Promise<void>
  /** Moves the price of ETH. */
  move(price: number): void
  /** A liquidator; ends with `stop`, or when it is killed between two steps. */
  liquidate(options?: LiquidatorConfigInput, causeway?: Causeway): RunningTest
}

/** A liquidator of a test. */
export interface RunningTest {
  readonly metrics: ReturnType<typeof liquidatorMetrics>
  stop(): Promise<void>
}

/** Starts it. */
export async function startFailingHub(): Promise<FailingHub> {
  const wallets = Object.fromEntries(
    WALLETS.map((name) => [name, testEvmWallet(name)]),
  ) as FailingHub['wallets']
  const hub = await startTestHub({ addresses: Object.values(wallets).map(({ address }) => address) })
  const traders = Object.values(wallets).map((wallet) => hub.causeway.trader(wallet))
  await Promise.all(traders.map((trader) => trader.convert({ denom: 'usdz', amount: '20000' })))
  return {
    hub,
    wallets,
    async open(size) {
      const order = { market: MARKET, size, limit: '3000' } as const
      const asked = await hub.causeway.trader(wallets['other side']).order({ ...order, side: 'sell' })
      expect(asked.status).toBe('resting')
      const bought = await hub.causeway.trader(wallets.failing).order({ ...order, side: 'buy' })
      expect(bought.filled).toBe(size)
    },
    move: (price) => void hub.prices.set(ETH, BigInt(Math.round(price * 100)) * (E9 / 100n)),
    liquidate(options = {}, causeway = hub.causeway) {
      const stopping = new AbortController()
      const config = checkLiquidatorConfig({ subaccount: 0, poll: '200ms', ...options })
      const metrics = liquidatorMetrics()
      const running = runLiquidator({
        ...{ causeway, config, metrics, now: hub.clock.now, signal: stopping.signal },
        log: pino({ level: process.env['TRADERS_LOG'] ?? 'silent' }),
        trader: causeway.trader(wallets.liquidator, { subaccount: config.subaccount }),
      })
      return {
        metrics,
        async stop() {
          stopping.abort(new Error('the test is over'))
          await running
        },
      }
    },
  }
}

/** Signed size of a position, 0 where there is none. */
export async function sizeOf(hub: TestHub, address: string, subaccount = 0): Promise<number> {
  const { positions } = await hub.causeway.portfolio(address, subaccount)
  return Number(positions.find(({ market }) => market === MARKET)?.size ?? '0')
}
