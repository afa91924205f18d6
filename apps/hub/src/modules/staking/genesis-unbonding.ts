// What is leaving, in a genesis.
import type { KeyValueReader } from '@causeway/state-tree'
import { z } from 'zod'
import type { Context } from '../../block/context.ts'
import { amountText, invalidGenesis, u64Text } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { STAKING_STORE, findValidator } from './state.ts'
import {
  entries,
  markUnreleased,
  maturing,
  pools,
  readEntryShares,
  readPool,
  setCompletion,
  writeEntry,
  writePool,
} from './unbonding-state.ts'

/** The members about what is leaving. */
export const unbondingSchema = {
  unbonding: z
    .array(
      z.strictObject({
        operator: z.string(),
        releaseHeight: u64Text,
        tokens: amountText,
        entries: z.array(z.strictObject({ delegator: z.string(), shares: amountText })).min(1),
      }),
    )
    .optional(),
  released: z.array(z.strictObject({ releaseHeight: u64Text, completionSeconds: u64Text })).optional(),
}

type UnbondingGenesis = z.output<z.ZodObject<typeof unbondingSchema>>

/** Writes what is leaving. Throws `genesis/2`. */
export function initUnbonding(
  context: Context,
  { unbonding = [], released = [] }: UnbondingGenesis,
  decode: (text: string, path: string) => Uint8Array,
): void {
  const store = context.store(STAKING_STORE)
  for (const [i, { operator: text, releaseHeight, tokens, entries: list }] of unbonding.entries()) {
    const path = `staking.unbonding.${i}`
    const operator = decode(text, `${path}.operator`)
    if (findValidator(store, operator) === undefined)
      throw invalidGenesis(`${path}.operator`, 'is no validator')
    const key = { operator, releaseHeight }
    if (readPool(store, key).shares > 0n) throw invalidGenesis(path, 'is named twice')
    for (const [k, { delegator: name, shares }] of list.entries()) {
      const delegator = decode(name, `${path}.entries.${k}.delegator`)
      if (readEntryShares(store, delegator, key) > 0n)
        throw invalidGenesis(`${path}.entries.${k}.delegator`, 'is named twice')
      if (shares === 0n) throw invalidGenesis(`${path}.entries.${k}.shares`, 'is zero')
      writeEntry(store, { ...key, delegator, shares })
    }
    writePool(store, key, { tokens, shares: list.reduce((sum, { shares }) => sum + shares, 0n) })
    markUnreleased(store, releaseHeight)
  }
  const open = new Set(unbonding.map(({ releaseHeight }) => releaseHeight))
  for (const [i, { releaseHeight, completionSeconds }] of released.entries()) {
    if (!open.delete(releaseHeight))
      throw invalidGenesis(
        `staking.released.${i}`,
        'nothing was released at this height, or it is named twice',
      )
    setCompletion(store, releaseHeight, completionSeconds)
  }
}

/** The members that would make this state. */
export function unbondingJson(store: KeyValueReader, addresses: AddressCodec) {
  const all = [...entries(store)]
  return {
    unbonding: [...pools(store)].map(({ operator, releaseHeight, tokens }) => ({
      operator: addresses.encode(operator),
      releaseHeight: releaseHeight.toString(),
      tokens: tokens.toString(),
      entries: all
        .filter((entry) => entry.releaseHeight === releaseHeight && isSame(entry.operator, operator))
        .map(({ delegator, shares }) => ({
          delegator: addresses.encode(delegator),
          shares: shares.toString(),
        })),
    })),
    released: [...maturing(store)].map(({ releaseHeight, completionSeconds }) => ({
      releaseHeight: releaseHeight.toString(),
      completionSeconds: completionSeconds.toString(),
    })),
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i])
}
