import { compareBytes, fromHex, toHex } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { parametersJson } from '../../block/parameters.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { grants } from './grants.ts'
import { history } from './history.ts'
import { invariants } from './invariants.ts'
import { listUnderlying } from './listing.ts'
import { DEFAULT_PARAMS, paramsSchema, readParams, writeParams } from './params.ts'
import type { MarketsPorts } from './ports.ts'
import { protections } from './protection.ts'
import { markVolatilities } from './quoted-volatility.ts'
import { settlementPrices } from './settlement-prices.ts'
import { MARKETS_STORE, PREFIX, underlyings } from './state.ts'

const grid = z.strictObject({ tickE9: u64Text, lotE9: u64Text })
const hexText = z.string().regex(/^([0-9a-f]{2})+$/, 'expected bytes in hex')

const schema = z
  .strictObject({
    params: paramsSchema.optional(),
    underlyings: z
      .array(
        z.strictObject({
          asset: u64Text,
          name: z.string(),
          tier: z.int().min(1).max(3),
          perpetual: grid.optional(),
          future: grid.optional(),
          option: grid.optional(),
          spot: grid.optional(),
          ownerCapE9: u64Text,
          openInterestCapE9: u64Text,
          openNotionalLowerE6: u64Text,
          openNotionalUpperE6: u64Text,
        }),
      )
      .max(1_000)
      .optional(),
    // From an export: the store as it was, parameters apart.
    entries: z.array(z.strictObject({ key: hexText, value: hexText })).optional(),
  })
  .optional()

/** First bytes of keys that an export has. */
const EXPORTED: ReadonlySet<number> = new Set(
  Object.values(PREFIX)
    .map(([first]) => first!)
    .filter((first) => first !== PREFIX.params[0] && first < PREFIX.newOrder[0]!),
)

/** Writes the member `markets` of a genesis: absent, parameters and underlyings, or an export. */
export function initGenesis(context: Context, ports: MarketsPorts, state: unknown): void {
  const genesis = parseGenesis('markets', schema, state)
  const store = context.store(MARKETS_STORE)
  writeParams(store, genesis?.params ?? DEFAULT_PARAMS)
  let last: Uint8Array | undefined
  for (const [i, entry] of (genesis?.entries ?? []).entries()) {
    const [key, value] = [fromHex(entry.key), fromHex(entry.value)]
    if (last !== undefined && compareBytes(last, key) >= 0)
      throw invalidGenesis(`markets.entries.${i}.key`, 'keys ascend')
    if (!EXPORTED.has(key[0]!)) throw invalidGenesis(`markets.entries.${i}.key`, 'is not of an export')
    store.set(key, value)
    last = key
  }
  if (last !== undefined) judgeEntries(context)
  for (const { perpetual, future, option, spot, ...rest } of genesis?.underlyings ?? [])
    listUnderlying(context, ports, { ...rest, perpetual, future, option, spot })
}

/** What can't be read, or contradicts itself, would stop the first block that comes upon it. */
function judgeEntries(context: ReadContext): void {
  const store = context.store(MARKETS_STORE)
  let broken: string | undefined
  try {
    for (const all of [
      ...[underlyings(store), protections(store), grants(store)],
      ...[settlementPrices(store), markVolatilities(context)],
    ])
      Array.from<unknown>(all)
    for (const { asset } of underlyings(store)) history(store, asset)
    broken = invariants(context, undefined)[0]
  } catch (error) {
    throw invalidGenesis('markets.entries', (error as Error).message)
  }
  if (broken !== undefined) throw invalidGenesis('markets.entries', broken)
}

/** The member `markets` that would make this state. */
export function exportGenesis(context: ReadContext): unknown {
  const store = context.store(MARKETS_STORE)
  const entries = [...store.iterate(PREFIX.market, PREFIX.newOrder)]
  return {
    params: parametersJson({ ...readParams(store) }),
    entries: entries
      .filter(([key]) => key[0] !== PREFIX.params[0])
      .map(([key, value]) => ({ key: toHex(key), value: toHex(value) })),
  }
}
