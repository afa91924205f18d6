import { isProtocolError } from '@causeway/primitives'
import { bytesKey } from '../bytes-key.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from '../block/chain.ts'
import type { ReadContext } from '../block/context.ts'
import { demanded } from './demanded.ts'
import { hashOf } from './transaction-hash.ts'

/**
 * What the next block has to contain, as far as it is here: in the state, among what waits, or among what
 * this node has named.
 */
export function availableDemands(
  chain: Chain,
  state: ReadContext,
  height: bigint,
  waiting: Iterable<Transaction>,
): Transaction[] {
  const { inclusion, limits } = chain.composition
  if (inclusion === undefined) return []
  const demands = demanded(state, height, limits)
  const lacking = new Set(
    demands.filter(({ bytes }) => bytes === undefined).map(({ record }) => bytesKey(record.name.hash)),
  )
  const found = new Map<string, Uint8Array>()
  if (lacking.size > 0)
    for (const transaction of waiting) {
      if (transaction.lane === 4) continue
      const key = bytesKey(hashOf(transaction))
      if (lacking.has(key)) found.set(key, transaction.bytes)
    }
  return demands.flatMap(({ record, bytes }) => {
    const { hash } = record.name
    const here = bytes ?? found.get(bytesKey(hash)) ?? inclusion.get(hash)
    return here === undefined ? [] : decoded(chain, here)
  })
}

function decoded(chain: Chain, bytes: Uint8Array): Transaction[] {
  try {
    return [chain.transactions.decode(bytes)]
  } catch (error) {
    if (isProtocolError(error)) return []
    throw error
  }
}
