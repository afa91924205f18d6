// The released CometBFT against our ABCI socket server: blocks, −9 to either side at any time, and what was
// recorded there replayed through the embedded driver's parts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectAbciClient, readRecording, replay } from '@causeway/hub'
import { readFileSync } from 'node:fs'
import { requireBinary } from './binaries.ts'
import { createCometNetwork, heightOf } from './comet-network.ts'
import type { CometNode } from './comet-network.ts'
import { createKeyValueApplication } from './key-value-application.ts'
import { waitFor } from './processes.ts'
import { call } from './rpc-shape.ts'

const directory = mkdtempSync(join(tmpdir(), 'abci-socket-'))
const program = fileURLToPath(new URL('./serve-key-value.ts', import.meta.url))
let nodes: CometNode[] = []

function stateOf(node: { home: string }): string {
  return join(node.home, 'state.json')
}

function recordingOf(node: { home: string }): string {
  return join(node.home, 'blocks.rec')
}

beforeAll(async () => {
  nodes = await createCometNetwork({
    cometbft: await requireBinary('cometbft'),
    directory,
    chainId: 'socket-test',
    validators: 2,
    appState: { greeting: 'hello' },
    timeoutCommit: '100ms',
    application: (node) => [
      process.execPath,
      [program, `unix://${node.socket}`, stateOf(node), recordingOf(node)],
    ],
  })
  await Promise.all(nodes.map((node) => node.start()))
}, 120_000)

afterAll(async () => {
  for (const node of nodes) await node.kill()
  rmSync(directory, { recursive: true, force: true })
})

async function send(text: string, node: CometNode): Promise<void> {
  const tx = Buffer.from(text).toString('base64')
  const answer = await call(node.rpcUrl, 'broadcast_tx_commit', { tx })
  expect(answer).toMatchObject({ result: { check_tx: { code: 0 }, tx_result: { code: 0 } } })
}

async function reach(node: CometNode, height: bigint): Promise<void> {
  await waitFor(`height ${height} at node ${node.index}`, async () =>
    (await heightOf(node.rpcUrl)) >= height ? true : undefined,
  )
}

describe('CometBFT over our socket server', () => {
  it('makes blocks with transactions and vote extensions', async () => {
    for (const node of nodes) await reach(node, 3n)
    for (let i = 0; i < 5; i++) await send(`key${i}=${i}`, nodes[i % 2]!)
    const query = { path: '/store', data: Buffer.from('key3').toString('hex') }
    expect(await call(nodes[1]!.rpcUrl, 'abci_query', query)).toMatchObject({
      result: { response: { log: 'exists' } },
    })
  })

  it('takes a second client beside CometBFT', async () => {
    const client = await connectAbciClient(`unix://${nodes[0]!.socket}`)
    const info = { version: '', blockVersion: 11n, p2pVersion: 8n, abciVersion: '2.0.0' }
    expect((await client.send({ info })).info?.lastBlockHeight).toBeGreaterThan(0n)
    client.close()
  })

  it('goes on after −9 to application and CometBFT, five times at either node', async () => {
    for (let i = 0; i < 5; i++) {
      const node = nodes[i % 2]!
      await send(`crash${i}=x`, nodes[0]!)
      await node.kill()
      await node.start()
      const height = await waitFor('an answer', () => heightOf(node.rpcUrl))
      await reach(node, height + 2n)
    }
    await send('after=crashes', nodes[1]!)
  }, 120_000)

  it('recorded what another application answers alike at every height, on both nodes', async () => {
    for (const node of nodes) await node.kill()
    const reports = nodes.map((node) => replay(recordingOf(node), createKeyValueApplication()))
    expect(reports[0]!.blocks).toBeGreaterThan(10)
    const steps = nodes.map((node) => readRecording(readFileSync(recordingOf(node))))
    const common = Math.min(...steps.map(({ length }) => length))
    expect(steps[0]!.slice(0, common)).toEqual(steps[1]!.slice(0, common))
  })
})
