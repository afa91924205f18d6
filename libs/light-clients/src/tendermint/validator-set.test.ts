import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ValidatorSet, type Validator } from '@causeway/protocol/tendermint/types/validator'
import { fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import { codeOf } from '../refusal.fixture.ts'
import { golden } from './golden-values.fixture.ts'
import { incrementProposerPriority, proposerOf } from './proposer-priority.ts'
import { createValidatorSet, updateValidatorSet } from './validator-set-updates.ts'
import { hashValidatorSet } from './validator-set-hash.ts'
import {
  MAX_TOTAL_VOTING_POWER,
  newValidator,
  sortValidators,
  totalVotingPower,
  validatorIndex,
} from './validator-set.ts'

const keyOf = (i: number) => ({ ed25519: sha256(utf8(`key ${i}`)) })
const validator = (i: number, power: bigint) => newValidator(keyOf(i), power)

describe('validator sets equal CometBFT’s', () => {
  it('hash, with a secp256k1 validator among them', () => {
    const set = ValidatorSet.decode(fromHex(golden.validatorSet.set))
    expect(set.validators.some((each) => each.pubKey?.secp256k1)).toBe(true)
    expect(toHex(hashValidatorSet(set))).toBe(golden.validatorSet.hash)
    for (const each of set.validators) {
      expect(toHex(newValidator(each.pubKey!, 1n).address)).toBe(toHex(each.address))
    }
  })

  it('order, priorities, proposer and refusals through sixty random changes', () => {
    let set: ValidatorSet | undefined
    for (const [i, step] of golden.rotation.entries()) {
      const changes = step.changes.map(({ key, power }) =>
        newValidator({ ed25519: fromHex(key) }, BigInt(power)),
      )
      if (!set) {
        set = createValidatorSet(changes)
      } else {
        const before = set
        const refusal = codeOf(() => (set = updateValidatorSet(before, changes)))
        expect(refusal !== 'accepted', `step ${i}: ${refusal}`).toBe(step.error)
        set = incrementProposerPriority(set, step.times)
      }
      const got = set.validators.map(({ address, votingPower, proposerPriority }) => ({
        address: toHex(address),
        power: String(votingPower),
        priority: String(proposerPriority),
      }))
      expect(got, `step ${i}`).toEqual(step.set)
      expect(toHex(proposerOf(set).address), `step ${i}`).toBe(step.proposer)
      expect(toHex(hashValidatorSet(set)), `step ${i}`).toBe(step.hash)
    }
    expect(golden.rotation.some((step) => step.error)).toBe(true)
  })
})

describe('hashValidatorSet', () => {
  it('tells sets apart by key, power and order, however often it is asked', () => {
    const sets = [
      [validator(0, 5n), validator(1, 5n)],
      [validator(1, 5n), validator(0, 5n)],
      [validator(0, 5n), validator(1, 6n)],
      [validator(0, 5n), validator(2, 5n)],
      [validator(0, 5n)],
      [validator(0, 0n)],
      [],
    ].map((validators) => ({ validators, proposer: undefined, totalVotingPower: 0n }))
    const hashes = sets.map((each) => toHex(hashValidatorSet(each)))
    expect(new Set(hashes).size).toBe(sets.length)
    for (let i = 0; i < 3; i++) expect(sets.map((each) => toHex(hashValidatorSet(each)))).toEqual(hashes)
  })

  it('remembers its own copy: a caller who writes into a hash spoils nothing', () => {
    const some = { validators: [validator(3, 9n)], proposer: undefined, totalVotingPower: 0n }
    const hash = hashValidatorSet(some)
    const expected = toHex(hash)
    hash.fill(0)
    hashValidatorSet(some).fill(1)
    expect(toHex(hashValidatorSet(some))).toBe(expected)
  })
})

describe('updateValidatorSet', () => {
  const set = createValidatorSet([validator(0, 10n), validator(1, 20n), validator(2, 30n)])

  it('refuses what CometBFT refuses, each with its code', () => {
    expect(codeOf(() => updateValidatorSet(set, [validator(1, 5n), validator(1, 6n)]))).toBe(
      '07-tendermint/50',
    )
    expect(codeOf(() => updateValidatorSet(set, [validator(1, -1n)]))).toBe('07-tendermint/51')
    expect(
      codeOf(() =>
        updateValidatorSet(
          set,
          [0, 1, 2].map((i) => validator(i, 0n)),
        ),
      ),
    ).toBe('07-tendermint/52')
    expect(codeOf(() => updateValidatorSet(set, [validator(9, 0n)]))).toBe('07-tendermint/53')
    expect(codeOf(() => createValidatorSet([validator(1, 0n)]))).toBe('07-tendermint/54')
    expect(codeOf(() => updateValidatorSet(set, [validator(9, MAX_TOTAL_VOTING_POWER + 1n)]))).toBe(
      '07-tendermint/48',
    )
    expect(codeOf(() => updateValidatorSet(set, [validator(9, MAX_TOTAL_VOTING_POWER)]))).toBe(
      '07-tendermint/48',
    )
  })

  it('takes the largest total, also while a large one leaves', () => {
    const large = updateValidatorSet(set, [validator(9, MAX_TOTAL_VOTING_POWER - 60n)])
    expect(totalVotingPower(large)).toBe(MAX_TOTAL_VOTING_POWER)
    const swapped = updateValidatorSet(large, [validator(9, 0n), validator(8, MAX_TOTAL_VOTING_POWER - 60n)])
    expect(totalVotingPower(swapped)).toBe(MAX_TOTAL_VOTING_POWER)
    incrementProposerPriority(swapped, 5)
  })

  it('leaves the given set as it was', () => {
    const before = toHex(ValidatorSet.encode(set).finish())
    incrementProposerPriority(updateValidatorSet(set, [validator(1, 0n), validator(5, 7n)]), 3)
    expect(toHex(ValidatorSet.encode(set).finish())).toBe(before)
  })

  it('an empty genesis set stays empty, no change changes nothing', () => {
    expect(createValidatorSet([]).validators).toEqual([])
    expect(updateValidatorSet(set, [])).toBe(set)
  })
})

describe('incrementProposerPriority', () => {
  it('lets everyone propose in proportion to power', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), (powers) => {
        let set = createValidatorSet(powers.map((power, i) => validator(i, BigInt(power))))
        const total = powers.reduce((sum, power) => sum + power, 0)
        const turns = new Map<string, number>()
        for (let i = 0; i < total; i++) {
          const address = toHex(proposerOf(set).address)
          turns.set(address, (turns.get(address) ?? 0) + 1)
          set = incrementProposerPriority(set, 1)
        }
        for (const each of set.validators)
          expect(BigInt(turns.get(toHex(each.address)) ?? 0)).toBe(each.votingPower)
      }),
      { numRuns: 40 },
    )
  })

  it('keeps priorities centred and within twice the total', () => {
    let set = createValidatorSet([validator(0, 1n), validator(1, 1000n)])
    for (let i = 0; i < 50; i++) {
      set = incrementProposerPriority(
        updateValidatorSet(set, [validator(i % 7, BigInt(1 + ((i * 37) % 500)))]),
        1,
      )
      const priorities = set.validators.map((each) => each.proposerPriority)
      const spread =
        priorities.reduce((a, b) => (a > b ? a : b)) - priorities.reduce((a, b) => (a < b ? a : b))
      expect(spread <= 3n * totalVotingPower(set)).toBe(true)
    }
  })

  it('has no answer for an empty set: a bug of the caller', () => {
    expect(() => incrementProposerPriority(createValidatorSet([]), 1)).toThrow('empty set')
    expect(() => incrementProposerPriority(createValidatorSet([validator(1, 1n)]), 0)).toThrow('at least one')
  })
})

