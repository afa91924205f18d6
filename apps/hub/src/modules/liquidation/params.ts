import { Params } from '@causeway/protocol/causeway/liquidation/v1/liquidation'
import type { AuctionCurve } from '@causeway/margin'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { decodeOnce } from '../../decode-once.ts'
import { defineParameters, parametersSchema } from '../../block/parameters.ts'
import type { Parameters } from '../../block/parameters.ts'
import { LIQUIDATION_STORE, PREFIX } from './state.ts'

const DAY_SECONDS = 86_400n
const BPS = 10_000n

/** No vote can sell at once for nothing, or never. */
const BOUNDS = {
  closingBlocks: { min: 0n, max: 100n },
  closingAccounts: { min: 0n, max: 1_000n },
  startedMax: { min: 1n, max: 10_000n },
  valuedMax: { min: 10n, max: 100_000n },
  resolvedMax: { min: 1n, max: 1_000n },
  bidsMax: { min: 1n, max: 64n },
  sliceCapE6: { min: 1_000_000n, max: 10n ** 18n },
  feeBps: { min: 0n, max: 1_000n },
  bufferBps: { min: 0n, max: BPS },
  discountStartBps: { min: 5_000n, max: BPS },
  discountKneeBps: { min: 0n, max: BPS },
  fastSeconds: { min: 1n, max: DAY_SECONDS },
  slowSeconds: { min: 1n, max: DAY_SECONDS },
  insolventSeconds: { min: 1n, max: DAY_SECONDS },
  insolventShareBps: { min: 0n, max: BPS },
  freshBlocks: { min: 1n, max: 1_000n },
  haltSeconds: { min: 1n, max: DAY_SECONDS },
  recoveredSeconds: { min: 0n, max: DAY_SECONDS },
} as const

/** Reads the parameters of a genesis. */
export const paramsSchema = parametersSchema(BOUNDS)

/** The design's numbers; how much is done in a block is ours. */
export const DEFAULT_PARAMS: Params = {
  closingBlocks: 5n,
  closingAccounts: 8n,
  startedMax: 200n,
  valuedMax: 1_000n,
  resolvedMax: 32n,
  bidsMax: 16n,
  sliceCapE6: 5_000_000_000_000n,
  feeBps: 200n,
  bufferBps: 2_000n,
  discountStartBps: 9_800n,
  discountKneeBps: 8_000n,
  fastSeconds: 60n,
  slowSeconds: 540n,
  insolventSeconds: 120n,
  insolventShareBps: 2_500n,
  freshBlocks: 3n,
  haltSeconds: 30n,
  recoveredSeconds: 60n,
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

/** How prices fall. */
export function curveOf(params: Params): AuctionCurve {
  return {
    discountStart: Number(params.discountStartBps) / Number(BPS),
    discountKnee: Number(params.discountKneeBps) / Number(BPS),
    fastSeconds: Number(params.fastSeconds),
    slowSeconds: Number(params.slowSeconds),
    insolventSeconds: Number(params.insolventSeconds),
    insolventShare: Number(params.insolventShareBps) / Number(BPS),
  }
}

/** What governance may change. */
export const liquidationParameters: Parameters = defineParameters(BOUNDS, {
  find: (context) => ({ ...readParams(context.store(LIQUIDATION_STORE)) }),
  write: (context, values) => writeParams(context.store(LIQUIDATION_STORE), values),
})
