// The shape is that of AggregatorV3Interface (docs.chain.link/data-feeds/api-reference) in answers of
// eth_call; the values are examples, encoded here.
import { encodeAbiParameters } from 'viem'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../refusal.fixture.ts'
import { chainlink, roundReading } from './chainlink.ts'
import type { Round } from './chainlink.ts'

const FEED = '0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419'
const UPDATED = 1_764_118_800n
const round: Round = {
  decimals: 8,
  roundId: 110_680_464_442_257_320_247n,
  answer: 300_371_000_000n,
  updatedAt: UPDATED,
  answeredInRound: 110_680_464_442_257_320_247n,
}

function answer(
  { decimals, roundId, answer: price, updatedAt, answeredInRound }: Round,
  order = [0, 1],
): string {
  const types = ['uint80', 'int256', 'uint256', 'uint256', 'uint80'].map((type) => ({ type }))
  const results = [
    encodeAbiParameters([{ type: 'uint8' }], [decimals]),
    encodeAbiParameters(types, [roundId, price, updatedAt, updatedAt, answeredInRound]),
  ]
  return JSON.stringify(order.map((id) => ({ jsonrpc: '2.0', id, result: results[id] })))
}

const parse = (text: string, pair: string = FEED) => chainlink.rest.parse(text, pair, 0)

describe('Chainlink', () => {
  it('asks for decimals and the last round in one batch', () => {
    expect(JSON.parse(chainlink.rest.request(FEED).body!)).toEqual([
      { jsonrpc: '2.0', id: 0, method: 'eth_call', params: [{ to: FEED, data: '0x313ce567' }, 'latest'] },
      { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to: FEED, data: '0xfeaf968c' }, 'latest'] },
    ])
  })

  it('reads a round, its answers in any order', () => {
    const reading = { pair: FEED, priceE9: 3_003_710_000_000n, publishTimeMs: Number(UPDATED) * 1_000 }
    expect(parse(answer(round))).toEqual(reading)
    expect(parse(answer(round, [1, 0]))).toEqual(reading)
  })

  it('scales by the decimals that the feed names', () => {
    expect(roundReading(FEED, { ...round, decimals: 18, answer: 1_500_000_000_000_000_000n }).priceE9).toBe(
      1_500_000_000n,
    )
    expect(roundReading(FEED, { ...round, decimals: 9, answer: 7n }).priceE9).toBe(7n)
    expect(roundReading(FEED, { ...round, decimals: 0, answer: 3n }).priceE9).toBe(3_000_000_000n)
  })

  it.each([
    ['an answer of an earlier round', { answeredInRound: round.roundId - 1n }, 'feeder/11'],
    ['a round without an answer yet', { updatedAt: 0n }, 'feeder/11'],
    ['a price of zero', { answer: 0n }, 'feeder/4'],
    ['a negative price', { answer: -1n }, 'feeder/4'],
    ['a price below 10⁻⁹', { decimals: 18, answer: 999_999_999n }, 'feeder/4'],
    ['a price beyond u64', { answer: 1n << 200n }, 'feeder/5'],
    ['decimals that are none', { decimals: 77 }, 'feeder/2'],
    ['a time in milliseconds', { updatedAt: 10n ** 15n }, 'feeder/2'],
  ])('refuses %s', (_, changes, code) => {
    expect(refusalOf(() => parse(answer({ ...round, ...changes })))).toBe(code)
  })

  it('refuses what is no such answer', () => {
    const good = answer(round)
    const [decimals, last] = JSON.parse(good) as { result: string }[]
    for (const bad of [
      '{}',
      '[]',
      JSON.stringify([decimals]),
      JSON.stringify([decimals, decimals]),
      JSON.stringify([decimals, { ...last, result: '0x' }]),
      JSON.stringify([decimals, { ...last, result: 'zz' }]),
      JSON.stringify([decimals, { ...last, result: `0x${'00'.repeat(10_000)}` }]),
      JSON.stringify([decimals, { ...last, id: 7 }]),
    ])
      expect(refusalOf(() => parse(bad))).toBe('feeder/2')
    const error = { jsonrpc: '2.0', id: 1, error: { code: 3, message: 'execution reverted' } }
    expect(refusalOf(() => parse(JSON.stringify([decimals, error])))).toBe('feeder/8')
    expect(refusalOf(() => parse(good, '0x12'))).toBe('feeder/2')
  })
})
