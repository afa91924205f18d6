import type { Params } from '@causeway/protocol/causeway/insurance/v1/insurance'
import type { ReadContext } from '../../block/context.ts'
import { defineParameters, parametersSchema } from '../../block/parameters.ts'
import { INSURANCE_STORE, readParams, writeParams } from './state.ts'

const DAY_SECONDS = 86_400n

const BOUNDS = { pauseSecondsMax: { min: 0n, max: DAY_SECONDS } } as const

/** Reads the parameters of a genesis. */
export const paramsSchema = parametersSchema(BOUNDS)

/** A pause of a day at most. */
export const DEFAULT_PARAMS: Params = { pauseSecondsMax: DAY_SECONDS }

/** What governance may change. */
export const insuranceParameters = defineParameters(BOUNDS, {
  find: (context: ReadContext) => ({ ...readParams(context.store(INSURANCE_STORE)) }),
  write: (context, values) => writeParams(context.store(INSURANCE_STORE), values),
})
