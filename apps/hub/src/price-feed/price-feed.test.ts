import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { followPriceFeed } from './follow-price-feed.ts'
import type { PriceFeed } from './follow-price-feed.ts'
import { parsePrices, parseSurfaces } from './parse-feed.ts'

const NOW = 1_764_118_800
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const price = (changes: object = {}) => ({
  asset: '3',
  symbol: 'ETH',
  priceE9: '3000000000000',
  publishTimeMs: NOW * 1_000 + 999,
  sources: 3,
  spreadE9: '5',
  ...changes,
})
const smile = {
  expirySeconds: '1764144000',
  aE12: '-123',
  bE12: '45',
  rhoE12: '-200000000000',
  mE12: '0',
  sigmaE12: '7',
  forwardRefE9: '3000000000000',
  tauRefSeconds: '25200',
  forwardRatioE9: '1000000000',
  rateE9: '-5',
}
const pricesText = (...prices: unknown[]) => JSON.stringify({ version: 1, prices, missing: [], leftOut: [] })
const surfacesText = (changes: object = {}) =>
  JSON.stringify({
    version: 1,
    surfaces: [
      {
        asset: '3',
        symbol: 'ETH',
        publishTimeMs: NOW * 1_000,
        smiles: [{ ...smile, ...changes }],
        leftOut: [],
      },
    ],
  })

describe('the feeder’s answers', () => {
  it('are prices, published in whole seconds, cut', () => {
    expect(parsePrices(pricesText(price()))).toEqual([
      { asset: 3n, symbol: 'ETH', priceE9: 3_000_000_000_000n, publishTimeSeconds: BigInt(NOW) },
    ])
    expect(parsePrices(pricesText())).toEqual([])
  })

  it('are surfaces as votes carry them', () => {
    const expected = Object.fromEntries(Object.entries(smile).map(([name, text]) => [name, BigInt(text)]))
    expect(parseSurfaces(surfacesText())).toEqual([
      { asset: 3n, symbol: 'ETH', publishTimeSeconds: BigInt(NOW), smiles: [expected] },
    ])
  })

  it.each([
    ['another version', '{"version":2,"prices":[]}'],
    ['no JSON', 'nonsense'],
    ['nothing', ''],
    ['a number for an integer of 64 bits', pricesText(price({ priceE9: 3e12 }))],
    ['a negative price', pricesText(price({ priceE9: '-1' }))],
    ['a decimal', pricesText(price({ priceE9: '1.5' }))],
    ['a price beyond u64', pricesText(price({ priceE9: '18446744073709551616' }))],
    ['a time before 1970', pricesText(price({ publishTimeMs: -1 }))],
    ['a time that is none', pricesText(price({ publishTimeMs: 1.5 }))],
    ['no name', pricesText(price({ symbol: undefined }))],
    ['a name without end', pricesText(price({ symbol: 'E'.repeat(65) }))],
    ['a flood', pricesText(...Array.from({ length: 1_001 }, () => price()))],
  ])('are no prices with %s', (_, text) => {
    expect(parsePrices(text)).toBeUndefined()
  })

  it.each([
    ['a double', { aE12: 0.5 }],
    ['a number beyond sint64', { bE12: '9223372036854775808' }],
    ['a negative time', { tauRefSeconds: '-1' }],
    ['a number that is missing', { rateE9: undefined }],
    ['one that nobody knows', { skew: '1' }],
  ])('are no surfaces with %s', (_, changes) => {
    expect(parseSurfaces(surfacesText(changes))).toBeUndefined()
  })
})

