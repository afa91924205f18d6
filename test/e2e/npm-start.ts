import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The repository's root folder. */
export const ROOT = join(import.meta.dirname, '..', '..')

/** `npm start`, running, in a process group of its own as a terminal would have it. */
export interface NpmStart {
  readonly lines: readonly string[]
  readonly errors: () => string
  /** Resolves with the first line that fits; rejects when the command ends before. */
  line(pattern: RegExp): Promise<string>
  /** Resolves when so many lines are there, or the command has ended. */
  printed(count: number): Promise<void>
  /** Exit code, or the signal that ended npm itself. */
  readonly exited: Promise<number | NodeJS.Signals>
  /** What Ctrl-C in a terminal does. */
  signalGroup(signal: NodeJS.Signals): void
  /** What `kill` does to npm alone. */
  signalNpm(signal: NodeJS.Signals): void
  /** Whether any process of the group is left. */
  isGone(): boolean
}

/** Runs `npm start -- …` in the repository. */
export function npmStart(...args: string[]): NpmStart {
  const child = spawn('npm', ['start', '--silent', '--', ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const group = -(child.pid ?? 0)
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const wake = () => waiting.forEach((look) => look())
  let [rest, errors, hasEnded] = ['', '', false]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      hasEnded = true
      wake()
      resolve(code ?? signal ?? -1)
    })
  })
  const until = (isThere: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!hasEnded && !isThere()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return {
    lines,
    errors: () => errors,
    async line(pattern) {
      await until(() => lines.some((line) => pattern.test(line)))
      const found = lines.find((line) => pattern.test(line))
      if (found === undefined)
        throw new Error(`ended without ${String(pattern)}:\n${lines.join('\n')}\n${errors}`)
      return found
    },
    printed: (count) => until(() => lines.length >= count),
    exited,
    signalGroup: (signal) => void process.kill(group, signal),
    signalNpm: (signal) => void child.kill(signal),
    isGone: () => !exists(group),
  }
}

/** Run folders below a base: there is one for each devnet that runs. */
export function runFolders(base: string): string[] {
  return readdirSync(base).filter((name) => name.startsWith('run-'))
}

function exists(group: number): boolean {
  try {
    process.kill(group, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
