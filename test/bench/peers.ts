import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from './figures.ts'

const folder = join(import.meta.dirname, '../../../shared/peers')

/**
 * Runs one peer's own program, which builds into its cache, and reads the JSON lines that it prints. Without
 * the
 * folder or
 * Go there is no peer: says so and gives nothing.
 */
export function runPeer(name: string, repetitions: number): Figure[] {
  const script = join(folder, name, 'run.sh')
  if (!existsSync(script)) {
    console.log(`  (no peer ${name}: its folder does not lie beside the checkout)`)
    return []
  }
  console.log(`  running the peer ${name} …`)
  const environment = { ...process.env, REPS: String(repetitions), NODE24: process.execPath, ICS23_RUST: '0' }
  const { status, stdout, stderr } = spawnSync('bash', [script], {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) {
    console.log(`  (the peer ${name} ended with ${status}: ${stderr.trim().split('\n').at(-1)})`)
    return []
  }
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Figure)
    .filter((figure) => figure.per_second !== undefined)
}
