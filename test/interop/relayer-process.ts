import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { relayerCommand } from '@causeway/relayer'
import type { CommandIo, RelayerConfigInput } from '@causeway/relayer'

const TEST_FOLDER = join(import.meta.dirname, '..')

/** Writes a configuration into its database's folder; its path. */
export function writeRelayerConfig(settings: RelayerConfigInput): string {
  const folder = settings.database?.folder
  if (folder === undefined) throw new Error('a configuration without a database folder')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'relayer.yaml')
  writeFileSync(path, JSON.stringify(settings)) // JSON is YAML
  return path
}

/** The relayer as its own process, as an operator runs it. */
export function spawnRelayer(command: string, file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const run = `relayerCommand().parseAsync(${JSON.stringify([command, '-c', file])}, { from: 'user' })`
  const program = `import { relayerCommand } from '@causeway/relayer'; await ${run}`
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: TEST_FOLDER,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** Ends a process and waits until it is gone. */
export async function killRelayer(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

/** Runs a command of the relayer here: what an operator reads, and the exit code. */
export async function runRelayerCommand(
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{ out: string[]; err: string[]; code: number }> {
  const [out, err]: [string[], string[]] = [[], []]
  let code = 0
  const io: CommandIo = {
    env,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    exit: (value) => void (code = value),
    untilSignal: () => Promise.resolve('SIGTERM'),
  }
  await relayerCommand(io).parseAsync(args, { from: 'user' })
  return { out, err, code }
}
