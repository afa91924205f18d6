import { Params } from '@causeway/protocol/causeway/markets/v1/markets'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { decodeOnce } from '../../decode-once.ts'
import type { Parameters } from '../../block/parameters.ts'
import { defineParameters, parametersSchema } from '../../block/parameters.ts'
import { MARKETS_STORE, PREFIX } from './state.ts'

const BOUNDS = {
  ordersMax: { min: 1n, max: 1_000n },
  positionsMax: { min: 1n, max: 1_000n },
  gainLockSeconds: { min: 0n, max: 86_400n },
  automaticListing: { min: 0n, max: 1n },
  settledMax: { min: 1n, max: 100_000n },
} as const

/** Reads the parameters of a genesis. */
export const paramsSchema = parametersSchema(BOUNDS)

/** 250 orders and 200 markets a subaccount, 10 minutes, listing by rule, 2,000 positions a block. */
export const DEFAULT_PARAMS: Params = {
  ordersMax: 250n,
  positionsMax: 200n,
  gainLockSeconds: 600n,
  automaticListing: 1n,
  settledMax: 2_000n,
}

const paramsOf = decodeOnce(Params.decode)

/** The parameters in force. */
export function readParams(store: KeyValueReader): Params {
  const bytes = store.get(PREFIX.params)
  return bytes === undefined ? DEFAULT_PARAMS : paramsOf(bytes)
}

/** Sets parameters. */
export function writeParams(store: KeyValueStore, params: Params): void {
  store.set(PREFIX.params, Params.encode(params).finish())
}

/** What governance may change. */
export const marketsParameters: Parameters = defineParameters(BOUNDS, {
  find: (context) => ({ ...readParams(context.store(MARKETS_STORE)) }),
  write: (context, values) => writeParams(context.store(MARKETS_STORE), values),
})
