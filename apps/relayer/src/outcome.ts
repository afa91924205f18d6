import type { Inclusion, Outcome } from './chain.ts'
import { RelayError } from './errors.ts'
import type { Work } from './plan/work.ts'

/** How one transaction ended, message by message. */
export interface TransactionEnd {
  readonly inclusion: Inclusion | undefined
  /** Messages left out before anything was paid, by their index, each with what the chain said of it. */
  readonly refused: ReadonlyMap<number, RelayError>
  /** Why the transaction as a whole did not succeed. `messageIndex` counts among the draft's messages. */
  readonly error: RelayError | undefined
}

/**
 * Sorts the messages of a transaction into done and failed. One that failed on one message fails only that;
 * the others did nothing wrong and are tried at once.
 */
export function toOutcome({ inclusion, refused, error }: TransactionEnd, works: readonly Work[]): Outcome {
  const done: Work[] = []
  const failed: { work: Work; error: RelayError }[] = []
  works.forEach((work, index) => {
    const own = refused.get(index)
    if (own !== undefined) failed.push({ work, error: own })
    else if (error === undefined) done.push(work)
    else if (error.messageIndex === undefined || error.messageIndex === index) failed.push({ work, error })
    else
      failed.push({
        work,
        error: new RelayError('transaction', 'now', 'another message of the transaction failed'),
      })
  })
  return { inclusion, done, failed, error }
}
