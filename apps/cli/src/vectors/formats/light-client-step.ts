import { hashValidatorSet, tendermintErrors, toNanoseconds, verifyHeader } from '@causeway/light-clients'
import { createNativeSignatureVerifier } from '@causeway/light-clients'
import { equalBytes, isProtocolError } from '@causeway/primitives'
import { expectSame } from '../expectations.ts'
import { hasMembers, integerAt, isListOf, objectAt, textAt, type JsonObject } from '../json-shape.ts'
import { lightBlock, timestamp, type LightBlock } from '../tendermint-json.ts'
import type { VectorCase, VectorFormat } from '../vector-file.ts'

const verifySignatures = createNativeSignatureVerifier()
const NOT_ENOUGH_TRUST = tendermintErrors.notEnoughTrust({ got: 0n, needed: 0n }).code

/** How far a light client trusts in a test. */
export interface StepOptions {
  readonly trustingPeriodNanoseconds: bigint
  readonly maxClockDriftNanoseconds: bigint
  /** Share of the trusted validators' power that must have signed. */
  readonly trustLevel: { readonly numerator: bigint; readonly denominator: bigint }
}

/** The public single-step files are made with this one. */
export const ONE_THIRD = { numerator: 1n, denominator: 3n }

/** What became of one block. */
export type Verdict = 'SUCCESS' | 'NOT_ENOUGH_TRUST' | 'INVALID'

/**
 * Tendermint's single-step verification: blocks one after the other against the last one accepted, each with
 * a verdict.
 */
export const lightClientStepFormat: VectorFormat = {
  name: 'tendermint-light-client',
  recognise({ json }) {
    if (!hasMembers(json, 'initial', 'input') || !isListOf(json.input, 'block', 'now', 'verdict'))
      return undefined
    return { cases: stepCases(objectAt(json, 'initial'), json.input) }
  },
}

/** Verdict on a block, given the trusted one. */
export function judge(
  trusted: LightBlock,
  block: LightBlock,
  nowNanoseconds: bigint,
  options: StepOptions,
): Verdict {
  const { header } = trusted.signedHeader
  try {
    requireNextValidators(trusted)
    verifyHeader(
      {
        chainId: header.chainId,
        height: header.height,
        timeNanoseconds: toNanoseconds(header.time),
        nextValidatorsHash: header.nextValidatorsHash,
      },
      trusted.nextValidators,
      { signedHeader: block.signedHeader, validators: block.validators },
      nowNanoseconds,
      { ...options, verifySignatures },
    )
    requireNextValidators(block)
    return 'SUCCESS'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return error.codespace === '07-tendermint' && error.code === NOT_ENOUGH_TRUST
      ? 'NOT_ENOUGH_TRUST'
      : 'INVALID'
  }
}

/** The cases share the trusted block: they run in order. */
function stepCases(initial: JsonObject, input: readonly JsonObject[]): VectorCase[] {
  let trusted: LightBlock | undefined
  return input.map((step, i) => ({
    name: `input ${i}`,
    run() {
      trusted ??= lightBlock(initial)
      const expected = textAt(step, 'verdict')
      const block = parsed(step)
      if (block === undefined || expected === 'PARSE_ERROR') {
        expectSame('the verdict', block === undefined ? 'PARSE_ERROR' : 'parsed', expected)
        return
      }
      const now = toNanoseconds(timestamp(textAt(step, 'now')))
      const verdict = judge(trusted, block, now, {
        trustingPeriodNanoseconds: integerAt(initial, 'trusting_period'),
        maxClockDriftNanoseconds: 0n,
        trustLevel: ONE_THIRD,
      })
      if (expected === 'SUCCESS') trusted = block
      expectSame('the verdict', verdict, expected)
    },
  }))
}

function parsed(step: JsonObject): LightBlock | undefined {
  try {
    return lightBlock(objectAt(step, 'block'))
  } catch {
    return undefined
  }
}

/** The next validators stand beside the header: they count only if they hash to what it commits to. */
function requireNextValidators({ signedHeader, nextValidators }: LightBlock): void {
  if (!equalBytes(hashValidatorSet(nextValidators), signedHeader.header.nextValidatorsHash)) {
    throw tendermintErrors.validatorsHashMismatch({ what: 'the next validator set' })
  }
}
