import { isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import { CommanderError } from 'commander'
import { watchInterrupts } from './interrupts.ts'
import { createProgram } from './program.ts'

// These compute without a pause, in which nobody could hear a signal: the system's own way ends them at once.
const withoutPause = ['margin', 'vectors']
if (!withoutPause.includes(process.argv[2] ?? '')) watchInterrupts()
try {
  const program = await createProgram(process.argv[2])
  await program.parseAsync(process.argv)
} catch (error) {
  process.stderr.write(`${lineOf(error)}\n`)
  process.exitCode = 1
}

/**
 * What a user, or the system for a user's sake, refused is told in a line; anything else is a bug and keeps
 * its stack.
 */
function lineOf(error: unknown): string {
  if (isProtocolError(error)) return refusalOf(error)
  if (error instanceof CommanderError || (error instanceof Error && 'syscall' in error)) return error.message
  throw error
}

/** Which error, what happened, and what to do where the error says so. */
function refusalOf(error: ProtocolError): string {
  const name = `${error.codespace}/${error.code}: `
  const text = error.message.startsWith(name) ? error.message : `${name}${error.message}`
  return 'advice' in error ? `${text}\n${String(error.advice)}` : text
}
