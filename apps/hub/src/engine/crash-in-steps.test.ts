import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { toHex } from '@causeway/primitives'
import { openLmdbStorage } from '@causeway/state-tree'
import { testGenesis, testKeys } from './chain.fixture.ts'
import { homeAt } from './home.ts'
import { createKeyValueApplication } from './kvstore.fixture.ts'
import { startEmbeddedNode } from './start-embedded-node.ts'
import { STEPS, createSteppingApplication } from './stepping.fixture.ts'
import { clockOf, transactionsOf } from './story.fixture.ts'

const program = fileURLToPath(new URL('./crash-steps.fixture.ts', import.meta.url))
const keys = testKeys('a', 'b', 'c')
const genesis = testGenesis(keys)

function prepareHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'steps-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  mkdirSync(join(home, 'config'))
  writeFileSync(homeAt(home).genesis, JSON.stringify(genesis))
  keys.forEach((key, i) => writeFileSync(homeAt(home).validatorKey(i), JSON.stringify(key)))
  return home
}

/** Runs a node until it waits after this step of its fourth block, and kills it; gives what it reported. */
async function runAndKill(home: string, step: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, home, String(step)], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const stderr: string[] = []
  child.stderr.on('data', (chunk) => stderr.push(String(chunk)))
  const exited = once(child, 'exit')
  const blocks: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'between') child.kill('SIGKILL')
    else blocks.push(line)
  }
  const [, signal] = (await exited) as [unknown, unknown]
  expect(signal, stderr.join('')).toBe('SIGKILL')
  return blocks
}

/** The chain of a node that knows no steps, and is never interrupted. */
async function undisturbed(blocks: number): Promise<string[]> {
  const node = await startEmbeddedNode({
    ...{ genesis, validators: keys, blocks: 'onDemand', rpc: false },
    application: createKeyValueApplication(),
    clock: clockOf(() => node.height()),
  })
  const made: string[] = []
  for (let height = 1n; height <= blocks; height++) {
    for (const tx of transactionsOf(height)) await node.submit(tx)
    const { hash } = node.produceBlock()
    made.push(`${height} ${toHex(hash)}`)
  }
  await node.stop()
  return made
}

it('a node killed between two steps finishes that block and makes the chain it would have made', async () => {
  const home = prepareHome()
  const reported: string[] = []
  for (let step = 1; step < STEPS; step++) reported.push(...(await runAndKill(home, step)))
  const last = 3 * (STEPS - 1) + 1

  const storage = openLmdbStorage(join(home, 'data', 'application'))
  const application = createSteppingApplication(storage)
  const node = await startEmbeddedNode({
    ...{ application, home, blocks: 'onDemand', rpc: false },
    clock: clockOf(() => node.height()),
  })
  expect(node.height()).toBe(BigInt(last - 1))
  const finished = node.produceBlock()
  expect(finished).toMatchObject({ height: BigInt(last), transactions: 3 })
  reported.push(`${finished.height} ${toHex(finished.hash)}`)
  expect(application.requests.at(-1)!.txs).toEqual(transactionsOf(BigInt(last)))
  expect(application.log).toEqual([...Array.from({ length: STEPS }, (_, i) => `${last}.${i + 1}`), 'commit'])
  expect(node.produceBlock().transactions).toBe(0)
  await node.stop()
  storage.close()
  expect(reported).toEqual(await undisturbed(last))
}, 60_000)
