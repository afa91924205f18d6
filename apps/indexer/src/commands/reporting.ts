import { OperatorError } from '../operator-error.ts'

/** Runs a command; what the operator can put right is one line and exit code 1, a bug keeps its stack. */
export function reporting<Arguments extends unknown[]>(
  command: (...given: Arguments) => Promise<void>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    try {
      await command(...given)
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      console.error(error.message)
      process.exitCode = 1
    }
  }
}
