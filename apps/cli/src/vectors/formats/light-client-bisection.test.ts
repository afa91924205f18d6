import { readFileSync } from 'node:fs'
import { hashHeader } from '@causeway/light-clients'
import { toHexUpper } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json-shape.ts'
import { lightBlock } from '../tendermint-json.ts'
import { lightClientBisectionFormat } from './light-client-bisection.ts'

/*
 * The public bisection files are of a chain format older than 0.34, so that only refusals are left in
 * them. Here the blocks of a single-step vector are a chain: from height 1 the target can't be trusted at
 * once, only through a block between them.
 */

interface StepVector {
  initial: JsonObject & { trusting_period: string }
  input: { block: JsonObject; now: string; verdict: string }[]
}

const kept = '../../../../../test/vectors/kept/tendermint-light-client/single_step/'
const file = new URL(`${kept}MC4_4_faulty_Test2NotEnoughTrustSuccess.json`, import.meta.url)
const vector = JSON.parse(readFileSync(file, 'utf8')) as StepVector

const heightOf = (block: JsonObject) => lightBlock(block).signedHeader.header.height
const hashOf = (block: JsonObject) => toHexUpper(hashHeader(lightBlock(block).signedHeader.header))
const accepted = vector.input.filter(({ verdict }) => verdict === 'SUCCESS').map(({ block }) => block)
const target = accepted.at(-1)!
const blocks = [vector.initial, ...accepted]

function bisection(change: Record<string, unknown> = {}): JsonObject {
  return {
    description: 'from height 1 to the last',
    trust_options: {
      period: vector.initial.trusting_period,
      height: String(heightOf(vector.initial)),
      hash: hashOf(vector.initial),
      trust_level: { numerator: '1', denominator: '3' },
    },
    primary: { chain_id: 'test-chain', lite_blocks: blocks },
    witnesses: [{ type: 'com.tendermint/MockProvider', value: { lite_blocks: blocks } }],
    height_to_verify: String(heightOf(target)),
    now: vector.input.at(-1)!.now,
    expected_output: 'no error',
    ...change,
  }
}

function outcome(json: JsonObject): string {
  const subject = {
    path: 'a.json',
    name: 'a.json',
    folders: [],
    json,
    text: '',
    sibling: () => undefined,
    siblingText: () => undefined,
  }
  const recognised = lightClientBisectionFormat.recognise(subject)
  expect(recognised?.cases.length).toBe(1)
  try {
    recognised!.cases[0]!.run()
    return 'as expected'
  } catch (error) {
    return (error as Error).message
  }
}

const error = { expected_output: 'error' }

describe('bisection', () => {
  it('reaches a height that can not be trusted at once, through one between', () => {
    expect(vector.input[0]!.verdict).toBe('NOT_ENOUGH_TRUST')
    expect(outcome(bisection())).toBe('as expected')
  })

  it('a verified chain where an error is expected fails the case, and the reverse', () => {
    expect(outcome(bisection(error))).toContain('is no error, expected error')
    const untrusted = { ...(bisection().trust_options as JsonObject), hash: '00'.repeat(32) }
    expect(outcome(bisection({ trust_options: untrusted }))).toContain('has another hash')
    expect(outcome(bisection({ ...error, trust_options: untrusted }))).toBe('as expected')
  })

  it('a primary without the block between them is an error', () => {
    const primary = { chain_id: 'test-chain', lite_blocks: [vector.initial, target] }
    expect(outcome(bisection({ primary }))).toContain('the primary lacks height')
  })

  it('a witness with another block, or none, at the height is an error', () => {
    const witness = (lite_blocks: JsonObject[]) => ({ witnesses: [{ type: 'mock', value: { lite_blocks } }] })
    expect(outcome(bisection({ ...error, ...witness([vector.initial]) }))).toBe('as expected')
    const signed = target.signed_header as { header: JsonObject }
    const forked = { ...target, signed_header: { ...signed, header: { ...signed.header, app_hash: 'AA' } } }
    expect(outcome(bisection(witness([forked])))).toContain('a witness has another height')
    expect(outcome(bisection({ witnesses: null }))).toBe('as expected')
  })

  it('trusts as far as the file says: at 2/3 or all, the block between them is not enough any more', () => {
    const level = (numerator: string, denominator: string) => ({
      trust_options: {
        ...(bisection().trust_options as JsonObject),
        trust_level: { numerator, denominator },
      },
    })
    expect(outcome(bisection(level('1', '3')))).toBe('as expected')
    expect(outcome(bisection(level('1', '1')))).toContain('is error, expected no error')
    expect(outcome(bisection({ ...error, ...level('1', '1') }))).toBe('as expected')
    for (const [numerator, denominator] of [
      ['1', '4'],
      ['4', '3'],
      ['0', '0'],
    ] as const)
      expect(outcome(bisection({ ...error, ...level(numerator, denominator) }))).toContain(
        'expected 1/3 to 1',
      )
    const { trust_level: _, ...without } = bisection().trust_options as JsonObject
    expect(outcome(bisection({ trust_options: without }))).toBe('as expected')
  })

  it('knows two outputs, and none for no error: any other word is a failure', () => {
    expect(outcome(bisection({ expected_output: undefined }))).toBe('as expected')
    expect(outcome(bisection({ expected_output: null }))).toBe('as expected')
    for (const word of ['banana', '', 'Error', 5, {}])
      expect(outcome(bisection({ expected_output: word }))).toContain('known are no error and error')
  })

  it('an expired trusting period is an error', () => {
    const trust = { ...(bisection().trust_options as JsonObject), period: '1' }
    expect(outcome(bisection({ ...error, trust_options: trust }))).toBe('as expected')
  })

  it('takes no other files', () => {
    for (const json of [{}, [], null, { primary: {} }, { ...bisection(), primary: { lite_blocks: [] } }]) {
      const subject = {
        path: 'a',
        name: 'a',
        folders: [],
        json,
        text: '',
        sibling: () => undefined,
        siblingText: () => undefined,
      }
      expect(lightClientBisectionFormat.recognise(subject)).toBeUndefined()
    }
  })
})
