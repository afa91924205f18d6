// Stake through transactions: validators that come, err and go, and what is asked about them.
import { toHex } from '@causeway/primitives'
import { QueryBalancesRequest, QueryBalancesResponse } from '@causeway/protocol/causeway/insurance/v1/query'
import {
  QueryParametersRequest,
  QueryParametersResponse,
  QueryParamsRequest as QueryRulesRequest,
  QueryParamsResponse as QueryRulesResponse,
  QueryProposalsRequest,
  QueryProposalsResponse,
  QueryVotesRequest,
  QueryVotesResponse,
} from '@causeway/protocol/causeway/governance/v1/query'
import {
  QueryDelegationsRequest,
  QueryDelegationsResponse,
  QueryParamsRequest,
  QueryParamsResponse,
  QueryUnbondingRequest,
  QueryUnbondingResponse,
  QueryValidatorRequest,
  QueryValidatorResponse,
  QueryValidatorSetRequest,
  QueryValidatorSetResponse,
  QueryValidatorsRequest,
  QueryValidatorsResponse,
} from '@causeway/protocol/causeway/staking/v1/query'
import { MisbehaviorType } from '@causeway/protocol/tendermint/abci/types'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from './block/inspect.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { POWER, blsKey, stakeMessage } from './testing/staked-hub.fixture.ts'

