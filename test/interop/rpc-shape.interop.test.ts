// The embedded engine's RPC beside the released CometBFT's: the same keys and types of values for every
// method, event and error; and our hash functions on CometBFT's own blocks.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateValidatorKey, startEmbeddedNode } from '@causeway/hub'
import type { EmbeddedNode, GenesisJson } from '@causeway/hub'
import { sha256, utf8 } from '@causeway/primitives'
import { requireBinary } from './binaries.ts'
import { endProcess, freePort, startProcess, waitFor } from './processes.ts'
import type { RunningProcess } from './processes.ts'
import { verifyBlock } from './comet-json.ts'
import type { RealBlock, RealHeader, RealResult, RealValidator } from './comet-json.ts'
import { createKeyValueApplication } from './key-value-application.ts'
import { call, differences, get, heightIn, post, summary } from './rpc-shape.ts'

type Json = Record<string, unknown>

const directory = mkdtempSync(join(tmpdir(), 'rpc-shape-'))
const newcomer = generateValidatorKey(sha256(utf8('newcomer'))).pub_key.value
const transactions = ['a=1', 'b=2', `val=ed25519!${newcomer}!1`]
let cometbft: RunningProcess
let theirs = ''
let ours = ''
let node: EmbeddedNode

beforeAll(async () => {
  const binary = await requireBinary('cometbft')
  const home = join(directory, 'comet')
  execFileSync(binary, ['init', '--home', home], { stdio: 'ignore' })
  const path = join(home, 'config/genesis.json')
  const genesis = JSON.parse(readFileSync(path, 'utf8')) as Json & { consensus_params: { abci: Json } }
  genesis.consensus_params.abci['vote_extensions_enable_height'] = '1'
  genesis['app_state'] = { greeting: 'hello' }
  writeFileSync(path, JSON.stringify(genesis))
  const rpc = await freePort()
  configure(join(home, 'config/config.toml'), rpc, await freePort())
  cometbft = startProcess(
    binary,
    ['start', '--home', home, '--proxy_app', 'kvstore'],
    join(directory, 'comet.log'),
  )
  theirs = `http://127.0.0.1:${rpc}`
  const key = JSON.parse(readFileSync(join(home, 'config/priv_validator_key.json'), 'utf8')) as never
  node = await startEmbeddedNode({
    application: createKeyValueApplication(),
    genesis: genesis as unknown as GenesisJson,
    validators: [key],
    blocks: { everyMilliseconds: 50 },
    rpc: { subscriptionsPerClientMax: 10 },
  })
  ours = node.rpcUrl
  await waitFor('CometBFT', async () => ((await fetch(`${theirs}/health`)).ok ? true : undefined))
  for (const url of [theirs, ours]) {
    await waitFor('a block', async () =>
      heightIn((await call(url, 'status')).result) > 2 ? true : undefined,
    )
    for (const tx of transactions) {
      const answer = await call(url, 'broadcast_tx_commit', { tx: base64(tx) })
      expect(answer).toMatchObject({ result: { check_tx: { code: 0 }, tx_result: { code: 0 } } })
    }
    // The newcomer counts two blocks later, and what is newest shall be alike from then on: the newest block
    // has the commit of the one before
    await waitFor('a commit with two places', async () => {
      const { result } = (await call(url, 'block')) as { result?: Json }
      return placesIn(result) === 2 ? true : undefined
    })
  }
}, 120_000)

/** How many signatures a block's last commit has room for. */
function placesIn(result: Json | undefined): number | undefined {
  const block = result?.['block'] as { last_commit: { signatures: unknown[] } } | undefined
  return block?.last_commit.signatures.length
}

afterAll(async () => {
  await node?.stop()
  if (cometbft) await endProcess(cometbft)
  rmSync(directory, { recursive: true, force: true })
})

