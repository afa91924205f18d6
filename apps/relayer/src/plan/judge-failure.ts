import type { RelayError } from '../errors.ts'

/**
 * What a failure means for a message that was in it:
 * `done` somebody else relayed it; `message` it is itself to blame (counts as an attempt, with growing
 * delay), also where trying at once may help: what stands in its way may stay; `apart` one of its batch is
 * to blame and nobody knows which: each travels alone now; `again` another message was to blame: it goes with
 * the next flight; `lane` nothing is wrong with any message: the lane as a whole waits.
 */
export type Verdict = 'done' | 'message' | 'apart' | 'again' | 'lane'

/** Judges a failed attempt. Pure, so that the table of classes can be read (and tested) in one place. */
export function judgeFailure(error: RelayError, batchSize: number): Verdict {
  switch (error.failure) {
    case 'redundant':
      return 'done'
    case 'message':
      return 'message'
    case 'gas':
      return batchSize > 1 ? 'apart' : 'message'
    case 'transaction':
      if (error.retry === 'now') return error.messageIndex === undefined ? 'again' : 'message'
      return batchSize > 1 ? 'apart' : 'message'
    case 'endpoint':
    case 'sequence':
    case 'fees':
    case 'busy':
    case 'client':
    case 'unconfirmed':
    case 'config':
      return 'lane'
  }
}
