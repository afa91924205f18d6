// Registration, what operators may change, bonding and leaving; whoever tries what must not be.
import { describe, expect, it } from 'vitest'
import { MAX_TOTAL_VOTING_POWER } from '@causeway/light-clients'
import { sha256, toHex } from '@causeway/primitives'
import { POWER, blsKey, operatorOf } from '../../testing/staked-hub.fixture.ts'
import { StakeWorld, consensusKey } from '../../testing/stake-world.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { POWER_MAX, delegate, undelegate } from './bonding.ts'
import { mainHolder } from './ports.ts'
import { createValidator, editValidator, validateCreation, validateEdition } from './registration.ts'
import { stakingParameters } from './params.ts'
import { VALIDATORS_LIMIT } from './params.ts'
import { findDelegation, findValidator, writeValidator } from './state.ts'
import { PAYOUTS_MAX } from './unbonding.ts'
import { refusal } from '../../testing/refusal.fixture.ts'

const alice = new Wallet('alice')
const operators = ['a', 'b', 'c', 'd', 'e'].map(operatorOf)
const OPERATOR = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, operatorOf(name).id])) as {
  [name in 'a' | 'b' | 'c' | 'd' | 'e']: Uint8Array
}

function world(powers: Readonly<Record<string, bigint>> = { a: 10n, b: 20n }, staking = {}) {
  const state = new StakeWorld(powers, [alice, ...operators], {
    staking: { unbondingSeconds: 100n, ...staking },
  })
  /** A step in a block of its own, and what it was refused with. */
  const step = (run: (context: ReturnType<StakeWorld['context']>) => void, seconds = 1n) => {
    let outcome = ''
    state.block((context) => (outcome = state.attempt(context, () => run(context))), { seconds })
    return outcome
  }
  const create = (name: string, changes: Partial<ReturnType<StakeWorld['creation']>> = {}, by = name) =>
    step((context) =>
      createValidator(state.ports, context, operatorOf(by).id, {
        ...state.creation(name, 5n * POWER),
        ...changes,
      }),
    )
  const bond = (amount: bigint, operator = OPERATOR.a, delegator = alice.id) =>
    step((context) => delegate(state.ports, context, { delegator, operator, amount }))
  const leave = (amount: bigint, operator = OPERATOR.a, delegator = alice.id) =>
    step((context) => void undelegate(state.ports, context, { delegator, operator, amount }))
  return { state, step, create, bond, leave }
}

