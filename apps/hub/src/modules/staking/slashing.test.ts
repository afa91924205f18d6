// What is proven against a validator: once, in time, of everything that stood behind it.
import { describe, expect, it } from 'vitest'
import { MisbehaviorType } from '@causeway/protocol/tendermint/abci/types'
import type { Misbehavior } from '@causeway/protocol/tendermint/abci/types'
import { POWER, operatorOf } from '../../testing/staked-hub.fixture.ts'
import { StakeWorld, consensusKey } from '../../testing/stake-world.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { eventsOf } from '../../testing/memory-context.fixture.ts'
import type { ExecutionContext } from '../../block/context.ts'
import { delegate, undelegate } from './bonding.ts'
import { worth } from './pool.ts'
import { mainHolder } from './ports.ts'
import { unjail } from './registration.ts'
import { consensusAddress, findDelegation, findValidator } from './state.ts'
import { entries, readPool } from './unbonding-state.ts'

const [alice, bob] = [new Wallet('alice'), new Wallet('bob')]
const operator = operatorOf('a').id
const wallets = [alice, bob, ...['a', 'b', 'c'].map(operatorOf)]

function world(powers: Readonly<Record<string, bigint>> = { a: 10n, b: 20n, c: 30n }) {
  const state = new StakeWorld(powers, wallets, {
    staking: { unbondingSeconds: 1_000n, equivocationSlashBps: 500n, attestationSlashBps: 1_000n },
  })
  const validator = () => findValidator(state.context().store('staking'), operator)!
  const insured = () => state.balance(state.ports.insuranceFund)
  return { state, validator, insured }
}

function evidence(state: StakeWorld, changes: Partial<Misbehavior> = {}, signer = 'a'): Misbehavior {
  return {
    type: MisbehaviorType.DUPLICATE_VOTE,
    validator: { address: consensusAddress(consensusKey(signer)), power: 10n },
    height: state.height,
    time: { seconds: state.seconds, nanos: 0 },
    totalVotingPower: 60n,
    ...changes,
  }
}

/** A block with evidence; what was ignored, and why. */
function judge(state: StakeWorld, ...misbehaviour: Misbehavior[]): { ignored: string[]; updates: number } {
  let seen: ExecutionContext | undefined
  const updates = state.block((context) => (seen = context), { misbehaviour })
  const ignored = eventsOf(seen!, 'causeway.staking.v1.evidence_ignored').map(({ reason }) => reason!)
  return { ignored, updates: updates.length }
}

describe('evidence', () => {
  it.each([MisbehaviorType.DUPLICATE_VOTE, MisbehaviorType.LIGHT_CLIENT_ATTACK])(
    'of type %i takes 5 % and puts the validator out for ever, at once',
    (type) => {
      const { state, validator, insured } = world()
      state.block()
      expect(judge(state, evidence(state, { type }))).toEqual({ ignored: [], updates: 1 })
      expect(state.height % 4n).not.toBe(0n)
      expect(state.powers(state.height + 1n)).toEqual({ a: 10n, b: 20n, c: 30n })
      expect(state.powers(state.height + 2n)).toEqual({ b: 20n, c: 30n })
      expect(validator()).toMatchObject({ tombstoned: true, jailed: true, tokens: 9_500_000n })
      expect(insured()).toBe(5_000_000n + 500_000n)
      state.epoch()
      state.epoch()
      expect(state.powers(state.height + 2n)).toEqual({ b: 20n, c: 30n })
      state.block((context) => {
        const { ports } = state
        const stake = { delegator: alice.id, operator, amount: POWER }
        expect(state.attempt(context, () => unjail(ports, context, operator))).toBe('staking/19')
        expect(state.attempt(context, () => delegate(ports, context, stake))).toBe('staking/19')
        // Its own stake may leave.
        const own = { delegator: operator, operator, amount: 9_500_000n }
        expect(state.attempt(context, () => void undelegate(ports, context, own))).toBe('nothing')
      })
      expect(state.broken()).toEqual([])
    },
  )

  it('counts once, whoever repeats it', () => {
    const { state, insured } = world()
    state.block()
    const piece = evidence(state)
    expect(judge(state, piece, piece).ignored).toEqual(['tombstoned before'])
    expect(judge(state, piece).ignored).toEqual(['tombstoned before'])
    expect(judge(state, { ...piece, height: 1n }).ignored).toEqual(['tombstoned before'])
    expect(insured()).toBe(5_500_000n)
  })

  it('that is too old, unknown, of the future or of no kind changes nothing', () => {
    const { state, validator, insured } = world()
    state.block(undefined, { seconds: 5_000n })
    const old = { time: { seconds: state.seconds - 1_000n, nanos: 0 } }
    const reasons = [
      evidence(state, old),
      evidence(state, {}, 'stranger'),
      evidence(state, { validator: undefined }),
      evidence(state, { height: state.height + 1n }),
      evidence(state, { height: -1n }),
      evidence(state, { type: MisbehaviorType.UNKNOWN }),
    ]
    expect(judge(state, ...reasons).ignored).toEqual([
      'too old',
      'unknown validator',
      'unknown validator',
      'of the future',
      'of the future',
      'unknown type',
    ])
    expect(validator().tombstoned).toBe(false)
    expect(insured()).toBe(5_000_000n)
    // To the second of the unbonding time it counts.
    const last = { time: { seconds: state.seconds + 1n - 1_000n, nanos: 0 } }
    expect(judge(state, evidence(state, last)).ignored).toEqual([])
  })

  it('against the last validator takes its stake, and leaves the chain its only voter', () => {
    const { state, validator } = world({ a: 10n })
    state.block()
    expect(judge(state, evidence(state)).updates).toBe(0)
    expect(validator().tombstoned).toBe(true)
    expect(state.powers(state.height + 2n)).toEqual({ a: 10n })
    state.epoch()
    expect(state.powers(state.height + 2n)).toEqual({ a: 10n })
  })

  it('against several in the block that ends an epoch makes one change', () => {
    const { state } = world()
    while (state.height % 4n !== 3n) state.block()
    const both = judge(state, evidence(state), evidence(state, {}, 'b'))
    expect(both.updates).toBe(2)
    expect(state.powers(state.height + 2n)).toEqual({ c: 30n })
  })
})

