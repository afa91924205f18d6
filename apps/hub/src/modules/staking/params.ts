// The rules of bonding: bounds, and where they lie.
import type { Parameters } from '../../block/parameters.ts'
import { defineParameters, parametersSchema } from '../../block/parameters.ts'
import type { ReadContext } from '../../block/context.ts'
import { errors } from './errors.ts'
import { STAKING_STORE, findStakingParams, trusts, writeStakingParams } from './state.ts'

const BASIS_POINTS = 10_000n
const DAY_SECONDS = 86_400n
const WHOLE_TOKENS_MAX = 10n ** 15n

/** Sets that CometBFT can carry; see `POWER_MAX`. */
export const VALIDATORS_LIMIT = 1_000n

/** What each parameter may be. Slashes have a floor, so that no vote makes lying free. */
export const STAKING_BOUNDS = {
  epochBlocks: { min: 1n, max: 1_000_000n },
  unbondingSeconds: { min: 60n, max: 365n * DAY_SECONDS },
  validatorsMax: { min: 1n, max: VALIDATORS_LIMIT },
  tokensPerPower: { min: 1n, max: 10n ** 12n, isFixed: true },
  delegationMin: { min: 1n, max: WHOLE_TOKENS_MAX },
  bondMin: { min: 1n, max: WHOLE_TOKENS_MAX },
  equivocationSlashBps: { min: 1n, max: BASIS_POINTS },
  attestationSlashBps: { min: 1n, max: BASIS_POINTS },
  downtimeSlashBps: { min: 0n, max: BASIS_POINTS },
  downtimeJailSeconds: { min: 1n, max: 30n * DAY_SECONDS },
  signedWindowBlocks: { min: 10n, max: 1_000_000n },
  signedMinBps: { min: 1n, max: 9_000n },
} as const

/** Reads the parameters of a genesis. */
export const stakingParamsSchema = parametersSchema(STAKING_BOUNDS)

/** What governance may change. */
export const stakingParameters: Parameters = defineParameters(STAKING_BOUNDS, {
  find: (context) => findStakingParams(context.store(STAKING_STORE)),
  write: (context, values) => writeStakingParams(context.store(STAKING_STORE), values),
  judge(context, { unbondingSeconds }) {
    const current = findStakingParams(context.store(STAKING_STORE))?.unbondingSeconds ?? 0n
    if (unbondingSeconds >= current) return
    // Whoever forged a header has to be slashable for as long as somebody trusts it.
    const min = longestTrust(context)
    if (unbondingSeconds <= min) throw errors.unbondingTooShort({ min })
  },
})

/** The longest that a client of a listed line trusts a header, in seconds; 0 without such a client. */
function longestTrust(context: ReadContext): bigint {
  let longest = 0n
  for (const { seconds } of trusts(context.store(STAKING_STORE))) if (seconds > longest) longest = seconds
  return longest
}