import {
  a,
  b,
  ballot,
  c,
  creation,
  d,
  listing,
  proposal,
  setUp,
  validators,
} from './testing/staked-driver.fixture.ts'
describe('a hub with stake', () => {
  it('takes in a validator, counts what it earns, and lets it go', () => {
    const { alice, driver, deliver, ask, hub } = setUp()
    expect(deliver(d, creation())).toBe('0')
    const stake = { delegator: alice.address, operator: d.address, amount: (5n * POWER).toString() }
    expect(deliver(alice, stakeMessage('staking.v1.MsgDelegate', stake))).toBe('0')
    while (driver.height < 6n) driver.block()
    expect(driver.setAt(driver.height).map(({ power }) => power)).toEqual([10n, 20n, 30n, 20n])
    const set = ask('staking.v1.Query/ValidatorSet', QueryValidatorSetRequest, QueryValidatorSetResponse, {
      height: 0n,
    }).set!.validators
    expect(set.map(({ power }) => power).sort()).toEqual([10n, 20n, 20n, 30n])
    const names = { delegator: alice.address, operator: d.address }
    expect(deliver(alice, stakeMessage('staking.v1.MsgWithdrawRewards', names))).toBe('0')
    while (driver.height < 8n) driver.block()
    const [held] = ask('staking.v1.Query/Delegations', QueryDelegationsRequest, QueryDelegationsResponse, {
      delegator: alice.address,
    }).delegations
    expect(held).toMatchObject({ operator: d.address, amount: '5000000' })
    expect(BigInt(held!.rewards)).toBeGreaterThan(0n)
    expect(deliver(alice, stakeMessage('staking.v1.MsgWithdrawRewards', names))).toBe('0')
    expect(
      deliver(a, stakeMessage('staking.v1.MsgWithdrawRewards', { ...names, delegator: a.address })),
    ).toBe('staking/32')
    const own = { delegator: d.address, operator: d.address }
    expect(deliver(d, stakeMessage('staking.v1.MsgWithdrawRewards', own))).toBe('0')
    expect(deliver(d, stakeMessage('staking.v1.MsgUndelegate', { ...own, amount: '15000000' }))).toBe('0')
    const waiting = ask('staking.v1.Query/Unbonding', QueryUnbondingRequest, QueryUnbondingResponse, {
      delegator: d.address,
    }).unbonding
    expect(waiting).toEqual([
      { operator: d.address, amount: '15000000', releaseHeight: 14n, completionTimeSeconds: 0n },
    ])
    while (driver.height < 14n) driver.block()
    expect(driver.setAt(driver.height).map(({ power }) => power)).toEqual([10n, 20n, 30n, 5n])
    const [released] = ask('staking.v1.Query/Unbonding', QueryUnbondingRequest, QueryUnbondingResponse, {
      delegator: d.address,
    }).unbonding
    expect(released!.completionTimeSeconds).toBe(driver.timeSeconds + 1_000_010n)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('refuses what others can not do for an operator, and bad keys, for their gas', () => {
    const { deliver, driver } = setUp()
    expect(deliver(c, creation({ operator: d.address }))).toBe('tx/8')
    expect(deliver(d, creation({ blsKey: blsKey('e', d.id).blsKey }))).toBe('staking/12')
    expect(deliver(d, creation({ amount: '1e6' }))).toBe('primitives/5')
    expect(deliver(d, creation({ ...blsKey('a', a.id) }))).toBe('staking/11')
    const cheap = { gasLimit: 900_000n, fee: [{ denom: 'ucway', amount: '75000' }] }
    driver.submit(d.sign([creation()], cheap))
    expect(codeOf(driver.block().txResults.at(-1))).toBe('tx/11')
    expect(deliver(d, creation())).toBe('0')
    const edit = { operator: d.address, moniker: 'other', commissionBps: 500 }
    expect(deliver(d, stakeMessage('staking.v1.MsgEditValidator', edit))).toBe('0')
    expect(deliver(d, stakeMessage('staking.v1.MsgUnjail', { operator: d.address }))).toBe('staking/20')
  })

  it('keeps a commission that an edition leaves out, and sets one that says 0', () => {
    const { deliver, driver, ask } = setUp()
    expect(deliver(d, creation())).toBe('0')
    const edit = (moniker: string, commissionBps?: number) =>
      deliver(d, stakeMessage('staking.v1.MsgEditValidator', { operator: d.address, moniker, commissionBps }))
    const shown = () => {
      const request = { operator: d.address }
      const { validator } = ask(
        'staking.v1.Query/Validator',
        QueryValidatorRequest,
        QueryValidatorResponse,
        request,
      )
      return [validator!.moniker, validator!.commissionBps]
    }
    expect(edit('renamed')).toBe('0')
    expect(shown()).toEqual(['renamed', 500])
    expect(edit('', 0)).toBe('staking/16')
    driver.block(86_400n)
    expect(edit('', 0)).toBe('0')
    expect(shown()).toEqual(['renamed', 0])
  })

  it('puts out who signed twice, and tells the engine', () => {
    const { driver, deliver, ask, hub } = setUp()
    const { address, power } = driver.setAt(driver.height)[0]!
    const misbehavior = [
      {
        type: MisbehaviorType.DUPLICATE_VOTE,
        validator: { address, power },
        height: driver.height,
        time: { seconds: driver.timeSeconds, nanos: 0 },
        totalVotingPower: 60n,
      },
    ]
    const response = driver.execute({ ...driver.proposal([]), misbehavior })
    expect(response.validatorUpdates).toEqual([{ pubKey: { ed25519: validators[0]!.publicKey }, power: 0n }])
    expect(response.events.map(({ type }) => type)).toContain('causeway.staking.v1.slashed')
    const { height } = driver
    driver.block()
    expect(driver.setAt(driver.height)).toHaveLength(3)
    driver.block()
    expect([driver.height, driver.setAt(driver.height).length]).toEqual([height + 2n, 2])
    const { validator } = ask('staking.v1.Query/Validator', QueryValidatorRequest, QueryValidatorResponse, {
      operator: a.address,
    })
    expect(validator).toMatchObject({ tombstoned: true, tokens: '9500000' })
    const fund = ask('insurance.v1.Query/Balances', QueryBalancesRequest, QueryBalancesResponse, {})
    expect(fund.balances).toEqual([{ asset: 1n, denom: 'ucway', amount: '5500000' }])
    expect(deliver(a, stakeMessage('staking.v1.MsgUnjail', { operator: a.address }))).toBe('staking/19')
    driver.block()
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('answers what wallets ask', () => {
    const { ask, deliver } = setUp()
    const { params, epochEnd } = ask('staking.v1.Query/Params', QueryParamsRequest, QueryParamsResponse, {})
    expect([params!.epochBlocks, epochEnd]).toEqual([4n, 4n])
    const page = (afterOperator: string, limit: number) =>
      ask('staking.v1.Query/Validators', QueryValidatorsRequest, QueryValidatorsResponse, {
        afterOperator,
        limit,
      }).validators
    const all = page('', 0)
    expect(all).toHaveLength(3)
    const first = [a, b, c].find(({ id }) => toHex(id) === toHex(all[0]!.operator))!
    expect(page(first.address, 1)).toEqual([all[1]])
    expect(deliver(a, proposal([listing()]))).toBe('0')
    expect(deliver(b, ballot(b, 1))).toBe('0')
    const rules = ask('governance.v1.Query/Params', QueryRulesRequest, QueryRulesResponse, {}).params
    expect(rules?.votingSeconds).toBe(20n)
    expect(
      ask('governance.v1.Query/Votes', QueryVotesRequest, QueryVotesResponse, {
        proposalId: 1n,
        afterVoter: '',
        limit: 0,
      }).votes,
    ).toEqual([{ voter: b.address, option: 1 }])
    const proposals = ask('governance.v1.Query/Proposals', QueryProposalsRequest, QueryProposalsResponse, {
      afterId: 0n,
      limit: 0,
    }).proposals
    expect(proposals.map(({ id, status }) => [id, status])).toEqual([[1n, 1]])
    const { parameters } = ask(
      'governance.v1.Query/Parameters',
      QueryParametersRequest,
      QueryParametersResponse,
      { module: 'staking' },
    )
    expect(parameters).toContainEqual({ name: 'epochBlocks', value: '4' })
  })
})
