import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createPublicClient, http, type Address, type Hash } from 'viem'
import { endProcess, freePort, startProcess, waitFor, type RunningProcess } from '../processes.ts'
import { requireNpmPeer } from './npm-peer.ts'

/** A proof-of-stake chain of one consensus client and one execution client, both on loopback. */
export interface ProofOfStakeDevnet {
  readonly beaconUrl: string
  readonly executionUrl: string
  readonly chainId: number
  /** Throws with the end of its log when one of the clients has ended. */
  check(): void
  /** Ends both, which ignore requests for long, and removes their data. */
  stop(): Promise<void>
}

const CHAIN_ID = 31337
const WAIT_MS = 60_000

/**
 * Starts EthereumJS and Lodestar: Capella from genesis, the minimal preset with epochs of 4 slots of 2
 * seconds
 * (committees change every 8 epochs), 8 validators in one process. `richAddresses` own ether from
 * the genesis on.
 */
export async function startProofOfStakeDevnet(
  richAddresses: readonly Address[],
): Promise<ProofOfStakeDevnet> {
  const [execution, consensus] = [
    await requireNpmPeer('execution-client'),
    await requireNpmPeer('consensus-client'),
  ]
  const home = mkdtempSync(join(tmpdir(), 'causeway-pos-'))
  const running: RunningProcess[] = []
  const stop = async () => {
    await Promise.all(running.map((process) => endProcess(process)))
    rmSync(home, { recursive: true, force: true })
  }
  try {
    writeFileSync(join(home, 'genesis.json'), JSON.stringify(executionGenesis(richAddresses)))
    writeFileSync(join(home, 'params.yaml'), CONSENSUS_PARAMS)
    writeFileSync(join(home, 'jwt.hex'), '11'.repeat(32))
    const ports = { rpc: await freePort(), engine: await freePort(), execution: await freePort() }
    running.push(startExecution(execution, home, ports))
    const executionUrl = `http://127.0.0.1:${ports.rpc}`
    const genesisHash = await waitFor('the execution client', () => hashOfGenesis(executionUrl), WAIT_MS)
    const rest = await freePort()
    running.push(startConsensus(consensus, home, { rest, p2p: await freePort() }, ports.engine, genesisHash))
    return {
      beaconUrl: `http://127.0.0.1:${rest}`,
      executionUrl,
      chainId: CHAIN_ID,
      check: () => running.forEach(requireAlive),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function executionGenesis(richAddresses: readonly Address[]): object {
  const blocks = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg']
  const laterBlocks = ['istanbul', 'muirGlacier', 'berlin', 'london', 'mergeFork']
  const zero = `0x${'00'.repeat(32)}`
  return {
    config: {
      chainId: CHAIN_ID,
      ...Object.fromEntries([...blocks, ...laterBlocks].map((name) => [`${name}Block`, 0])),
      shanghaiTime: 0,
      terminalTotalDifficulty: 0,
      terminalTotalDifficultyPassed: true,
    },
    ...{ nonce: '0x0', timestamp: '0x0', extraData: '0x', gasLimit: '0x1c9c380', difficulty: '0x0' },
    ...{ mixHash: zero, coinbase: `0x${'00'.repeat(20)}`, parentHash: zero, number: '0x0', gasUsed: '0x0' },
    baseFeePerGas: '0x7',
    alloc: Object.fromEntries(richAddresses.map((one) => [one, { balance: '0xd3c21bcecceda1000000' }])),
  }
}

const CONSENSUS_PARAMS = `
PRESET_BASE: minimal
CONFIG_NAME: causeway
GENESIS_FORK_VERSION: '0x00000001'
ALTAIR_FORK_EPOCH: 0
ALTAIR_FORK_VERSION: '0x01000001'
BELLATRIX_FORK_EPOCH: 0
BELLATRIX_FORK_VERSION: '0x02000001'
CAPELLA_FORK_EPOCH: 0
CAPELLA_FORK_VERSION: '0x03000001'
TERMINAL_TOTAL_DIFFICULTY: 0
SECONDS_PER_SLOT: 2
GENESIS_DELAY: 5
DEPOSIT_CHAIN_ID: ${CHAIN_ID}
`

function startExecution(
  folder: string,
  home: string,
  ports: { rpc: number; engine: number; execution: number },
): RunningProcess {
  const args = [
    ...['--gethGenesis', join(home, 'genesis.json'), '--dataDir', join(home, 'execution')],
    ...['--rpc', '--rpcAddr', '127.0.0.1', '--rpcPort', String(ports.rpc)],
    ...['--rpcEngine', '--rpcEngineAddr', '127.0.0.1', '--rpcEnginePort', String(ports.engine)],
    ...['--jwtSecret', join(home, 'jwt.hex'), '--discV4=false', '--discDns=false', '--logFile=false'],
    ...['--extIP', '127.0.0.1', '--port', String(ports.execution), '--maxPeers', '0'],
    ...['--sync=none', '--isSingleNode'],
  ]
  const bin = join(folder, 'node_modules/.bin/ethereumjs')
  return startProcess(process.execPath, [bin, ...args], join(home, 'execution.log'), process.env, home)
}

function startConsensus(
  folder: string,
  home: string,
  ports: { rest: number; p2p: number },
  enginePort: number,
  genesisHash: Hash,
): RunningProcess {
  const restUrl = `http://127.0.0.1:${ports.rest}`
  const args = [
    ...['dev', '--dataDir', join(home, 'consensus'), '--paramsFile', join(home, 'params.yaml'), '--reset'],
    ...['--genesisValidators', '8', '--startValidators', '0..7', '--genesisEth1Hash', genesisHash],
    ...['--rest.address', '127.0.0.1', '--rest.port', String(ports.rest), '--rest.namespace', '*'],
    ...['--server', restUrl, '--listenAddress', '127.0.0.1', '--port', String(ports.p2p)],
    ...['--discv5', 'false', '--targetPeers', '0', '--metrics', 'false', '--logFile', 'none'],
    ...['--execution.urls', `http://127.0.0.1:${enginePort}`, '--jwt-secret', join(home, 'jwt.hex')],
    ...['--eth1', 'false', '--terminal-total-difficulty-override', '0'],
    ...['--suggestedFeeRecipient', `0x${'11'.repeat(20)}`],
  ]
  const program = join(home, 'lodestar.mjs')
  writeFileSync(program, shortEpochs(join(folder, 'node_modules')))
  const environment = { ...process.env, NODE_BACKEND: 'js' }
  return startProcess(node22(folder), [program, ...args], join(home, 'consensus.log'), environment, home)
}

/** A program that starts Lodestar's own after it has changed the preset, which must come first. */
function shortEpochs(modules: string): string {
  const file = (path: string) => JSON.stringify(pathToFileURL(join(modules, path)).href)
  return `import { PresetName, setActivePreset } from ${file('@lodestar/params/lib/setPreset.js')}
setActivePreset(PresetName.minimal, { SLOTS_PER_EPOCH: 4 })
await import(${file('@chainsafe/lodestar/lib/index.js')})
`
}

/** The consensus client's native parts load up to Node 22, which its lockfile brings for this platform. */
function node22(folder: string): string {
  const modules = join(folder, 'node_modules')
  const name = readdirSync(modules).find((entry) => /^node-(bin-)?(linux|darwin)-/.test(entry))
  if (name === undefined)
    throw new Error('the lockfile of the consensus client has no Node for this platform')
  return join(modules, name, 'bin', 'node')
}

async function hashOfGenesis(url: string): Promise<Hash> {
  const { hash } = await createPublicClient({ transport: http(url) }).getBlock({ blockNumber: 0n })
  return hash
}

function requireAlive({ child, logPath }: RunningProcess): void {
  if (child.exitCode === null && child.signalCode === null) return
  throw new Error(`a client has ended with ${child.exitCode ?? child.signalCode}; its log is ${logPath}`)
}
