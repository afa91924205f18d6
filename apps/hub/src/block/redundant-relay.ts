// Two relayers carry one packet: the second shall not pay. Spec: ibc-go v10 `RedundantRelayDecorator`.
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import type { Relay } from './composition.ts'
import { readContext } from './context.ts'
import { priorities } from './priority.ts'

/**
 * The packets that a transaction relays, when it does nothing else. Nothing for a transaction with any other
 * message, and for one that only brings a client up to date.
 */
export function relaysOf(chain: Pick<Chain, 'composition'>, transaction: Transaction): readonly Relay[] {
  if (transaction.lane !== 1) return []
  const relays: Relay[] = []
  for (const action of transaction.actions) {
    const relay = chain.composition.relayOf(action)
    if (relay === undefined) return []
    if (relay !== 'none') relays.push(relay)
  }
  return relays
}

/**
 * Whether every packet of a transaction has ended, or is under way at no lower price in a waiting transaction
 * whose messages hold good.
 *
 * DIFFERS FROM SPEC: ibc-go runs the messages of every relay, unpaid, before it admits it. Here the waiting
 * transaction is tried, and only when a second one comes: forged packets keep nobody's out, and cost who
 * sends them.
 */
export function isRedundant(
  chain: Chain,
  transaction: Transaction,
  options: { readonly relays: readonly Relay[]; readonly isNew: boolean },
): boolean {
  const { relays, isNew } = options
  if (relays.length === 0) return false
  const state = readContext(chain.latest, (name) => chain.check.store(name))
  const open = relays.filter((relay) => !relay.isDone(state))
  if (open.length === 0) return true
  if (!isNew) return false
  const priority = priorities(chain, state)
  const offered = priority(transaction)
  const waiting = open.map((relay) => chain.admissions.claimant(relay)?.transaction)
  return (
    waiting.every((first) => first !== undefined && priority(first) >= offered) &&
    waiting.every((first) => first !== undefined && chain.trials.holdsGood(chain, first))
  )
}
