// Votes from deposit to execution, and those who would cheat.
import { describe, expect, it } from 'vitest'
import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { delegate, undelegate } from '../staking/bonding.ts'
import { mainHolder } from '../staking/ports.ts'
import { POWER, operatorOf } from '../../testing/staked-hub.fixture.ts'
import { StakeWorld } from '../../testing/stake-world.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { validateContents } from './contents.ts'
import { submit, vote } from './proposals.ts'
import { GOVERNANCE_STORE, OPTION, STATUS, findProposal, votes } from './state.ts'

const { yes, no, veto } = OPTION
const [alice, bob] = [new Wallet('alice'), new Wallet('bob')]
const [a, b, c] = ['a', 'b', 'c'].map(operatorOf) as [Wallet, Wallet, Wallet]
const DEPOSIT = 10_000_000n

function parameter(module: string, name: string, value: string): Content {
  return Content.fromPartial({ changeParameter: { module, name, value } })
}

function call(clientId: string): Content {
  const callContract = { clientId, target: new Uint8Array(32), data: new Uint8Array(4) }
  return Content.fromPartial({ callContract })
}

const change = parameter('staking', 'validatorsMax', '7')

function world(governance = {}) {
  const state = new StakeWorld({ a: 10n, b: 20n, c: 30n }, [alice, bob, a, b, c], { governance })
  const step = (run: (context: ReturnType<StakeWorld['context']>) => void, seconds = 1n) => {
    let outcome = ''
    state.block((context) => (outcome = state.attempt(context, () => run(context))), { seconds })
    return outcome
  }
  const propose = (contents: Content[] = [change], by = alice) =>
    step((context) => void submit(state.governance, context, by.id, { title: 't', summary: '', contents }))
  const cast = (voter: Wallet, option: number, id = 1n) =>
    step((context) => vote(state.governance, context, { id, voter: voter.id, option }))
  const proposal = (id = 1n) => findProposal(state.context().store(GOVERNANCE_STORE), id)!
  const validatorsMax = () => state.modules[2]!.parameters!.read(state.context())['validatorsMax']
  const wait = (seconds: bigint) => state.block(undefined, { seconds })
  return { state, step, propose, cast, proposal, validatorsMax, wait }
}

describe('a proposal', () => {
  it('that is accepted waits for its timelock, then is done', () => {
    const { state, propose, cast, proposal, validatorsMax, wait } = world()
    const before = state.balance(mainHolder(alice.id))
    expect(propose()).toBe('nothing')
    expect(state.balance(mainHolder(alice.id))).toBe(before - DEPOSIT)
    expect(cast(b, yes)).toBe('nothing')
    expect(cast(a, no)).toBe('nothing')
    expect(proposal().status).toBe(STATUS.voting)
    wait(20n)
    expect(proposal()).toMatchObject({
      status: STATUS.accepted,
      executionSeconds: state.seconds + 10n,
      tally: { yes: '20000000', no: '10000000', veto: '0', abstain: '0', bonded: '60000000' },
    })
    expect(state.balance(mainHolder(alice.id))).toBe(before)
    expect([...votes(state.context().store(GOVERNANCE_STORE), 1n)]).toEqual([])
    wait(9n)
    expect([proposal().status, validatorsMax()]).toEqual([STATUS.accepted, 100n])
    wait(1n)
    expect([proposal().status, proposal().failure, validatorsMax()]).toEqual([STATUS.executed, '', 7n])
    wait(1_000n)
    expect(proposal().status).toBe(STATUS.executed)
    expect(state.broken()).toEqual([])
  })

  it('that nobody wants costs the deposit when nobody votes, or it is vetoed', () => {
    const { state, propose, cast, proposal, wait, validatorsMax } = world()
    const insured = () => state.balance(state.ports.insuranceFund)
    propose()
    wait(20n)
    expect([proposal().status, insured()]).toEqual([STATUS.rejected, 5_000_000n + DEPOSIT])
    propose()
    cast(c, veto, 2n)
    cast(b, yes, 2n)
    wait(20n)
    expect([proposal(2n).status, insured()]).toEqual([STATUS.rejected, 5_000_000n + 2n * DEPOSIT])
    propose()
    cast(c, no, 3n)
    cast(b, yes, 3n)
    wait(20n)
    expect([proposal(3n).status, insured()]).toEqual([STATUS.rejected, 5_000_000n + 2n * DEPOSIT])
    wait(100n)
    expect(validatorsMax()).toBe(100n)
    expect(state.broken()).toEqual([])
  })

  it('is refused when it could not be done now, and costs nothing', () => {
    const { state, propose } = world()
    const before = state.balance(mainHolder(alice.id))
    expect(propose([parameter('staking', 'nonsense', '1')])).toBe('parameters/1')
    expect(propose([parameter('ledger', 'zone', '1')])).toBe('governance/30')
    expect(propose([parameter('staking', 'validatorsMax', '0')])).toBe('parameters/2')
    expect(propose([parameter('staking', 'tokensPerPower', '1')])).toBe('parameters/3')
    state.trustingSeconds = 100n
    expect(propose([parameter('staking', 'unbondingSeconds', '100')])).toBe('staking/36')
    expect(propose([change, parameter('governance', 'quorumBps', '1')])).toBe('parameters/2')
    expect(state.balance(mainHolder(alice.id))).toBe(before)
    expect(propose([change], new Wallet('pauper'))).toBe('ledger/5')
  })

  it('leaves nothing behind when it is made', () => {
    const { propose, validatorsMax } = world()
    expect(propose()).toBe('nothing')
    expect(validatorsMax()).toBe(100n)
  })

  it('that can’t be done any more is recorded, all or nothing, and the chain goes on', () => {
    const { state, propose, cast, proposal, validatorsMax, wait } = world()
    expect(propose([change, parameter('staking', 'unbondingSeconds', '100')])).toBe('nothing')
    cast(c, yes)
    wait(20n)
    state.trustingSeconds = 100n
    wait(10n)
    expect(proposal()).toMatchObject({ status: STATUS.failed, failure: 'staking/36' })
    expect(validatorsMax()).toBe(100n)
    expect(state.block()).toEqual([])
    expect(state.broken()).toEqual([])
  })

  it('sends calls to contracts when it is executed', () => {
    const { state, propose, cast, wait } = world()
    expect(propose([call('ethereum-3')])).toBe('nothing')
    state.calls = []
    cast(c, yes)
    wait(20n)
    expect(state.calls).toEqual([])
    wait(10n)
    expect(state.calls).toEqual(['ethereum-3'])
  })

  it('has a place among a bounded number', () => {
    const { propose, wait } = world({ openMax: 2n })
    expect([propose(), propose(), propose()]).toEqual(['nothing', 'nothing', 'governance/5'])
    wait(20n)
    expect(propose()).toBe('nothing')
  })

  it('can change the rules of votes, for the votes that end after it', () => {
    const { state, propose, cast, proposal, wait } = world()
    propose([parameter('governance', 'votingSeconds', '500')])
    cast(c, yes)
    wait(20n)
    wait(10n)
    expect(proposal().status).toBe(STATUS.executed)
    propose()
    expect(proposal(2n).votingEndSeconds).toBe(state.seconds + 500n)
  })

  it('has contents that can be read', () => {
    const judge = (contents: Content[]) => refusal(() => validateContents(contents))
    const none = Content.fromPartial({})
    expect(judge([change])).toBe('nothing')
    expect(judge([])).toBe('governance/4')
    expect(judge([none])).toBe('governance/4')
    expect(judge([{ ...change, callContract: call('x').callContract }])).toBe('governance/4')
    expect(judge(Array.from({ length: 17 }, () => change))).toBe('governance/4')
    expect(judge([parameter('staking', 'x', '-1')])).toBe('primitives/5')
    const bad = (changes: object): Content => ({
      ...none,
      callContract: { ...call('ethereum-0').callContract!, ...changes },
    })
    expect(judge([bad({ target: new Uint8Array(20) })])).toBe('governance/31')
    expect(judge([bad({ data: new Uint8Array(16_385) })])).toBe('governance/32')
  })
})

