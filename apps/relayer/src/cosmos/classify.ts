import { RelayError } from '../errors.ts'
import type { FailureClass, Retry } from '../errors.ts'

/** A refusal as a Cosmos chain words it, from CheckTx, simulation or delivery. */
export interface TxRefusal {
  readonly code: number
  readonly codespace: string
  readonly log: string
}

/** More of what a chain says is not passed on. */
const TEXT_LENGTH_MAX = 600

type Verdict = readonly [failure: FailureClass, retry: Retry]

type Codes = Readonly<Record<number, Verdict>>

/** Codes of the SDK's root codespace that say something about the transaction and not about one message. */
const SDK_CODES: Codes = {
  4: ['sequence', 'now'], // a signature over another sequence or account number reads as unauthorised
  5: ['fees', 'later'],
  9: ['fees', 'later'], // an account that never held anything
  11: ['gas', 'now'],
  13: ['fees', 'later'],
  19: ['redundant', 'now'],
  20: ['busy', 'later'],
  21: ['transaction', 'later'],
  32: ['sequence', 'now'],
}

/**
 * The hub's codes of a whole transaction, by codespace: the table in docs/hub.md. The rest of `tx` and
 * `block` is about the bytes of one transaction, every other codespace about one message.
 */
const HUB_CODES: Readonly<Record<string, Codes>> = {
  tx: {
    4: ['sequence', 'now'],
    5: ['fees', 'later'],
    8: ['config', 'later'],
    9: ['fees', 'later'],
    11: ['gas', 'now'],
    12: ['config', 'later'],
    13: ['fees', 'later'],
    15: ['config', 'later'],
    32: ['sequence', 'now'],
    101: ['gas', 'now'],
    103: ['fees', 'later'],
    107: ['config', 'later'], // this wallet was linked to another account
  },
  block: {
    33: ['busy', 'later'],
    37: ['busy', 'later'],
    35: ['redundant', 'now'],
  },
  // A fee that a position needs where it is.
  risk: { 1: ['fees', 'later'], 2: ['fees', 'later'] },
  // The light client refuses: expired, frozen, or a header from the future.
  ibc: { 61: ['client', 'later'] },
  '07-tendermint': {
    11: ['client', 'later'],
    22: ['client', 'later'],
    23: ['client', 'later'],
    31: ['client', 'later'],
  },
}

/**
 * Words that tell what happened where only text is passed on (simulation, JSON-RPC errors). First match
 * wins.
 */
const TEXTS: readonly (readonly [RegExp, Verdict])[] = [
  [/account sequence mismatch|incorrect account sequence/i, ['sequence', 'now']],
  [/packet messages are redundant/i, ['redundant', 'now']],
  [/tx already (exists )?in (cache|mempool)/i, ['redundant', 'now']],
  [/mempool is full/i, ['busy', 'later']],
  [/tx too large|tx size \d+ is over/i, ['transaction', 'later']],
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
  const text = `${refusal.codespace}/${refusal.code}: ${refusal.log}`.slice(0, TEXT_LENGTH_MAX)
  const index = /message index: (\d+)/.exec(refusal.log)?.[1]
  const known = readVerdict(refusal, index !== undefined)
  const options = index === undefined ? {} : { messageIndex: Number(index) }
  if (known !== undefined) return new RelayError(known[0], known[1], text, options)
  return new RelayError(index === undefined ? 'transaction' : 'message', 'later', text, options)
}

/**
 * Reads the words of a node that refused a transaction itself, without a code; `undefined` when they say
 * nothing.
 */
export function classifyText(text: string): RelayError | undefined {
  const verdict = verdictOf(text)
  return verdict && new RelayError(verdict[0], verdict[1], text.slice(0, TEXT_LENGTH_MAX))
}

/** The sequence that the chain expects, when a mismatch names it. */
export function expectedSequence(text: string): bigint | undefined {
  const match = /account sequence mismatch, expected (\d+)/.exec(text)?.[1]
  return match === undefined ? undefined : BigInt(match)
}

function readVerdict(refusal: TxRefusal, hasIndex: boolean): Verdict | undefined {
  const byText = verdictOf(refusal.log)
  if (byText !== undefined) return byText
  if (refusal.codespace === 'channel' && refusal.code === 22) return ['redundant', 'now']
  const hub = Object.hasOwn(HUB_CODES, refusal.codespace) ? HUB_CODES[refusal.codespace] : undefined
  if (hub !== undefined) return hub[refusal.code]
  // A message's own "unauthorized" or "insufficient funds" is not the wallet's.
  return refusal.codespace === 'sdk' && !hasIndex ? SDK_CODES[refusal.code] : undefined
}

function verdictOf(text: string): Verdict | undefined {
  return TEXTS.find(([pattern]) => pattern.test(text))?.[1]
}
