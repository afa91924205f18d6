import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing'
import { SigningStargateClient } from '@cosmjs/stargate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createHubApplication,
  createSeededPriceSource,
  hubAppState,
  readRecording,
  replay,
  verifyNatively,
} from '@causeway/hub'
import type { Application } from '@causeway/hub'
import { createMemoryStorage } from '@causeway/state-tree'
import { requireBinary } from './binaries.ts'
import { createCometNetwork, heightOf } from './comet-network.ts'
import type { CometNode } from './comet-network.ts'
import { waitFor } from './processes.ts'
import { replayThroughSocket } from './replay-through-socket.ts'

const chainId = 'causeway-1'
const mnemonic =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
const modes = ['honest', 'honest', 'honest', 'hostile']
const gasPrices = { amount: [{ denom: 'ucway', amount: '5000' }], gas: '200000' }

function freshHub(): Application {
  return createHubApplication({
    chainId,
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
    priceSource: createSeededPriceSource('replay', []),
  })
}

describe('four CometBFT validators run the hub, one of them hostile', () => {
  let directory: string
  let nodes: CometNode[]
  let address: string
  let wallet: DirectSecp256k1HdWallet

  beforeAll(async () => {
    const cometbft = await requireBinary('cometbft')
    directory = mkdtempSync(join(tmpdir(), 'comet-hub-'))
    wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: 'cway' })
    address = (await wallet.getAccounts())[0]!.address
    nodes = await createCometNetwork({
      cometbft,
      directory,
      chainId,
      validators: 4,
      appState: JSON.parse(
        JSON.stringify(
          hubAppState({
            denom: 'ucway',
            balances: [{ holder: address, denom: 'ucway', amount: 1_000_000_000n }],
            gasPriceE9: 0n,
            assets: [
              {
                denom: 'weth',
                decimals: 18,
                symbol: 'ETH',
                initialWeightBps: 8_000,
                maintenanceWeightBps: 9_000,
              },
            ],
          }),
        ),
      ),
      application: ({ index, home, socket }) => [
        process.execPath,
        [join(import.meta.dirname, 'hub-validator.ts'), socket, home, chainId, modes[index]!],
      ],
    })
    await Promise.all(nodes.map((node) => node.start()))
    await reached(nodes, 6n)
  })

  afterAll(async () => {
    for (const node of nodes ?? []) await node.kill()
    if (directory) rmSync(directory, { recursive: true, force: true })
  })

  it('they agree on blocks with transaction 0, and prices come from vote extensions', async () => {
    const block = await rpc(nodes[0]!, 'block', { height: '5' })
    expect(block.block.data.txs.length).toBeGreaterThanOrEqual(1)
    const results = await rpc(nodes[0]!, 'block_results', { height: '5' })
    const events = (results.finalize_block_events ?? []) as { type: string }[]
    expect(events.map((event) => event.type)).toContain('causeway.oracle.v1.price')
  })

  it('a missing, forged, cut or replayed extended commit is refused, and the chain goes on', async () => {
    // missing: 1; cut: 4; forged and replayed: 11, or what else of the replayed one differs first
    const expected = ['block/1 ', 'block/4 ', 'block/11 ']
    await waitFor(
      'a refusal of each kind',
      () => {
        const refusals = readRefusals(nodes.slice(0, 3)) ?? ''
        const rounds = new Set([...refusals.matchAll(/^(\d+) /gm)].map((match) => match[1]))
        return rounds.size >= 4 && expected.every((code) => refusals.includes(code)) ? true : undefined
      },
      120_000,
    )
    const height = await heightOf(nodes[0]!.rpcUrl)
    await reached(nodes.slice(0, 3), height + 5n)
    for (let h = 2n; h <= height; h++) {
      const { block } = await rpc(nodes[0]!, 'block', { height: h.toString() })
      const proposer = nodes.findIndex((node) => addressOf(node) === block.header.proposer_address)
      if (h >= 4n) expect(modes[proposer], `the proposer of block ${h}`).toBe('honest')
    }
  })

  it('CosmJS sends a transfer through CometBFT', async () => {
    const client = await SigningStargateClient.connectWithSigner(nodes[1]!.rpcUrl, wallet, {
      broadcastPollIntervalMs: 100,
    })
    const receiver = 'cway1' + 'q'.repeat(32)
    const to = (await DirectSecp256k1HdWallet.generate(12, { prefix: 'cway' })).getAccounts()
    const result = await client.sendTokens(
      address,
      (await to)[0]!.address,
      [{ denom: 'ucway', amount: '77' }],
      gasPrices,
    )
    expect(result.code, receiver).toBe(0)
    expect(await client.getBalance((await to)[0]!.address, 'ucway')).toEqual({ denom: 'ucway', amount: '77' })
    client.disconnect()
  })

  it('a validator killed with −9 catches up', async () => {
    await nodes[2]!.kill()
    const height = await heightOf(nodes[0]!.rpcUrl)
    await nodes[2]!.start()
    await reached([nodes[2]!], height + 3n)
    const [here, there] = await Promise.all(
      [nodes[0]!, nodes[2]!].map((node) => rpc(node, 'block', { height: (height + 2n).toString() })),
    )
    expect(there.block.header.app_hash).toBe(here.block.header.app_hash)
  })

  it('what CometBFT drove gives the same hashes here and through a fresh socket server', async () => {
    for (const node of nodes) await node.kill()
    const path = join(nodes[0]!.home, 'recording')
    const report = replay(path, freshHub())
    expect(report.blocks).toBeGreaterThan(10)
    const restarted = readRecording(readFileSync(join(nodes[2]!.home, 'recording')))
    expect(restarted.length, 'the recording of the node that was killed').toBeGreaterThan(10)
    replay(join(nodes[2]!.home, 'recording'), freshHub())
    await replayThroughSocket(path, freshHub())
  })
})

async function reached(nodes: readonly CometNode[], height: bigint): Promise<void> {
  for (const node of nodes) {
    await waitFor(`node ${node.index} at height ${height}`, async () =>
      (await heightOf(node.rpcUrl)) >= height ? true : undefined,
    )
  }
}

function readRefusals(nodes: readonly CometNode[]): string | undefined {
  const paths = nodes.map((node) => join(node.home, 'refusals.txt')).filter((path) => existsSync(path))
  return paths.length === nodes.length ? paths.map((path) => readFileSync(path, 'utf8')).join('') : undefined
}

function addressOf(node: CometNode): string {
  return JSON.parse(readFileSync(join(node.home, 'config/priv_validator_key.json'), 'utf8')).address as string
}

// The shapes are CometBFT's own; the tests read a few members of them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function rpc(node: CometNode, method: string, params: Record<string, string>): Promise<any> {
  const response = await fetch(`${node.rpcUrl}/${method}?${new URLSearchParams(params)}`)
  const { result, error } = (await response.json()) as { result?: unknown; error?: unknown }
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
  return result
}
