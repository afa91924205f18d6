import { isProtocolError } from '@causeway/primitives'
import type { ForeseenSignature, SignerFacts } from '../tx/signatures.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import { readContext } from './context.ts'
import type { ReadContext } from './context.ts'

/** What to check for a transaction before it is admitted; nothing when it can't be known or is known. */
export function foreseeSignature(chain: Chain, bytes: Uint8Array): ForeseenSignature | undefined {
  try {
    const transaction = chain.transactions.decode(bytes)
    const state = readContext(chain.latest, (name) => chain.check.store(name))
    const foreseen = foreseenFacts(chain, state, transaction)
    return foreseen && chain.signatures.foresee(transaction, foreseen.facts)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

/** The key and account that will judge a transaction, as far as the state tells now. */
export function foreseenFacts(
  chain: Chain,
  state: ReadContext,
  transaction: Transaction,
): { transaction: Transaction; facts: SignerFacts } | undefined {
  const account = chain.composition.authentication.findAccount(state, transaction.signer)
  if (account === undefined) return undefined
  const key = transaction.key ?? { type: account.keyType, bytes: account.publicKey }
  if (key.bytes.length === 0) return undefined
  return { transaction, facts: { key, chainId: chain.options.chainId, accountNumber: account.number } }
}
