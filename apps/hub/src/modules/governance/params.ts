// The rules of votes: bounds, and where they lie.
import { defineParameters, parametersSchema } from '../../block/parameters.ts'
import { GOVERNANCE_STORE, findParams, writeParams } from './state.ts'

const DAY_SECONDS = 86_400n
const BASIS_POINTS = 10_000n

/** What each parameter may be: no vote can make the next ones free, silent or for ever. */
export const GOVERNANCE_BOUNDS = {
  deposit: { min: 1n, max: 10n ** 15n },
  votingSeconds: { min: 10n, max: 30n * DAY_SECONDS },
  timelockSeconds: { min: 1n, max: 30n * DAY_SECONDS },
  quorumBps: { min: 1_000n, max: BASIS_POINTS },
  thresholdBps: { min: 5_000n, max: 9_000n },
  vetoBps: { min: 1_000n, max: 5_000n },
  openMax: { min: 1n, max: 256n },
  trustingSecondsMax: { min: 60n, max: 365n * DAY_SECONDS },
} as const

/** Reads the parameters of a genesis. */
export const governanceParamsSchema = parametersSchema(GOVERNANCE_BOUNDS)

/** What governance may change of itself. */
export const governanceParameters = defineParameters(GOVERNANCE_BOUNDS, {
  find: (context) => findParams(context.store(GOVERNANCE_STORE)),
  write: (context, values) => writeParams(context.store(GOVERNANCE_STORE), values),
})
