import type { VectorCase } from '../vector-file.ts'

/** One step of a story: takes the state that the step before left. */
export interface Step<State> {
  readonly name: string
  run(state: State): State
}

/** Cases that build on one another: a step is run when its case is, after all before it. */
export function inOrder<State>(start: () => State, steps: readonly Step<State>[]): VectorCase[] {
  let before = start
  return steps.map((step) => {
    const from = before
    let done: { state: State } | undefined
    const run = (): State => (done ??= { state: step.run(from()) }).state
    before = run
    return { name: step.name, run: () => void run() }
  })
}
