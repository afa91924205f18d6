// The state of `ibc` is exported key by key: it is what other chains prove, so nothing of it may be
// rephrased.
import { IBC_STORE_NAME } from '@causeway/messaging'
import { compareBytes, fromHex, toHex } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { invalidGenesis, parseGenesis } from '../../genesis/parse.ts'

const hex = z.string().regex(/^([0-9a-f]{2})+$/, 'expected lower-case hex of at least one byte')
const schema = z
  .strictObject({ entries: z.array(z.strictObject({ key: hex, value: hex })).optional() })
  .optional()

/** Writes the entries, whose keys ascend. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown): void {
  const store = context.store(IBC_STORE_NAME)
  let previous: Uint8Array | undefined
  for (const [i, entry] of (parseGenesis('ibc', schema, state)?.entries ?? []).entries()) {
    const key = fromHex(entry.key)
    if (previous !== undefined && compareBytes(previous, key) >= 0) {
      throw invalidGenesis(`ibc.entries.${i}.key`, 'is not above the one before')
    }
    store.set(key, fromHex(entry.value))
    previous = key
  }
}

/** All entries, ascending. */
export function exportGenesis(context: ReadContext): unknown {
  const entries = [...context.store(IBC_STORE_NAME).iterate()]
  return { entries: entries.map(([key, value]) => ({ key: toHex(key), value: toHex(value) })) }
}
