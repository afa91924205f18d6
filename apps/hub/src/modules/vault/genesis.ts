// The vault in app_state: absent, parameters, or an export's entries.
import { compareBytes, fromHex, toHex } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { parametersJson } from '../../block/parameters.ts'
import { invalidGenesis, parseGenesis } from '../../genesis/parse.ts'
import { DEFAULT_PARAMS, paramsSchema, readParams, writeParams } from './params.ts'
import { PREFIX, VAULT_STORE, holdings, readQuotes, readTotals, requests, results, worths } from './state.ts'

const hexText = z.string().regex(/^([0-9a-f]{2})+$/, 'expected bytes in hex')
const ADDRESS_BYTES = 22

const schema = z
  .strictObject({
    params: paramsSchema.optional(),
    entries: z.array(z.strictObject({ key: hexText, value: hexText })).optional(),
  })
  .optional()

const EXPORTED: ReadonlySet<number> = new Set(
  Object.values(PREFIX)
    .map(([first]) => first!)
    .filter((first) => first !== PREFIX.params[0]),
)

/** Writes the module's part of `app_state`. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown): void {
  const { params = {}, entries = [] } = parseGenesis('vault', schema, state) ?? {}
  const store = context.store(VAULT_STORE)
  const given = Object.entries(params).filter(([, value]) => value !== undefined)
  if (given.length > 0) writeParams(store, { ...DEFAULT_PARAMS, ...Object.fromEntries(given) })
  let last: Uint8Array | undefined
  for (const [i, entry] of entries.entries()) {
    const [key, value] = [fromHex(entry.key), fromHex(entry.value)]
    if (last !== undefined && compareBytes(last, key) >= 0)
      throw invalidGenesis(`vault.entries.${i}.key`, 'keys ascend')
    if (!EXPORTED.has(key[0]!)) throw invalidGenesis(`vault.entries.${i}.key`, 'is not of an export')
    store.set(key, value)
    last = key
  }
  if (last !== undefined) judgeEntries(context)
}

/** The part of `app_state` that would make this state. */
export function exportGenesis(context: ReadContext): unknown {
  const store = context.store(VAULT_STORE)
  const params = store.has(PREFIX.params) ? { params: parametersJson({ ...readParams(store) }) } : {}
  const entries = [...store.iterate(PREFIX.totals)].map(([key, value]) => ({
    key: toHex(key),
    value: toHex(value),
  }))
  return { ...params, ...(entries.length > 0 && { entries }) }
}

/** What can't be read would stop the first block that comes upon it; sums are the invariants' to judge. */
function judgeEntries(context: ReadContext): void {
  const store = context.store(VAULT_STORE)
  const refuse = (reason: string) => invalidGenesis('vault.entries', reason)
  let shares = 0n
  try {
    for (const kind of ['minute', 'hour'] as const) Array.from(worths(store, kind))
    for (const kind of ['result', 'over'] as const) Array.from(results(store, kind))
    readQuotes(store)
    for (const [{ account }, holding] of holdings(store)) {
      if (account.length + 2 !== ADDRESS_BYTES || holding.shares < 0n) throw refuse('a holding is none')
      shares += holding.shares
    }
    for (const kind of ['deposit', 'withdrawal'] as const) {
      for (const { amount, isDeposit } of requests(store, kind)) {
        if (amount <= 0n || isDeposit !== (kind === 'deposit')) throw refuse('a request is none')
        if (!isDeposit) shares += amount
      }
    }
  } catch (error) {
    throw refuse((error as Error).message)
  }
  if (readTotals(store).shares !== shares) throw refuse('shares are not those of the holders')
}
