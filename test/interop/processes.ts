import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'

/** Asks the system for a free loopback port. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject()))
    })
  })
}

/** A process of ours, its output in a file, and its end. */
export interface RunningProcess {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  readonly logPath: string
}

/** Starts a program with its output going to `logPath`; `cwd` is where it drops files of its own. */
export function startProcess(
  command: string,
  args: readonly string[],
  logPath: string,
  environment: NodeJS.ProcessEnv = process.env,
  cwd = process.cwd(),
): RunningProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment, cwd })
  const log = createWriteStream(logPath, { flags: 'a' })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code))
  })
  exited.catch(() => undefined)
  return { child, exited, logPath }
}

/** Ends a process, by default with −9, and waits until it is gone. */
export async function endProcess(running: RunningProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (running.child.exitCode === null && running.child.signalCode === null) running.child.kill(signal)
  await running.exited
}

/** Polls until `probe` gives something other than undefined; throws what it waited for after the deadline. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  timeoutMilliseconds = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMilliseconds
  let last: unknown
  while (performance.now() < deadline) {
    try {
      const value = await probe()
      if (value !== undefined) return value
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(
    `waited ${timeoutMilliseconds} ms for ${what}${last instanceof Error ? `: ${last.message}` : ''}`,
  )
}