describe('a slash', () => {
  it('meets every backer alike: bonded, come later, and leaving since', () => {
    const { state, insured } = world()
    const { ports } = state
    const stake = (delegator: Uint8Array, amount: bigint) => ({ delegator, operator, amount })
    state.block((context) => delegate(ports, context, stake(alice.id, 4n * POWER)))
    state.block((context) => delegate(ports, context, stake(bob.id, 8n * POWER)))
    const infraction = state.height
    state.block((context) => void undelegate(ports, context, stake(alice.id, 1n * POWER)))
    state.epoch()
    state.block((context) => void undelegate(ports, context, stake(bob.id, 2n * POWER)))
    expect(judge(state, evidence(state, { height: infraction })).ignored).toEqual([])
    const store = state.context().store('staking')
    const validator = findValidator(store, operator)!
    const bonded = (who: Wallet) => worth(validator, findDelegation(store, who.id, operator)!.shares)
    const leaving = (who: Wallet) =>
      [...entries(store, who.id)].map((entry) => worth(readPool(store, entry), entry.shares))
    expect([bonded(alice), leaving(alice)]).toEqual([2_850_000n, [950_000n]])
    expect([bonded(bob), leaving(bob)]).toEqual([5_700_000n, [1_900_000n]])
    expect(worth(validator, findDelegation(store, operator, operator)!.shares)).toBe(9_500_000n)
    expect(insured()).toBe(5_000_000n + 1_100_000n)
    expect(state.broken()).toEqual([])
  })

  it('spares what voted no more at the infraction', () => {
    const { state, insured } = world()
    const { ports } = state
    let releaseHeight = 0n
    state.block(
      (context) =>
        (releaseHeight = undelegate(ports, context, { delegator: operator, operator, amount: 6n * POWER })),
    )
    expect(releaseHeight).toBe(6n)
    while (state.height < 8n) state.block()
    // At height 5 the stake still voted; at 6 it did not.
    expect(judge(state, evidence(state, { height: 6n })).ignored).toEqual([])
    expect(insured()).toBe(5_000_000n + 200_000n)
    const [entry] = entries(state.context().store('staking'), operator)
    expect(readPool(state.context().store('staking'), entry!).tokens).toBe(6n * POWER)
  })

  it('reaches what voted one height before', () => {
    const { state, insured } = world()
    state.block(
      (context) =>
        void undelegate(state.ports, context, { delegator: operator, operator, amount: 6n * POWER }),
    )
    while (state.height < 8n) state.block()
    expect(judge(state, evidence(state, { height: 5n })).ignored).toEqual([])
    expect(insured()).toBe(5_000_000n + 500_000n)
  })

  it('is paid before what leaves is paid out', () => {
    const { state } = world()
    const before = state.balance(mainHolder(operator))
    state.block(
      (context) =>
        void undelegate(state.ports, context, { delegator: operator, operator, amount: 10n * POWER }),
    )
    while (state.height < 7n) state.block()
    judge(state, evidence(state, { height: 2n }))
    state.block(undefined, { seconds: 1_000n })
    expect(state.balance(mainHolder(operator))).toBe(before + 9_500_000n)
    expect(state.balance(state.ports.stakePool)).toBe(50n * POWER)
  })

  it('for a false attestation takes of all that has not been paid out, even if dust stays bonded', () => {
    const { state, validator, insured } = world()
    state.block(
      (context) =>
        void undelegate(state.ports, context, { delegator: operator, operator, amount: 9n * POWER }),
    )
    // The stake votes no more, and an older set of light clients still has it.
    while (state.height < 12n) state.block()
    const before = insured()
    state.block((context) => void state.staking.slashForFalseAttestation(context, operator, context.height))
    expect(validator()).toMatchObject({ tombstoned: true, tokens: 900_000n })
    expect(insured() - before).toBe(1_000_000n)
    expect(state.broken()).toEqual([])
  })

  it('for a false attestation takes its own part, once', () => {
    const { state, validator, insured } = world()
    state.block()
    const verdicts: boolean[] = []
    const accuse = (who: Uint8Array) =>
      state.block((context) => verdicts.push(state.staking.slashForFalseAttestation(context, who, 1n)))
    expect(accuse(operator)).toHaveLength(1)
    accuse(operator)
    accuse(alice.id)
    expect(verdicts).toEqual([true, false, false])
    expect(validator()).toMatchObject({ tombstoned: true, tokens: 9_000_000n })
    expect(insured()).toBe(6_000_000n)
    judge(state, evidence(state))
    expect(insured()).toBe(6_000_000n)
  })
})

