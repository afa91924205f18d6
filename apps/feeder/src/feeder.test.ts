import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkTable } from './commands/check-table.ts'
import { checkConfig } from './config/load-config.ts'
import { createFeed } from './feed.ts'
import { simulatedConfig } from './simulated/simulated-config.ts'
import { startSimulatedExchange } from './simulated/start-simulated-exchange.ts'
import type { SimulatedExchange } from './simulated/start-simulated-exchange.ts'
import { startFeeder } from './start-feeder.ts'
import type { RunningFeeder } from './start-feeder.ts'

const ASSETS = [
  { asset: 2n, symbol: 'USDC', hasOptions: false },
  { asset: 3n, symbol: 'ETH', hasOptions: true },
]
const main = fileURLToPath(new URL('commands/main.fixture.ts', import.meta.url))

let exchange: SimulatedExchange
let feeder: RunningFeeder | undefined
beforeEach(async () => {
  exchange = await startSimulatedExchange({ seed: 'feeder', port: 0 })
})
afterEach(async () => {
  await feeder?.stop()
  feeder = undefined
  await exchange.stop()
})

interface Prices {
  readonly version: number
  readonly prices: { readonly symbol: string; readonly priceE9: string; readonly sources: number }[]
  readonly missing: { readonly symbol: string; readonly reason: string }[]
  readonly leftOut: { readonly symbol: string; readonly source: string; readonly reason: string }[]
}

async function get<Answer>(path: string): Promise<Answer> {
  return (await (await fetch(`${feeder!.url}${path}`)).json()) as Answer
}

