// Downtime: commits that a validator is not in are counted by windows of heights; nothing is written for
// those who are there.
import type { Params } from '@causeway/protocol/causeway/staking/v1/staking'
import type { CommitInfo } from '@causeway/protocol/tendermint/abci/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import { mulDivCeil } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { emitValidator } from './events.ts'
import type { StakingPorts } from './ports.ts'
import { slash } from './slashing.ts'
import { STAKING_STORE, findValidator, operatorOf, writeValidator } from './state.ts'

const BASIS_POINTS = 10_000n

/** Counts who is missing in the last commit; who misses too many of a window is slashed and jailed. */
export function countMissing(
  ports: StakingPorts,
  context: Context,
  params: Params,
  lastCommit: CommitInfo | undefined,
): void {
  for (const { validator, blockIdFlag } of lastCommit?.votes ?? []) {
    if (blockIdFlag !== BlockIDFlag.BLOCK_ID_FLAG_ABSENT) continue
    const operator = operatorOf(context.store(STAKING_STORE), validator?.address ?? new Uint8Array(0))
    if (operator !== undefined) countOne(ports, context, params, operator)
  }
}

function countOne(ports: StakingPorts, context: Context, params: Params, operator: Uint8Array): void {
  const store = context.store(STAKING_STORE)
  const validator = findValidator(store, operator)
  // A jailed one stays in the set until the epoch's end and can do nothing about it.
  if (validator === undefined || validator.jailed) return
  const window = context.height / params.signedWindowBlocks
  const missed = (validator.window === window ? validator.missed : 0) + 1
  const required = mulDivCeil(params.signedWindowBlocks, params.signedMinBps, BASIS_POINTS)
  if (BigInt(missed) <= params.signedWindowBlocks - required)
    return writeValidator(store, { ...validator, window, missed })
  const height = context.height - 1n
  const slashBps = params.downtimeSlashBps
  const left = slash(ports, context, validator, { reason: 'downtime', height, slashBps })
  const jailedUntilSeconds = context.timeSeconds + params.downtimeJailSeconds
  writeValidator(store, { ...left, jailed: true, jailedUntilSeconds, window, missed: 0 })
  emitValidator(context, ports.addresses, operator, 'jailed')
}
