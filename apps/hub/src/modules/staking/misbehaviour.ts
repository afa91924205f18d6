// Evidence of the engine, which its validators have verified and agreed on.
import { toHexUpper } from '@causeway/primitives'
import { toNanoseconds } from '@causeway/light-clients'
import type { Params } from '@causeway/protocol/causeway/staking/v1/staking'
import { MisbehaviorType } from '@causeway/protocol/tendermint/abci/types'
import type { Misbehavior } from '@causeway/protocol/tendermint/abci/types'
import type { Context } from '../../block/context.ts'
import { emitEvidenceIgnored } from './events.ts'
import type { StakingPorts } from './ports.ts'
import { tombstone } from './slashing.ts'
import { STAKING_STORE, operatorOf } from './state.ts'

const NANOSECONDS_PER_SECOND = 1_000_000_000n
const REASONS = new Map([
  [MisbehaviorType.DUPLICATE_VOTE as number, 'duplicate vote' as const],
  [MisbehaviorType.LIGHT_CLIENT_ATTACK as number, 'light client attack' as const],
])

/** Judges pieces of evidence: what is too old, unknown or a repetition changes nothing, and halts nobody. */
export function judgeMisbehaviour(
  ports: StakingPorts,
  context: Context,
  params: Params,
  pieces: readonly Misbehavior[],
): void {
  for (const piece of pieces) {
    const ignored = judge(ports, context, params, piece)
    if (ignored !== undefined)
      emitEvidenceIgnored(context, toHexUpper(piece.validator?.address ?? new Uint8Array(0)), ignored)
  }
}

/** Slashes, or says why not. */
function judge(
  ports: StakingPorts,
  context: Context,
  params: Params,
  { type, validator, height, time }: Misbehavior,
): string | undefined {
  const reason = REASONS.get(type)
  if (reason === undefined) return 'unknown type'
  if (height < 0n || height >= context.height) return 'of the future'
  // Older stake may have left with all it had.
  const ageNanoseconds = context.timeNanoseconds - toNanoseconds(time)
  if (ageNanoseconds > params.unbondingSeconds * NANOSECONDS_PER_SECOND) return 'too old'
  const operator = operatorOf(context.store(STAKING_STORE), validator?.address ?? new Uint8Array(0))
  if (operator === undefined) return 'unknown validator'
  const infraction = { reason, height, slashBps: params.equivocationSlashBps }
  return tombstone(ports, context, operator, infraction) ? undefined : 'tombstoned before'
}
