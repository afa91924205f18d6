// A real execution client for tests: Foundry's anvil.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { arch, platform } from 'node:process'
import { createJsonRpc, type JsonRpc } from '../follow/json-rpc.ts'

/** A running anvil. */
export type Anvil = { readonly url: string; readonly call: JsonRpc; stop(): Promise<void> }

/** The first of anvil's unlocked accounts. */
export const SENDER = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

/**
 * A contract that logs the first 32 bytes of what it is called with, topic 42; its address when it is the
 * sender's first.
 */
export const LOGGER = {
  creation: '0x600f600c600039600f6000f3602060006000' + '37602a60206000a100',
  address: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
} as const

const LIMITS = { timeoutMs: 10_000, answerBytesMax: 64 * 1024 * 1024 }

/** Starts anvil on a free port of the loopback. */
export async function startAnvil(...options: string[]): Promise<Anvil> {
  const port = await freePort()
  const child = spawn(binary(), ['--host', '127.0.0.1', '--port', String(port), '--silent', ...options], {
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = `http://127.0.0.1:${port}`
  const call = createJsonRpc(url, LIMITS)
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  for (let attempt = 0; attempt < 200; attempt++) {
    const isUp = await call('eth_chainId', []).then(
      () => true,
      () => false,
    )
    if (isUp) return { url, call, stop }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await stop()
  throw new Error('anvil does not answer')
}

/** Sends a transaction of the sender; gives its hash. */
export async function send(anvil: Anvil, transaction: Record<string, unknown>): Promise<string> {
  return String(await anvil.call('eth_sendTransaction', [{ from: SENDER, ...transaction }]))
}

function binary(): string {
  const machine = `${platform}-${arch === 'x64' ? 'amd64' : arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
  return require.resolve(`@foundry-rs/anvil-${machine}/bin/anvil`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