describe('JSON has the same shape', () => {
  it.each<[string, Json?]>([
    ['health'],
    ['status'],
    ['net_info'],
    ['genesis'],
    ['genesis_chunked'],
    ['genesis_chunked', { chunk: '0' }],
    ['blockchain', { minHeight: '1', maxHeight: '2' }],
    ['header', { height: '1' }],
    ['header', { height: '2' }],
    ['header_by_hash', { hash: 'AB' }],
    ['block', { height: '1' }],
    ['block', { height: '2' }],
    ['block'],
    ['block_by_hash', { hash: 'qw==' }],
    ['block_results', { height: '2' }],
    ['commit', { height: '2' }],
    ['commit'],
    ['validators'],
    ['validators', { height: '1', page: '1', per_page: '5' }],
    ['consensus_params'],
    ['consensus_params', { height: '1' }],
    ['unconfirmed_txs'],
    ['num_unconfirmed_txs'],
    ['abci_info'],
    ['abci_query', { path: '/store', data: '61', height: '0', prove: false }],
    ['abci_query', { path: '/store', data: '6161', prove: true }],
    ['check_tx', { tx: base64('c=3') }],
    ['check_tx', { tx: base64('wrong') }],
    ['tx', { hash: hashOf('a=1') }],
    ['tx', { hash: hashOf('b=2'), prove: true }],
    ['tx_search', { query: "app.key='a'" }],
    [
      'tx_search',
      { query: "app.key='a' AND tx.height > 0", prove: true, page: '1', per_page: '1', order_by: 'desc' },
    ],
    ['tx_search', { query: `tx.hash='${Buffer.from(hashOf('a=1'), 'base64').toString('hex')}'` }],
    ['tx_search', { query: "app.key='nothing'" }],
    ['block_search', { query: 'block.height = 2', order_by: 'asc' }],
    ['block_search', { query: "nothing.here = 'x'" }],
    ['broadcast_tx_sync', { tx: base64('d=4') }],
    ['broadcast_tx_async', { tx: base64('e=5') }],
    ['broadcast_tx_commit', { tx: base64('f=6') }],
    ['broadcast_tx_commit', { tx: base64('wrong') }],
  ])('of %s %j', async (method, params) => {
    // Between two of its writes CometBFT names a height whose records it can't find yet
    const real = await waitFor(`CometBFT's ${method}`, async () => {
      const answer = await call(theirs, method, params)
      return answer.error === undefined ? answer : undefined
    })
    const own = await call(ours, method, params)
    expect(differences('result', real.result, own.result)).toEqual([])
  })

  it('of results with transactions and with validator updates', async () => {
    for (const tx of transactions) {
      const shapes = await Promise.all(
        [theirs, ours].map(async (url) => {
          const found = await call(url, 'tx', { hash: hashOf(tx) })
          const at = (found.result as { height: string }).height
          return [
            (await call(url, 'block_results', { height: at })).result,
            (await call(url, 'block', { height: at })).result,
          ]
        }),
      )
      expect(differences('result', shapes[0], shapes[1])).toEqual([])
    }
  })

  it('of block hashes that exist', async () => {
    const shapes = await Promise.all(
      [theirs, ours].map(async (url) => {
        const { block_id } = (await call(url, 'block', { height: '2' })).result as {
          block_id: { hash: string }
        }
        const hash = Buffer.from(block_id.hash, 'hex').toString('base64')
        return [
          (await call(url, 'block_by_hash', { hash })).result,
          (await call(url, 'header_by_hash', { hash: block_id.hash })).result,
        ]
      }),
    )
    expect(differences('result', shapes[0], shapes[1])).toEqual([])
  })

  it('of answers to URIs', async () => {
    for (const path of [
      'block?height=2',
      'block?height="2"',
      'tx_search?query="app.key=%27a%27"&prove=true',
      'abci_query?path="/store"&data=0x61',
      'block?height=abc',
      'block?height=-1',
      'tx?hash=0xabcd',
      'tx_search?query="x"',
      'validators?page=3',
      'genesis_chunked?chunk=3',
      'subscribe?query="x"',
    ]) {
      const [real, own] = await Promise.all([get(theirs, path), get(ours, path)])
      expect(own.status, path).toBe(real.status)
      expect(differences(path, real.json, own.json)).toEqual([])
    }
    expect((await fetch(`${ours}/nothing`)).status).toBe((await fetch(`${theirs}/nothing`)).status)
  })
})

describe('errors are the same', () => {
  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"nothing"}',
    '{"jsonrpc":"2.0","id":"x","method":"subscribe","params":{"query":"x"}}',
    '{bad',
    '5',
    '[]',
    '{"jsonrpc":"2.0","method":"health"}',
    '[{"jsonrpc":"2.0","id":1,"method":"health"},{"jsonrpc":"2.0","id":2,"method":"health","params":[]}]',
    '{"jsonrpc":"2.0","id":true,"method":"health"}',
    '{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"x"}}',
    '{"jsonrpc":"2.0","id":1,"method":"block","params":["1","2"]}',
    '{"jsonrpc":"2.0","id":1,"method":"block","params":5}',
    '{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"999999"}}',
    '{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"0"}}',
    '{"jsonrpc":"2.0","id":1,"method":"block_results","params":{"height":"999999"}}',
    '{"jsonrpc":"2.0","id":1,"method":"validators","params":{"page":"7"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tx","params":{"hash":"qw=="}}',
    '{"jsonrpc":"2.0","id":1,"method":"tx_search","params":{"query":"x"}}',
    `{"jsonrpc":"2.0","id":1,"method":"tx_search","params":{"query":"${'x'.repeat(600)}"}}`,
    '{"jsonrpc":"2.0","id":1,"method":"tx_search","params":{"query":"a EXISTS","order_by":"up"}}',
    '{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"???"}}',
    `{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"${base64('a=1')}"}}`,
    '{"jsonrpc":"2.0","id":1,"method":"broadcast_evidence","params":{}}',
  ])('%s', async (body) => {
    const [real, own] = await Promise.all([post(theirs, body), post(ours, body)])
    expect(own.status).toBe(real.status)
    expect(summary(own.json)).toEqual(summary(real.json))
  })
})

