import { appendFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Lifecycle } from '../process/lifecycle.ts'
import { createRunFolder } from '../process/run-folder.ts'
import type { RunFolder } from '../process/run-folder.ts'
import { onInterrupt } from '../process/signals.ts'
import { jsonPrinter, textPrinter } from '../print/printer.ts'

/** Options of `devnet start`, as commander gives them. */
export interface StartOptions {
  readonly once?: boolean
  readonly json?: boolean
  readonly keep?: boolean
  readonly blockTime: number
  readonly home?: string
}

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const DEFAULT_BASE = join(ROOT, '.devnet')
const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'causeway')

/** Runs the devnet in this process and ends the process with its exit code. */
export async function startCommand(options: StartOptions): Promise<never> {
  const elapsedMs = () => performance.now() // since the process began
  const write = (line: string) => void process.stdout.write(`${line}\n`)
  const isColoured = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined
  const print =
    options.json === true ? jsonPrinter({ write, elapsedMs }) : textPrinter({ write, elapsedMs, isColoured })
  const lifecycle = new Lifecycle()
  const base = resolve(options.home ?? DEFAULT_BASE)
  const run = makeRunFolder(base)
  if (options.keep === true) run.keep()
  let exitCode: number | undefined
  onInterrupt((code, isForced) => {
    exitCode ??= code
    if (isForced) endNow(run, code)
    lifecycle.interrupt()
    print.note('')
    print.note('Stopping (Ctrl-C again ends it at once) …')
  })
  // A bug: it is told and logged, and everything is stopped in order
  process.on('uncaughtException', (error) => lifecycle.interrupt(error))
  process.stdout.on('error', () => lifecycle.interrupt()) // whoever read us has gone
  redirectWarnings(run)
  print.title('Causeway devnet: real blocks, headers and proofs; SIMULATED prices; PUBLIC test keys')
  enableCompileCache(COMPILE_CACHE) // halves the loading of later starts
  const { runDevnet } = await import('./run-devnet.ts') // databases and chains load behind the first line
  const isFine = await runDevnet({
    once: options.once ?? false,
    blockMilliseconds: options.blockTime,
    base,
    run,
    print,
    lifecycle,
    complain: (line) => void process.stderr.write(`${line}\n`),
  })
  if (isFine) run.remove()
  process.exit(exitCode ?? (isFine ? 0 : 1))
}

function makeRunFolder(base: string): RunFolder {
  try {
    return createRunFolder(base, process.pid)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`The devnet can't write to ${base} (${reason}): choose another folder with --home\n`)
    process.exit(1)
  }
}

function endNow(run: RunFolder, code: number): never {
  run.remove()
  process.exit(code)
}

/** Warnings of Node and of libraries are for a log, not for the terminal. */
function redirectWarnings(run: RunFolder): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    try {
      appendFileSync(run.log('devnet'), `${warning.stack ?? warning.message}\n`)
    } catch {
      // the folder is gone: so is the run
    }
  })
}
