import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { endProcess, freePort, startProcess } from './processes.ts'
import type { RunningProcess } from './processes.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const NODE = join(ROOT, 'node_modules', '.bin', 'node')
const CLI = join(ROOT, 'apps', 'cli', 'src', 'main.ts')

/** A part of a devnet as a process of its own, under a supervisor: it is started again when it ends. */
export class Part {
  readonly name: string
  readonly #arguments: readonly string[]
  readonly #program: string
  readonly logPath: string
  readonly #probeUrl: string
  #running: RunningProcess | undefined
  #isWanted = false
  /** Times that it ended without being killed by us. */
  endings = 0
  kills = 0

  /**
   * @param probeUrl answers when the part works
   * @param program what Node runs; by default the command line
   */
  constructor(name: string, folder: string, probeUrl: string, args: readonly string[], program = CLI) {
    this.name = name
    this.#probeUrl = probeUrl
    this.#arguments = args
    this.#program = program
    this.logPath = join(folder, `${name}.log`)
  }

  start(): void {
    this.#isWanted = true
    const running = startProcess(NODE, [this.#program, ...this.#arguments], this.logPath)
    this.#running = running
    void running.exited.then(() => {
      if (!this.#isWanted || this.#running !== running) return
      this.endings += 1
      this.start()
    })
  }

  /** True when it answers, undefined when it does not: as `waitFor` wants it. */
  async isServing(): Promise<true | undefined> {
    const { ok } = await fetch(this.#probeUrl, { signal: AbortSignal.timeout(2_000) })
    return ok ? true : undefined
  }

  /** Kills it with −9, wherever it is in what it does. */
  async kill(): Promise<void> {
    this.kills += 1
    await this.#end('SIGKILL')
  }

  /** Asks it to end; its exit code. */
  async stop(): Promise<number | null> {
    return await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    this.#isWanted = false
    if (this.#running === undefined) return null
    await endProcess(this.#running, signal)
    return await this.#running.exited
  }
}

/** The parts, with where they listen. */
export interface DevnetParts {
  readonly hub: Part
  readonly zone: Part
  readonly relayer: Part
  readonly indexer: Part
  readonly hubRpcUrl: string
  readonly zoneRpcUrl: string
  readonly graphqlUrl: string
  readonly hubHome: string
  readonly relayerConfig: string
}

const BLOCK_MS = '300'

/** Writes homes and configuration into a folder; starts nothing. */
export async function prepareParts(folder: string): Promise<DevnetParts> {
  const [hubPort, zonePort, metricsPort, graphqlPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ].map(String) as [string, string, string, string]
  const ports = ['--hub-port', hubPort, '--zone-port', zonePort, '--metrics-port', metricsPort]
  await runCli('devnet', 'init', '--home', folder, ...ports)
  const [hubRpcUrl, zoneRpcUrl] = [`http://127.0.0.1:${hubPort}`, `http://127.0.0.1:${zonePort}`]
  const hubHome = join(folder, 'hub')
  const relayerConfig = join(folder, 'relayer.yaml')
  const blocks = ['--block-time', BLOCK_MS]
  const hub = [
    'hub',
    'start',
    '--home',
    hubHome,
    '--rpc-port',
    hubPort,
    '--simulated-price',
    '2=1',
    ...blocks,
  ]
  const zone = ['devnet', 'zone', 'start', '--home', join(folder, 'zone'), '--port', zonePort, ...blocks]
  const database = ['--database', join(folder, 'indexer'), '--port', graphqlPort]
  const indexer = ['indexer', 'start', '--hub-rpc', hubRpcUrl, '--chain', `zone-1=${zoneRpcUrl}`, ...database]
  return {
    hub: new Part('hub', folder, `${hubRpcUrl}/status`, hub),
    zone: new Part('zone', folder, `${zoneRpcUrl}/status`, zone),
    relayer: new Part('relayer', folder, `http://127.0.0.1:${metricsPort}/health`, [
      'relayer',
      'start',
      '-c',
      relayerConfig,
    ]),
    indexer: new Part('indexer', folder, `http://127.0.0.1:${graphqlPort}/health`, indexer),
    hubRpcUrl,
    zoneRpcUrl,
    graphqlUrl: `http://127.0.0.1:${graphqlPort}/graphql`,
    hubHome,
    relayerConfig,
  }
}

/** Runs a command of the CLI to its end; its standard output. Throws when it fails. */
export async function runCli(...args: string[]): Promise<string> {
  const child = spawn(NODE, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`causeway ${args.join(' ')} ended with ${code}: ${errors}${out}`)
  return out
}
