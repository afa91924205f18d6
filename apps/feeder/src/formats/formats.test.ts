import { describe, expect, it } from 'vitest'
import { refusalOf } from '../refusal.fixture.ts'
import { REST, STREAM } from './examples.fixture.ts'
import { formats } from './formats.ts'

const RECEIVED = 1_764_118_805_000
const HOUR = 1_764_118_800_000
const PAIRS = {
  binance: 'ETHUSDC',
  bybit: 'ETHUSDC',
  coinbase: 'ETH-USD',
  deribit: 'eth_usd',
  kraken: 'ETH/USD',
  okx: 'ETH-USDC',
  pyth: '0xff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace',
} as const
type Name = keyof typeof REST
const names = Object.keys(REST) as Name[]
const streamed = Object.keys(STREAM) as (keyof typeof STREAM)[]

const rest = (name: Name, text: string = REST[name]) => formats[name].rest.parse(text, PAIRS[name], RECEIVED)
const message = (name: keyof typeof STREAM, text: string = STREAM[name]) =>
  formats[name].stream!.parse(text, RECEIVED)

describe('REST answers', () => {
  it.each([
    ['binance', 3_003_655_000_000n, HOUR + 123],
    ['bybit', 3_003_700_000_000n, HOUR + 456],
    ['coinbase', 3_003_700_000_000n, HOUR + 789],
    ['deribit', 3_003_720_000_000n, HOUR + 100],
    ['kraken', 3_003_700_000_000n, RECEIVED],
    ['okx', 3_003_700_000_000n, HOUR + 333],
    ['pyth', 3_003_710_231_270n, HOUR],
  ] as const)('of %s', (name, priceE9, publishTimeMs) => {
    expect(rest(name)).toEqual({ pair: PAIRS[name], priceE9, publishTimeMs })
  })

  it.each([
    ['binance', '/api/v3/ticker/24hr?symbol=ETHUSDC'],
    ['bybit', '/v5/market/tickers?category=spot&symbol=ETHUSDC'],
    ['coinbase', '/products/ETH-USD/ticker'],
    ['deribit', '/api/v2/public/get_index_price?index_name=eth_usd'],
    ['kraken', '/0/public/Ticker?pair=ETH%2FUSD'],
    ['okx', '/api/v5/market/ticker?instId=ETH-USDC'],
  ] as const)('of %s are asked for', (name, path) => {
    expect(formats[name].rest.request(PAIRS[name])).toEqual({ path })
  })

  it.each([
    ['binance', '{"code":-1121,"msg":"Invalid symbol."}'],
    ['bybit', '{"retCode":10001,"retMsg":"params error","result":{},"retExtInfo":{},"time":1}'],
    ['coinbase', '{"message":"NotFound"}'],
    ['deribit', '{"jsonrpc":"2.0","error":{"message":"Invalid params","code":-32602},"testnet":false}'],
    ['kraken', '{"error":["EQuery:Unknown asset pair"]}'],
    ['okx', '{"code":"51001","msg":"Instrument ID does not exist","data":[]}'],
  ] as const)('of %s that name an error are refused as such', (name, text) => {
    expect(refusalOf(() => rest(name, text))).toBe('feeder/8')
  })

  it.each(['binance', 'bybit', 'okx', 'pyth'] as const)('of %s for another pair are refused', (name) => {
    const other = name === 'pyth' ? `0x${'00'.repeat(32)}` : 'BTC'
    expect(refusalOf(() => formats[name].rest.parse(REST[name], other, RECEIVED))).toBe('feeder/9')
  })

  it.each(names)('of %s are refused when cut off, doubled, empty or of another kind', (name) => {
    const text = REST[name]
    for (const bad of [text.slice(0, -1), text.slice(1), '', '[]', '{}', 'null', '"x"', `${text}${text}`])
      expect(refusalOf(() => rest(name, bad))).toMatch(/^feeder\/(1|2)$/)
  })

  it.each(names)('of %s with a key twice are refused', (name) => {
    const twice = REST[name].replace(
      /"(bid|bidPrice|bid1Price|bidPx|index_price|b|price)":/,
      '"$1":"1","$1":',
    )
    expect(twice).not.toBe(REST[name])
    expect(refusalOf(() => rest(name, twice))).toBe('feeder/1')
  })
})

