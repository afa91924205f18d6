// Liquidation in app_state: absent, or parameters and the accounts under way.
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { parametersJson } from '../../block/parameters.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { DEFAULT_PARAMS, paramsSchema, readParams, writeParams } from './params.ts'
import {
  LIQUIDATION_STORE,
  PREFIX,
  freshAssets,
  liquidations,
  readHalt,
  readLiquidation,
  writeFreshSince,
  writeHalt,
  writeLiquidation,
} from './state.ts'

const signed = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,37})$/, 'expected whole micro-cash')
  .transform(BigInt)

const schema = z.strictObject({
  params: paramsSchema.partial().optional(),
  accounts: z
    .array(
      z.strictObject({
        holder: z.string(),
        stage: z.enum(['waiting', 'closing', 'auction', 'insolvent']),
        height: u64Text,
        timeSeconds: u64Text,
        stageSeconds: u64Text,
        closingBlocks: z.int().min(0).max(1_000),
        paidInE6: signed,
        underlying: u64Text,
        valueE6: signed,
        healthySeconds: u64Text,
        valuedHeight: u64Text,
        valuedSeconds: u64Text,
      }),
    )
    .optional(),
  fresh: z.array(z.strictObject({ asset: u64Text, sinceHeight: u64Text })).optional(),
  haltHeight: u64Text.optional(),
})

/** Writes the module's part of `app_state`. Throws `genesis/*`. */
export function initGenesis(context: Context, addresses: AddressCodec, state: unknown): void {
  if (state === undefined) return
  const { params = {}, accounts = [], fresh = [], haltHeight } = parseGenesis('liquidation', schema, state)
  const store = context.store(LIQUIDATION_STORE)
  const given = Object.entries(params).filter(([, value]) => value !== undefined)
  if (given.length > 0) writeParams(store, { ...DEFAULT_PARAMS, ...Object.fromEntries(given) })
  for (const { asset, sinceHeight } of fresh) writeFreshSince(store, asset, sinceHeight)
  if (haltHeight !== undefined) writeHalt(store, haltHeight)
  for (const [i, { holder: text, ...record }] of accounts.entries()) {
    const holder = addresses.decodeHolder(text)
    if (readLiquidation(store, holder) !== undefined)
      throw invalidGenesis(`liquidation.accounts.${i}.holder`, 'is named twice')
    writeLiquidation(store, holder, record)
  }
}

/**
 * The part of `app_state` that would make this state. The first block on it counts as one after a
 * halt: clocks start anew, and prices have to prove themselves.
 */
export function exportGenesis(context: ReadContext, addresses: AddressCodec) {
  const store = context.store(LIQUIDATION_STORE)
  const halt = readHalt(store)
  return {
    ...(store.has(PREFIX.params) && { params: parametersJson({ ...readParams(store) }) }),
    accounts: [...liquidations(store)].map(([holder, record]) => ({
      holder: addresses.encodeHolder(holder),
      stage: record.stage,
      height: `${record.height}`,
      timeSeconds: `${record.timeSeconds}`,
      stageSeconds: `${record.stageSeconds}`,
      closingBlocks: record.closingBlocks,
      paidInE6: `${record.paidInE6}`,
      underlying: `${record.underlying}`,
      valueE6: `${record.valueE6}`,
      healthySeconds: `${record.healthySeconds}`,
      valuedHeight: `${record.valuedHeight}`,
      valuedSeconds: `${record.valuedSeconds}`,
    })),
    fresh: freshAssets(store).map(([asset, since]) => ({ asset: `${asset}`, sinceHeight: `${since}` })),
    ...(halt !== undefined && { haltHeight: `${halt}` }),
  }
}
