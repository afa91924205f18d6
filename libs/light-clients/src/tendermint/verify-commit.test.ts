import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Commit, CommitSig } from '@causeway/protocol/tendermint/types/types'
import { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { Commit as CommitCodec } from '@causeway/protocol/tendermint/types/types'
import { fromHex } from '@causeway/primitives'
import { codeOf } from '../refusal.fixture.ts'
import {
  CHAIN_ID,
  absentSignature,
  equalSet,
  exampleCommit,
  exampleHeader,
  exampleSet,
} from './example-chain.fixture.ts'
import { golden } from './golden-values.fixture.ts'
import { createNativeSignatureVerifier } from './native-signatures.ts'
import type { SignatureCheck } from './signatures.ts'
import { verifyCommitLight, verifyCommitLightTrusting } from './verify-commit.ts'

const verifySignatures = createNativeSignatureVerifier()
const third = { numerator: 1n, denominator: 3n }

const light = (set: ValidatorSet, commit: Commit, chainId = CHAIN_ID) =>
  codeOf(() => verifyCommitLight(chainId, set, commit, verifySignatures))
const trusting = (set: ValidatorSet, commit: Commit, level = third) =>
  codeOf(() => verifyCommitLightTrusting(CHAIN_ID, set, commit, level, verifySignatures))

/** The commit with one signature replaced. */
function withSignature(commit: Commit, at: number, change: Partial<CommitSig>): Commit {
  return {
    ...commit,
    signatures: commit.signatures.map((each, i) => (i === at ? { ...each, ...change } : each)),
  }
}

const nine = equalSet(9)
const header = exampleHeader(5n, nine)
const full = exampleCommit(header, nine)

describe('verifyCommitLight', () => {
  it('takes CometBFT’s own commit, with a secp256k1 validator', () => {
    const set = ValidatorSet.decode(fromHex(golden.validatorSet.set))
    const commit = CommitCodec.decode(fromHex(golden.commit.commit))
    expect(light(set, commit, 'causeway-1')).toBe('accepted')
    const secp = set.validators.findIndex((each) => each.pubKey?.secp256k1)
    const bad = commit.signatures[secp]!.signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte))
    expect(light(set, withSignature(commit, secp, { signature: bad }), 'causeway-1')).toBe('07-tendermint/43')
  })

  it('wants more than two thirds: exactly two thirds is refused, one more accepted', () => {
    for (const [signers, verdict] of [
      [5, '07-tendermint/44'],
      [6, '07-tendermint/44'],
      [7, 'accepted'],
      [9, 'accepted'],
    ] as const) {
      expect(
        light(
          nine,
          exampleCommit(header, nine, (i) => i < signers),
        ),
        `${signers} of 9`,
      ).toBe(verdict)
    }
  })

  it('counts power, not heads', () => {
    const set = exampleSet({ whale: 67n, a: 11n, b: 11n, c: 11n })
    const own = exampleHeader(5n, set)
    expect(
      light(
        set,
        exampleCommit(own, set, (i) => i === 0),
      ),
    ).toBe('accepted')
    expect(
      light(
        set,
        exampleCommit(own, set, (i) => i !== 0),
      ),
    ).toBe('07-tendermint/44')
  })

  it('is exact at the threshold for any powers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 50n }), { minLength: 2, maxLength: 5 }),
        fc.nat(31),
        (powers, mask) => {
          const set = exampleSet(Object.fromEntries(powers.map((power, i) => [`p${i}`, power])))
          const signs = (i: number) => ((mask >> i) & 1) === 1
          const total = powers.reduce((sum, power) => sum + power, 0n)
          const signed = set.validators.reduce(
            (sum, each, i) => (signs(i) ? sum + each.votingPower : sum),
            0n,
          )
          const expected = signed * 3n > total * 2n ? 'accepted' : '07-tendermint/44'
          expect(light(set, exampleCommit(exampleHeader(3n, set), set, signs))).toBe(expected)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('CSA-2026-001: a signature under another validator’s address', () => {
    const address = nine.validators[1]!.address
    expect(light(nine, withSignature(full, 0, { validatorAddress: address }))).toBe('07-tendermint/41')
    // Also behind the threshold, where the signature itself is not verified any more.
    expect(light(nine, withSignature(full, 8, { validatorAddress: address }))).toBe('07-tendermint/41')
    // And for a vote for nil.
    expect(light(nine, withSignature(full, 8, { blockIdFlag: 3, validatorAddress: address }))).toBe(
      '07-tendermint/41',
    )
  })

  it('one validator counted twice', () => {
    const twice = { ...full, signatures: full.signatures.map(() => full.signatures[0]!) }
    expect(light(nine, twice)).toBe('07-tendermint/41')
  })

  it('more or fewer signatures than validators', () => {
    expect(light(nine, { ...full, signatures: full.signatures.slice(1) })).toBe('07-tendermint/40')
    expect(light(nine, { ...full, signatures: [...full.signatures, absentSignature()] })).toBe(
      '07-tendermint/40',
    )
  })

  it('votes for nil count for nothing', () => {
    const nil = {
      ...full,
      signatures: full.signatures.map((each, i) => (i < 3 ? { ...each, blockIdFlag: 3 as const } : each)),
    }
    expect(light(nine, nil)).toBe('07-tendermint/44')
  })

  it('a bad signature among those counted; behind the threshold nobody looks (as in CometBFT)', () => {
    const bad = new Uint8Array(64)
    expect(light(nine, withSignature(full, 6, { signature: bad }))).toBe('07-tendermint/43')
    expect(light(nine, withSignature(full, 7, { signature: bad }))).toBe('accepted')
  })

  it('a signature for another chain, round, time or block', () => {
    expect(light(nine, full, 'zone-2')).toBe('07-tendermint/43')
    expect(light(nine, { ...full, round: 1 })).toBe('07-tendermint/43')
    expect(light(nine, { ...full, height: 6n })).toBe('07-tendermint/43')
    expect(light(nine, withSignature(full, 0, { timestamp: { seconds: 1n, nanos: 0 } }))).toBe(
      '07-tendermint/43',
    )
    const other = exampleCommit(exampleHeader(5n, nine, nine, { appHash: new Uint8Array(32) }), nine)
    expect(light(nine, { ...other, blockId: full.blockId })).toBe('07-tendermint/43')
  })

  it('verifies no more signatures than it needs, in one batch', () => {
    const batches: number[] = []
    const counting = (checks: readonly SignatureCheck[]) => {
      batches.push(checks.length)
      return verifySignatures(checks)
    }
    verifyCommitLight(CHAIN_ID, nine, full, counting)
    verifyCommitLightTrusting(CHAIN_ID, nine, full, third, counting)
    expect(batches).toEqual([7, 4])
  })

  it('pays for no signature when the power can’t suffice', () => {
    const few = exampleCommit(header, nine, (i) => i < 6)
    const refuse = () => expect.fail('no signature should have been verified')
    expect(codeOf(() => verifyCommitLight(CHAIN_ID, nine, few, refuse))).toBe('07-tendermint/44')
  })
})

describe('verifyCommitLightTrusting', () => {
  it('wants more than the trust level: exactly one third is refused, one more accepted', () => {
    for (const [signers, verdict] of [
      [2, '07-tendermint/45'],
      [3, '07-tendermint/45'],
      [4, 'accepted'],
    ] as const) {
      expect(
        trusting(
          nine,
          exampleCommit(header, nine, (i) => i < signers),
        ),
        `${signers} of 9`,
      ).toBe(verdict)
    }
  })

  it('takes other trust levels, up to all', () => {
    const half = { numerator: 1n, denominator: 2n }
    const all = { numerator: 1n, denominator: 1n }
    expect(
      trusting(
        nine,
        exampleCommit(header, nine, (i) => i < 4),
        half,
      ),
    ).toBe('07-tendermint/45')
    expect(
      trusting(
        nine,
        exampleCommit(header, nine, (i) => i < 5),
        half,
      ),
    ).toBe('accepted')
    expect(trusting(nine, full, all)).toBe('07-tendermint/45')
  })

  it('does not overflow with the largest numbers', () => {
    const set = exampleSet({ a: (1n << 60n) - 10n, b: 5n })
    const level = { numerator: (1n << 64n) - 1n, denominator: (1n << 64n) - 1n }
    const own = exampleHeader(2n, set)
    expect(trusting(set, exampleCommit(own, set), level)).toBe('07-tendermint/45')
    expect(trusting(set, exampleCommit(own, set), { numerator: 1n << 62n, denominator: 1n << 63n })).toBe(
      'accepted',
    )
  })

  it('finds validators by address in a set of another order', () => {
    const old = exampleSet({ 'validator 0': 1n, 'validator 1': 50n, stranger: 10n })
    expect(trusting(old, full)).toBe('accepted')
    expect(trusting(exampleSet({ 'validator 0': 1n, stranger: 10n }), full)).toBe('07-tendermint/45')
  })

  it('a validator who is counted twice', () => {
    const doubled = {
      ...full,
      signatures: [full.signatures[0]!, full.signatures[0]!, ...full.signatures.slice(2)],
    }
    expect(trusting(nine, doubled)).toBe('07-tendermint/42')
    // Behind the threshold too.
    const late = { ...full, signatures: [...full.signatures.slice(0, 8), full.signatures[0]!] }
    expect(trusting(nine, late)).toBe('07-tendermint/42')
  })

  it('a bad signature of a trusted validator; strangers’ signatures are not looked at', () => {
    const bad = new Uint8Array(64)
    expect(trusting(nine, withSignature(full, 0, { signature: bad }))).toBe('07-tendermint/43')
    const known = exampleSet({ 'validator 0': 1n })
    const position = nine.validators.findIndex(
      (each) => each.address.join() === known.validators[0]!.address.join(),
    )
    const noise = {
      ...full,
      signatures: full.signatures.map((each, i) => (i === position ? each : { ...each, signature: bad })),
    }
    expect(trusting(known, noise)).toBe('accepted')
  })
})