async function pricesWhen(condition: (prices: Prices) => boolean): Promise<Prices> {
  for (;;) {
    const prices = await get<Prices>('/v1/prices')
    if (condition(prices)) return prices
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const eth = (prices: Prices) =>
  Number(prices.prices.find(({ symbol }) => symbol === 'ETH')?.priceE9 ?? 0) / 1e9
const isLeftOut = (source: string, reason: string) => (prices: Prices) =>
  prices.leftOut.some((item) => item.symbol === 'ETH' && item.source === source && item.reason === reason)

describe('a feeder', () => {
  beforeEach(async () => {
    feeder = await startFeeder({ config: simulatedConfig(exchange.url, ASSETS) })
  })

  it('serves prices, surfaces, health and metrics, and nothing else', async () => {
    const prices = await pricesWhen(({ missing, leftOut }) => missing.length + leftOut.length === 0)
    expect(prices.version).toBe(1)
    expect(eth(prices)).toBeGreaterThan(2_900)
    const health = async () => (await fetch(`${feeder!.url}/healthz`)).status
    while ((await health()) !== 200) await new Promise((resolve) => setTimeout(resolve, 20))
    const surfaces = await get<{ surfaces: { symbol: string; smiles: Record<string, string>[] }[] }>(
      '/v1/surfaces',
    )
    expect(surfaces).toMatchObject({ version: 1, missing: [], surfaces: [{ asset: '3', symbol: 'ETH' }] })
    expect(surfaces.surfaces[0]!.smiles.length).toBeGreaterThan(8)
    expect(Object.keys(surfaces.surfaces[0]!.smiles[0]!).sort()).toEqual([
      'aE12',
      'bE12',
      'expirySeconds',
      'forwardRatioE9',
      'forwardRefE9',
      'mE12',
      'rateE9',
      'rhoE12',
      'sigmaE12',
      'tauRefSeconds',
    ])
    const metrics = await (await fetch(`${feeder!.url}/metrics`)).text()
    expect(metrics).toMatch(/^feeder_price\{symbol="ETH"\} \d+/m)
    expect(metrics).toMatch(/^feeder_successes_total\{source="alpha",way="options ETH"\} [1-9]/m)
    expect((await fetch(`${feeder!.url}/`)).status).toBe(404)
    expect((await fetch(`${feeder!.url}/v1/prices`, { method: 'POST' })).status).toBe(405)
    const head = await fetch(`${feeder!.url}/v1/prices`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('leaves out a source that lies by half, and takes it back', async () => {
    const before = eth(await pricesWhen(({ missing }) => missing.length === 0))
    exchange.set({ lying: { beta: -5_000 } })
    const lying = await pricesWhen(isLeftOut('beta', 'outlier'))
    expect(eth(lying) / before).toBeCloseTo(1, 2)
    exchange.calm()
    await pricesWhen(({ leftOut }) => leftOut.length === 0)
  })

  it('has no price while two of three lie apart, or all but one are out', async () => {
    await pricesWhen(({ missing }) => missing.length === 0)
    exchange.set({ lying: { beta: -5_000, gamma: 5_000 } })
    const split = await pricesWhen(({ missing }) => missing.some(({ symbol }) => symbol === 'ETH'))
    expect(split.missing.find(({ symbol }) => symbol === 'ETH')!.reason).toBe('sources-disagree')
    exchange.calm()
    await pricesWhen(({ missing }) => missing.length === 0)
    exchange.set({ out: ['alpha', 'gamma'] })
    const out = await pricesWhen(({ missing }) => missing.some(({ symbol }) => symbol === 'ETH'))
    expect(out.missing.find(({ symbol }) => symbol === 'ETH')!.reason).toBe('too-few-sources')
    expect(
      out.leftOut.filter(({ symbol }) => symbol === 'ETH').map(({ source, reason }) => `${source} ${reason}`),
    ).toEqual(['alpha stale', 'gamma stale'])
  })

  it('takes no nonsense for a price, nor an old time for a new one', async () => {
    await pricesWhen(({ missing }) => missing.length === 0)
    exchange.set({
      garbled: { alpha: '{"jsonrpc":"2.0","result":{"index_price":NaN},"usOut":1}' },
      stalled: ['beta'],
    })
    const prices = await pricesWhen(
      (all) => isLeftOut('alpha', 'stale')(all) && isLeftOut('beta', 'stale')(all),
    )
    expect(prices.missing.map(({ symbol }) => symbol)).toContain('ETH')
    const failure = feeder!.feed
      .ways()
      .find(({ source, way }) => source === 'alpha' && way === 'rest eth_usd')
    expect(failure!.error).toMatch(/^no JSON: a value was expected/)
  })

  it('has no surface of an exchange whose index is not the price', async () => {
    exchange.set({ lying: { alpha: 5_000 } })
    await pricesWhen(isLeftOut('alpha', 'outlier'))
    const failed = () => feeder!.feed.ways().find(({ way }) => way === 'options ETH')?.error
    while (failed() !== 'the index of the options is not the price')
      await new Promise((done) => setTimeout(done, 20))
    expect(feeder!.feed.surfaces()[0]!.surface).toBeUndefined()
  })

  it('says so when its port is taken', async () => {
    const port = Number(new URL(feeder!.url).port)
    const config = simulatedConfig(exchange.url, ASSETS)
    await expect(startFeeder({ config, port })).rejects.toMatchObject({
      code: 16,
      message: `can't listen on 127.0.0.1:${port}: another program listens there`,
    })
  })
})

describe('keys', () => {
  it('come from the environment and go out as the header that the configuration names', async () => {
    const config = checkConfig({
      sources: { a: { format: 'deribit', url: exchange.url, apiKey: { header: 'X-Key', env: 'A_KEY' } } },
      assets: [{ asset: 3, symbol: 'ETH', minSources: 1, prices: { a: 'eth_usd' } }],
    })
    const feed = createFeed({ config, environment: { A_KEY: 'secret' }, now: Date.now })
    await feed.once(new AbortController().signal)
    expect(feed.ways()).toMatchObject([{ successes: 1, failures: 0 }])
    expect(checkTable(feed)).toMatchObject({ isComplete: true })
  })
})

describe('feeder check', () => {
  let folder = ''
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'causeway-feeder-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function check(yaml: string): Promise<{ code: number; output: string }> {
    const file = join(folder, 'feeder.yaml')
    writeFileSync(file, yaml)
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [main, 'check', '--config', file])
      return { code: 0, output: stdout }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, output: `${stdout}${stderr}` }
    }
  }
  const yaml = (minSources: number) => `
sources:
  alpha: { format: deribit, url: "${exchange.url}/alpha" }
  beta: { format: deribit, url: "${exchange.url}/beta" }
  gamma: { format: deribit, url: "http://127.0.0.1:1" }
assets:
  - asset: 3
    symbol: ETH
    minSources: ${minSources}
    prices: { alpha: eth_usd, beta: eth_usd, gamma: eth_usd }
    surface: { source: alpha, currency: ETH }
`

  it('prints what each source says and why any is left out', async () => {
    const { code, output } = await check(yaml(2))
    expect(output).toMatch(/^ETH {4}alpha {3}\d+\.\d\d +\d\.\d s +yes$/m)
    expect(output).toMatch(/^ETH {4}gamma +no: silent$/m)
    expect(output).toMatch(/^ETH: \d+\.\d+ of 2 sources, which differ by \d+\.\d+$/m)
    expect(output).toMatch(/^ETH surface: 1\d expiries, 0 left out$/m)
    expect(output).toMatch(/^gamma, rest eth_usd: 127\.0\.0\.1:1: /m)
    expect(code).toBe(0)
  })

  it('exits 1 without a price, and with a configuration that is none', async () => {
    const few = await check(yaml(3))
    expect(few.output).toContain('ETH: no price, too-few-sources')
    expect(few.code).toBe(1)
    const bad = await check('sources: {}\nassets: []\n')
    expect(bad).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^feeder\/15: .*feeder\.yaml: assets: /),
    })
  })
})