async function feederServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function follow(
  url: string,
  lines: string[] = [],
  nowSeconds = () => BigInt(NOW),
  symbols = new Map<bigint, string>(),
): PriceFeed {
  const log = (line: string) => lines.push(line.replace(url, 'URL'))
  const feed = followPriceFeed({ url, everyMs: 10, log, nowSeconds, symbols })
  closers.push(() => feed.stop())
  return feed
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const known = ({ prices }: PriceFeed) => prices(1n, 1n).length
const answering = (path: string | undefined) => (path === '/v1/prices' ? pricesText(price()) : surfacesText())

describe('followPriceFeed', () => {
  it('answers at once from what the feeder said last', async () => {
    const feed = follow(await feederServer((request, response) => response.end(answering(request.url))))
    // Nothing is known yet, and nothing waits for it.
    expect(feed.prices(1n, 1n)).toEqual([])
    await until(() => known(feed) > 0 && feed.surfaces(1n, 1n).length > 0)
    expect(feed.prices(7n, 123n)).toMatchObject([{ asset: 3n, priceE9: 3_000_000_000_000n }])
    expect(feed.surfaces(7n, 123n)).toMatchObject([{ asset: 3n, publishTimeSeconds: BigInt(NOW) }])
  })

  it('votes nothing under another name than the chain’s, and says which it expected', async () => {
    let symbol = 'ETH'
    const url = await feederServer((request, response) => {
      const dollar = price({ asset: '2', symbol: 'USDC' })
      const other = price({ symbol })
      const named = surfacesText().replace('"ETH"', `"${symbol}"`)
      response.end(request.url === '/v1/prices' ? pricesText(other, dollar, price({ asset: '9' })) : named)
    })
    const lines: string[] = []
    const symbols = new Map([
      [2n, 'USDC'],
      [3n, 'BTC'],
    ])
    const feed = follow(url, lines, undefined, symbols)
    // What the chain has no name for is the chain's to leave out.
    await until(() => known(feed) === 2)
    expect(feed.prices(1n, 1n).map(({ asset }) => asset)).toEqual([2n, 9n])
    expect(feed.surfaces(1n, 1n)).toEqual([])
    await until(() => lines.length > 0)
    expect(lines).toEqual(['price feed URL: it says ETH of asset 3, expected BTC; not voted'])
    symbol = 'BTC'
    await until(() => known(feed) === 3 && lines.length > 1)
    expect(feed.surfaces(1n, 1n)).toHaveLength(1)
    expect(lines.slice(1)).toEqual(['price feed URL: its names are right again'])
  })

  it('votes nothing older than a vote may be', async () => {
    let now = BigInt(NOW)
    const feed = follow(
      await feederServer((request, response) => response.end(answering(request.url))),
      [],
      () => now,
    )
    await until(() => known(feed) > 0)
    now += 10n
    expect(known(feed)).toBe(1)
    now += 1n
    expect(known(feed)).toBe(0)
    expect(feed.surfaces(1n, 1n)).toEqual([])
  })

  it('keeps what it knows through failures, tells of the first, and of the end', async () => {
    let mode = 'good'
    const url = await feederServer((request, response) => {
      if (mode === 'status') response.writeHead(500).end('no')
      else if (mode === 'nonsense') response.end('{"version":1}')
      else if (mode === 'long') response.end('x'.repeat(5 * 1024 * 1024))
      else if (mode === 'cut') response.destroy()
      else response.end(answering(request.url))
    })
    const lines: string[] = []
    const feed = follow(url, lines)
    await until(() => known(feed) > 0)
    expect(lines).toEqual([])
    for (const bad of ['status', 'nonsense', 'long', 'cut']) {
      lines.length = 0
      mode = bad
      await until(() => lines.length > 0)
      expect(known(feed)).toBe(1)
      mode = 'good'
      await until(() => lines.length > 1)
      expect(lines[0]).toMatch(/^price feed URL: .+; no prices from it$/)
      expect(lines[1]).toBe('price feed URL: back')
    }
  })

  it('has no prices of a feeder that is not there or never answers, and stops in its midst', async () => {
    const lines: string[] = []
    const gone = follow('http://127.0.0.1:9', lines)
    await until(() => lines.length > 0)
    expect(known(gone)).toBe(0)
    const silent = follow(await feederServer(() => undefined))
    expect(known(silent)).toBe(0)
    await silent.stop()
  })

  it('takes the prices even when the surfaces fail', async () => {
    const url = await feederServer((request, response) =>
      request.url === '/v1/prices' ? response.end(pricesText(price())) : response.writeHead(404).end(),
    )
    const feed = follow(url)
    await until(() => known(feed) > 0)
    expect(feed.surfaces(1n, 1n)).toEqual([])
  })
})
