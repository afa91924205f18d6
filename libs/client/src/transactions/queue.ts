/** Runs tasks of one name one after another, those of different names side by side. */
export interface Queue {
  run<Result>(name: string, task: () => Promise<Result>): Promise<Result>
}

/** A queue without a limit: its tasks end by themselves. */
export function createQueue(): Queue {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run(name, task) {
      const result = (tails.get(name) ?? Promise.resolve()).then(task, task)
      const tail = result.catch(() => undefined)
      tails.set(name, tail)
      void tail.then(() => {
        if (tails.get(name) === tail) tails.delete(name)
      })
      return result
    },
  }
}
