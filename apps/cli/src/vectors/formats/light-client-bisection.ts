import { hashHeader, toNanoseconds } from '@causeway/light-clients'
import { equalBytes, fromHex } from '@causeway/primitives'
import { expectSame } from '../expectations.ts'
import {
  hasMembers,
  integerAt,
  isListOf,
  isObject,
  listAt,
  objectAt,
  textAt,
  type JsonObject,
} from '../json-shape.ts'
import { lightBlock, timestamp, type LightBlock } from '../tendermint-json.ts'
import type { VectorFormat } from '../vector-file.ts'
import { judge, ONE_THIRD, type StepOptions } from './light-client-step.ts'

const CLOCK_DRIFT_NANOSECONDS = 10_000_000_000n

type Chain = ReadonlyMap<bigint, LightBlock>

/**
 * Tendermint's bisection: from a trusted height to another with a primary's blocks, halving the distance
 * while trust does not reach; then the witnesses' blocks at that height must be the same.
 */
export const lightClientBisectionFormat: VectorFormat = {
  name: 'tendermint-bisection',
  recognise({ json }) {
    if (!hasMembers(json, 'trust_options', 'primary', 'height_to_verify', 'now')) return undefined
    const primary = json.primary
    if (!hasMembers(primary, 'lite_blocks') || !isListOf(primary.lite_blocks, 'signed_header'))
      return undefined
    return { cases: [{ name: '', run: () => checkBisection(json) }] }
  },
}

const OUTPUTS = ['no error', 'error']

/** The output that a file expects; without one, no error. Throws on a word that the format does not know. */
function expectedOutput(json: JsonObject): string {
  const { expected_output: expected } = json
  if (expected === undefined || expected === null) return 'no error'
  if (typeof expected === 'string' && OUTPUTS.includes(expected)) return expected
  throw new Error(`expected_output is ${JSON.stringify(expected)}, known are ${OUTPUTS.join(' and ')}`)
}

function checkBisection(json: JsonObject): void {
  const expected = expectedOutput(json)
  const fault = bisectionFault(json)
  expectSame(`the outcome (${fault ?? 'verified'})`, fault === undefined ? 'no error' : 'error', expected)
}

function bisectionFault(json: JsonObject): string | undefined {
  const trust = objectAt(json, 'trust_options')
  const target = integerAt(json, 'height_to_verify')
  const primary = chainOf(objectAt(json, 'primary'))
  const trusted = primary.get(integerAt(trust, 'height'))
  if (!trusted) return 'the primary lacks the trusted height'
  if (!equalBytes(hashHeader(trusted.signedHeader.header), fromHex(textAt(trust, 'hash')))) {
    return "the primary's trusted block has another hash"
  }
  const options = {
    trustingPeriodNanoseconds: integerAt(trust, 'period'),
    maxClockDriftNanoseconds: CLOCK_DRIFT_NANOSECONDS,
    trustLevel: trustLevelOf(trust),
  }
  const now = toNanoseconds(timestamp(textAt(json, 'now')))
  return climbFault(primary, trusted, target, now, options) ?? witnessFault(json, primary, target)
}

/** Without one, 1/3. A level outside [1/3, 1] is none: the file is wrong, not the chain. */
function trustLevelOf(trust: JsonObject): StepOptions['trustLevel'] {
  if (trust.trust_level === undefined) return ONE_THIRD
  const level = objectAt(trust, 'trust_level')
  const [numerator, denominator] = [integerAt(level, 'numerator'), integerAt(level, 'denominator')]
  if (denominator <= 0n || numerator > denominator || numerator * 3n < denominator)
    throw new Error(`trust_level is ${numerator}/${denominator}, expected 1/3 to 1`)
  return { numerator, denominator }
}

function climbFault(
  chain: Chain,
  from: LightBlock,
  target: bigint,
  now: bigint,
  options: StepOptions,
): string | undefined {
  let trusted = from
  let next = target
  while (trusted.signedHeader.header.height < target) {
    const block = chain.get(next)
    if (!block) return `the primary lacks height ${next}`
    const verdict = judge(trusted, block, now, options)
    if (verdict === 'INVALID') return `height ${next} is invalid`
    if (verdict === 'SUCCESS') {
      trusted = block
      next = target
      continue
    }
    next = (trusted.signedHeader.header.height + next) / 2n
  }
  return undefined
}

function witnessFault(json: JsonObject, primary: Chain, target: bigint): string | undefined {
  const verified = hashHeader(primary.get(target)!.signedHeader.header)
  const witnesses = Array.isArray(json.witnesses) ? listAt(json, 'witnesses').filter(isObject) : []
  for (const witness of witnesses) {
    const block = chainOf(isObject(witness.value) ? witness.value : witness).get(target)
    if (!block) return `a witness lacks height ${target}`
    if (!equalBytes(hashHeader(block.signedHeader.header), verified))
      return `a witness has another height ${target}`
  }
  return undefined
}

function chainOf(provider: JsonObject): Chain {
  const blocks = listAt(provider, 'lite_blocks').filter(isObject).map(lightBlock)
  return new Map(blocks.map((block) => [block.signedHeader.header.height, block]))
}
