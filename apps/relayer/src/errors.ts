/** When a failed piece of work may be tried again: workers read this and nothing else. */
export type Retry = 'now' | 'later' | 'never'

/** What went wrong, coarsely: the label of the error metric and of the log line. */
export type FailureClass =
  | 'endpoint' // an RPC endpoint did not answer, answered nonsense, or lags
  | 'sequence' // the account's sequence moved under us
  | 'gas' // not enough gas was wanted
  | 'fees' // the wallet can't pay, or pays too little
  | 'busy' // the chain's mempool is full
  | 'redundant' // somebody else has relayed it
  | 'client' // the light client refuses: frozen, expired, header not acceptable
  | 'message' // one message of the transaction is refused
  | 'transaction' // the transaction is refused and no single message is to blame
  | 'unconfirmed' // accepted by a mempool, then not seen in a block
  | 'config' // the operator has to change something

/**
 * An I/O or chain failure. `retry` says what to do; `failure` what it was. `messageIndex` is the position
 * in the transaction of the message that the chain blamed, where it named one.
 */
export class RelayError extends Error {
  readonly failure: FailureClass
  readonly retry: Retry
  readonly messageIndex: number | undefined

  constructor(
    failure: FailureClass,
    retry: Retry,
    text: string,
    options: { messageIndex?: number; cause?: unknown } = {},
  ) {
    super(text, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RelayError'
    this.failure = failure
    this.retry = retry
    this.messageIndex = options.messageIndex
  }
}

/** Reads any thrown value as a `RelayError`; what is not one is an endpoint's failure, to be tried later. */
export function asRelayError(error: unknown): RelayError {
  if (error instanceof RelayError) return error
  const text = error instanceof Error ? error.message : String(error)
  return new RelayError('endpoint', 'later', text, { cause: error })
}
