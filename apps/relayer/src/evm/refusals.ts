import { decodeErrorResult } from 'viem'

import { RelayError } from '../errors.ts'
import type { FailureClass, Retry } from '../errors.ts'
import { CONTRACT_ERRORS } from './abi.ts'
import { EthRefusal } from './eth-api.ts'

type Verdict = readonly [failure: FailureClass, retry: Retry]

const TEXT_LENGTH_MAX = 400

/**
 * Contract errors that say something else than "this message is wrong". What isn't here is about one message,
 * which is tried again later and set aside in the end.
 */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  // Clients: frozen, expired, not where the relayer thinks, or shown a header from the future.
  ClientNotActive: ['client', 'later'],
  ClientRetiredAlready: ['client', 'later'],
  WrongStatus: ['client', 'later'],
  FromTheFuture: ['client', 'later'],
  // A newer header is shown at once.
  TooOld: ['client', 'now'],
  WrongSet: ['client', 'now'],
  HeightBelowSet: ['client', 'now'],
  SetNotTrusted: ['client', 'now'],
  NoConsensusState: ['client', 'now'],
  // A route that names what is not there, or not its counterparty.
  ClientNotFound: ['config', 'later'],
  NotCore: ['config', 'later'],
  MoreGasNeeded: ['gas', 'now'],
}

/**
 * What nodes say of a transaction they don't take. First match wins. Words of geth, Nethermind, Erigon,
 * anvil.
 */
const NODE_TEXTS: readonly (readonly [RegExp, Verdict])[] = [
  [/already known|already imported|known transaction|AlreadyKnown/i, ['redundant', 'now']],
  [
    /replacement.*underpriced|underpriced.*replacement|ReplacementNotAllowed|could not replace/i,
    ['busy', 'now'],
  ],
  [/nonce too low|nonce.*already|OldNonce|invalid nonce/i, ['sequence', 'now']],
  [/nonce too high|NonceGap|nonce gap/i, ['sequence', 'now']],
  [/insufficient funds|InsufficientFunds|insufficient balance/i, ['fees', 'later']],
  [
    /underpriced|fee ?cap.*less than|max fee per gas less than|FeeTooLow|tx fee .* exceeds/i,
    ['fees', 'later'],
  ],
  [
    /exceeds block gas limit|intrinsic gas|gas limit.*(too high|exceed)|GasLimitExceeded|cap exceeded/i,
    ['gas', 'now'],
  ],
  [/oversized data|transaction size|max initcode/i, ['transaction', 'later']],
  [/pool.*full|txpool is full|too many (pending )?transactions|account limit/i, ['busy', 'later']],
]

/** What a node meant that refused a raw transaction; `undefined` when its words say nothing. */
export function classifyNodeText(error: unknown): RelayError | undefined {
  if (!(error instanceof EthRefusal)) return undefined
  const verdict = NODE_TEXTS.find(([pattern]) => pattern.test(error.message))?.[1]
  return verdict && new RelayError(verdict[0], verdict[1], error.message.slice(0, TEXT_LENGTH_MAX))
}

/**
 * Whether a node refused a transaction because it holds another with this nonce that offers nearly as much.
 */
export function isReplacementRefused(error: RelayError): boolean {
  return error.failure === 'busy' && error.retry === 'now'
}

/** Reads why a call reverted, by the contracts' own errors. */
export function classifyRevert(error: EthRefusal): RelayError {
  const found = decode(error)
  if (found === undefined) {
    const isGas = /out of gas|gas required exceeds/i.test(error.message)
    return new RelayError(
      isGas ? 'gas' : 'message',
      isGas ? 'now' : 'later',
      error.message.slice(0, TEXT_LENGTH_MAX),
    )
  }
  const [failure, retry] = VERDICTS[found.name] ?? ['message', 'later']
  return new RelayError(failure, retry, `reverted: ${found.text}`.slice(0, TEXT_LENGTH_MAX))
}

function decode({ data }: EthRefusal): { name: string; text: string } | undefined {
  if (data === undefined || data === '0x') return undefined
  try {
    const { errorName, args } = decodeErrorResult({ abi: CONTRACT_ERRORS, data })
    return { name: errorName, text: `${errorName}(${(args ?? []).map(String).join(', ')})` }
  } catch {
    return { name: '', text: `unknown error ${data.slice(0, 74)}` }
  }
}
