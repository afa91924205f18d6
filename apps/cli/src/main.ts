import { isProtocolError } from '@causeway/primitives'
import { createProgram } from './program.ts'

try {
  const program = await createProgram(process.argv[2])
  await program.parseAsync(process.argv)
} catch (error) {
  // What a user caused is told in a line; anything else is a bug and keeps its stack.
  if (!isProtocolError(error)) throw error
  process.stderr.write(`${error.codespace}/${error.code}: ${error.message}\n`)
  process.exitCode = 1
}
