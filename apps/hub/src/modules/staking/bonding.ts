// Bonding and leaving. What bonds counts from the next epoch on; what leaves votes until the epoch's end, so
// its unbonding time begins when it votes no more.
import { MAX_TOTAL_VOTING_POWER } from '@causeway/light-clients'
import type { Params } from '@causeway/protocol/causeway/staking/v1/staking'
import type { Context, ReadContext } from '../../block/context.ts'
import { errors } from './errors.ts'
import { emitBonded, emitUnbonding } from './events.ts'
import { VALIDATORS_LIMIT } from './params.ts'
import { deposit, withdraw, worth } from './pool.ts'
import { mainHolder } from './ports.ts'
import type { StakingPorts } from './ports.ts'
import { payRewards } from './rewards.ts'
import {
  STAKING_STORE,
  findDelegation,
  findStakingParams,
  findValidator,
  readEpochEnd,
  writeDelegation,
  writeValidator,
} from './state.ts'
import type { ValidatorRecord } from './state.ts'
import { markUnreleased, readEntryShares, readPool, writeEntry, writePool } from './unbonding-state.ts'

/**
 * The most power of one validator: even the largest set replaced by another as large stays within what
 * CometBFT allows (it adds before it removes).
 */
export const POWER_MAX = MAX_TOTAL_VOTING_POWER / (2n * VALIDATORS_LIMIT)

/** Heights from the end of an epoch to the first block that its changes sign. */
export const ROTATION_DELAY = 2n

/** Stake of one account with one validator. */
export interface Stake {
  readonly delegator: Uint8Array
  readonly operator: Uint8Array
  readonly amount: bigint
}

/** The rules of bonding. Throws `staking/22`. */
export function requireParams(context: Context): Params {
  const params = findStakingParams(context.store(STAKING_STORE))
  if (params === undefined) throw errors.notBonding()
  return params
}

/** The validator of an operator. Throws `staking/18`. */
export function requireValidator(
  ports: StakingPorts,
  context: ReadContext,
  operator: Uint8Array,
): ValidatorRecord {
  const validator = findValidator(context.store(STAKING_STORE), operator)
  if (validator === undefined) throw errors.unknownValidator({ operator: ports.addresses.encode(operator) })
  return validator
}

/** Bonds stake with a validator. Throws `staking/18`, `/19`, `/22`, `/30`, `/31`, `/35`, `ledger/5`. */
export function delegate(ports: StakingPorts, context: Context, stake: Stake): void {
  const params = requireParams(context)
  if (stake.amount < params.delegationMin) throw errors.tooLittle({ min: params.delegationMin })
  const validator = requireValidator(ports, context, stake.operator)
  if (validator.tombstoned) throw errors.tombstoned()
  bond(ports, context, validator, stake)
}

/** Bonds stake with a validator that may take it. Throws `staking/31`, `staking/35`, `ledger/5`. */
export function bond(
  ports: StakingPorts,
  context: Context,
  validator: ValidatorRecord,
  { delegator, amount }: Omit<Stake, 'operator'>,
): void {
  const store = context.store(STAKING_STORE)
  const { operator, rewardIndex } = validator
  const max = POWER_MAX * requireParams(context).tokensPerPower
  if (validator.tokens + amount > max) throw errors.tooMuch({ max })
  const held = findDelegation(store, delegator, operator) ?? { shares: 0n, rewardIndex }
  if (held.shares > 0n) payRewards(ports, context, delegator, { validator, delegation: held })
  const { pool, bought } = deposit(validator, amount)
  writeValidator(store, { ...validator, ...pool })
  writeDelegation(store, delegator, operator, { shares: held.shares + bought, rewardIndex })
  ports.delegationChanged(context, { delegator, operator, shares: bought })
  ports.bank.move(context, mainHolder(delegator), ports.stakePool, amount)
  ports.checkWithdrawal(context, mainHolder(delegator))
  emitBonded(context, ports.addresses, { account: delegator, operator, amount })
}

/**
 * Takes stake from a validator; it is paid out after the unbonding time, less what is slashed until then.
 * Gives the first height at which it votes no more. Throws `staking/18`, `/22`, `/30`, `/32`, `/33`, `/34`.
 */
export function undelegate(ports: StakingPorts, context: Context, stake: Stake): bigint {
  const { delegationMin } = requireParams(context)
  const { delegator, operator, amount } = stake
  if (amount === 0n) throw errors.tooLittle({ min: 1n })
  const store = context.store(STAKING_STORE)
  const validator = requireValidator(ports, context, operator)
  const held = findDelegation(store, delegator, operator)
  if (held === undefined) throw errors.noDelegation()
  payRewards(ports, context, delegator, { validator, delegation: held })
  const { pool, left } = withdraw(validator, held.shares, amount)
  if (left > 0n && worth(pool, left) < delegationMin) throw errors.leavesTooLittle({ min: delegationMin })
  writeValidator(store, { ...validator, ...pool })
  writeDelegation(store, delegator, operator, { shares: left, rewardIndex: validator.rewardIndex })
  ports.delegationChanged(context, { delegator, operator, shares: left - held.shares })
  const releaseHeight = readEpochEnd(store) + ROTATION_DELAY
  const key = { operator, releaseHeight }
  const { pool: leaving, bought } = deposit(readPool(store, key), amount)
  writePool(store, key, leaving)
  writeEntry(store, { ...key, delegator, shares: readEntryShares(store, delegator, key) + bought })
  markUnreleased(store, releaseHeight)
  emitUnbonding(context, ports.addresses, { account: delegator, operator, amount, releaseHeight })
  return releaseHeight
}
