// Slashing: the same part of everything that stood behind a validator at the infraction, bonded or leaving
// since, goes to the insurance fund.
import type { Context } from '../../block/context.ts'
import { emitSlashed, emitValidator } from './events.ts'
import { slashed } from './pool.ts'
import type { StakingPorts } from './ports.ts'
import { STAKING_STORE, findStakingParams, findValidator, markLeaving, writeValidator } from './state.ts'
import type { ValidatorRecord } from './state.ts'
import { pools, writePool } from './unbonding-state.ts'

/** What a validator has done, and when. */
export interface Infraction {
  readonly reason: 'duplicate vote' | 'light client attack' | 'false attestation' | 'downtime'
  readonly height: bigint
  readonly slashBps: bigint
}

/**
 * Takes a validator's part; gives the validator with what is left. Stake that came after the infraction pays
 * too: it chose the validator; stake that voted no more at the infraction does not, unless it is one that
 * light clients of older sets would have believed.
 */
export function slash(
  ports: StakingPorts,
  context: Context,
  validator: ValidatorRecord,
  { reason, height, slashBps }: Infraction,
): ValidatorRecord {
  const store = context.store(STAKING_STORE)
  const { operator } = validator
  const { pool, taken } = slashed(validator, slashBps)
  let amount = taken
  // A client that has not moved on believes an old set for whatever height: all that is not paid out answers.
  const releasedAfter = reason === 'false attestation' ? 0n : height
  for (const leaving of [...pools(store, operator, releasedAfter)]) {
    const { pool: rest, taken: part } = slashed(leaving, slashBps)
    writePool(store, leaving, { tokens: rest.tokens, shares: leaving.shares })
    amount += part
  }
  const left = { ...validator, tokens: pool.tokens }
  writeValidator(store, left)
  if (amount > 0n) ports.bank.move(context, ports.stakePool, ports.insuranceFund, amount)
  emitSlashed(context, ports.addresses, { operator, reason, amount, infractionHeight: height })
  return left
}

/**
 * Slashes for what no honest validator can do, and puts the validator out for ever: it leaves the set with
 * this block. False, and nothing happens, when it is out already or unknown: what it has done before counts
 * once.
 */
export function tombstone(
  ports: StakingPorts,
  context: Context,
  operator: Uint8Array,
  infraction: Infraction,
): boolean {
  const store = context.store(STAKING_STORE)
  const validator = findValidator(store, operator)
  if (validator === undefined || validator.tombstoned) return false
  const left = slash(ports, context, validator, infraction)
  writeValidator(store, { ...left, jailed: true, tombstoned: true })
  markLeaving(store, operator)
  emitValidator(context, ports.addresses, operator, 'jailed')
  return true
}

/** Slashes and tombstones for an attestation of what the chain never said; false when nothing happens. */
export function slashForFalseAttestation(
  ports: StakingPorts,
  context: Context,
  operator: Uint8Array,
  height: bigint,
): boolean {
  const params = findStakingParams(context.store(STAKING_STORE))
  if (params === undefined) return false
  const slashBps = params.attestationSlashBps
  return tombstone(ports, context, operator, { reason: 'false attestation', height, slashBps })
}
