// The state of `ibc` is exported key by key: it is what other chains prove, so nothing of it may be
// rephrased.
import { IBC_STORE_NAME, clientStatus, findCounterparty } from '@causeway/messaging'
import type { LightClientRegistry } from '@causeway/messaging'
import { compareBytes, fromHex, toHex } from '@causeway/primitives'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { invalidGenesis, parseGenesis } from '../../genesis/parse.ts'
import { clientIds, invariants } from './invariants.ts'

const hex = z.string().regex(/^([0-9a-f]{2})+$/, 'expected lower-case hex of at least one byte')
const schema = z
  .strictObject({ entries: z.array(z.strictObject({ key: hex, value: hex })).optional() })
  .optional()

/** Writes the entries, whose keys ascend, and makes sure that they can be used. Throws `genesis/2`. */
export function initGenesis(context: Context, state: unknown, lightClients: LightClientRegistry): void {
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
  for (const clientId of clientIds(store)) requireReadable(context, lightClients, clientId)
  const [broken] = invariants(context)
  if (broken !== undefined) throw invalidGenesis('ibc.entries', broken)
}

/** What a client stored can be read back: later, what can't be would halt the chain. */
function requireReadable(context: Context, lightClients: LightClientRegistry, clientId: string): void {
  const fail = (reason: string) => invalidGenesis('ibc.entries', `client ${clientId}: ${reason}`)
  let status: string
  try {
    findCounterparty(context.store(IBC_STORE_NAME), clientId)
    status = clientStatus(context.store(IBC_STORE_NAME), lightClients, clientId, context.timeNanoseconds)
  } catch (error) {
    throw fail((error as Error).message)
  }
  if (status === 'Unknown') throw fail('expected a client state')
  if (status === 'Unauthorized') throw fail('expected a type of client that this chain runs')
}

/** All entries, ascending. */
export function exportGenesis(context: ReadContext): unknown {
  const entries = [...context.store(IBC_STORE_NAME).iterate()]
  return { entries: entries.map(([key, value]) => ({ key: toHex(key), value: toHex(value) })) }
}
