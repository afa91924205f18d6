// What is leaving: released at its height, paid out after the unbonding time, some of it a block.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { emitUnbonded } from './events.ts'
import { withdraw, worth } from './pool.ts'
import { mainHolder } from './ports.ts'
import type { StakingPorts } from './ports.ts'
import { STAKING_STORE } from './state.ts'
import {
  deleteMaturing,
  maturing,
  payees,
  readEntryShares,
  readPool,
  setCompletion,
  unreleased,
  writeEntry,
  writePool,
} from './unbonding-state.ts'
import type { UnbondingKey } from './unbonding-state.ts'

/** Accounts that are paid in one block; the rest waits for the next. */
export const PAYOUTS_MAX = 100

/** Gives what votes no more the time at which it is paid out. */
export function releaseStake(context: Context, unbondingSeconds: bigint): void {
  const store = context.store(STAKING_STORE)
  for (const releaseHeight of unreleased(store, context.height))
    setCompletion(store, releaseHeight, context.timeSeconds + unbondingSeconds)
}

/** Pays out whose time has come. */
export function payOut(ports: StakingPorts, context: Context): void {
  const store = context.store(STAKING_STORE)
  let room = PAYOUTS_MAX
  for (const due of [...maturing(store, context.timeSeconds)]) {
    const next = []
    for (const payee of payees(store, due.releaseHeight)) {
      if (next.length === room) break
      next.push(payee)
    }
    for (const { operator, delegator } of next)
      payOne(ports, context, delegator, { operator, releaseHeight: due.releaseHeight })
    room -= next.length
    // With no room left, nobody knows whether somebody is left: the next block sees.
    if (room === 0) return
    deleteMaturing(store, due)
  }
}

function payOne(ports: StakingPorts, context: Context, delegator: Uint8Array, key: UnbondingKey): void {
  const store = context.store(STAKING_STORE)
  const shares = readEntryShares(store, delegator, key)
  const pool = readPool(store, key)
  const amount = worth(pool, shares)
  const { pool: rest, left } = withdraw(pool, shares, amount)
  assert(left === 0n, 'all of an entry is paid out')
  writePool(store, key, rest)
  writeEntry(store, { ...key, delegator, shares: 0n })
  if (amount === 0n) return
  ports.bank.move(context, ports.stakePool, mainHolder(delegator), amount)
  emitUnbonded(context, ports.addresses, { account: delegator, operator: key.operator, amount })
}
