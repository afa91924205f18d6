import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../process/ports.ts'
import { answerBeaconApi } from './api/beacon-api.ts'
import { BeaconChain } from './beacon/beacon-chain.ts'
import { startAnvil } from './execution/anvil.ts'
import { executionClient } from './execution/execution-client.ts'
import { beaconNetwork } from './network.ts'
import type { NetworkOptions } from './network.ts'
import { createProducer } from './producer.ts'

/** When the tests' chains begin, in seconds since 1970: slots are made as fast as they can be. */
export const GENESIS_SECONDS = 1_700_000_000

/** Anvil with a producer whose slots a test makes. To be closed. */
export async function openEthereum(options: NetworkOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'devnet-ethereum-'))
  const network = beaconNetwork(GENESIS_SECONDS, options)
  const anvil = await startAnvil({
    port: await freePort(),
    chainId: network.chainId,
    genesisTimeSeconds: network.genesisTimeSeconds,
    logPath: join(folder, 'anvil.log'),
    onExit: (error) => {
      throw error
    },
  })
  const chain = new BeaconChain(network)
  const execution = executionClient(anvil.rpcUrl)
  const producer = createProducer(chain, execution)
  return {
    network,
    anvil,
    chain,
    execution,
    producer,
    /** Makes every slot up to one. */
    async produceUntil(slot: number) {
      for (let next = chain.head.slot + 1; next <= slot; next += 1) await producer.produce(next)
    },
    /** What a GET answers, as it arrives: through JSON text. */
    get: (path: string) => {
      const { status, json } = answerBeaconApi(chain, path)
      return { status, json: JSON.parse(JSON.stringify(json)) as ApiJson }
    },
    async close() {
      await anvil.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Any JSON of the Beacon API. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ApiJson = any

/** An Ethereum that a test drives. */
export type TestEthereum = Awaited<ReturnType<typeof openEthereum>>

/** A JSON-RPC request to anvil. */
export async function rpc<Answer>(url: string, method: string, ...params: unknown[]): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await response.json()) as { result: Answer; error?: { message: string } }
  if (error !== undefined) throw new Error(`${method}: ${error.message}`)
  return result
}
