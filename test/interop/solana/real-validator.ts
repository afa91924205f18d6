import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Connection } from '@solana/web3.js'
import { endProcess, startProcess, waitFor } from '../processes.ts'

/** Programs that test/interop/solana/run.mjs found, or why this is not started by it. */
export const binaries = {
  validator: process.env['SOLANA_TEST_VALIDATOR'],
  plugin: process.env['SOLANA_GEYSER_PLUGIN'],
}

/** An unmodified solana-test-validator whose plugin records what it executes. */
export interface RealValidator {
  readonly connection: Connection
  readonly rpcUrl: string
  /** What the plugin writes: `file:///…`. */
  readonly records: string
  readonly version: string
  /** Most memory that the process had so far, in MiB. */
  memoryMebibytes(): number
  stop(): Promise<void>
}

/** In a namespace of its own these are free. */
const RPC_PORT = 8899
const START_MILLISECONDS = 300_000
const LOG_CHARACTERS_MAX = 5_000

/** Starts one from genesis; epochs are short, so that several pass during a test. */
export async function startRealValidator(slotsPerEpoch: number): Promise<RealValidator> {
  const { validator, plugin } = binaries
  if (!validator || !plugin)
    throw new Error('started by test/interop/solana/run.mjs, which names the binaries')
  const folder = mkdtempSync(join(tmpdir(), 'causeway-solana-'))
  const records = join(folder, 'records')
  const configuration = join(folder, 'geyser.json')
  writeFileSync(configuration, JSON.stringify({ libpath: plugin, records }))
  mkdirSync(join(folder, 'home'))
  const args = [
    ...['--ledger', join(folder, 'ledger'), '--bind-address', '127.0.0.1', '--rpc-port', `${RPC_PORT}`],
    ...['--slots-per-epoch', `${slotsPerEpoch}`, '--geyser-plugin-config', configuration, '--quiet'],
  ]
  const environment = { ...process.env, HOME: join(folder, 'home'), RUST_LOG: 'solana=warn,agave=warn' }
  const running = startProcess(validator, args, join(folder, 'log'), environment, folder)
  const rpcUrl = `http://127.0.0.1:${RPC_PORT}`
  const connection = new Connection(rpcUrl, { commitment: 'confirmed', fetch: fetchTwice })
  const logs = [running.logPath, join(folder, 'ledger', 'validator.log')]
  const hasEnded = () => running.child.exitCode !== null || running.child.signalCode !== null
  const stop = async () => {
    if (hasEnded()) console.log(`the validator had ended by itself:\n${logs.map(tailOf).join('\n')}`)
    await endProcess(running, 'SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { 'solana-core': version } = await waitFor(
      'the validator to answer',
      async () => {
        if (hasEnded()) return { 'solana-core': 'ended' }
        return (await connection.getSlot('finalized')) > 0 ? await connection.getVersion() : undefined
      },
      START_MILLISECONDS,
    )
    if (version === 'ended') throw new Error('the validator ended before it answered')
    const pid = running.child.pid!
    return {
      connection,
      rpcUrl,
      records: pathToFileURL(records).href,
      version,
      memoryMebibytes: () => memory(pid),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function tailOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').slice(-LOG_CHARACTERS_MAX) : ''
}

/** A request that meets a connection which the server just closed is made again. */
function fetchTwice(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  return fetch(input, init).catch(() => fetch(input, init))
}

function memory(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1024)
}
