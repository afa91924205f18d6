import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { requireBinary } from './binaries.ts'

export { requireBinary } from './binaries.ts'

/** What a test says of the chain it wants. */
export interface SimdOptions {
  readonly chainId: string
  /** Names of accounts to fund; each gets its own fresh mnemonic. */
  readonly accounts: readonly string[]
  /** Coins of each account. */
  readonly coins?: string
  readonly blockTimeMs?: number
  /** Path of the binary; found or built when left out. */
  readonly binary?: string
  /** Runs on a copy of this home (with the same validator key) instead of a new one. */
  readonly copyHomeOf?: Simd
  /** Changes the files of the new home before the chain starts on it. */
  readonly configure?: (home: string) => void
}

/** A running chain of one validator. */
export interface Simd {
  readonly chainId: string
  readonly home: string
  readonly pid: number
  readonly rpcUrl: string
  /** Mnemonic by account name. */
  readonly mnemonics: ReadonlyMap<string, string>
  /** Address (`cosmos1…`) by account name. */
  readonly addresses: ReadonlyMap<string, string>
  mnemonic(name: string): string
  address(name: string): string
  /** Asks it to end, waits, and removes its home. */
  stop(): Promise<void>
  /** kill −9, keeping the home. */
  kill(): Promise<void>
  /** Starts it again on the same home and ports. */
  restart(): Promise<void>
}

const run = promisify(execFile)
const COINS = '100000000000stake'
const START_TIMEOUT_MS = 60_000

/**
 * Starts ibc-go's simulation application as a chain of its own, in a temporary home, on free loopback
 * ports.
 */
export async function startSimd(options: SimdOptions): Promise<Simd> {
  const binary = options.binary ?? (await requireBinary('simd'))
  const home = mkdtempSync(join(tmpdir(), `simd-${options.chainId}-`))
  const accounts = options.copyHomeOf ?? (await initHome(binary, home, options))
  if (options.copyHomeOf !== undefined) cpSync(options.copyHomeOf.home, home, { recursive: true })
  options.configure?.(home)
  const [rpc, p2p, grpc] = await freePorts(3)
  const args = [
    ...['start', '--home', home, '--log_level', 'error', '--api.enable=false', '--grpc-web.enable=false'],
    ...['--rpc.laddr', `tcp://127.0.0.1:${rpc}`, '--p2p.laddr', `tcp://127.0.0.1:${p2p}`],
    ...['--grpc.address', `127.0.0.1:${grpc}`, '--rpc.pprof_laddr', ''],
  ]
  const rpcUrl = `http://127.0.0.1:${rpc}`
  let child = await startNode(binary, args, home, rpcUrl)
  const need = (map: ReadonlyMap<string, string>, name: string) => {
    const value = map.get(name)
    if (value === undefined) throw new Error(`no account ${name} on ${options.chainId}`)
    return value
  }
  return {
    chainId: options.chainId,
    home,
    get pid() {
      return child.pid ?? 0
    },
    rpcUrl,
    mnemonics: accounts.mnemonics,
    addresses: accounts.addresses,
    mnemonic: (name) => need(accounts.mnemonics, name),
    address: (name) => need(accounts.addresses, name),
    async stop() {
      await endProcess(child, 'SIGTERM')
      rmSync(home, { recursive: true, force: true })
    },
    kill: () => endProcess(child, 'SIGKILL'),
    async restart() {
      await endProcess(child, 'SIGTERM')
      child = await startNode(binary, args, home, rpcUrl)
    },
  }
}

async function initHome(binary: string, home: string, options: SimdOptions) {
  const { chainId, accounts, coins = COINS } = options
  const simd = async (...args: string[]) => await run(binary, [...args, '--home', home])
  const keyring = ['--keyring-backend', 'test']
  await simd('init', chainId, '--chain-id', chainId)
  setBlockTime(home, options.blockTimeMs ?? 200)
  const mnemonics = new Map<string, string>()
  const addresses = new Map<string, string>()
  for (const name of ['validator', ...accounts]) {
    const { stdout, stderr } = await simd('keys', 'add', name, ...keyring, '--output', 'json')
    const key = JSON.parse(stdout.trim() === '' ? stderr : stdout) as { address: string; mnemonic: string }
    mnemonics.set(name, key.mnemonic)
    addresses.set(name, key.address)
    await simd('genesis', 'add-genesis-account', key.address, name === 'validator' ? COINS : coins)
  }
  await simd('genesis', 'gentx', 'validator', '1000000000stake', '--chain-id', chainId, ...keyring)
  await simd('genesis', 'collect-gentxs')
  return { mnemonics, addresses }
}

/**
 * In the file, not the environment: the variable's prefix follows the name of the binary, which carries a
 * hash.
 */
function setBlockTime(home: string, blockTimeMs: number): void {
  const path = join(home, 'config', 'config.toml')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace(/^timeout_commit = .*$/m, `timeout_commit = "${blockTimeMs}ms"`))
}

async function startNode(binary: string, args: string[], home: string, rpcUrl: string) {
  const logPath = join(home, 'node.log')
  const log = openSync(logPath, 'a')
  const child = spawn(binary, args, { stdio: ['ignore', log, log] })
  const killWithParent = () => child.kill('SIGKILL')
  process.once('exit', killWithParent)
  child.once('exit', () => process.off('exit', killWithParent))
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await hasBlock(rpcUrl))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`simd did not start:\n${readFileSync(logPath, 'utf8').slice(-4000)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return child
}

async function hasBlock(rpcUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${rpcUrl}/status`, { signal: AbortSignal.timeout(1_000) })
    const { result } = (await answer.json()) as { result: { sync_info: { latest_block_height: string } } }
    return Number(result.sync_info.latest_block_height) >= 1
  } catch {
    return false
  }
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(force)
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
