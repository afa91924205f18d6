// The composition of a liquidator: connection, account, loops, health and metrics.
import { connect } from '@causeway/client'
import type { ConnectOptions, Wallet } from '@causeway/client'
import type { Logger } from 'pino'
import type { LiquidatorConfig } from '../config/liquidator-config.ts'
import { serve } from '../serve/server.ts'
import { runLiquidator } from './liquidator.ts'
import { liquidatorMetrics } from './liquidator-metrics.ts'
import type { LiquidatorMetrics } from './liquidator-metrics.ts'

/** What a liquidator is started with. */
export interface LiquidatorOptions {
  readonly config: LiquidatorConfig
  readonly hub: ConnectOptions
  readonly wallet: Wallet
  readonly log: Logger
}

/** A trader's program that runs. */
export interface RunningLiquidator {
  /** Of health and metrics, where they are served. */
  readonly url: string | undefined
  readonly metrics: LiquidatorMetrics
  /** Ends when it was stopped. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** It is not well when no round went well for so long. */
const UNWELL_MS = 30_000

/** Connects and starts. Throws `client/1` – `client/5`, `traders/2`. */
export async function startLiquidator(options: LiquidatorOptions): Promise<RunningLiquidator> {
  const { config, hub, wallet, log } = options
  const causeway = await connect(hub)
  const stopping = new AbortController()
  const metrics = liquidatorMetrics()
  let wellAtMs = Date.now()
  const fault = () =>
    Date.now() - wellAtMs <= UNWELL_MS + config.poll ? undefined : 'no round went well for a while'
  const server = config.listen && (await serve({ fault, metrics: metrics.text }, config.listen))
  const ended = runLiquidator({
    ...{ causeway, config, log, metrics, signal: stopping.signal, now: Date.now },
    trader: causeway.trader(wallet, { subaccount: config.subaccount }),
    onRound: () => (wellAtMs = Date.now()),
  })
  return {
    url: server?.url,
    metrics,
    ended,
    async stop() {
      stopping.abort(new Error('the liquidator stops'))
      await ended
      await server?.stop()
      causeway.close()
    },
  }
}
