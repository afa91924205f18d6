// The way of a price: simulated exchange → feeder → hub node → votes → the oracle's state, and what
// happens when each of them fails.
import {
  HUB_CHAIN_ID,
  createHubApplication,
  followPriceFeed,
  generateValidatorKey,
  hubAppState,
  startEmbeddedNode,
  verifyNatively,
} from '@causeway/hub'
import type { EmbeddedNode, PriceFeed } from '@causeway/hub'
import { simulatedConfig, startFeeder, startSimulatedExchange } from '@causeway/feeder'
import type { RunningFeeder, SimulatedExchange } from '@causeway/feeder'
import { fromBase64, sha256, toHex, utf8 } from '@causeway/primitives'
import {
  QueryPricesRequest,
  QueryPricesResponse,
  QuerySurfaceRequest,
  QuerySurfaceResponse,
} from '@causeway/protocol/causeway/oracle/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const [USDZ, ETH] = [2n, 3n]
const E9 = 1_000_000_000n
const PATIENCE_MS = 60_000

let exchange: SimulatedExchange
let feeder: RunningFeeder
let source: PriceFeed
let node: EmbeddedNode
const lines: string[] = []
const assets = [
  { asset: USDZ, symbol: 'USDZ', hasOptions: false },
  { asset: ETH, symbol: 'ETH', hasOptions: true },
]

beforeAll(async () => {
  exchange = await startSimulatedExchange({
    seed: 'end to end',
    port: 0,
    underlyings: [
      { symbol: 'USDZ', priceE9: E9, swingBps: 2 },
      { symbol: 'ETH', priceE9: 3_000n * E9, volatility: 0.6 },
    ],
  })
  feeder = await startFeeder({ config: simulatedConfig(exchange.url, assets) })
  source = followPriceFeed({ url: feeder.url, everyMs: 100, log: (line) => lines.push(line) })
  node = await startNode(source)
}, PATIENCE_MS)

afterAll(async () => {
  await node?.stop()
  await source?.stop()
  await feeder?.stop()
  await exchange?.stop()
})

describe('prices and surfaces through a feeder', () => {
  it('become fresh on the hub', { timeout: PATIENCE_MS }, async () => {
    await until(async () => (await stateOf('ETH')) === 'fresh' && (await surface()).status === 'fresh')
    const prices = await pricesOnHub()
    expect(prices.get('USDZ')!.priceE9).toBeGreaterThan((E9 * 99n) / 100n)
    const { priceE9 } = prices.get('ETH')!
    expect(priceE9).toBeGreaterThan(2_900n * E9)
    expect(priceE9).toBeLessThan(3_100n * E9)
    // Every expiry that the hub lists by rule, each of which it has judged free of arbitrage.
    const { smiles } = await surface()
    expect(smiles.length).toBeGreaterThanOrEqual(9)
    for (const { forwardRatioE9 } of smiles) {
      expect(forwardRatioE9).toBeGreaterThanOrEqual(E9)
      expect(forwardRatioE9).toBeLessThan((E9 * 105n) / 100n)
    }
  })

  it('stay right while one source lies by half', { timeout: PATIENCE_MS }, async () => {
    exchange.set({ lying: { beta: 5_000 } })
    await until(() => leftOut('beta', 'outlier'))
    const after = node.height() + 10n
    await until(() => node.height() >= after)
    const { priceE9, status } = (await pricesOnHub()).get('ETH')!
    expect(status).toBe('fresh')
    expect(priceE9).toBeLessThan(3_100n * E9)
    exchange.calm()
  })

  it('follow a crash only once three heights agree', { timeout: PATIENCE_MS }, async () => {
    const seen = new Set<string>()
    const stopListening = node.onBlock(() => void stateOf('ETH').then((state) => seen.add(state)))
    exchange.set({ moveBps: -3_000 })
    await until(async () => (await pricesOnHub()).get('ETH')!.priceE9 < 2_200n * E9)
    stopListening()
    expect(seen).toContain('held')
    expect((await pricesOnHub()).get('ETH')!.priceE9).toBeGreaterThan(2_000n * E9)
    exchange.calm()
  })

  it(
    'go stale without the feeder while blocks go on, and are fresh when it is back',
    { timeout: PATIENCE_MS },
    async () => {
      await until(async () => (await stateOf('ETH')) === 'fresh')
      const port = Number(new URL(feeder.url).port)
      await feeder.stop()
      await until(async () => (await stateOf('ETH')) === 'stale' && (await surface()).status === 'stale')
      expect(lines.at(-1)).toMatch(/^price feed http:\S+: .*; no prices from it$/)
      const heightBefore = node.height()
      await until(() => node.height() >= heightBefore + 10n)
      feeder = await startFeeder({ config: simulatedConfig(exchange.url, assets), port })
      await until(async () => (await stateOf('ETH')) === 'fresh' && (await surface()).status === 'fresh')
      expect(lines.at(-1)).toMatch(/^price feed http:\S+: back$/)
    },
  )

  it('go stale when the exchange is out, and say why', { timeout: PATIENCE_MS }, async () => {
    exchange.set({ out: ['*'] })
    await until(async () => (await stateOf('ETH')) === 'stale')
    const answer = await fetch(`${feeder.url}/healthz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      healthy: false,
      missing: expect.arrayContaining(['ETH: too-few-sources']),
    })
    exchange.calm()
    await until(async () => (await stateOf('ETH')) === 'fresh')
  })
})

function startNode({ prices, surfaces }: PriceFeed): Promise<EmbeddedNode> {
  const validators = [generateValidatorKey(sha256(utf8('the validator of a feeder')))]
  return startEmbeddedNode({
    application: createHubApplication({
      chainId: HUB_CHAIN_ID,
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
      priceSource: prices,
      surfaceSource: surfaces,
    }),
    blocks: { everyMilliseconds: 200 },
    validators,
    genesis: {
      genesis_time: new Date(Date.now() - 1_000).toISOString(),
      chain_id: HUB_CHAIN_ID,
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
      validators: validators.map(({ pub_key }) => ({ pub_key, power: '10' })),
      app_state: hubAppState({
        denom: 'ucway',
        balances: [],
        gasPriceE9: 0n,
        assets: [
          { denom: 'usdz', decimals: 6, symbol: 'USDZ' },
          { denom: 'eth', decimals: 18, symbol: 'ETH' },
        ],
      }),
    },
  })
}

async function query(path: string, data: Uint8Array): Promise<Uint8Array> {
  const url = `${node.rpcUrl}/abci_query?path=${encodeURIComponent(`"${path}"`)}&data=0x${toHex(data)}`
  const { result } = (await (await fetch(url)).json()) as { result: { response: { value: string } } }
  return fromBase64(result.response.value)
}

async function pricesOnHub() {
  const value = await query('/causeway.oracle.v1.Query/Prices', QueryPricesRequest.encode({}).finish())
  return new Map(QueryPricesResponse.decode(value).prices.map((price) => [price.symbol, price]))
}

async function stateOf(symbol: string): Promise<string> {
  return (await pricesOnHub()).get(symbol)!.status
}

async function surface() {
  const data = QuerySurfaceRequest.encode({ asset: ETH }).finish()
  return QuerySurfaceResponse.decode(await query('/causeway.oracle.v1.Query/Surface', data))
}

async function leftOut(source: string, reason: string): Promise<boolean> {
  const answer = (await (await fetch(`${feeder.url}/v1/prices`)).json()) as {
    leftOut: { source: string; reason: string }[]
  }
  return answer.leftOut.some((item) => item.source === source && item.reason === reason)
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50))
}
