import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { encodeDeployData, encodeFunctionData, parseAbi } from 'viem'
import type { Hex } from 'viem'

import { openEvmWallet } from '../keys/evm-wallet.ts'

const MNEMONIC = 'test test test test test test test test test test test junk'

/** What tests say to the contract that stands for the core. */
export const TEST_CORE_ABI = parseAbi([
  'struct Payload { string sourcePort; string destPort; string version; string encoding; bytes value; }',
  'struct Packet { uint64 sequence; string sourceClient; string destClient; uint64 time; Payload[] data; }',
  'function setPoison(uint64 sequence, bool value)',
  'function setGasPerPacket(uint256 value)',
  'function send(Packet packet)',
])

/** A wallet of anvil's own; each has 10,000 ether. */
export function anvilWallet(index: number) {
  return openEvmWallet(MNEMONIC, `m/44'/60'/0'/0/${index}`)
}

/** anvil with the contract that stands for the core. Blocks come when a test says so. */
export class Anvil {
  readonly url: string
  readonly #process: ChildProcess
  core: Hex = '0x'

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#process = child
  }

  static async start(...more: readonly string[]): Promise<Anvil> {
    const args = ['--port', '0', '--no-mining', '--hardfork', 'prague', ...more]
    const child = spawn(binaryPath(), args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const url = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const address = /Listening on ([\d.]+:\d+)/.exec(text)?.[1]
        if (address !== undefined) resolve(`http://${address}`)
      })
      child.once('exit', (code) => reject(new Error(`anvil ended with ${code}: ${text}`)))
    })
    return new Anvil(url, child)
  }

  async request<T = unknown>(method: string, ...params: unknown[]): Promise<T> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const answer = (await response.json()) as { result: T; error?: { message: string } }
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result
  }

  async mine(blocks = 1): Promise<void> {
    for (let i = 0; i < blocks; i += 1) await this.request('evm_mine')
  }

  /**
   * Sends from anvil's last account, which the relayer doesn't use, at any price; mines unless told
   * otherwise.
   */
  async send(data: Hex, to?: Hex, options: { readonly isFirst?: boolean } = {}): Promise<Hex> {
    const [from] = ((await this.request('eth_accounts')) as Hex[]).slice(-1)
    const tip = `0x${(options.isFirst === true ? 1_000_000_000_000n : 1_000_000_000n).toString(16)}`
    const fees = { maxFeePerGas: '0x10000000000', maxPriorityFeePerGas: tip, gas: '0x7a1200' }
    const target = to === undefined ? {} : { to }
    const hash = await this.request<Hex>('eth_sendTransaction', { from, data, ...target, ...fees })
    if (options.isFirst === true) return hash
    await this.mine()
    const receipt = await this.request<{ status: Hex }>('eth_getTransactionReceipt', hash)
    if (receipt.status !== '0x1') throw new Error('a transaction of the test failed')
    return hash
  }

  async deployCore(): Promise<Hex> {
    const hash = await this.send(encodeDeployData({ abi: [], bytecode: testCoreCode() }))
    const receipt = await this.request<{ contractAddress: Hex }>('eth_getTransactionReceipt', hash)
    this.core = receipt.contractAddress
    return this.core
  }

  async setPoison(sequence: bigint, isFirst = false): Promise<void> {
    const args = [sequence, true] as const
    await this.send(encodeFunctionData({ abi: TEST_CORE_ABI, functionName: 'setPoison', args }), this.core, {
      isFirst,
    })
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.kill('SIGKILL')
    await ended
  }
}

/** The program itself: npm's `anvil` is a script that starts it, and leaves it behind when killed. */
function binaryPath(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
  const machine = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/anvil-${process.platform}-${machine}`
  return join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'anvil')
}

let code: Hex | undefined

/** Compiled by the compiler from npm, once a process. */
function testCoreCode(): Hex {
  if (code !== undefined) return code
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const content = readFileSync(join(import.meta.dirname, 'test-core.sol'), 'utf8')
  const settings = {
    optimizer: { enabled: true },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
  }
  const input = { language: 'Solidity', sources: { 'test-core.sol': { content } }, settings }
  interface Output {
    errors?: { severity: string; formattedMessage: string }[]
    contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  const failure = output.errors?.find((one) => one.severity === 'error')
  if (failure !== undefined) throw new Error(failure.formattedMessage)
  const object = output.contracts?.['test-core.sol']?.['TestCore']?.evm.bytecode.object
  if (object === undefined) throw new Error('the compiler gave no code')
  code = `0x${object}`
  return code
}
