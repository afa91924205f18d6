import { assert } from '@causeway/primitives'
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
import type { DelegationValue, UnbondingValue } from '@causeway/protocol/causeway/staking/v1/query'
import type { ReadContext } from '../../block/context.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import { requireValidator } from './bonding.ts'
import { worth } from './pool.ts'
import type { StakingPorts } from './ports.ts'
import { earned } from './rewards.ts'
import {
  STAKING_STORE,
  delegations,
  findStakingParams,
  findValidator,
  readEpochEnd,
  readParams,
  readSet,
  storedValidator,
  validators,
} from './state.ts'
import { entries, maturing, readPool } from './unbonding-state.ts'

const PAGE_DEFAULT = 100
const PAGE_MAX = 1_000

/** Parameters, validators, sets, and what accounts have bonded or wait for. */
export function queries(ports: StakingPorts): readonly QueryMethod[] {
  return [paramsQuery, setQuery, ...validatorQueries(ports), ...delegatorQueries(ports)]
}

const paramsQuery = defineQuery({
  path: '/causeway.staking.v1.Query/Params',
  requestTypeName: 'causeway.staking.v1.QueryParamsRequest',
  requestCodec: QueryParamsRequest,
  responseCodec: QueryParamsResponse,
  answer(context) {
    const store = context.store(STAKING_STORE)
    const params = findStakingParams(store)
    return { params, epochEnd: params === undefined ? 0n : readEpochEnd(store), height: context.height }
  },
})

const setQuery = defineQuery({
  path: '/causeway.staking.v1.Query/ValidatorSet',
  requestTypeName: 'causeway.staking.v1.QueryValidatorSetRequest',
  requestCodec: QueryValidatorSetRequest,
  responseCodec: QueryValidatorSetResponse,
  answer(context, { height }) {
    const store = context.store(STAKING_STORE)
    const { initialHeight } = readParams(store)
    const asked = height === 0n ? context.height + 1n : height
    return { set: readSet(store, asked < initialHeight ? initialHeight : asked), height: context.height }
  },
})

function validatorQueries(ports: StakingPorts): readonly QueryMethod[] {
  const { addresses } = ports
  return [
    defineQuery({
      path: '/causeway.staking.v1.Query/Validators',
      requestTypeName: 'causeway.staking.v1.QueryValidatorsRequest',
      requestCodec: QueryValidatorsRequest,
      responseCodec: QueryValidatorsResponse,
      answer(context, { afterOperator, limit }) {
        const after = afterOperator === '' ? undefined : addresses.decode(afterOperator)
        const page = take(validators(context.store(STAKING_STORE), after), limit)
        return { validators: page.map(storedValidator), height: context.height }
      },
    }),
    defineQuery({
      path: '/causeway.staking.v1.Query/Validator',
      requestTypeName: 'causeway.staking.v1.QueryValidatorRequest',
      requestCodec: QueryValidatorRequest,
      responseCodec: QueryValidatorResponse,
      answer(context, { operator }) {
        const validator = requireValidator(ports, context, addresses.decode(operator))
        return { validator: storedValidator(validator), height: context.height }
      },
    }),
  ]
}

function delegatorQueries(ports: StakingPorts): readonly QueryMethod[] {
  const { addresses } = ports
  return [
    defineQuery({
      path: '/causeway.staking.v1.Query/Delegations',
      requestTypeName: 'causeway.staking.v1.QueryDelegationsRequest',
      requestCodec: QueryDelegationsRequest,
      responseCodec: QueryDelegationsResponse,
      answer: (context, { delegator }) => ({
        delegations: delegationValues(ports, context, addresses.decode(delegator)),
        height: context.height,
      }),
    }),
    defineQuery({
      path: '/causeway.staking.v1.Query/Unbonding',
      requestTypeName: 'causeway.staking.v1.QueryUnbondingRequest',
      requestCodec: QueryUnbondingRequest,
      responseCodec: QueryUnbondingResponse,
      answer: (context, { delegator }) => ({
        unbonding: unbondingValues(ports, context, addresses.decode(delegator)),
        height: context.height,
      }),
    }),
  ]
}

function delegationValues(
  { addresses }: StakingPorts,
  context: ReadContext,
  delegator: Uint8Array,
): DelegationValue[] {
  const store = context.store(STAKING_STORE)
  return take(delegations(store, delegator), PAGE_MAX).map((held) => {
    const validator = findValidator(store, held.operator)
    assert(validator !== undefined, 'a delegation is with a validator')
    return {
      operator: addresses.encode(held.operator),
      shares: held.shares.toString(),
      amount: worth(validator, held.shares).toString(),
      rewards: earned(validator, held).toString(),
    }
  })
}

function unbondingValues(
  { addresses }: StakingPorts,
  context: ReadContext,
  delegator: Uint8Array,
): UnbondingValue[] {
  const store = context.store(STAKING_STORE)
  const waiting = take(entries(store, delegator), PAGE_MAX)
  if (waiting.length === 0) return []
  const times = new Map([...maturing(store)].map((due) => [due.releaseHeight, due.completionSeconds]))
  return waiting.map((entry) => ({
    operator: addresses.encode(entry.operator),
    amount: worth(readPool(store, entry), entry.shares).toString(),
    releaseHeight: entry.releaseHeight,
    completionTimeSeconds: times.get(entry.releaseHeight) ?? 0n,
  }))
}

function take<Item>(items: Iterable<Item>, asked: number): Item[] {
  const limit = asked === 0 ? PAGE_DEFAULT : Math.min(asked, PAGE_MAX)
  const taken: Item[] = []
  for (const item of items) {
    if (taken.length >= limit) break
    taken.push(item)
  }
  return taken
}
