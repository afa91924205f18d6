// Chainlink's AggregatorV3Interface over an EVM chain's JSON-RPC: decimals and latestRoundData in one batch.
// Documented at docs.chain.link/data-feeds/api-reference.
import { U64_MAX } from '@causeway/primitives'
import { decodeFunctionResult, encodeFunctionData, isAddress, isHex, parseAbi } from 'viem'
import { errors } from '../errors.ts'
import { arrayOf, has, objectIn, objectOf, textIn, wholeIn } from './fields.ts'
import type { Format, Reading } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

/** The functions that are called. */
export const AGGREGATOR_ABI = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80, int256 answer, uint256, uint256 updatedAt, uint80)',
])

/** What an aggregator answers. */
export interface Round {
  readonly decimals: number
  readonly roundId: bigint
  readonly answer: bigint
  /** Unix seconds; 0 while a round has no answer. */
  readonly updatedAt: bigint
  readonly answeredInRound: bigint
}

const FUNCTIONS = ['decimals', 'latestRoundData'] as const
const RESULT_LENGTH_MAX = 2 + 64 * 5
const DECIMALS_MAX = 36

/**
 * Pairs are addresses of aggregators. A feed is updated on a move or an hour (its heartbeat), so it goes
 * stale late.
 */
export const chainlink: Format = {
  staleAfterMs: 3_900_000,
  rest: {
    request: (pair) => ({
      path: '',
      body: JSON.stringify(
        FUNCTIONS.map((functionName, id) => {
          const data = encodeFunctionData({ abi: AGGREGATOR_ABI, functionName })
          return { jsonrpc: '2.0', id, method: 'eth_call', params: [{ to: pair, data }, 'latest'] }
        }),
      ),
    }),
    parse(text, pair) {
      if (!isAddress(pair)) throw errors.badShape({ what: 'pair', expected: 'an address' })
      const results = resultsOf(text)
      const [decimals, round] = [results.get(0)!, results.get(1)!]
      try {
        const [roundId, answer, , updatedAt, answeredInRound] = decodeFunctionResult({
          abi: AGGREGATOR_ABI,
          functionName: 'latestRoundData',
          data: round,
        })
        const places = decodeFunctionResult({ abi: AGGREGATOR_ABI, functionName: 'decimals', data: decimals })
        return roundReading(pair, { decimals: places, roundId, answer, updatedAt, answeredInRound })
      } catch (error) {
        if (error instanceof Error && error.name.startsWith('Abi'))
          throw errors.badShape({ what: 'result', expected: 'what an aggregator answers' })
        throw error
      }
    },
  },
}

/**
 * A round as a reading, rounded down to 10⁻⁹. Throws `feeder/4` for an answer that is not positive,
 * `feeder/5` for one too large, and `feeder/11` for a round that has no answer of its own.
 */
export function roundReading(pair: string, round: Round): Reading {
  const { decimals, answer, roundId, answeredInRound, updatedAt } = round
  if (decimals > DECIMALS_MAX)
    throw errors.badShape({ what: 'decimals', expected: `at most ${DECIMALS_MAX}` })
  if (answeredInRound < roundId || updatedAt === 0n)
    throw errors.staleRound({ round: roundId, answeredIn: answeredInRound })
  const priceE9 = decimals <= 9 ? answer * 10n ** BigInt(9 - decimals) : answer / 10n ** BigInt(decimals - 9)
  if (answer <= 0n || priceE9 === 0n) throw errors.notPositive({ what: 'answer' })
  if (priceE9 > U64_MAX) throw errors.tooLarge({ what: 'answer' })
  if (updatedAt > 10n ** 11n) throw errors.badShape({ what: 'updatedAt', expected: 'Unix seconds' })
  return { pair, priceE9, publishTimeMs: Number(updatedAt) * 1_000 }
}

/** The results of a batch by id, which come in any order. */
function resultsOf(text: string): ReadonlyMap<number, `0x${string}`> {
  const results = new Map<number, `0x${string}`>()
  for (const item of arrayOf(parseStrictJson(text), 'answer')) {
    const answer = objectOf(item, 'answer')
    if (has(answer, 'error'))
      throw errors.refused({ said: String(wholeIn(objectIn(answer, 'error'), 'code')) })
    const result = textIn(answer, 'result')
    if (!isHex(result) || result.length > RESULT_LENGTH_MAX)
      throw errors.badShape({ what: 'result', expected: 'hex' })
    results.set(wholeIn(answer, 'id'), result)
  }
  if (results.size !== FUNCTIONS.length || !results.has(0) || !results.has(1))
    throw errors.badShape({ what: 'answer', expected: 'two results' })
  return results
}
