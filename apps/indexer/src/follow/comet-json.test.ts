import { describe, expect, it } from 'vitest'
import { hashHeader, hashTransactions, hashValidatorSet } from '@causeway/light-clients'
import { toHexUpper } from '@causeway/primitives'
import {
  abciQueryAnswer,
  blockAnswer,
  blockResultsAnswer,
  parseTime,
  statusAnswer,
  validatorsAnswer,
} from './comet-json.ts'
import { readRecordedChain } from './recorded-chain.fixture.ts'

const recorded = readRecordedChain()

describe("CometBFT's JSON", () => {
  it('of every recorded block becomes what hashes to its id', () => {
    for (const [height, answers] of Object.entries(recorded.heights)) {
      const { block, block_id } = blockAnswer.parse(answers.block)
      expect(toHexUpper(hashHeader(block.header)), height).toBe(toHexUpper(block_id.hash))
      expect(hashTransactions(block.data.txs)).toEqual(block.header.dataHash)
      const { validators } = validatorsAnswer.parse(answers.validators)
      const set = { validators, proposer: undefined, totalVotingPower: 0n }
      expect(hashValidatorSet(set)).toEqual(block.header.validatorsHash)
    }
  })

  it('takes what empty answers leave out', () => {
    expect(blockResultsAnswer.parse({ height: '3' })).toMatchObject({
      txs_results: [],
      finalize_block_events: [],
    })
    expect(abciQueryAnswer.parse({ response: { height: '3' } }).response).toMatchObject({
      code: 0,
      value: new Uint8Array(0),
    })
  })

  const refused: [string, { parse(input: unknown): unknown }, unknown][] = [
    ['a height that is a number', blockResultsAnswer, { height: 3 }],
    ['a height with a sign', blockResultsAnswer, { height: '-3' }],
    ['a height beyond 63 bits', blockResultsAnswer, { height: '1'.repeat(20) }],
    ['a code beyond 32 bits', blockResultsAnswer, { height: '1', txs_results: [{ code: 2 ** 32 }] }],
    ['data that is not base64', abciQueryAnswer, { response: { value: '*' } }],
    ['a chain id of any length', statusAnswer, { node_info: { network: 'x'.repeat(51) } }],
    [
      'too many proof operations',
      abciQueryAnswer,
      { response: { proofOps: { ops: Array(17).fill({ type: 'x' }) } } },
    ],
    ['nothing', blockAnswer, null],
  ]
  for (const [name, schema, input] of refused) {
    it(`is refused with ${name}`, () => {
      expect(() => schema.parse(input)).toThrow()
    })
  }
})

describe('times', () => {
  it('are read exactly, from the year 1 on', () => {
    expect(parseTime('0001-01-01T00:00:00Z')).toEqual({ seconds: -62135596800n, nanos: 0 })
    expect(parseTime('1969-12-31T23:59:59.5Z')).toEqual({ seconds: -1n, nanos: 500_000_000 })
    expect(parseTime('2026-02-28T01:02:03.000000001Z')).toEqual({ seconds: 1_772_240_523n, nanos: 1 })
  })

  it('that do not exist are refused', () => {
    const wrong = [
      '',
      '2026-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:00:00+01:00',
    ]
    for (const text of wrong) expect(() => parseTime(text), text).toThrow()
  })
})
