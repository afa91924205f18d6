import type { Parameters } from '../../block/parameters.ts'
import { defineParameters, parametersSchema } from '../../block/parameters.ts'
import type { ReadContext } from '../../block/context.ts'
import type { Params } from '@causeway/protocol/causeway/preview/v1/preview'
import { PREVIEW_STORE, readParams, writeParams } from './state.ts'

const BASIS_POINTS = 10_000n

const BOUNDS = {
  lineCapE6: { min: 0n, max: 10n ** 18n },
  insuranceShareBps: { min: 0n, max: BASIS_POINTS },
  countedBps: { min: 0n, max: BASIS_POINTS },
  lifetimeSeconds: { min: 60n, max: 7_200n },
} as const

/** Reads the parameters of a genesis. */
export const paramsSchema = parametersSchema(BOUNDS)

/** 100,000 cash a line, a quarter of insurance, half of the haircut value, half an hour. */
export const DEFAULT_PARAMS: Params = {
  lineCapE6: 100_000_000_000n,
  insuranceShareBps: 2_500n,
  countedBps: 5_000n,
  lifetimeSeconds: 1_800n,
}

/** What governance may change. */
export const previewParameters: Parameters = defineParameters(BOUNDS, {
  find: (context: ReadContext) => ({ ...readParams(context.store(PREVIEW_STORE)) }),
  write: (context, values) => writeParams(context.store(PREVIEW_STORE), values),
})