describe('a new validator', () => {
  it('joins the set with the next epoch, two heights after its end', () => {
    const { state, create } = world()
    expect(create('c')).toBe('nothing')
    expect(state.epoch()).toHaveLength(1)
    expect(state.height).toBe(4n)
    expect(state.powers(5n)).toEqual({ a: 10n, b: 20n })
    expect(state.powers(6n)).toEqual({ a: 10n, b: 20n, c: 5n })
    const attestors = state.staking.attestorsAt(state.context(), 6n)
    expect(attestors.map(({ power }) => power).sort()).toEqual([10n, 20n, 5n])
    expect(state.staking.attestorsAt(state.context(), 5n)).toHaveLength(2)
    for (const { key, operator } of attestors)
      expect(findValidator(state.context().store('staking'), operator)!.blsKey).toEqual(key)
    expect(state.broken()).toEqual([])
  })

  it('needs keys that nobody had before', () => {
    const { create } = world()
    expect(create('c')).toBe('nothing')
    expect(create('d', { consensusKey: consensusKey('a') })).toBe('staking/11')
    expect(create('d', { consensusKey: consensusKey('c') })).toBe('staking/11')
    // A copied key, with its owner's proof, or with none of one's own.
    expect(create('d', blsKey('a', OPERATOR.a))).toBe('staking/11')
    expect(create('d', { blsKey: blsKey('c', OPERATOR.c).blsKey })).toBe('staking/11')
  })

  it('needs a proof of possession by this operator on this chain', () => {
    const { create } = world()
    expect(create('d', blsKey('d', OPERATOR.e))).toBe('staking/12')
    expect(create('d', blsKey('d', OPERATOR.d, 'causeway-2'))).toBe('staking/12')
    expect(create('d', { blsPossession: blsKey('e', OPERATOR.d).blsPossession })).toBe('staking/12')
    expect(create('d', { blsPossession: new Uint8Array(96) })).toBe('staking/12')
    expect(create('d', { blsKey: new Uint8Array(192) })).toBe('staking/12')
    expect(create('d', { blsKey: new Uint8Array(192).fill(0xff) })).toBe('staking/12')
    expect(create('d')).toBe('nothing')
  })

  it('has one operator and enough at stake', () => {
    const { create } = world({ a: 10n }, { bondMin: 2n * POWER })
    expect(create('d', { amount: 2n * POWER - 1n })).toBe('staking/30')
    expect(create('d', {}, 'a')).toBe('staking/17')
    expect(create('d', { amount: 10n ** 12n })).toBe('ledger/5')
    expect(create('d', { amount: 2n * POWER })).toBe('nothing')
    expect(create('e', {}, 'd')).toBe('staking/17')
  })

  it('says what can be read', () => {
    const good = { operator: '', ...world().state.creation('c', 1n), amount: '1' }
    expect(refusal(() => validateCreation(good))).toBe('nothing')
    const bad = (changes: Partial<typeof good>) => refusal(() => validateCreation({ ...good, ...changes }))
    expect(bad({ consensusKey: new Uint8Array(33) })).toBe('staking/10')
    expect(bad({ blsKey: new Uint8Array(96) })).toBe('staking/10')
    expect(bad({ blsPossession: new Uint8Array(48) })).toBe('staking/10')
    expect(bad({ moniker: '' })).toBe('staking/13')
    expect(bad({ moniker: 'a\nb' })).toBe('staking/13')
    expect(bad({ moniker: 'x'.repeat(65) })).toBe('staking/13')
    expect(bad({ commissionBps: 10_001 })).toBe('staking/14')
    const edit = (moniker: string, commissionBps: number) =>
      refusal(() => validateEdition({ operator: '', moniker, commissionBps }))
    expect([edit('', 0), edit('ü', 0), edit('x', 10_001)]).toEqual(['nothing', 'staking/13', 'staking/14'])
  })
})

describe('an operator', () => {
  it('raises its commission a little a day', () => {
    const { state, step } = world()
    const edit = (commissionBps: number, moniker = '', seconds = 1n) =>
      step((context) => editValidator(state.ports, context, OPERATOR.a, { commissionBps, moniker }), seconds)
    const of = () => findValidator(state.context().store('staking'), OPERATOR.a)!
    expect(edit(0, 'new name')).toBe('nothing')
    expect(of().moniker).toBe('new name')
    expect(edit(50)).toBe('staking/16')
    expect(edit(101, '', 86_400n)).toBe('staking/15')
    expect(edit(100)).toBe('nothing')
    expect(edit(0)).toBe('staking/16')
    expect(edit(0, '', 86_400n)).toBe('nothing')
    expect([of().commissionBps, of().moniker]).toEqual([0, 'new name'])
    expect(
      step((context) => editValidator(state.ports, context, alice.id, { commissionBps: 0, moniker: '' })),
    ).toBe('staking/18')
  })
})

