import { parseDecimal } from '@causeway/primitives'
import {
  MsgCreateValidator,
  MsgCreateValidatorResponse,
  MsgDelegate,
  MsgDelegateResponse,
  MsgEditValidator,
  MsgEditValidatorResponse,
  MsgUndelegate,
  MsgUndelegateResponse,
  MsgUnjail,
  MsgUnjailResponse,
  MsgWithdrawRewards,
  MsgWithdrawRewardsResponse,
} from '@causeway/protocol/causeway/staking/v1/tx'
import type { Context } from '../../block/context.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import { delegate, requireValidator, undelegate } from './bonding.ts'
import { errors } from './errors.ts'
import type { StakingPorts } from './ports.ts'
import { createValidator, editValidator, unjail, validateCreation, validateEdition } from './registration.ts'
import { payCommission, payRewards } from './rewards.ts'
import { STAKING_STORE, findDelegation } from './state.ts'

/** What a delegator and an operator can ask for. */
export function messages(ports: StakingPorts): readonly MessageType[] {
  return [...operatorMessages(ports), ...delegatorMessages(ports)]
}

function operatorMessages(ports: StakingPorts): readonly MessageType[] {
  const { addresses } = ports
  return [
    defineMessage({
      typeName: 'causeway.staking.v1.MsgCreateValidator',
      codec: MsgCreateValidator,
      responseCodec: MsgCreateValidatorResponse,
      lane: 4,
      signer: ({ operator }) => addresses.decode(operator),
      validate: validateCreation,
      handle(context, message) {
        const amount = parseDecimal(message.amount, 'amount')
        createValidator(ports, context, addresses.decode(message.operator), { ...message, amount })
        return {}
      },
    }),
    defineMessage({
      typeName: 'causeway.staking.v1.MsgEditValidator',
      codec: MsgEditValidator,
      responseCodec: MsgEditValidatorResponse,
      lane: 4,
      signer: ({ operator }) => addresses.decode(operator),
      validate: validateEdition,
      handle(context, message) {
        editValidator(ports, context, addresses.decode(message.operator), message)
        return {}
      },
    }),
    defineMessage({
      typeName: 'causeway.staking.v1.MsgUnjail',
      codec: MsgUnjail,
      responseCodec: MsgUnjailResponse,
      lane: 4,
      signer: ({ operator }) => addresses.decode(operator),
      handle(context, { operator }) {
        unjail(ports, context, addresses.decode(operator))
        return {}
      },
    }),
  ]
}

function delegatorMessages(ports: StakingPorts): readonly MessageType[] {
  const { addresses } = ports
  const stakeOf = (message: MsgDelegate | MsgUndelegate) => ({
    delegator: addresses.decode(message.delegator),
    operator: addresses.decode(message.operator),
    amount: parseDecimal(message.amount, 'amount'),
  })
  return [
    defineMessage({
      typeName: 'causeway.staking.v1.MsgDelegate',
      codec: MsgDelegate,
      responseCodec: MsgDelegateResponse,
      lane: 4,
      signer: ({ delegator }) => addresses.decode(delegator),
      handle(context, message) {
        delegate(ports, context, stakeOf(message))
        return {}
      },
    }),
    defineMessage({
      typeName: 'causeway.staking.v1.MsgUndelegate',
      codec: MsgUndelegate,
      responseCodec: MsgUndelegateResponse,
      lane: 4,
      signer: ({ delegator }) => addresses.decode(delegator),
      handle: (context, message) => ({ releaseHeight: undelegate(ports, context, stakeOf(message)) }),
    }),
    defineMessage({
      typeName: 'causeway.staking.v1.MsgWithdrawRewards',
      codec: MsgWithdrawRewards,
      responseCodec: MsgWithdrawRewardsResponse,
      lane: 4,
      signer: ({ delegator }) => addresses.decode(delegator),
      handle(context, { delegator, operator }) {
        const names = { delegator: addresses.decode(delegator), operator: addresses.decode(operator) }
        return { amount: withdrawRewards(ports, context, names).toString() }
      },
    }),
  ]
}

function withdrawRewards(
  ports: StakingPorts,
  context: Context,
  { delegator, operator }: { delegator: Uint8Array; operator: Uint8Array },
): bigint {
  const validator = requireValidator(ports, context, operator)
  const isOperator = delegator.every((byte, i) => byte === operator[i])
  const delegation = findDelegation(context.store(STAKING_STORE), delegator, operator)
  if (delegation === undefined && !isOperator) throw errors.noDelegation()
  const commission = isOperator ? payCommission(ports, context, validator) : 0n
  if (delegation === undefined) return commission
  return commission + payRewards(ports, context, delegator, { validator, delegation })
}