describe('downtime', () => {
  // Windows of 10 commits, of which 5 must be signed.
  const absent = (state: StakeWorld, times: number) => {
    for (let i = 0; i < times; i++) state.block(undefined, { absent: ['a'] })
  }

  it('jails who misses too much of a window, until the epoch’s end without leaving', () => {
    const { state, validator, insured } = world()
    while (state.height < 9n) state.block()
    absent(state, 5)
    expect(validator()).toMatchObject({ jailed: false, missed: 5 })
    absent(state, 1)
    expect(state.height).toBe(15n)
    expect(validator()).toMatchObject({ jailed: true, tombstoned: false, missed: 0, tokens: 9_999_000n })
    expect(insured()).toBe(5_001_000n)
    expect(state.powers(17n)).toEqual({ a: 10n, b: 20n, c: 30n })
    // Still in the set, it can't be slashed for what it can't do.
    absent(state, 1)
    expect(state.powers(18n)).toEqual({ b: 20n, c: 30n })
    absent(state, 10)
    expect(insured()).toBe(5_001_000n)
    expect(state.broken()).toEqual([])
  })

  it('is forgiven with the window', () => {
    const { state, validator } = world()
    while (state.height < 9n) state.block()
    absent(state, 5)
    while (state.height < 19n) state.block()
    absent(state, 5)
    expect(validator()).toMatchObject({ jailed: false, missed: 5 })
  })

  it('ends with the jail’s time, when the operator says so', () => {
    const { state, validator } = world()
    while (state.height < 9n) state.block()
    absent(state, 6)
    const ask = (seconds = 1n) => {
      let outcome = ''
      state.block(
        (context) => (outcome = state.attempt(context, () => unjail(state.ports, context, operator))),
        {
          seconds,
        },
      )
      return outcome
    }
    expect(ask()).toBe('staking/21')
    expect(ask(600n)).toBe('nothing')
    expect(ask()).toBe('staking/20')
    expect(validator()).toMatchObject({ jailed: false, jailedUntilSeconds: 0n })
    state.epoch()
    // 9.999 tokens are 9 of power.
    expect(state.powers(state.height + 2n)).toEqual({ a: 9n, b: 20n, c: 30n })
  })

  it('is nothing to strangers in a commit', () => {
    const { state } = world()
    for (let i = 0; i < 30; i++) state.block(undefined, { absent: ['stranger'] })
    expect(state.broken()).toEqual([])
  })
})
