import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../refusal.fixture.ts'
import { checkConfig, loadConfig, parseConfig } from './load-config.ts'

const example = fileURLToPath(new URL('../../feeder.example.yaml', import.meta.url))
const good = {
  sources: { a: { format: 'kraken' }, b: { format: 'deribit', stream: true } },
  assets: [{ asset: 3, symbol: 'ETH', minSources: 2, prices: { a: 'ETH/USD', b: 'eth_usd' } }],
}

/** The problems that are named, without the file. */
function problems(changes: (config: Loose) => void): string {
  const config = copy()
  changes(config)
  try {
    checkConfig(config)
    return 'none'
  } catch (error) {
    return (error as Error).message.replaceAll('config: ', '')
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests write into it what it must not have
type Loose = any
const copy = (): Loose => structuredClone(good)

describe('the configuration', () => {
  it('of the example is sound', () => {
    const { listen, sources, assets } = loadConfig(example)
    expect(listen).toEqual({ host: '127.0.0.1', port: 8_790 })
    expect(sources.deribit).toMatchObject({
      url: 'https://www.deribit.com',
      streamUrl: 'wss://www.deribit.com/ws/api/v2',
      pollMs: 2_000,
    })
    expect(sources.chainlink).toMatchObject({ staleAfterMs: 3_900_000 })
    expect(assets.map(({ symbol, asset, maxDeviationBps }) => [symbol, asset, maxDeviationBps])).toEqual([
      ['USDC', 2n, 50n],
      ['ETH', 3n, 200n],
      ['BTC', 4n, 200n],
    ])
  })

  it('has defaults', () => {
    const { listen, sources, assets } = checkConfig(good)
    expect(listen).toEqual({ host: '127.0.0.1', port: 8_790 })
    expect(sources.a).toEqual({
      format: 'kraken',
      url: 'https://api.kraken.com',
      streamUrl: undefined,
      pollMs: 1_000,
      timeoutMs: 3_000,
      staleAfterMs: 10_000,
      apiKey: undefined,
    })
    expect(assets[0]).toMatchObject({ minSources: 2, maxDeviationBps: 200n })
  })

  it.each([
    [
      'a server for everybody',
      (c: Loose) => (c.listen = { host: '0.0.0.0' }),
      'listen.host: expected an address of this machine',
    ],
    ['another machine', (c: Loose) => (c.listen = { host: '10.0.0.1' }), 'listen.host: '],
    ['an unknown format', (c: Loose) => (c.sources.a.format = 'elsewhere'), 'sources.a.format: '],
    [
      'Chainlink without a node',
      (c: Loose) => (c.sources.a = { format: 'chainlink' }),
      'sources.a: chainlink needs a url',
    ],
    [
      'a stream that there is not',
      (c: Loose) => (c.sources.a = { format: 'pyth', stream: true }),
      'sources.a: pyth has no stream',
    ],
    ['a stream over HTTP', (c: Loose) => (c.sources.a.stream = 'http://x'), 'sources.a.stream: '],
    [
      'a file as an address',
      (c: Loose) => (c.sources.a.url = 'file:///etc/passwd'),
      'sources.a.url: expected an http',
    ],
    [
      'a duration without a unit',
      (c: Loose) => (c.sources.a.poll = '5'),
      'sources.a.poll: expected a duration',
    ],
    [
      'a poll that is a flood',
      (c: Loose) => (c.sources.a.poll = '10ms'),
      'sources.a.poll: expected a duration',
    ],
    ['an unknown setting', (c: Loose) => (c.sources.a.pol = '1s'), 'sources.a: '],
    [
      'a source that there is not',
      (c: Loose) => (c.assets[0].prices.c = 'x'),
      'assets[0].prices.c: is no source',
    ],
    [
      'more sources wanted than named',
      (c: Loose) => (c.assets[0].minSources = 3),
      'assets[0].minSources: more than there are',
    ],
    [
      'an asset twice',
      (c: Loose) => c.assets.push({ ...c.assets[0], symbol: 'BTC' }),
      'assets[1].asset: is named twice',
    ],
    [
      'a symbol twice',
      (c: Loose) => c.assets.push({ ...c.assets[0], asset: 4 }),
      'assets[1].symbol: is named twice',
    ],
    ['asset 0', (c: Loose) => (c.assets[0].asset = 0), 'assets[0].asset: '],
    [
      'a surface of an exchange without options',
      (c: Loose) => (c.assets[0].surface = { source: 'a', currency: 'ETH' }),
      'assets[0].surface.source: expected a source of the format deribit',
    ],
  ])('is refused with %s', (_, changes, problem) => {
    expect(problems(changes)).toContain(problem)
  })

  it('is refused with its place when it is no YAML, a key twice or no file', () => {
    expect(refusalOf(() => parseConfig('a: [1'))).toBe('feeder/15')
    expect(() => parseConfig('sources: {}\nsources: {}\n', 'f.yaml')).toThrow(
      /^f\.yaml:2:1 Map keys must be unique/,
    )
    expect(() => loadConfig('/nowhere/feeder.yaml')).toThrow('there is no such file or folder')
    expect(refusalOf(() => parseConfig(`a: ${'x'.repeat(1024 * 1024)}`))).toBe('feeder/15')
  })
})