describe('stake', () => {
  it('comes and goes, and is paid out after it has voted no more for the unbonding time', () => {
    const { state, bond, leave } = world()
    const before = state.balance(mainHolder(alice.id))
    expect(bond(7n * POWER)).toBe('nothing')
    expect(state.balance(mainHolder(alice.id))).toBe(before - 7n * POWER)
    state.epoch()
    expect(state.powers(6n)).toEqual({ a: 17n, b: 20n })
    expect(leave(7n * POWER)).toBe('nothing')
    expect(state.powers(9n)).toEqual({ a: 17n, b: 20n })
    state.epoch()
    expect([state.powers(9n), state.powers(10n)]).toEqual([
      { a: 17n, b: 20n },
      { a: 10n, b: 20n },
    ])
    state.block()
    state.block()
    const released = state.seconds
    state.block(undefined, { seconds: 99n })
    expect([state.seconds, state.balance(mainHolder(alice.id))]).toEqual([
      released + 99n,
      before - 7n * POWER,
    ])
    state.block()
    expect(state.balance(mainHolder(alice.id))).toBe(before)
    expect(state.broken()).toEqual([])
  })

  it('refuses dust, and leaving dust', () => {
    const { bond, leave } = world({ a: 10n }, { delegationMin: 1_000n })
    expect(bond(999n)).toBe('staking/30')
    expect(bond(0n)).toBe('staking/30')
    expect(leave(1n)).toBe('staking/32')
    expect(bond(1_500n)).toBe('nothing')
    expect(leave(0n)).toBe('staking/30')
    expect(leave(501n)).toBe('staking/34')
    expect(leave(1_501n)).toBe('staking/33')
    expect(leave(500n)).toBe('nothing')
    expect(leave(1_000n)).toBe('nothing')
    expect(leave(1n)).toBe('staking/32')
  })

  it('goes to validators only, and not beyond what the engine can count', () => {
    const { state, bond } = world()
    expect(bond(POWER, alice.id)).toBe('staking/18')
    expect(bond(10n ** 40n)).toBe('staking/31')
    expect(POWER_MAX * VALIDATORS_LIMIT * 2n <= MAX_TOTAL_VOTING_POWER).toBe(true)
    state.block((context) => {
      const store = context.store('staking')
      const validator = findValidator(store, OPERATOR.a)!
      const tokens = POWER_MAX * POWER
      writeValidator(store, { ...validator, tokens, shares: tokens })
      expect(
        state.attempt(context, () =>
          delegate(state.ports, context, { delegator: alice.id, operator: OPERATOR.a, amount: POWER }),
        ),
      ).toBe('staking/31')
      writeValidator(store, validator)
    })
  })

  it('is paid out a hundred accounts a block, however many wait', () => {
    const crowd = Array.from({ length: PAYOUTS_MAX + 20 }, (_, i) => new Wallet(`crowd ${i}`))
    const state = new StakeWorld({ a: 10n }, crowd, { staking: { unbondingSeconds: 100n } })
    state.block((context) => {
      for (const { id } of crowd)
        delegate(state.ports, context, { delegator: id, operator: OPERATOR.a, amount: POWER })
    })
    state.block((context) => {
      for (const { id } of crowd)
        undelegate(state.ports, context, { delegator: id, operator: OPERATOR.a, amount: POWER })
    })
    state.epoch()
    state.block()
    state.block()
    const paid = () => crowd.filter(({ id }) => state.balance(mainHolder(id)) === 1_000_000_000n).length
    state.block(undefined, { seconds: 100n })
    expect(paid()).toBe(PAYOUTS_MAX)
    state.block()
    expect(paid()).toBe(crowd.length)
    state.block()
    expect(state.broken()).toEqual([])
    expect(state.balance(state.ports.stakePool)).toBe(10n * POWER)
  })
})

describe('fees', () => {
  it('go by power and shares, after the commission', () => {
    const { state, bond } = world({ a: 10n, b: 30n })
    expect(bond(10n * POWER)).toBe('nothing')
    state.block((context) => {
      const store = context.store('staking')
      writeValidator(store, { ...findValidator(store, OPERATOR.a)!, commissionBps: 1_000 })
    })
    state.block((context) =>
      state.ports.bank.move(context, mainHolder(alice.id), state.ports.feeCollector, 4_001n),
    )
    state.epoch()
    // a: 1,000 of 4,001 with 10 of 40 power; commission 100; 450 for each half of its shares, rounded down.
    const a = findValidator(state.context().store('staking'), OPERATOR.a)!
    expect(a.commission).toBe(100n)
    expect(state.balance(state.ports.feeCollector)).toBe(1n)
    expect(state.balance(state.ports.rewardPool)).toBe(4_000n)
    const before = state.balance(mainHolder(alice.id))
    expect(bond(POWER)).toBe('nothing')
    expect(state.balance(mainHolder(alice.id))).toBe(before - POWER + 449n)
    expect(findDelegation(state.context().store('staking'), alice.id, OPERATOR.a)!.rewardIndex).toBe(
      a.rewardIndex,
    )
    expect(state.broken()).toEqual([])
  })
})

