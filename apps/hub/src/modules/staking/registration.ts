// Validators: registration, what their operators may change, and the way out of jail.
import type { MsgCreateValidator, MsgEditValidator } from '@causeway/protocol/causeway/staking/v1/tx'
import type { Context } from '../../block/context.ts'
import { GAS } from '../../block/gas.ts'
import { bond, requireParams, requireValidator } from './bonding.ts'
import { errors } from './errors.ts'
import { emitValidator } from './events.ts'
import type { StakingPorts } from './ports.ts'
import {
  STAKING_STORE,
  consensusAddress,
  findValidator,
  hasBlsKey,
  operatorOf,
  writeKeys,
  writeValidator,
} from './state.ts'
import type { ValidatorRecord } from './state.ts'

/** Lengths of keys and of a proof of possession. */
export const KEY_BYTES = { consensusKey: 32, blsKey: 192, blsPossession: 96 } as const

/** What a moniker looks like. */
export const MONIKER = /^[\x20-\x7e]{1,64}$/

/** All basis points. */
export const BASIS_POINTS_MAX = 10_000

const COMMISSION_RISE_MAX_BPS = 100
const COMMISSION_PAUSE_SECONDS = 86_400n

/** A validator that has nothing bonded yet. */
export const NEW_VALIDATOR = {
  tokens: 0n,
  shares: 0n,
  rewardIndex: 0n,
  commission: 0n,
  jailed: false,
  jailedUntilSeconds: 0n,
  tombstoned: false,
  window: 0n,
  missed: 0,
} as const

type Keys = Pick<MsgCreateValidator, 'consensusKey' | 'blsKey' | 'blsPossession'>

/** Judges what a message says of a validator. Throws `staking/10`, `/13`, `/14`. */
export function validateCreation(message: MsgCreateValidator): void {
  for (const what of ['consensusKey', 'blsKey', 'blsPossession'] as const) {
    const bytes = message[what].length
    if (bytes !== KEY_BYTES[what]) throw errors.badKey({ what, bytes, expected: KEY_BYTES[what] })
  }
  if (!MONIKER.test(message.moniker)) throw errors.badMoniker()
  requireCommission(message.commissionBps)
}

/** Judges what a message changes. Throws `staking/13`, `staking/14`. */
export function validateEdition({ moniker, commissionBps }: MsgEditValidator): void {
  if (moniker !== '' && !MONIKER.test(moniker)) throw errors.badMoniker()
  if (commissionBps !== undefined) requireCommission(commissionBps)
}

/** Registers a validator with its operator's stake. Throws `staking/11`, `/12`, `/17`, `/22`, `/30`. */
export function createValidator(
  ports: StakingPorts,
  context: Context,
  operator: Uint8Array,
  given: Keys & { moniker: string; commissionBps: number; amount: bigint },
): void {
  const { bondMin, tokensPerPower } = requireParams(context)
  const store = context.store(STAKING_STORE)
  const min = bondMin > tokensPerPower ? bondMin : tokensPerPower
  if (given.amount < min) throw errors.tooLittle({ min })
  if (findValidator(store, operator) !== undefined) throw errors.operatorTaken()
  const { moniker, commissionBps } = given
  const keys = {
    consensusKey: given.consensusKey.slice(),
    blsKey: given.blsKey.slice(),
    blsPossession: given.blsPossession.slice(),
  }
  requireNewKeys(ports, context, operator, keys)
  const commissionTimeSeconds = context.timeSeconds
  const record = { ...NEW_VALIDATOR, ...keys, operator, moniker, commissionBps, commissionTimeSeconds }
  writeKeys(store, record)
  emitValidator(context, ports.addresses, operator, 'created')
  bond(ports, context, record, { delegator: operator, amount: given.amount })
}

/** Keys that nobody had before, the BLS key with its proof. Throws `staking/11`, `staking/12`. */
export function requireNewKeys(
  ports: StakingPorts,
  context: Context,
  operator: Uint8Array,
  { consensusKey, blsKey, blsPossession }: Keys,
): void {
  const store = context.store(STAKING_STORE)
  if (operatorOf(store, consensusAddress(consensusKey)) !== undefined)
    throw errors.keyTaken({ what: 'consensusKey' })
  if (hasBlsKey(store, blsKey)) throw errors.keyTaken({ what: 'blsKey' })
  context.gas.consume(GAS.possession)
  const claim = { chainId: context.chainId, operator, key: blsKey }
  if (!ports.verifyPossession(claim, blsPossession)) throw errors.badPossession()
}

/** Changes a name or a commission, or both; what is left out stays. Throws `staking/15`, `/16`, `/18`. */
export function editValidator(
  ports: StakingPorts,
  context: Context,
  operator: Uint8Array,
  { moniker, commissionBps }: Pick<MsgEditValidator, 'moniker' | 'commissionBps'>,
): void {
  const validator = requireValidator(ports, context, operator)
  const named = moniker === '' ? validator : { ...validator, moniker }
  writeValidator(context.store(STAKING_STORE), withCommission(context, named, commissionBps))
  emitValidator(context, ports.addresses, operator, 'edited')
}

/** Lets a validator back among the candidates of the next epoch. Throws `staking/18` – `staking/21`. */
export function unjail(ports: StakingPorts, context: Context, operator: Uint8Array): void {
  const validator = requireValidator(ports, context, operator)
  if (validator.tombstoned) throw errors.tombstoned()
  if (!validator.jailed) throw errors.notJailed()
  const untilSeconds = validator.jailedUntilSeconds
  if (context.timeSeconds < untilSeconds) throw errors.stillJailed({ untilSeconds })
  writeValidator(context.store(STAKING_STORE), { ...validator, jailed: false, jailedUntilSeconds: 0n })
  emitValidator(context, ports.addresses, operator, 'unjailed')
}

function withCommission(
  context: Context,
  validator: ValidatorRecord,
  commissionBps: number | undefined,
): ValidatorRecord {
  const present = validator.commissionBps
  if (commissionBps === undefined || commissionBps === present) return validator
  const nextSeconds = validator.commissionTimeSeconds + COMMISSION_PAUSE_SECONDS
  if (context.timeSeconds < nextSeconds) throw errors.commissionTooSoon({ nextSeconds })
  if (commissionBps > present + COMMISSION_RISE_MAX_BPS)
    throw errors.commissionLeaps({ present, max: COMMISSION_RISE_MAX_BPS })
  return { ...validator, commissionBps, commissionTimeSeconds: context.timeSeconds }
}

function requireCommission(commissionBps: number): void {
  if (commissionBps > BASIS_POINTS_MAX) throw errors.badCommission()
}
