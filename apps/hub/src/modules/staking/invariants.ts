import { toHex } from '@causeway/primitives'
import type { ReadContext } from '../../block/context.ts'
import type { StakingPorts } from './ports.ts'
import { earned } from './rewards.ts'
import {
  STAKING_STORE,
  delegations,
  findStakingParams,
  findValidator,
  readParams,
  readSet,
  setHeights,
  validators,
} from './state.ts'
import { entries, pools } from './unbonding-state.ts'

/** What must hold of sets and stake; one sentence for each breach. */
export function invariants(context: ReadContext, ports: StakingPorts | undefined): readonly string[] {
  const broken = brokenSets(context)
  const isBonding = findStakingParams(context.store(STAKING_STORE)) !== undefined
  if (ports === undefined || !isBonding) return broken
  return [...broken, ...brokenShares(context), ...brokenPools(context, ports)]
}

function brokenSets(context: ReadContext): string[] {
  const store = context.store(STAKING_STORE)
  const broken: string[] = []
  const { initialHeight } = readParams(store)
  if (!setHeights(store).includes(initialHeight))
    broken.push(`staking: no validator set from height ${initialHeight}`)
  const set = readSet(store, context.height < initialHeight ? initialHeight : context.height).validators
  if (set.some(({ power }) => power <= 0n)) broken.push('staking: a validator without power')
  return broken
}

/** Shares are those that somebody has. */
function brokenShares(context: ReadContext): string[] {
  const store = context.store(STAKING_STORE)
  const broken: string[] = []
  const add = (sums: Map<string, bigint>, key: string, shares: bigint) =>
    sums.set(key, (sums.get(key) ?? 0n) + shares)
  const bonded = new Map<string, bigint>()
  for (const { operator, shares } of delegations(store)) add(bonded, toHex(operator), shares)
  for (const { operator, shares } of validators(store)) {
    const held = bonded.get(toHex(operator)) ?? 0n
    if (held !== shares) broken.push(`staking: ${held} shares held of ${shares} of ${toHex(operator)}`)
  }
  const leaving = new Map<string, bigint>()
  for (const entry of entries(store))
    add(leaving, `${toHex(entry.operator)} at ${entry.releaseHeight}`, entry.shares)
  for (const { operator, releaseHeight, shares } of pools(store)) {
    const key = `${toHex(operator)} at ${releaseHeight}`
    if (leaving.get(key) !== shares)
      broken.push(`staking: ${leaving.get(key) ?? 0n} shares held of ${shares} leaving ${key}`)
    leaving.delete(key)
  }
  for (const key of leaving.keys()) broken.push(`staking: shares of nothing that leaves ${key}`)
  return broken
}

/** The pools hold what is owed. */
function brokenPools(context: ReadContext, ports: StakingPorts): string[] {
  const { stake, rewards } = owed(context)
  const held = (holder: StakingPorts['stakePool']) => ports.bank.balance(context, holder)
  const broken: string[] = []
  if (held(ports.stakePool) < stake)
    broken.push(`staking: ${stake} are staked, ${held(ports.stakePool)} held`)
  if (held(ports.rewardPool) < rewards)
    broken.push(`staking: ${rewards} of rewards are owed, ${held(ports.rewardPool)} held`)
  return broken
}

/** Stake, bonded or leaving, and rewards that were not withdrawn yet. */
export function owed(context: ReadContext): { readonly stake: bigint; readonly rewards: bigint } {
  const store = context.store(STAKING_STORE)
  let [stake, rewards] = [0n, 0n]
  for (const { tokens, commission } of validators(store)) {
    stake += tokens
    rewards += commission
  }
  for (const { tokens } of pools(store)) stake += tokens
  for (const held of delegations(store)) {
    const validator = findValidator(store, held.operator)
    if (validator !== undefined) rewards += earned(validator, held)
  }
  return { stake, rewards }
}
