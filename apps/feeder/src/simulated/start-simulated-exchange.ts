// A SIMULATED exchange for devnets and tests: it speaks Deribit's public JSON-RPC over HTTP GET
// (docs.deribit.com, "JSON-RPC over HTTP") with prices that are made up. Below /<venue>/api/v2/public/… it
// is as many exchanges as are asked for, each a trifle different.
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { answerMethod } from './deribit-answers.ts'
import type { Place } from './deribit-answers.ts'
import type { SimulatedUnderlying } from './market.ts'
import { CALM, concerns } from './scenario.ts'
import type { Scenario } from './scenario.ts'

/** What the simulated exchange is started with. */
export interface SimulatedExchangeOptions {
  /** The same seed gives the same prices at the same time. */
  readonly seed: string
  /** 0 for a free one. */
  readonly port: number
  readonly underlyings?: readonly SimulatedUnderlying[]
  readonly now?: () => number
}

/** A simulated exchange that runs. */
export interface SimulatedExchange {
  /** Append a venue: `${url}/alpha`. */
  readonly url: string
  /** Changes what goes on; what is not named stays. */
  set(scenario: Partial<Scenario>): void
  /** Ends all scenarios. */
  calm(): void
  stop(): Promise<void>
}

/** What is traded there unless told otherwise. */
export const SIMULATED_UNDERLYINGS: readonly SimulatedUnderlying[] = [
  { symbol: 'BTC', priceE9: 90_000_000_000_000n, volatility: 0.5 },
  { symbol: 'ETH', priceE9: 3_000_000_000_000n, volatility: 0.65 },
  { symbol: 'USDC', priceE9: 1_000_000_000n, swingBps: 2 },
]

const HOST = '127.0.0.1'
const METHOD = /^(?:\/([a-z0-9-]{1,32}))?\/api\/v2\/public\/([a-z_]{1,64})$/
const UNKNOWN = { code: -32_602, message: 'Invalid params' }

/** Starts it on the loopback interface. */
export async function startSimulatedExchange(options: SimulatedExchangeOptions): Promise<SimulatedExchange> {
  const { seed, underlyings = SIMULATED_UNDERLYINGS, now = Date.now } = options
  let scenario = CALM
  let standsAtMs = 0
  const placeOf = (venue: string): Place => {
    const isStalled = concerns(scenario.stalled, venue)
    const nowMs = isStalled ? standsAtMs : now()
    const marketMs = isStalled || scenario.isFlat ? standsAtMs : nowMs
    const lie = scenario.lying[venue] ?? scenario.lying['*'] ?? 0
    const factorBps = (BigInt(10_000 + scenario.moveBps) * BigInt(10_000 + lie)) / 10_000n
    return { seed, underlyings, venue, marketMs, nowMs, factorBps, moves: scenario.moves }
  }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', `http://${HOST}`)
    const [, venue = 'main', method] = METHOD.exec(pathname) ?? []
    const garbled = scenario.garbled[venue] ?? scenario.garbled['*']
    if (garbled !== undefined) return send(response, 200, garbled)
    if (method === undefined) return send(response, 404, '{"error":"no such path"}')
    if (concerns(scenario.out, venue)) return send(response, 503, '{"error":"out of service"}')
    const place = placeOf(venue)
    const result = answerMethod(place, method, searchParams)
    const outcome = result === undefined ? { error: UNKNOWN } : { result }
    const times = { usIn: place.nowMs * 1_000, usOut: place.nowMs * 1_000, usDiff: 0, testnet: true }
    return send(
      response,
      result === undefined ? 400 : 200,
      JSON.stringify({ jsonrpc: '2.0', ...outcome, ...times }),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, HOST, resolve)
  })
  const address = server.address()
  return {
    url: `http://${HOST}:${typeof address === 'object' && address !== null ? address.port : options.port}`,
    set(changes) {
      standsAtMs = now()
      scenario = { ...scenario, ...changes }
    },
    calm: () => void (scenario = CALM),
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}
