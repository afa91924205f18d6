import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Programs from npm that these tests run against, each with its own lockfile in a folder here. */
export type NpmPeer = 'consensus-client' | 'execution-client' | 'light-client-peer'

/**
 * The folder in the cache that holds a peer's `node_modules`, installed first where it is missing (`npm ci`,
 * no install scripts; up to a minute). It lies outside the checkout and is keyed by lockfile and platform.
 */
export async function requireNpmPeer(name: NpmPeer): Promise<string> {
  const source = join(import.meta.dirname, name)
  const cache = join(process.env['CAUSEWAY_CACHE'] ?? join(homedir(), '.cache', 'causeway'), 'npm')
  const path = join(cache, `${name}-${keyOf(source)}`)
  if (existsSync(path)) return path
  const building = `${path}.${process.pid}.building`
  mkdirSync(building, { recursive: true })
  for (const file of FILES) copyFileSync(join(source, file), join(building, file))
  try {
    await install(name, building)
    renameSync(building, path)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return path
}

const FILES = ['package.json', 'package-lock.json']

function keyOf(source: string): string {
  const hash = createHash('sha256').update(process.platform + process.arch)
  for (const file of FILES) hash.update(readFileSync(join(source, file)))
  return hash.digest('hex').slice(0, 12)
}

async function install(name: NpmPeer, cwd: string): Promise<void> {
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  console.error(`installing ${name}: once, then cached`)
  const progress = setInterval(() => console.error(`installing ${name}: ${seconds()} s`), 15_000)
  try {
    await new Promise<void>((resolve, reject) => {
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
      const child = spawn('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
      child.on('error', reject)
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`npm ci ended with ${code}`))))
    })
  } finally {
    clearInterval(progress)
  }
  console.error(`installing ${name}: done in ${seconds()} s`)
}
