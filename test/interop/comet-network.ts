import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endProcess, freePort, startProcess, waitFor } from './processes.ts'
import type { RunningProcess } from './processes.ts'

/** One CometBFT validator with the application process behind it. */
export interface CometNode {
  readonly index: number
  readonly home: string
  readonly rpcUrl: string
  readonly socket: string
  /** Starts application and CometBFT (again). */
  start(): Promise<void>
  /** −9 to both. */
  kill(): Promise<void>
}

/** How a network is made. `application` gives the command that serves ABCI on the node's socket. */
export interface CometNetworkOptions {
  readonly cometbft: string
  readonly directory: string
  readonly chainId: string
  readonly validators: number
  readonly appState: unknown
  readonly timeoutCommit?: string
  readonly application: (node: {
    index: number
    home: string
    socket: string
  }) => readonly [string, readonly string[]]
}

/** Beside others' work a start takes its time. */
const STARTED_MS = 180_000

interface Ports {
  readonly rpc: number
  readonly p2p: number
}

/** Makes the homes of a CometBFT 0.38 network on loopback, vote extensions from height 1. Starts nothing. */
export async function createCometNetwork(options: CometNetworkOptions): Promise<CometNode[]> {
  const homes = Array.from({ length: options.validators }, (_, i) => join(options.directory, `node${i}`))
  for (const home of homes) execFileSync(options.cometbft, ['init', '--home', home], { stdio: 'ignore' })
  writeGenesis(homes, options)
  const ports: Ports[] = []
  for (const _ of homes) ports.push({ rpc: await freePort(), p2p: await freePort() })
  const ids = homes.map((home) =>
    execFileSync(options.cometbft, ['show-node-id', '--home', home], { encoding: 'utf8' }).trim(),
  )
  return homes.map((home, index) => {
    const peers = ids.flatMap((id, i) => (i === index ? [] : [`${id}@127.0.0.1:${ports[i]!.p2p}`]))
    const socket = join(home, 'abci.sock')
    configure(home, ports[index]!, socket, peers, options.timeoutCommit ?? '200ms')
    return cometNode(options, { index, home, socket, rpcUrl: `http://127.0.0.1:${ports[index]!.rpc}` })
  })
}

function writeGenesis(homes: readonly string[], options: CometNetworkOptions): void {
  const genesis = JSON.parse(readFileSync(join(homes[0]!, 'config/genesis.json'), 'utf8'))
  genesis.chain_id = options.chainId
  genesis.initial_height = '1'
  genesis.consensus_params.abci.vote_extensions_enable_height = '1'
  genesis.app_state = options.appState
  genesis.validators = homes.map((home, i) => {
    const key = JSON.parse(readFileSync(join(home, 'config/priv_validator_key.json'), 'utf8'))
    return { address: key.address, pub_key: key.pub_key, power: '10', name: `node${i}` }
  })
  for (const home of homes) writeFileSync(join(home, 'config/genesis.json'), JSON.stringify(genesis))
}

function configure(
  home: string,
  ports: Ports,
  socket: string,
  peers: readonly string[],
  timeoutCommit: string,
): void {
  const path = join(home, 'config/config.toml')
  const settings: readonly (readonly [RegExp, string])[] = [
    [/^proxy_app = .*$/m, `proxy_app = "unix://${socket}"`],
    [/^laddr = "tcp:\/\/127.0.0.1:26657"$/m, `laddr = "tcp://127.0.0.1:${ports.rpc}"`],
    [/^laddr = "tcp:\/\/0.0.0.0:26656"$/m, `laddr = "tcp://127.0.0.1:${ports.p2p}"`],
    [/^persistent_peers = .*$/m, `persistent_peers = "${peers.join(',')}"`],
    [/^addr_book_strict = .*$/m, 'addr_book_strict = false'],
    [/^allow_duplicate_ip = .*$/m, 'allow_duplicate_ip = true'],
    [/^pex = .*$/m, 'pex = false'],
    [/^timeout_commit = .*$/m, `timeout_commit = "${timeoutCommit}"`],
    [/^timeout_propose = .*$/m, 'timeout_propose = "1s"'],
    [/^max_request_batch_size = .*$/m, 'max_request_batch_size = 0'],
    [/^log_level = .*$/m, 'log_level = "error"'],
  ]
  let text = readFileSync(path, 'utf8')
  for (const [pattern, line] of settings) text = text.replace(pattern, line)
  writeFileSync(path, text)
}

function cometNode(options: CometNetworkOptions, node: Omit<CometNode, 'start' | 'kill'>): CometNode {
  let running: RunningProcess[] = []
  return {
    ...node,
    async start() {
      rmSync(node.socket, { force: true })
      const [command, args] = options.application(node)
      const application = startProcess(command, args, join(node.home, 'application.log'))
      running = [application]
      const args2 = ['start', '--home', node.home]
      await waitFor(
        `the socket of node ${node.index}`,
        () => socketExists(node.socket, application),
        STARTED_MS,
      )
      running.push(startProcess(options.cometbft, args2, join(node.home, 'cometbft.log')))
    },
    async kill() {
      for (const process of running.reverse()) await endProcess(process)
      running = []
    },
  }
}

function socketExists(socket: string, application: RunningProcess): true | undefined {
  if (application.child.exitCode !== null)
    throw new Error(`the application ended, see ${application.logPath}`)
  try {
    readFileSync(socket)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENXIO' ? true : undefined
  }
  return true
}

/** The node's latest height, by its RPC. */
export async function heightOf(rpcUrl: string): Promise<bigint> {
  const response = await fetch(`${rpcUrl}/status`)
  const body = (await response.json()) as { result: { sync_info: { latest_block_height: string } } }
  return BigInt(body.result.sync_info.latest_block_height)
}
