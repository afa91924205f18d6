import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireBinary } from '../interop/binaries.ts'
import { endProcess, freePort, startProcess, waitFor } from '../interop/processes.ts'
import type { RunningProcess } from '../interop/processes.ts'

const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts')

/** CPU time that a hub has taken. */
export interface CpuSeconds {
  readonly mainThread: number
  readonly process: number
}

/** A hub node in processes of its own, as an operator runs it. */
export interface BenchHub {
  readonly chainId: string
  readonly rpcUrl: string
  /** Of the process that runs the application; undefined where the system doesn't tell (no /proc). */
  cpuSeconds(): CpuSeconds | undefined
  stop(): Promise<void>
}

/** Starts a hub of one validator, blocks every 200 ms, through the command line, on one of its engines. */
export async function startBenchHub(options: {
  readonly engine: 'embedded' | 'cometbft'
  readonly directory: string
  readonly holders: readonly string[]
}): Promise<BenchHub> {
  const { engine, directory, holders } = options
  const home = join(directory, 'home')
  const accounts = holders.flatMap((holder) => ['--account', `${holder}=1000000000ucway`])
  hub('init', '--home', home, '--gas-price-e9', '0', ...accounts)
  const port = await freePort()
  const start = engine === 'embedded' ? startEmbedded : startOnCometBft
  const processes = await start(home, port)
  const rpcUrl = `http://127.0.0.1:${port}`
  await waitFor('the first blocks', async () => {
    const response = await fetch(`${rpcUrl}/status`)
    const { result } = (await response.json()) as { result: { sync_info: { latest_block_height: string } } }
    return Number(result.sync_info.latest_block_height) >= 2 ? true : undefined
  })
  return {
    chainId: 'causeway-1',
    rpcUrl,
    cpuSeconds: () => cpuSecondsOf(processes[0]!.child.pid!),
    stop: async () => {
      for (const process of processes.reverse()) await endProcess(process, 'SIGTERM')
    },
  }
}

/** CPU time that a process has taken; undefined where the system doesn't tell. */
export function cpuSecondsOf(pid: number): CpuSeconds | undefined {
  try {
    const [mainThread, process] = [`/proc/${pid}/task/${pid}/stat`, `/proc/${pid}/stat`].map((path) => {
      // Behind the name in parentheses; user and system time are fields 14 and 15, in hundredths of a second
      const fields = readFileSync(path, 'utf8').split(') ').at(-1)!.split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    })
    return { mainThread: mainThread!, process: process! }
  } catch {
    return undefined
  }
}

function hub(...args: string[]): void {
  execFileSync(process.execPath, [cli, 'hub', ...args], { stdio: 'pipe' })
}

async function startEmbedded(home: string, port: number): Promise<RunningProcess[]> {
  const args = ['hub', 'start', '--home', home, '--rpc-port', String(port), '--block-time', '200']
  return [startProcess(process.execPath, [cli, ...args], join(home, 'hub.log'))]
}

async function startOnCometBft(home: string, port: number): Promise<RunningProcess[]> {
  const cometbft = await requireBinary('cometbft')
  const address = `unix://${join(home, 'abci.sock')}`
  const args = ['hub', 'start', '--home', home, '--engine', 'cometbft-socket', '--abci-address', address]
  const application = startProcess(process.execPath, [cli, ...args], join(home, 'hub.log'))
  execFileSync(cometbft, ['init', '--home', home], { stdio: 'pipe' })
  const settings = { proxy: address, rpcPort: port, p2pPort: await freePort() }
  configureCometBft(join(home, 'config/config.toml'), settings)
  return [application, startProcess(cometbft, ['start', '--home', home], join(home, 'cometbft.log'))]
}

/** Where CometBFT finds the application and serves. */
export interface CometBftSettings {
  /** Of the application. */
  readonly proxy: string
  readonly rpcPort: number
  readonly p2pPort: number
  /** Between a block and the next proposal; 200 unless told otherwise. */
  readonly commitMilliseconds?: number
  readonly isUnindexed?: boolean
}

/**
 * Sets up CometBFT for a benchmark, with room for the load; `isUnindexed` without its index of events
 * (`indexer = "null"`), as validators run it that answer no searches.
 */
export function configureCometBft(
  path: string,
  { proxy, rpcPort, p2pPort, commitMilliseconds = 200, isUnindexed = false }: CometBftSettings,
): void {
  const settings: readonly (readonly [RegExp, string])[] = [
    [/^proxy_app = .*$/m, `proxy_app = "${proxy}"`],
    [/^laddr = "tcp:\/\/127.0.0.1:26657"$/m, `laddr = "tcp://127.0.0.1:${rpcPort}"`],
    [/^laddr = "tcp:\/\/0.0.0.0:26656"$/m, `laddr = "tcp://127.0.0.1:${p2pPort}"`],
    [/^timeout_commit = .*$/m, `timeout_commit = "${commitMilliseconds}ms"`],
    [/^size = 5000$/m, 'size = 60000'],
    [/^max_request_batch_size = 10$/m, 'max_request_batch_size = 0'],
    [/^log_level = .*$/m, 'log_level = "error"'],
    [/^indexer = .*$/m, `indexer = "${isUnindexed ? 'null' : 'kv'}"`],
  ]
  let text = readFileSync(path, 'utf8')
  for (const [pattern, line] of settings) text = text.replace(pattern, line)
  writeFileSync(path, text)
}

/** Calls a method of a node's JSON-RPC. */
export interface Rpc {
  (method: string, parameters: unknown): Promise<unknown>
}

/** The JSON-RPC of a node. */
export function jsonRpc(rpcUrl: string): Rpc {
  return async (method, params) => {
    const call = { jsonrpc: '2.0', id: 1, method, params }
    const answer = (await postJson(rpcUrl, call)) as { result?: unknown; error?: unknown }
    if (answer.error !== undefined) throw new Error(`${method}: ${JSON.stringify(answer.error)}`)
    return answer.result
  }
}

/**
 * Sends one call, or several in one; again where a node that can't keep up ends the connection. A connection
 * each: idle ones end as they are used again.
 */
export async function postJson(url: string, body: unknown, attempts = 5): Promise<unknown> {
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).catch(
    (error: unknown) => {
      if (attempts === 1) throw error
      return undefined
    },
  )
  return response === undefined ? postJson(url, body, attempts - 1) : response.json()
}