describe('events have the same shape', () => {
  it.each(['NewBlock', 'NewBlockHeader', 'NewBlockEvents', 'Tx', 'ValidatorSetUpdates'])(
    '%s',
    async (type) => {
      const tx = type === 'ValidatorSetUpdates' ? `val=ed25519!${newcomer}!2` : `event-${type}=1`
      const [real, own] = await Promise.all(
        [theirs, ours].map((url) => firstEvent(url, `tm.event='${type}'`, tx)),
      )
      // An application in CometBFT's own process hands over lists that are empty; over a socket they are
      // null, as ours
      if (type === 'NewBlock') delete finalizeOf(real)['validator_updates']
      if (type === 'NewBlock') delete finalizeOf(own)['validator_updates']
      expect(differences(type, real, own)).toEqual([])
    },
  )
})

describe('hashes of blocks that CometBFT made', () => {
  it('are what our functions compute', async () => {
    const last = heightIn((await call(theirs, 'status')).result) - 1
    let checked = 0
    for (let at = 1; at <= Math.min(last, 40); at++) {
      const params = { height: String(at) }
      const block = (await call(theirs, 'block', params)).result as never as RealBlock
      const results = (await call(theirs, 'block_results', params)).result as {
        txs_results: RealResult[] | null
      }
      const next = (
        (await call(theirs, 'header', { height: String(at + 1) })).result as { header: RealHeader }
      ).header
      const validators = (await call(theirs, 'validators', params)).result as { validators: RealValidator[] }
      verifyBlock(block, results.txs_results ?? [], next, validators.validators)
      checked++
    }
    expect(checked).toBeGreaterThan(5)
  })
})

function finalizeOf(event: unknown): Json {
  return (event as { data: { value: { result_finalize_block: Json } } }).data.value.result_finalize_block
}

/** Subscribes, sends a transaction and gives the first event that concerns it. */
async function firstEvent(url: string, query: string, tx: string): Promise<unknown> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket`)
  await new Promise((resolve) => socket.once('open', resolve))
  const event = new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { id, result } = JSON.parse(data.toString()) as { id: number; result?: Json }
      if (id === 1 && result?.['data'] && concerns(result, tx)) resolve(result)
      else if (id === 1 && result && Object.keys(result).length === 0)
        void call(url, 'broadcast_tx_sync', { tx: base64(tx) })
    })
  })
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe', params: { query } }))
  const found = await event
  socket.terminate()
  return found
}

/** Of blocks, the one with the transaction; of what doesn't show transactions, any. */
function concerns(result: Json, tx: string): boolean {
  const value = (result['data'] as { value: Json }).value
  const txs = (value['block'] as { data?: { txs: string[] } } | undefined)?.data?.txs
  return txs === undefined || txs.includes(base64(tx))
}

function hashOf(tx: string): string {
  return Buffer.from(sha256(utf8(tx))).toString('base64')
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function configure(path: string, rpc: number, p2p: number): void {
  const settings: readonly (readonly [RegExp, string])[] = [
    [/^laddr = "tcp:\/\/127.0.0.1:26657"$/m, `laddr = "tcp://127.0.0.1:${rpc}"`],
    [/^laddr = "tcp:\/\/0.0.0.0:26656"$/m, `laddr = "tcp://127.0.0.1:${p2p}"`],
    [/^timeout_commit = .*$/m, 'timeout_commit = "100ms"'],
    [/^max_subscriptions_per_client = .*$/m, 'max_subscriptions_per_client = 10'],
    [/^max_request_batch_size = .*$/m, 'max_request_batch_size = 0'],
    [/^log_level = .*$/m, 'log_level = "error"'],
  ]
  let text = readFileSync(path, 'utf8')
  for (const [pattern, line] of settings) text = text.replace(pattern, line)
  writeFileSync(path, text)
}