describe('a vote', () => {
  it('is of stake: its last word counts, once', () => {
    const { state, propose, cast, proposal, wait } = world()
    propose()
    expect(cast(alice, yes)).toBe('governance/22')
    expect(cast(a, no)).toBe('nothing')
    expect(cast(a, no)).toBe('nothing')
    expect(cast(a, yes)).toBe('nothing')
    expect(cast(b, yes)).toBe('nothing')
    expect(cast(a, yes, 2n)).toBe('governance/6')
    wait(20n)
    expect(proposal().tally).toMatchObject({ yes: '30000000', no: '0' })
    expect(cast(c, no)).toBe('governance/20')
    expect(state.broken()).toEqual([])
  })

  it('goes with the stake: who has left since says nothing', () => {
    const { state, step, propose, cast, proposal, wait } = world()
    const stake = { delegator: alice.id, operator: c.id, amount: 50n * POWER }
    expect(step((context) => delegate(state.ports, context, stake))).toBe('nothing')
    propose()
    expect(cast(alice, yes)).toBe('nothing')
    expect(step((context) => void undelegate(state.ports, context, stake))).toBe('nothing')
    // The same tokens can't come back in time under another name: they are leaving.
    expect(state.balance(mainHolder(alice.id))).toBeLessThan(stake.amount + 1_000_000_000n)
    expect(cast(alice, yes)).toBe('governance/22')
    wait(20n)
    expect(proposal()).toMatchObject({ status: STATUS.rejected, tally: { yes: '0', bonded: '60000000' } })
  })

  it('of a delegator goes before its validator’s', () => {
    const { state, step, propose, cast, proposal, wait } = world()
    step((context) =>
      delegate(state.ports, context, { delegator: alice.id, operator: c.id, amount: 5n * POWER }),
    )
    step((context) =>
      delegate(state.ports, context, { delegator: bob.id, operator: c.id, amount: 7n * POWER }),
    )
    propose()
    cast(c, yes)
    cast(bob, no)
    wait(20n)
    expect(proposal().tally).toMatchObject({ yes: '35000000', no: '7000000', bonded: '72000000' })
  })

  it('at the last second counts, after it does not', () => {
    const { state, propose, cast, proposal } = world()
    propose()
    const end = proposal().votingEndSeconds
    while (state.seconds < end - 2n) state.block()
    expect(cast(c, yes)).toBe('nothing')
    expect(state.seconds).toBe(end - 1n)
    expect(cast(b, no)).toBe('governance/20')
    expect(proposal().tally).toMatchObject({ yes: '30000000', no: '0' })
  })
})
