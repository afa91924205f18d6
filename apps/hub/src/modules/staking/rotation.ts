// The set: powers change at an epoch's end; who is tombstoned leaves at once. What a block decides signs two
// heights later.
import { compareBytes, toHex } from '@causeway/primitives'
import type { Params, Validator } from '@causeway/protocol/causeway/staking/v1/staking'
import type { ValidatorUpdate } from '@causeway/protocol/tendermint/abci/types'
import type { Context, ReadContext } from '../../block/context.ts'
import { ROTATION_DELAY } from './bonding.ts'
import { emitRotation } from './events.ts'
import type { StakingPorts } from './ports.ts'
import { shareOutFees } from './rewards.ts'
import {
  STAKING_STORE,
  findStakingParams,
  isAmong,
  readEpochEnd,
  readSet,
  takeLeaving,
  validators,
  writeEpochEnd,
  writeSet,
} from './state.ts'

/** Ends the block for the set: gives the engine what changes. */
export function rotate(ports: StakingPorts, context: Context): ValidatorUpdate[] {
  const store = context.store(STAKING_STORE)
  const params = findStakingParams(store)
  if (params === undefined) return []
  const leaving = takeLeaving(store)
  const isEpochEnd = context.height >= readEpochEnd(store)
  if (isEpochEnd) {
    shareOutFees(ports, context, params.epochBlocks)
    writeEpochEnd(store, context.height + params.epochBlocks)
  }
  if (!isEpochEnd && leaving.length === 0) return []
  const present = readSet(store, context.height + ROTATION_DELAY).validators
  const next = isEpochEnd
    ? strongest(context, params)
    : present.filter(({ operator }) => !isAmong(operator, leaving))
  // Without a validator the chain would end: the last ones stay until somebody else has bonded.
  const updates = next.length === 0 ? [] : changes(present, next)
  if (updates.length === 0) return []
  const from = context.height + ROTATION_DELAY
  writeSet(store, from, { validators: next })
  emitRotation(context, from, next.length, updates.length)
  return updates
}

/** Who has most power among those that may sign: ties go to the lower operator. */
export function strongest(context: ReadContext, params: Params): Validator[] {
  const candidates: Validator[] = []
  for (const { operator, consensusKey, blsKey, jailed, tokens } of validators(context.store(STAKING_STORE))) {
    const power = tokens / params.tokensPerPower
    if (!jailed && power > 0n) candidates.push({ publicKey: consensusKey, power, operator, blsKey })
  }
  candidates.sort((a, b) =>
    a.power === b.power ? compareBytes(a.operator, b.operator) : a.power > b.power ? -1 : 1,
  )
  return candidates.slice(0, Number(params.validatorsMax))
}

/** What leads from one set to another: power 0 removes. Ascending by key. */
function changes(present: readonly Validator[], next: readonly Validator[]): ValidatorUpdate[] {
  const powers = new Map<string, { publicKey: Uint8Array; power: bigint }>()
  for (const { publicKey } of present) powers.set(toHex(publicKey), { publicKey, power: 0n })
  for (const { publicKey, power } of next) powers.set(toHex(publicKey), { publicKey, power })
  for (const { publicKey, power } of present)
    if (powers.get(toHex(publicKey))?.power === power) powers.delete(toHex(publicKey))
  return [...powers.values()]
    .sort((a, b) => compareBytes(a.publicKey, b.publicKey))
    .map(({ publicKey, power }) => ({ pubKey: { ed25519: publicKey }, power }))
}
