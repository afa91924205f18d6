import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../process/ports.ts'
import { startAnvil } from './anvil.ts'
import { executionClient } from './execution-client.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devnet-anvil-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function start(exits: Error[] = [], port?: number) {
  return await startAnvil({
    port: port ?? (await freePort()),
    chainId: 31_337,
    genesisTimeSeconds: 1_700_000_000,
    logPath: join(folder, 'anvil.log'),
    onExit: (error) => exits.push(error),
  })
}

const isAnswering = (url: string) =>
  executionClient(url)
    .blockNumber()
    .then(
      () => true,
      () => false,
    )

describe('anvil', () => {
  it('makes a block when it is told to, and ends without a word when it is stopped', async () => {
    const exits: Error[] = []
    const anvil = await start(exits)
    const client = executionClient(anvil.rpcUrl)
    expect(await client.blockNumber()).toBe(0)
    await client.mine(1_700_000_012)
    const { payload } = await client.blockAt(1)
    expect([payload.blockNumber, payload.timestamp]).toEqual([1, 1_700_000_012])
    await expect(client.blockAt(2)).rejects.toThrow('no execution block 2')
    await anvil.stop()
    expect(await isAnswering(anvil.rpcUrl)).toBe(false)
    expect(exits).toEqual([])
  })

  it('that ends by itself is told', async () => {
    const { promise, resolve } = Promise.withResolvers<Error>()
    const anvil = await startAnvil({
      port: await freePort(),
      chainId: 1,
      genesisTimeSeconds: 1,
      logPath: join(folder, 'anvil.log'),
      onExit: resolve,
    })
    process.kill(childOf(anvil.pid), 'SIGTERM')
    expect((await promise).message).toMatch(/^anvil ended/)
    await anvil.stop()
  })

  it('that can not listen says that the port is taken', async () => {
    const first = await start()
    const port = Number(new URL(first.rpcUrl).port)
    // The port answers, but not by this one.
    await expect(start([], port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await first.stop()
  })

  it('ends when whoever started it is killed outright', async () => {
    const port = await freePort()
    const program = `
      import { startAnvil } from ${JSON.stringify(join(import.meta.dirname, 'anvil.ts'))}
      const anvil = await startAnvil({ port: ${port}, chainId: 1, genesisTimeSeconds: 1,
        logPath: ${JSON.stringify(join(folder, 'anvil.log'))}, onExit() {} })
      console.log(anvil.pid)
      setInterval(() => {}, 1_000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 2],
    })
    const shell = Number(await new Promise((resolve) => parent.stdout?.once('data', resolve)))
    const url = `http://127.0.0.1:${port}`
    expect(await isAnswering(url)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => isAnswering(url), { timeout: 10_000 }).toBe(false)
    await expect.poll(() => exists(shell), { timeout: 10_000 }).toBe(false)
  }, 30_000)
})

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Anvil itself: the shell's first child. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0])
}
