import { RelayError } from '../errors.ts'
import type { FailureClass, Retry } from '../errors.ts'

/** A refusal as a Cosmos chain words it, from CheckTx, simulation or delivery. */
export interface TxRefusal {
  readonly code: number
  readonly codespace: string
  readonly log: string
}

type Verdict = readonly [failure: FailureClass, retry: Retry]

/** Codes of the SDK's root codespace that say something about the transaction and not about one message. */
const SDK_CODES: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  [4, ['sequence', 'now']], // a signature over another sequence or account number reads as unauthorised
  [5, ['fees', 'later']],
  [11, ['gas', 'now']],
  [13, ['fees', 'later']],
  [19, ['redundant', 'now']],
  [20, ['busy', 'later']],
  [21, ['transaction', 'later']],
  [32, ['sequence', 'now']],
])

/**
 * Words that tell what happened where only text is passed on (simulation, JSON-RPC errors). First match
 * wins.
 */
const TEXTS: readonly (readonly [RegExp, Verdict])[] = [
  [/account sequence mismatch|incorrect account sequence/i, ['sequence', 'now']],
  [/packet messages are redundant/i, ['redundant', 'now']],
  [/tx already (exists )?in (cache|mempool)/i, ['redundant', 'now']],
  [/mempool is full/i, ['busy', 'later']],
  [/insufficient fees?\b/i, ['fees', 'later']],
  [/out of gas/i, ['gas', 'now']],
  [/client state is not active|light client is frozen|trusting period/i, ['client', 'later']],
  [/header from the future|new header has a time from the future/i, ['client', 'later']],
]

/**
 * Says what a refusal means and when to try again. A refusal that names a message index is that message's
 * alone, unless the words say that nothing was wrong with it.
 */
export function classifyRefusal(refusal: TxRefusal): RelayError {
  const text = `${refusal.codespace}/${refusal.code}: ${refusal.log}`.slice(0, 600)
  const index = /message index: (\d+)/.exec(refusal.log)?.[1]
  const known = readVerdict(refusal, index !== undefined)
  const options = index === undefined ? {} : { messageIndex: Number(index) }
  if (known !== undefined) return new RelayError(known[0], known[1], text, options)
  return new RelayError(index === undefined ? 'transaction' : 'message', 'later', text, options)
}

/** The sequence that the chain expects, when a mismatch names it. */
export function expectedSequence(text: string): bigint | undefined {
  const match = /account sequence mismatch, expected (\d+)/.exec(text)?.[1]
  return match === undefined ? undefined : BigInt(match)
}

function readVerdict(refusal: TxRefusal, hasIndex: boolean): Verdict | undefined {
  const byText = TEXTS.find(([pattern]) => pattern.test(refusal.log))?.[1]
  if (byText !== undefined) return byText
  if (refusal.codespace === 'channel' && refusal.code === 22) return ['redundant', 'now']
  // A message's own "unauthorized" or "insufficient funds" is not the wallet's.
  return refusal.codespace === 'sdk' && !hasIndex ? SDK_CODES.get(refusal.code) : undefined
}
