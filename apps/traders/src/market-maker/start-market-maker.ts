// The composition of a market maker: connection, account, loop, health and metrics.
import { connect } from '@causeway/client'
import type { ConnectOptions, Wallet } from '@causeway/client'
import type { Logger } from 'pino'
import type { MarketMakerConfig } from '../config/market-maker-config.ts'
import { serve } from '../serve/server.ts'
import { openMakerHub } from './maker-hub.ts'
import { makerMetrics } from './maker-metrics.ts'
import type { MakerMetrics } from './maker-metrics.ts'
import { runMaker } from './market-maker.ts'

/** What a market maker is started with. */
export interface MarketMakerOptions {
  readonly config: MarketMakerConfig
  readonly hub: ConnectOptions
  readonly wallet: Wallet
  readonly log: Logger
  /** Told once, when quotes of everything stand for the first time. */
  readonly onQuoting?: (markets: number) => void
}

/** A market maker that runs. */
export interface RunningMarketMaker {
  /** Of health and metrics, where they are served. */
  readonly url: string | undefined
  readonly metrics: MakerMetrics
  /** Ends when it was stopped. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

const UNWELL_MS = 30_000

/** Connects and starts. Throws `client/1` – `client/5`, `client/44`, `traders/2`. */
export async function startMarketMaker(options: MarketMakerOptions): Promise<RunningMarketMaker> {
  const { config, wallet, log, onQuoting } = options
  const causeway = await connect(options.hub)
  const metrics = makerMetrics()
  const stopping = new AbortController()
  try {
    const trader = causeway.trader(wallet, { subaccount: config.subaccount })
    const onError = (error: Error) => log.warn({ error: error.message }, 'the subscription')
    const hub = await openMakerHub({ causeway, trader, config, metrics, now: Date.now, onError })
    let wellAtMs = Date.now()
    const fault = () => (Date.now() - wellAtMs <= UNWELL_MS ? undefined : 'no look went well for a while')
    const server = config.listen && (await serve({ fault, metrics: metrics.text }, config.listen))
    log.info({ account: await trader.account(), subaccount: config.subaccount }, 'making markets')
    const ended = runMaker({
      ...{ hub, config, metrics, log, signal: stopping.signal, now: Date.now },
      ...(onQuoting === undefined ? {} : { onQuoting }),
      onRound: () => (wellAtMs = Date.now()),
    })
    return {
      ...{ url: server?.url, metrics, ended },
      async stop() {
        stopping.abort(new Error('the market maker stops'))
        await ended
        hub.close()
        await server?.stop()
        causeway.close()
      },
    }
  } catch (error) {
    causeway.close()
    throw error
  }
}
