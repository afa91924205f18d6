import { Params } from '@causeway/protocol/causeway/vault/v1/vault'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { defineParameters, parametersSchema } from '../../block/parameters.ts'
import type { Parameters } from '../../block/parameters.ts'
import { decodeOnce } from '../../decode-once.ts'
import { PREFIX, VAULT_STORE } from './state.ts'

const HOUR_SECONDS = 3_600n
const DAY_SECONDS = 86_400n
const BPS = 10_000n
const E9 = 1_000_000_000n

/** The delay is what the worth of minutes is kept for; no vote makes it shorter than ten minutes. */
const BOUNDS = {
  enabled: { min: 0n, max: 1n },
  delaySeconds: { min: 600n, max: HOUR_SECONDS },
  lockSeconds: { min: 0n, max: 365n * DAY_SECONDS },
  leftBps: { min: 0n, max: 500n },
  lossBps: { min: 1n, max: BPS },
  depositMinE6: { min: 1_000_000n, max: 10n ** 15n },
  worthMaxE6: { min: 0n, max: 10n ** 18n },
  executedMax: { min: 1n, max: 1_000n },
  marketsMax: { min: 1n, max: 500n },
  turnBlocks: { min: 1n, max: 1_000n },
  spreadE9: { min: 0n, max: E9 / 10n },
  volatilitySpreadE9: { min: 0n, max: E9 },
  exposedSeconds: { min: 0n, max: HOUR_SECONDS },
  volatilityE9: { min: 0n, max: 100n * E9 },
  sizeBps: { min: 1n, max: BPS },
  deltaBps: { min: 0n, max: 10n * BPS },
  vegaBps: { min: 0n, max: BPS },
  marginBps: { min: 0n, max: BPS },
} as const

/** Reads the parameters of a genesis; what it leaves out is as by default. */
export const paramsSchema = parametersSchema(BOUNDS).partial()

/** Off. The design's numbers; those of the rule are what the simulation of docs/vault.md was run with. */
export const DEFAULT_PARAMS: Params = {
  enabled: 0n,
  delaySeconds: HOUR_SECONDS,
  lockSeconds: 4n * DAY_SECONDS,
  leftBps: 10n,
  lossBps: 300n,
  depositMinE6: 100_000_000n,
  worthMaxE6: 10n ** 13n,
  executedMax: 20n,
  marketsMax: 100n,
  turnBlocks: 10n,
  spreadE9: 300_000n,
  volatilitySpreadE9: 15_000_000n,
  exposedSeconds: 5n,
  volatilityE9: E9,
  sizeBps: 200n,
  deltaBps: 5_000n,
  vegaBps: 50n,
  marginBps: 5_000n,
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
export const vaultParameters: Parameters = defineParameters(BOUNDS, {
  find: (context) => ({ ...readParams(context.store(VAULT_STORE)) }),
  write: (context, values) => writeParams(context.store(VAULT_STORE), values),
})
