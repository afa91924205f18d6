import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The Go programs that interop tests run against. */
export type BinaryName = 'simd' | 'cometbft'

const COMETBFT_VERSION = 'v0.38.26'
const SIMD_SOURCES = join(import.meta.dirname, '..', 'go', 'simd')
const run = promisify(execFile)

/**
 * Path of a Go binary in the cache, built first where it is missing (needs Go and the module proxy; minutes
 * for simd). The cache lies outside the checkout and is keyed by version or by the hash of the sources.
 */
export async function requireBinary(name: BinaryName): Promise<string> {
  const folder = join(process.env['CAUSEWAY_CACHE'] ?? join(homedir(), '.cache', 'causeway'), 'bin')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}-${name === 'simd' ? simdKey() : COMETBFT_VERSION}`)
  if (existsSync(path)) return path
  const plain = join(folder, name)
  if (name === 'cometbft' && existsSync(plain) && (await versionOf(plain)) === COMETBFT_VERSION) return plain
  await (name === 'simd' ? buildSimd(path) : installCometbft(path))
  return path
}

function simdKey(): string {
  const hash = createHash('sha256')
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(SIMD_SOURCES, file)))
  return hash.digest('hex').slice(0, 12)
}

async function versionOf(path: string): Promise<string> {
  const { stdout } = await run(path, ['version']).catch(() => ({ stdout: '' }))
  return `v${stdout.trim().replace(/^v/, '').replace(/\+.*$/, '')}`
}

async function buildSimd(path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.building`
  await go(`simd (ibc-go)`, ['build', '-trimpath', '-ldflags=-s -w', '-o', temporary, '.'], SIMD_SOURCES, {})
  renameSync(temporary, path)
}

async function installCometbft(path: string): Promise<void> {
  const folder = `${path}.${process.pid}.building`
  const target = `github.com/cometbft/cometbft/cmd/cometbft@${COMETBFT_VERSION}`
  await go(
    `cometbft ${COMETBFT_VERSION}`,
    ['install', '-trimpath', '-ldflags=-s -w', target],
    process.cwd(),
    { GOBIN: folder },
  )
  renameSync(join(folder, 'cometbft'), path)
  rmSync(folder, { recursive: true, force: true })
}

/** Runs the Go tool and shows that it is alive: a cold build of simd takes minutes. */
async function go(what: string, args: string[], cwd: string, env: Record<string, string>): Promise<void> {
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  console.error(`building ${what}: once, then cached`)
  const progress = setInterval(() => console.error(`building ${what}: ${seconds()} s`), 15_000)
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn('go', args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      child.on('error', (cause) =>
        reject(new Error('Go is needed for the interop tests: install Go ≥ 1.24', { cause })),
      )
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`go ${args[0]} ended with ${code}`)),
      )
    })
  } finally {
    clearInterval(progress)
  }
  console.error(`building ${what}: done in ${seconds()} s`)
}
