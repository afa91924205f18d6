import { assert } from './errors.ts'

/** Work done in steps: whoever drives it may do something else between two of them. */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Does all of it at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** Steps that another than their driver may finish; what they come to is kept for the driver. */
export class SharedSteps<Result> {
  readonly #steps: Steps<Result>
  #isRunning = false
  #outcome: { readonly result: Result } | { readonly error: unknown } | undefined

  constructor(steps: Steps<Result>) {
    this.#steps = steps
  }

  /** Whether one of its steps is being done. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Does the next step; false when none is left. What a step throws is kept. */
  advance(): boolean {
    assert(!this.#isRunning, 'no step waits for the steps it is one of')
    if (this.#outcome !== undefined) return false
    this.#isRunning = true
    try {
      const { done, value } = this.#steps.next()
      if (done !== true) return true
      this.#outcome = { result: value }
    } catch (error) {
      this.#outcome = { error }
    } finally {
      this.#isRunning = false
    }
    return false
  }

  /** What they come to, once all that is left is done. Throws what a step has thrown. */
  finish(): Result {
    while (this.advance());
    const outcome = this.#outcome!
    if ('error' in outcome) throw outcome.error
    return outcome.result
  }

  /** The driver's steps. */
  *drive(): Steps<Result> {
    while (this.advance()) yield
    return this.finish()
  }
}

/**
 * The time between steps: those who come between them get as long as the steps have taken. Who took longer is
 * made up for by steps that follow one another.
 */
export class StepPauses {
  readonly #now: () => number
  #steps = 0
  #pauses = 0
  #last: number

  /** `now` tells a time that never goes back. The first step begins. */
  constructor(now: () => number) {
    this.#now = now
    this.#last = now()
  }

  /** A step is done; whether there is time for a pause. */
  begin(): boolean {
    this.#steps += this.#passed()
    return this.#pauses <= this.#steps
  }

  /** A pause is over. */
  end(): void {
    this.#pauses += this.#passed()
  }

  #passed(): number {
    const last = this.#last
    this.#last = this.#now()
    return this.#last - last
  }
}
