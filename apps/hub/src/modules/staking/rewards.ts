// Rewards: at an epoch's end the fees in the native token are shared out by power. A validator's index says
// what one share has earned since its registration, so paying somebody costs the same however many there
// are.
import { toHex } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { emitRewards } from './events.ts'
import { mainHolder } from './ports.ts'
import type { StakingPorts } from './ports.ts'
import {
  STAKING_STORE,
  consensusAddress,
  findValidator,
  readSet,
  writeDelegation,
  writeValidator,
} from './state.ts'
import type { DelegationRecord, ValidatorRecord } from './state.ts'

const INDEX_BITS = 64n
const BASIS_POINTS = 10_000n

/**
 * Shares the fees out among the set that signs this height. Who proposed blocks without what they had to
 * contain gets so much less as these blocks have earned. That, and what rounding leaves, stays for the next
 * time.
 */
export function shareOutFees(ports: StakingPorts, context: Context, epochBlocks: bigint): void {
  const forfeits = ports.takeForfeits?.(context)
  const store = context.store(STAKING_STORE)
  const fees = ports.bank.balance(context, ports.feeCollector)
  if (fees === 0n) return
  const { validators } = readSet(store, context.height)
  const total = validators.reduce((sum, { power }) => sum + power, 0n)
  let given = 0n
  for (const { operator, power, publicKey } of validators) {
    const record = findValidator(store, operator)
    if (record === undefined || record.tombstoned || record.shares === 0n) continue
    const share = (fees * power) / total
    const forfeited = (fees * (forfeits?.get(toHex(consensusAddress(publicKey))) ?? 0n)) / epochBlocks
    const part = forfeited < share ? share - forfeited : 0n
    const commission = (part * BigInt(record.commissionBps)) / BASIS_POINTS
    writeValidator(store, {
      ...record,
      commission: record.commission + commission,
      rewardIndex: record.rewardIndex + ((part - commission) << INDEX_BITS) / record.shares,
    })
    given += part
  }
  if (given > 0n) ports.bank.move(context, ports.feeCollector, ports.rewardPool, given)
}

/** What a delegation has earned since it was last paid, rounded down. */
export function earned(validator: ValidatorRecord, delegation: DelegationRecord): bigint {
  return (delegation.shares * (validator.rewardIndex - delegation.rewardIndex)) >> INDEX_BITS
}

/** Pays a delegation what it has earned; gives the amount. */
export function payRewards(
  ports: StakingPorts,
  context: Context,
  delegator: Uint8Array,
  { validator, delegation }: { validator: ValidatorRecord; delegation: DelegationRecord },
): bigint {
  const amount = earned(validator, delegation)
  const { rewardIndex, operator } = validator
  writeDelegation(context.store(STAKING_STORE), delegator, operator, { ...delegation, rewardIndex })
  pay(ports, context, delegator, validator, amount)
  return amount
}

/** Pays an operator its commission; gives the amount. */
export function payCommission(ports: StakingPorts, context: Context, validator: ValidatorRecord): bigint {
  const { commission, operator } = validator
  writeValidator(context.store(STAKING_STORE), { ...validator, commission: 0n })
  pay(ports, context, operator, validator, commission)
  return commission
}

function pay(
  ports: StakingPorts,
  context: Context,
  account: Uint8Array,
  { operator }: ValidatorRecord,
  amount: bigint,
): void {
  if (amount === 0n) return
  ports.bank.move(context, ports.rewardPool, mainHolder(account), amount)
  emitRewards(context, ports.addresses, { account, operator, amount })
}
