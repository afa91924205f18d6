import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { parametersJson } from '../../block/parameters.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import { SUBACCOUNT_MAX } from '../../identifiers.ts'
import { DEFAULT_PARAMS, paramsSchema } from './params.ts'
import { INSURANCE_STORE, funds, readParams, readPause, writeFund, writeParams, writePause } from './state.ts'

const schema = z
  .strictObject({
    params: paramsSchema.optional(),
    /** Numbers of subaccounts, 1 and on, in any order. */
    funds: z
      .array(z.strictObject({ group: u64Text, subaccount: z.int().min(1).max(SUBACCOUNT_MAX) }))
      .max(SUBACCOUNT_MAX)
      .optional(),
    pause: z.strictObject({ sinceHeight: u64Text, sinceSeconds: u64Text }).optional(),
  })
  .optional()

/** Writes insurance's part of genesis. What funds have is cash's and the ledger's. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown): void {
  const genesis = parseGenesis('insurance', schema, state) ?? {}
  const store = context.store(INSURANCE_STORE)
  writeParams(store, genesis.params ?? DEFAULT_PARAMS)
  if (genesis.pause !== undefined) writePause(store, genesis.pause)
  const { funds: listed = [] } = genesis
  if (new Set(listed.map(({ group }) => group)).size < listed.length)
    throw invalidGenesis('insurance.funds', 'a group is named twice')
  const numbers = new Set(listed.map(({ subaccount }) => subaccount))
  if (numbers.size < listed.length || listed.some(({ subaccount }) => subaccount > listed.length))
    throw invalidGenesis('insurance.funds', 'subaccounts are not numbered one by one')
  for (const fund of listed) writeFund(store, fund)
}

/** Insurance's part of a genesis that would make this state. */
export function exportGenesis(context: ReadContext): unknown {
  const store = context.store(INSURANCE_STORE)
  const pause = readPause(store)
  return {
    params: parametersJson({ ...readParams(store) }),
    funds: funds(store).map(({ group, subaccount }) => ({ group: group.toString(), subaccount })),
    ...(pause !== undefined && {
      pause: {
        sinceHeight: pause.sinceHeight.toString(),
        sinceSeconds: pause.sinceSeconds.toString(),
      },
    }),
  }
}