describe('blocks without what they had to contain', () => {
  it('cost their proposer what a block earns, down to nothing; it stays for the next epoch', () => {
    const { state } = world({ a: 10n, b: 30n })
    const addresses = ['a', 'b'].map((name) => toHex(sha256(consensusKey(name)).slice(0, 20)))
    let forfeits = new Map([
      [addresses[0]!, 3n],
      [addresses[1]!, 1n],
    ])
    const takeForfeits = () => {
      const taken = forfeits
      forfeits = new Map()
      return taken
    }
    Object.assign(state.ports, { takeForfeits })
    const fees = (amount: bigint) =>
      state.block((context) =>
        state.ports.bank.move(context, mainHolder(alice.id), state.ports.feeCollector, amount),
      )
    const { feeCollector, rewardPool } = state.ports
    fees(4_000n)
    state.epoch()
    // A block of four earns 1,000. a's 1,000 are gone; b has 2,000 of its 3,000.
    expect([state.balance(rewardPool), state.balance(feeCollector)]).toEqual([2_000n, 2_000n])
    state.epoch()
    expect([state.balance(rewardPool), state.balance(feeCollector)]).toEqual([4_000n, 0n])
    expect(state.broken()).toEqual([])
  })
})

describe('epochs', () => {
  it('change in length from the next one on', () => {
    const { state, step, bond } = world()
    const { change } = stakingParameters
    expect(bond(POWER)).toBe('nothing')
    expect(step((context) => change(context, 'epochBlocks', 10n))).toBe('nothing')
    expect(state.epoch(4n)).toHaveLength(1)
    expect(bond(POWER)).toBe('nothing')
    while (state.height < 13n) expect(state.block()).toEqual([])
    expect(state.block()).toHaveLength(1)
    expect(state.powers(16n)).toEqual({ a: 12n, b: 20n })
  })

  it('keep at most so many validators: those with most power, the older name at a tie', () => {
    const { state, create } = world({ a: 10n, b: 20n }, { validatorsMax: 2n })
    expect(create('c', { amount: 10n * POWER })).toBe('nothing')
    const first = [OPERATOR.a, OPERATOR.c].sort((x, y) => Buffer.compare(x, y))[0] === OPERATOR.a ? 'a' : 'c'
    state.epoch()
    expect(state.powers(state.height + 2n)).toEqual({ b: 20n, [first]: 10n })
    expect(create('d', { amount: 11n * POWER })).toBe('nothing')
    state.epoch()
    expect(state.powers(state.height + 2n)).toEqual({ b: 20n, d: 11n })
  })

  it('never leave the set empty', () => {
    const { state, leave } = world({ a: 10n })
    expect(leave(10n * POWER, OPERATOR.a, OPERATOR.a)).toBe('nothing')
    expect(state.epoch()).toEqual([])
    expect(state.powers(6n)).toEqual({ a: 10n })
    expect(state.broken()).toEqual([])
  })
})

describe('parameters', () => {
  it('keep to their bounds, and unbonding above what listed clients trust', () => {
    const { state, step } = world()
    const { read, change } = stakingParameters
    const set = (name: string, value: bigint) => step((context) => change(context, name, value))
    expect(set('validatorsMax', 3n)).toBe('nothing')
    expect(read(state.context())['validatorsMax']).toBe(3n)
    expect(set('validatorsMax', 0n)).toBe('parameters/2')
    expect(set('validatorsMax', VALIDATORS_LIMIT + 1n)).toBe('parameters/2')
    expect(set('equivocationSlashBps', 0n)).toBe('parameters/2')
    expect(set('tokensPerPower', 1n)).toBe('parameters/3')
    expect(set('toString', 1n)).toBe('parameters/1')
    expect(set('unbondingSeconds', 6_000n)).toBe('nothing')
    state.trustingSeconds = 5_000n
    expect(set('unbondingSeconds', 5_000n)).toBe('staking/36')
    expect(set('unbondingSeconds', 5_001n)).toBe('nothing')
    // A client that trusts longer than anybody is bound holds up no other change, nor a step towards it.
    state.trustingSeconds = 50_000n
    expect(set('signedMinBps', 9_000n)).toBe('nothing')
    expect(set('unbondingSeconds', 5_002n)).toBe('nothing')
    expect(set('unbondingSeconds', 5_001n)).toBe('staking/36')
  })
})
