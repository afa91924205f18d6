// A node over HTTP that does everything wrong: each of it is an error of this package, and nothing hangs.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isClientError } from '../errors.ts'
import { eventsAt } from './events.ts'
import { httpRpc } from './json-rpc.ts'
import { ask, queryOf, readStore } from './queries.ts'
import { blockEvents, broadcast, findTransaction, newestHeight } from './transactions.ts'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'

const BYTES_MAX = 10_000
const HASH = 'AB'.repeat(32)
let respond: (response: ServerResponse, id: number) => void = (response) => response.end()
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    respond(response, (JSON.parse(Buffer.concat(chunks).toString()) as { id: number }).id)
  })
})
let url = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

let timeoutMilliseconds = 10_000
const rpc = () => httpRpc(url, { answerBytesMax: BYTES_MAX, timeoutMilliseconds })
const accounts = queryOf('causeway.accounts.v1', 'Account', QueryAccountRequest, QueryAccountResponse)
/** Everything that is asked of a node. */
const asks: Readonly<Record<string, () => Promise<unknown>>> = {
  status: () => newestHeight(rpc()),
  tx: () => findTransaction(rpc(), HASH),
  broadcast_tx_sync: () => broadcast(rpc(), Uint8Array.of(1)),
  block_results: () => blockEvents(rpc(), 1n),
  abci_query: () => ask(rpc(), accounts, { address: 'cway1' }),
  store: () => readStore(rpc(), 'accounts', Uint8Array.of(1), { prove: true }),
}
const outcome = async (work: Promise<unknown>) =>
  await work.then(
    (result) => JSON.stringify(result, (_, item: unknown) => (typeof item === 'bigint' ? `${item}` : item)),
    (error: unknown) => (isClientError(error) ? `${error.codespace}/${error.code}` : String(error)),
  )
const json = (response: ServerResponse, id: number, result: unknown) =>
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))

const misdeeds: [what: string, code: string, respond: typeof respond][] = [
  ['says nothing', 'client/2', (response) => response.end()],
  ['hangs up', 'client/1', (response) => response.destroy()],
  ['never answers', 'client/1', () => undefined],
  ['stops in the middle', 'client/1', (response) => response.write('{"jsonrpc":"2.0",')],
  [
    'promises more than it sends',
    'client/1',
    (response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write('{"id":1', () => response.destroy())
    },
  ],
  ['cuts its answer', 'client/2', (response) => response.end('{"jsonrpc":"2.0","id":1,"result":{"a":')],
  ['talks too much', 'client/2', (response) => response.end(' '.repeat(BYTES_MAX + 1))],
  ['talks without end', 'client/2', (response) => talk(response)],
  ['writes a page', 'client/2', (response) => response.writeHead(500).end('<html>Internal Server Error')],
  ['is a gateway', 'client/1', (response) => response.writeHead(502).end('{}')],
  ['is elsewhere', 'client/1', (response) => response.writeHead(404).end()],
  ['sends around for ever', 'client/1', (response) => response.writeHead(307, { location: '/' }).end()],
  ['answers another call', 'client/2', (response, id) => json(response, id + 1, {})],
  ['answers no call', 'client/2', (response) => response.end('{"jsonrpc":"2.0","result":{}}')],
  ['answers in a list', 'client/2', (response, id) => response.end(`[{"id":${id},"result":{}}]`)],
  ['answers null', 'client/2', (response, id) => json(response, id, null)],
  ['answers a list', 'client/2', (response, id) => json(response, id, [])],
  ['nests without end', 'client/2', (response) => response.end('['.repeat(BYTES_MAX))],
  ['fails in a text', 'client/2', (response, id) => response.end(`{"id":${id},"error":"no"}`)],
  ['fails without a word', 'client/3', (response, id) => response.end(`{"id":${id},"error":{}}`)],
  [
    'fails at length',
    'client/3',
    (response, id) => response.end(`{"id":${id},"error":{"code":"x","message":"${'m'.repeat(9_000)}"}}`),
  ],
]

function talk(response: ServerResponse): void {
  response.on('error', () => undefined)
  const more = () => {
    if (!response.destroyed) response.write(' '.repeat(1_000), more)
  }
  more()
}

describe.each(misdeeds)('a node that %s', (_what, code, misdeed) => {
  it.each(Object.keys(asks))('is told so: %s', async (name) => {
    respond = misdeed
    timeoutMilliseconds = code === 'client/1' ? 200 : 10_000
    expect(await outcome(asks[name]!())).toBe(code)
  })
})

describe('results', () => {
  it('of any form are read or refused, never thrown at the caller as they are', async () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const names = [
      'response',
      'sync_info',
      'tx_result',
      'finalize_block_events',
      'height',
      'code',
      'codespace',
    ]
    const more = [
      'value',
      'proofOps',
      'ops',
      'type',
      'data',
      'events',
      'attributes',
      'key',
      'log',
      'gas_used',
    ]
    const member = fc.dictionary(fc.constantFrom(...names, ...more), value, { maxKeys: 6 })
    const result = fc.oneof(member, fc.dictionary(fc.constantFrom(...names), member, { maxKeys: 4 }), value)
    await fc.assert(
      fc.asyncProperty(result, fc.constantFrom(...Object.keys(asks)), async (answer, name) => {
        respond = (response, id) => json(response, id, answer)
        const told = await outcome(asks[name]!())
        expect(told === undefined || (!told.startsWith('Error') && !told.includes('TypeError'))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('that are too long in their parts are refused', () => {
    const attributes = Array.from({ length: 101 }, () => ({ key: 'a', value: 'b' }))
    expect(() => eventsAt({ events: [{ type: 'x', attributes }] }, 'events', 'it')).toThrow('100 at most')
    expect(() => eventsAt({ events: [{ attributes: [{ value: 'b' }] }] }, 'events', 'it')).toThrow('no name')
    expect(() => eventsAt({ events: [1] }, 'events', 'it')).toThrow('expected an object')
  })

  it('of a search that found nothing differ from those of a node that can’t search', async () => {
    const fail = (data: string) => {
      respond = (response, id) => {
        const error = { code: -32603, message: 'Internal error', data }
        response.writeHead(500).end(JSON.stringify({ jsonrpc: '2.0', id, error }))
      }
      return outcome(findTransaction(rpc(), HASH))
    }
    expect(await fail(`tx (${HASH}) not found`)).toBeUndefined()
    expect(await fail('transaction indexing is disabled')).toBe('client/3')
    expect(await fail('Method not found')).toBe('client/3')
    expect(await fail(`tx (${'CD'.repeat(32)}) not found`)).toBe('client/3')
  })

  it('of a broadcast without room are a refusal of the node', async () => {
    let calls = 0
    respond = (response, id) => {
      calls++
      const error = { code: -32603, message: 'Internal error', data: 'mempool is full: number of txs 1' }
      response.writeHead(500).end(JSON.stringify({ jsonrpc: '2.0', id, error }))
    }
    await expect(broadcast(rpc(), Uint8Array.of(1))).rejects.toMatchObject({ codespace: 'client', code: 3 })
    expect(calls).toBe(1)
  })
})