describe('sortValidators, validatorIndex, totalVotingPower', () => {
  it('orders by power down, then address up', () => {
    const sorted = sortValidators([validator(0, 5n), validator(1, 9n), validator(2, 5n), validator(3, 5n)])
    expect(sorted[0]!.votingPower).toBe(9n)
    const rest = sorted.slice(1).map((each: Validator) => toHex(each.address))
    expect(rest).toEqual([...rest].sort())
  })

  it('finds by address', () => {
    const set = createValidatorSet([validator(0, 5n), validator(1, 9n)])
    expect(validatorIndex(set, validator(1, 0n).address)).toBe(0)
    expect(validatorIndex(set, validator(7, 0n).address)).toBe(-1)
  })

  it('does not believe the total that came with a set, and refuses overflow', () => {
    const set = { ...createValidatorSet([validator(0, 5n)]), totalVotingPower: 1n << 62n }
    expect(totalVotingPower(set)).toBe(5n)
    const huge = { ...set, validators: [validator(0, MAX_TOTAL_VOTING_POWER), validator(1, 1n)] }
    expect(codeOf(() => totalVotingPower(huge))).toBe('07-tendermint/48')
    expect(codeOf(() => totalVotingPower({ ...set, validators: [validator(0, -1n)] }))).toBe(
      '07-tendermint/51',
    )
  })

  it('refuses keys that are missing, of the wrong length or of a type not supported', () => {
    for (const key of [
      {},
      { ed25519: new Uint8Array(31) },
      { secp256k1: new Uint8Array(32) },
      { mldsa65: new Uint8Array(1952) },
    ]) {
      expect(codeOf(() => newValidator(key, 1n))).toBe('07-tendermint/47')
    }
  })
})