describe('bad prices of each source', () => {
  // Every place of the example that holds the price, replaced by something else.
  const PRICE = /(?<=[:[])"?(3003\.\d+|300371023127)"?/g
  it.each(
    names.flatMap((name) =>
      ['"NaN"', '"-3003.7"', '-1', '"0"', '0', '"1e30"', 'null', 'true', '[]', '"3,003.70"'].map(
        (bad) => [name, bad] as const,
      ),
    ),
  )('%s: %s', (name, bad) => {
    expect(refusalOf(() => rest(name, REST[name].replace(PRICE, bad)))).toMatch(/^feeder\/(2|3|4|5)$/)
  })

  it('a book with its sides exchanged, or too wide', () => {
    const swapped = REST.okx.replace('"askPx":"3003.8"', '"askPx":"2903.8"')
    expect(refusalOf(() => rest('okx', swapped))).toBe('feeder/7')
    const wide = REST.okx.replace('"askPx":"3003.8"', '"askPx":"3300"')
    expect(refusalOf(() => rest('okx', wide))).toBe('feeder/6')
  })

  it('a price of Pyth that Pyth itself is unsure of', () => {
    expect(refusalOf(() => rest('pyth', REST.pyth.replace('177166324', '3003710232')))).toBe('feeder/10')
    expect(refusalOf(() => rest('pyth', REST.pyth.replace('177166324', '3003710231')))).toBe('none')
    expect(refusalOf(() => rest('pyth', REST.pyth.replace('"conf":"177166324"', '"conf":"-1"')))).toBe(
      'feeder/3',
    )
    expect(refusalOf(() => rest('pyth', REST.pyth.replace('"expo":-8', '"expo":-400')))).toBe('feeder/2')
    expect(rest('pyth', REST.pyth.replace('"expo":-8', '"expo":-6')).priceE9).toBe(300_371_023_127_000n)
  })

  it('times that are none', () => {
    expect(refusalOf(() => rest('coinbase', REST.coinbase.replace('2025-11-26T', '2025-13-26T')))).toBe(
      'feeder/2',
    )
    expect(refusalOf(() => rest('coinbase', REST.coinbase.replace('.789012Z', '+02:00')))).toBe('feeder/2')
    expect(refusalOf(() => rest('okx', REST.okx.replace('"1764118800333"', '"soon"')))).toBe('feeder/2')
    expect(refusalOf(() => rest('bybit', REST.bybit.replace('1764118800456', '1e30')))).toBe('feeder/2')
  })
})

describe('messages of streams', () => {
  it.each([
    ['binance', 3_003_660_000_000n, HOUR + 999],
    ['bybit', 3_003_800_000_000n, HOUR + 777],
    ['coinbase', 3_003_700_000_000n, HOUR + 123],
    ['deribit', 3_003_720_000_000n, HOUR + 227],
    ['kraken', 3_003_700_000_000n, HOUR + 555],
    ['okx', 3_003_700_000_000n, HOUR + 444],
  ] as const)('of %s', (name, priceE9, publishTimeMs) => {
    expect(message(name)).toEqual({
      kind: 'readings',
      readings: [{ pair: PAIRS[name], priceE9, publishTimeMs }],
    })
  })

  it('a price of Kraken without a time is of now', () => {
    const text = STREAM.kraken.replace(/,"timestamp":"[^"]*"/, '')
    expect(message('kraken', text)).toMatchObject({ readings: [{ publishTimeMs: RECEIVED }] })
  })

  it.each([
    ['binance', '{"result":null,"id":1}'],
    ['bybit', '{"success":true,"ret_msg":"subscribe","conn_id":"x","op":"subscribe"}'],
    ['bybit', '{"success":true,"ret_msg":"pong","conn_id":"x","op":"ping"}'],
    ['coinbase', '{"type":"subscriptions","channels":[]}'],
    ['coinbase', '{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"ETH-USD"}'],
    ['deribit', '{"jsonrpc":"2.0","id":2,"result":["deribit_price_index.eth_usd"]}'],
    ['deribit', '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}'],
    ['kraken', '{"channel":"heartbeat"}'],
    ['kraken', '{"method":"subscribe","result":{"channel":"ticker"},"success":true}'],
    ['okx', '{"event":"subscribe","arg":{"channel":"tickers","instId":"ETH-USDC"},"connId":"a"}'],
    ['okx', 'pong'],
  ] as const)('of %s without a price: %s', (name, text) => {
    expect(message(name, text)).toEqual({ kind: 'other' })
  })

  it.each([
    ['bybit', '{"success":false,"ret_msg":"error:topic not found","op":"subscribe"}'],
    ['coinbase', '{"type":"error","message":"Failed to subscribe","reason":"no such product"}'],
    ['deribit', '{"jsonrpc":"2.0","id":2,"error":{"code":11050,"message":"bad_request"}}'],
    ['kraken', '{"error":"Currency pair not supported","method":"subscribe","success":false}'],
    ['okx', '{"event":"error","code":"60012","msg":"Invalid request"}'],
  ] as const)('of %s that name an error are refused', (name, text) => {
    expect(refusalOf(() => message(name, text))).toBe('feeder/8')
  })

  it('Deribit’s test of the connection is answered', () => {
    const test = '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}'
    expect(message('deribit', test)).toEqual({
      kind: 'reply',
      text: '{"jsonrpc":"2.0","id":3,"method":"public/test","params":{}}',
    })
  })

  it.each(streamed)('of %s are asked for in JSON that names the pair', (name) => {
    const texts = formats[name].stream!.subscribe([PAIRS[name]])
    for (const text of texts) expect(() => JSON.parse(text)).not.toThrow()
    expect(texts.join().toLowerCase()).toContain(PAIRS[name].toLowerCase())
  })

  it.each(streamed)('of %s are refused when cut off', (name) => {
    expect(refusalOf(() => message(name, STREAM[name].slice(0, -1)))).toBe('feeder/1')
  })
})
