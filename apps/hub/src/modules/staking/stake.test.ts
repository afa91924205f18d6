// Thousands of random steps: stake is conserved, owed is held, powers change when they may.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '@causeway/primitives'
import { MisbehaviorType } from '@causeway/protocol/tendermint/abci/types'
import { createValidatorSet, newValidator, updateValidatorSet } from '@causeway/light-clients'
import { POWER, operatorOf } from '../../testing/staked-hub.fixture.ts'
import { StakeWorld, consensusKey } from '../../testing/stake-world.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { delegate, undelegate } from './bonding.ts'
import { owed } from './invariants.ts'
import { mainHolder } from './ports.ts'
import { createValidator, unjail } from './registration.ts'
import { payCommission, payRewards } from './rewards.ts'
import { consensusAddress, findDelegation, findValidator, readSet } from './state.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
const wallets = [0, 1, 2].map((i) => new Wallet(`delegator ${i}`))

type Step =
  | { kind: 'delegate' | 'undelegate'; who: number; name: string; amount: bigint }
  | { kind: 'create' | 'unjail' | 'doubleSign' | 'falseAttestation'; name: string; age: bigint }
  | { kind: 'absent' | 'rewards'; name: string; who: number }
  | { kind: 'fees'; amount: bigint }
  | { kind: 'wait'; seconds: bigint }

const name = fc.constantFrom(...NAMES)
const who = fc.nat(2)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: stakeStep('delegate') },
  { weight: 6, arbitrary: stakeStep('undelegate') },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('create' as const), name, age: fc.constant(0n) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unjail' as const), name, age: fc.constant(0n) }) },
  { weight: 1, arbitrary: infraction('doubleSign') },
  { weight: 1, arbitrary: infraction('falseAttestation') },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('absent' as const), name, who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('rewards' as const), name, who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fees' as const), amount: fc.bigInt(1n, 50_000n) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.bigInt(1n, 900n) }) },
)

function stakeStep(kind: 'delegate' | 'undelegate') {
  return fc.record({ kind: fc.constant(kind), who, name, amount: fc.bigInt(1n, 30n * POWER) })
}

function infraction(kind: 'doubleSign' | 'falseAttestation') {
  return fc.record({ kind: fc.constant(kind), name, age: fc.bigInt(1n, 30n) })
}

function world(): StakeWorld {
  const operators = NAMES.map((each) => operatorOf(each))
  return new StakeWorld({ a: 10n, b: 20n, c: 30n }, [...wallets, ...operators], {
    staking: {
      validatorsMax: 4n,
      bondMin: POWER,
      unbondingSeconds: 500n,
      downtimeSlashBps: 37n,
      signedMinBps: 9_000n,
      downtimeJailSeconds: 5n,
    },
  })
}

/** What has succeeded in some run: a property over refusals only would hold of anything. */
const succeeded = new Set<string>()

/** One block with one step. */
function run(state: StakeWorld, item: Step) {
  const { ports } = state
  const operator = 'name' in item ? operatorOf(item.name).id : new Uint8Array(20)
  const misbehaviour =
    item.kind === 'doubleSign' ? [doubleSign(item.name, state.height + 1n - item.age, state.seconds)] : []
  const facts = {
    misbehaviour,
    absent: item.kind === 'absent' ? [item.name] : [],
    seconds: item.kind === 'wait' ? item.seconds : 1n,
  }
  return state.block((context) => {
    const delegator = 'who' in item ? wallets[item.who]!.id : new Uint8Array(20)
    const outcome = state.attempt(context, () => {
      switch (item.kind) {
        case 'delegate':
          return delegate(ports, context, { delegator, operator, amount: item.amount })
        case 'undelegate':
          return void undelegate(ports, context, { delegator, operator, amount: item.amount })
        case 'create':
          return createValidator(ports, context, operator, state.creation(item.name, 5n * POWER))
        case 'unjail':
          return unjail(ports, context, operator)
        case 'falseAttestation':
          return void state.staking.slashForFalseAttestation(context, operator, context.height - item.age)
        case 'fees':
          return ports.bank.move(context, mainHolder(wallets[0]!.id), ports.feeCollector, item.amount)
        case 'rewards': {
          const validator = findValidator(context.store('staking'), operator)
          const delegation = findDelegation(context.store('staking'), delegator, operator)
          if (validator === undefined) return
          payCommission(ports, context, validator)
          if (delegation !== undefined) payRewards(ports, context, delegator, { validator, delegation })
        }
      }
    })
    if (outcome === 'nothing') succeeded.add(item.kind)
  }, facts)
}

function doubleSign(signer: string, height: bigint, seconds: bigint) {
  const address = consensusAddress(consensusKey(signer))
  return {
    type: MisbehaviorType.DUPLICATE_VOTE,
    validator: { address, power: 1n },
    height,
    time: { seconds, nanos: 0 },
    totalVotingPower: 1n,
  }
}

function everything(state: StakeWorld): bigint {
  const { ports } = state
  const pools = [ports.stakePool, ports.rewardPool, ports.feeCollector, ports.insuranceFund]
  const accounts = [...wallets, ...NAMES.map((each) => operatorOf(each))].map(({ id }) => mainHolder(id))
  return [...pools, ...accounts].reduce((sum, holder) => sum + state.balance(holder), 0n)
}

describe('stake', () => {
  it('is conserved, backed, and votes as the engine counts it', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
        const state = world()
        const total = everything(state)
        const genesis = readSet(state.context().store('staking'), 1n).validators
        // The engine's own sets, by the rules of CometBFT.
        let engine = createValidatorSet(
          genesis.map(({ publicKey, power }) => newValidator({ ed25519: publicKey }, power)),
        )
        for (const item of steps) {
          const leaving = new Set(tombstoned(state))
          const updates = run(state, item)
          const isEpochEnd = state.height % 4n === 0n
          if (!isEpochEnd) {
            const out = tombstoned(state).filter((key) => !leaving.has(key))
            for (const { pubKey, power } of updates) {
              expect(power).toBe(0n)
              expect(out).toContain(toHex(pubKey!.ed25519!))
            }
          }
          const changes = updates.map(({ pubKey, power }) => newValidator(pubKey!, power))
          engine = updateValidatorSet(engine, changes)
          expect(storedSet(state, state.height + 2n)).toEqual(
            engine.validators.map(({ pubKey, votingPower }) => [toHex(pubKey!.ed25519!), votingPower]).sort(),
          )
          expect(state.broken()).toEqual([])
        }
        expect(everything(state)).toBe(total)
        // Nobody sends to the pool here: what it holds is what is staked, to the unit.
        expect(state.balance(state.ports.stakePool)).toBe(owed(state.context()).stake)
      }),
      // Fixed: that every kind of step succeeded is part of what is shown.
      { numRuns: 60, seed: 20_261_121 },
    )
    expect([...succeeded].sort()).toEqual([
      'absent',
      'create',
      'delegate',
      'doubleSign',
      'falseAttestation',
      'fees',
      'rewards',
      'undelegate',
      'unjail',
      'wait',
    ])
  }, 300_000)
})

function tombstoned(state: StakeWorld): string[] {
  const store = state.context().store('staking')
  return NAMES.flatMap((each) => {
    const validator = findValidator(store, operatorOf(each).id)
    return validator?.tombstoned === true ? [toHex(validator.consensusKey)] : []
  })
}

function storedSet(state: StakeWorld, height: bigint): (readonly [string, bigint])[] {
  const { validators } = readSet(state.context().store('staking'), height)
  return validators.map(({ publicKey, power }) => [toHex(publicKey), power] as const).sort()
}
