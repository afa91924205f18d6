import { PROGRAM_ERRORS } from '@causeway/contracts-solana'

import { asRelayError, RelayError } from '../errors.ts'
import type { FailureClass, Retry } from '../errors.ts'

type Verdict = readonly [failure: FailureClass, retry: Retry]

const TEXT_LENGTH_MAX = 400

/**
 * Errors of the programs that say something else than "this message is wrong". What isn't here is about one
 * message, which is tried again later and set aside in the end.
 */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  // Somebody else was quicker: paths and accounts are looked up anew.
  'core/StaleReceiptPath': ['transaction', 'now'],
  'core/WrongRentPayer': ['transaction', 'now'],
  'vault/DestinationMissing': ['transaction', 'now'],
  // Clients: frozen, expired, shown a header from the future or of another set.
  'core/ClientNotActive': ['client', 'later'],
  'core/ClientRetired': ['client', 'later'],
  'hub-client/Frozen': ['client', 'later'],
  'hub-client/Expired': ['client', 'later'],
  'hub-client/FromTheFuture': ['client', 'later'],
  // A newer header is shown at once.
  'hub-client/TooOld': ['client', 'now'],
  'hub-client/TooFarAhead': ['client', 'now'],
  'hub-client/HeightStands': ['client', 'now'],
  'hub-client/WrongSet': ['client', 'now'],
  'hub-client/HeightBelowSet': ['client', 'now'],
  'hub-client/SetNotTrusted': ['client', 'now'],
  // A route or program that is not what the configuration says.
  'core/WrongLightClient': ['config', 'later'],
  'core/WrongClient': ['config', 'later'],
  'vault/NotCore': ['config', 'later'],
}

/** Errors of the runtime, by the name that nodes give them. */
const RUNTIME: Readonly<Record<string, Verdict>> = {
  BlockhashNotFound: ['unconfirmed', 'now'],
  AlreadyProcessed: ['redundant', 'now'],
  AccountInUse: ['busy', 'now'],
  WouldExceedMaxBlockCostLimit: ['busy', 'later'],
  WouldExceedMaxAccountCostLimit: ['busy', 'later'],
  WouldExceedMaxVoteCostLimit: ['busy', 'later'],
  WouldExceedAccountDataBlockLimit: ['busy', 'later'],
  AccountNotFound: ['fees', 'later'],
  InsufficientFundsForFee: ['fees', 'later'],
  InvalidAccountForFee: ['fees', 'later'],
  ProgramAccountNotFound: ['config', 'later'],
  TooManyAccountLocks: ['transaction', 'later'],
}

/** The instruction that failed, counted from 0, and its error as the node tells it. */
interface InstructionFault {
  readonly index: number
  readonly fault: unknown
}

/**
 * Reads why a transaction failed, or would: by the program's number, by the runtime's word, and by the log
 * where the system program lacks lamports. `firstMessage` is the instruction of the batch's first message,
 * each message being one instruction: it names the guilty one.
 */
export function classifyFailure(error: unknown, logs: readonly string[], firstMessage: number): RelayError {
  const failed = readInstructionFault(error)
  if (failed === undefined) return classifyRuntime(error)
  const message = failed.index - firstMessage
  const blamed = message >= 0 ? { messageIndex: message } : {}
  if (logs.some((line) => /^\w+: insufficient lamports/.test(line)))
    return make('fees', 'later', 'the wallet holds too little for rent')
  const number = customNumber(failed.fault)
  if (number !== undefined) {
    const name = PROGRAM_ERRORS.get(number) ?? `error ${number} of ${failingProgram(logs)}`
    const [failure, retry] = VERDICTS[name] ?? ['message', 'later']
    return make(failure, retry, `refused: ${name} (${number})`, blamed)
  }
  const word = typeof failed.fault === 'string' ? failed.fault : JSON.stringify(failed.fault)
  if (isOutOfCompute(word, logs)) return make('gas', 'now', `out of compute units (${word})`, blamed)
  if (word === 'UnsupportedProgramId' || word === 'InvalidProgramForExecution')
    return make('config', 'later', `a program of the configuration is none (${word})`)
  return make('message', 'later', `refused: ${word}`, blamed)
}

function classifyRuntime(error: unknown): RelayError {
  const word =
    typeof error === 'string' ? error : (Object.keys(Object(error ?? {}))[0] ?? 'an error without name')
  if (word === 'InsufficientFundsForRent')
    return make('fees', 'later', 'an account would be left with less than its rent: the wallet is empty')
  const [failure, retry] = RUNTIME[word] ?? ['transaction', 'later']
  const text = failure === 'fees' ? `the wallet is empty or holds too little for fees (${word})` : word
  return make(failure, retry, text)
}

/** What a node says of a transaction that it does not take; `undefined` when its words say nothing. */
export function classifyNodeText(text: string): RelayError | undefined {
  if (/already (been )?processed/i.test(text)) return make('redundant', 'now', text)
  if (/blockhash not found/i.test(text)) return make('unconfirmed', 'now', text)
  if (/too large|VersionedTransaction too large|base64 encoded too large/i.test(text))
    return make('transaction', 'later', text)
  if (/insufficient funds|insufficient lamports|no record of a prior credit/i.test(text))
    return make('fees', 'later', text)
  if (/minimum context slot/i.test(text)) return make('endpoint', 'now', text)
  return undefined
}

/**
 * What a transaction met that only prepares the way, an update or a piece of an upload: no message is to
 * blame, and none may be set aside for it. The lane waits.
 */
export function ofTheLane(error: unknown): RelayError {
  const met = asRelayError(error)
  const { failure, retry, message } = met
  if (failure !== 'message' && failure !== 'gas' && failure !== 'transaction' && failure !== 'redundant')
    return met
  const isNow = failure === 'redundant' || retry === 'now'
  return make('client', isNow ? 'now' : 'later', `before any message: ${message}`)
}

function readInstructionFault(error: unknown): InstructionFault | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const row: unknown = (error as { InstructionError?: unknown }).InstructionError
  if (!Array.isArray(row) || typeof row[0] !== 'number') return undefined
  return { index: row[0], fault: row[1] as unknown }
}

function customNumber(fault: unknown): number | undefined {
  if (typeof fault !== 'object' || fault === null) return undefined
  const number: unknown = (fault as { Custom?: unknown }).Custom
  return typeof number === 'number' ? number : undefined
}

function failingProgram(logs: readonly string[]): string {
  const line = logs.find((one) => /^Program \w+ failed/.test(one))
  return /^Program (\w+)/.exec(line ?? '')?.[1] ?? 'a program'
}

function isOutOfCompute(word: string, logs: readonly string[]): boolean {
  return (
    /Computational|MaxInstructionTrace/i.test(word) || logs.some((line) => /exceeded CUs meter/.test(line))
  )
}

function make(
  failure: FailureClass,
  retry: Retry,
  text: string,
  blamed: { messageIndex?: number } = {},
): RelayError {
  return new RelayError(failure, retry, text.slice(0, TEXT_LENGTH_MAX), blamed)
}
