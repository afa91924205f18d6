import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { toHex, sha256, utf8 } from '@causeway/primitives'
import { call, post, testNode } from './rpc.fixture.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('JSON-RPC over HTTP', () => {
  it.each<[string, string, number, unknown]>([
    ['a call', '{"jsonrpc":"2.0","id":1,"method":"health"}', 200, { id: 1, result: {} }],
    ['a text id', '{"jsonrpc":"2.0","id":"x","method":"health","params":[]}', 200, { id: 'x', result: {} }],
    ['a broken id', '{"jsonrpc":"2.0","id":1.5,"method":"health"}', 200, { id: 1, result: {} }],
    ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"x"}', 200, { error: { code: -32601 } }],
    [
      'a method of WebSockets',
      '{"jsonrpc":"2.0","id":1,"method":"subscribe"}',
      200,
      { error: { code: -32601 } },
    ],
    [
      'an inherited name',
      '{"jsonrpc":"2.0","id":1,"method":"constructor"}',
      200,
      { error: { code: -32601 } },
    ],
    ['no JSON', '{bad', 500, { error: { code: -32700, message: 'Parse error. Invalid JSON' } }],
    ['a number', '5', 500, { error: { code: -32700 } }],
    [
      'an id that is no id',
      '{"jsonrpc":"2.0","id":true,"method":"health"}',
      500,
      { error: { code: -32700 } },
    ],
    ['no method', '{"jsonrpc":"2.0","id":1}', 500, { error: { code: -32700 } }],
    [
      'a bad height',
      '{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"x"}}',
      200,
      { error: { code: -32602 } },
    ],
    [
      'too many',
      '{"jsonrpc":"2.0","id":1,"method":"block","params":["1","2"]}',
      200,
      { error: { code: -32602 } },
    ],
    [
      'no parameters',
      '{"jsonrpc":"2.0","id":1,"method":"block","params":5}',
      200,
      { error: { code: -32602 } },
    ],
    [
      'a height to come',
      '{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"99"}}',
      200,
      {
        error: {
          code: -32603,
          message: 'Internal error',
          data: 'height 99 must be less than or equal to the current blockchain height 1',
        },
      },
    ],
    [
      'height 0',
      '{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"0"}}',
      200,
      { error: { data: 'height must be greater than 0, but got 0' } },
    ],
    [
      'no base64',
      '{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"???"}}',
      200,
      { error: { code: -32602 } },
    ],
    [
      'a number over 64 bits',
      '{"jsonrpc":"2.0","id":1,"method":"block","params":{"height":"9223372036854775808"}}',
      200,
      { error: { code: -32602 } },
    ],
  ])('answers %s', async (_, body, status, expected) => {
    const { node } = await testNode()
    node.produceBlock()
    const { status: got, answer } = await post(node.rpcUrl, body)
    expect(got).toBe(status)
    expect(answer).toMatchObject(expected as object)
  })

  it('answers batches in order, and no notification', async () => {
    const { node } = await testNode()
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'health' },
      { jsonrpc: '2.0', method: 'health' },
      { jsonrpc: '2.0', id: 'two', method: 'x' },
    ]
    const { text } = await post(node.rpcUrl, JSON.stringify(batch))
    expect(JSON.parse(text)).toMatchObject([{ id: 1 }, { id: 'two', error: { code: -32601 } }])
    for (const body of ['[]', '{"jsonrpc":"2.0","method":"health"}']) {
      const { status, text: nothing } = await post(node.rpcUrl, body)
      expect([status, nothing]).toEqual([200, ''])
    }
    expect((await post(node.rpcUrl, JSON.stringify(batch.slice(0, 2)))).answer).toMatchObject({
      id: 1,
      result: {},
    })
  })

  it('prepares the transactions of a batch side by side, and answers all before what follows', async () => {
    const releases: (() => void)[] = []
    let most = 0
    const prepareTx = (): Promise<void> =>
      new Promise((resolve) => {
        releases.push(resolve)
        most = Math.max(most, releases.length)
        setImmediate(() => releases.shift()?.())
      })
    const { node } = await testNode({ prepareTx })
    const send = (id: number, tx: string) => {
      const params = { tx: Buffer.from(tx).toString('base64') }
      return { jsonrpc: '2.0', id, method: 'broadcast_tx_sync', params }
    }
    const size = { jsonrpc: '2.0', id: 4, method: 'num_unconfirmed_txs' }
    const batch = [send(1, 'a=1'), send(2, 'b=1'), send(3, 'a=1'), size, send(5, 'c=1')]
    const { text } = await post(node.rpcUrl, JSON.stringify(batch))
    const same = { code: -32603, data: 'tx already exists in cache' }
    expect(JSON.parse(text)).toMatchObject([
      { id: 1, result: { code: 0 } },
      { id: 2, result: { code: 0 } },
      { id: 3, error: same },
      { id: 4, result: { n_txs: '2' } },
      { id: 5, result: { code: 0 } },
    ])
    // The copy is refused at once
    expect(most).toBe(2)
  })

  it('refuses a batch over the limit', async () => {
    const { node } = await testNode({ rpc: { batchSizeMax: 2 } })
    const batch = Array.from({ length: 3 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'health' }))
    expect((await post(node.rpcUrl, JSON.stringify(batch))).answer.error?.code).toBe(-32600)
  })

  it('refuses a body over the limit without reading it', async () => {
    const { node } = await testNode({ rpc: { bodyBytesMax: 1000 } })
    const { status, answer } = await post(node.rpcUrl, ' '.repeat(1001))
    expect(status).toBe(400)
    expect(answer.error?.code).toBe(-32600)
    expect((await post(node.rpcUrl, '{"id":1,"method":"health"}')).answer.result).toEqual({})
  })

  it('says nothing of what broke inside', async () => {
    const { node, application, fatal } = await testNode()
    application.behaviour.breakAt = 'info'
    const answer = await call(node.rpcUrl, 'abci_info')
    expect(answer.error).toEqual({ code: -32603, message: 'Internal error', data: 'internal failure' })
    expect(fatal).toEqual([expect.objectContaining({ name: 'AssertionError' })])
    expect((await call(node.rpcUrl, 'abci_info')).error?.data).toBe('the node has halted')
    expect(() => node.produceBlock()).toThrow(expect.objectContaining({ codespace: 'engine', code: 49 }))
  })
})

describe('what breaks in CheckTx or a query', () => {
  it('is answered with a code and an id; the node goes on', async () => {
    const warnings: Error[] = []
    const { node, application, fatal } = await testNode({ onWarning: (error) => void warnings.push(error) })
    const internal = {
      code: 11,
      codespace: 'abci',
      log: expect.stringMatching(/^internal error [0-9a-f]{8}$/),
    }
    application.behaviour.breakAt = 'query'
    const asked = await call(node.rpcUrl, 'abci_query', { path: '/a', data: '00' })
    expect(asked.result).toMatchObject({ response: internal })
    await call(node.rpcUrl, 'broadcast_tx_sync', { tx: base64('a=1') })
    application.behaviour.breakAt = 'checkTx'
    const sent = await call(node.rpcUrl, 'broadcast_tx_sync', { tx: base64('b=1') })
    expect(sent.result).toMatchObject(internal)
    // The recheck after the block breaks, too: the transaction of the block is safe.
    expect(node.produceBlock()).toMatchObject({ height: 1n, transactions: 1 })
    expect(fatal).toEqual([])
    expect(warnings).toMatchObject([{ cause: { message: 'query is broken' } }, { cause: expect.anything() }])
  })
})

describe('URIs', () => {
  it('take numbers, quoted texts and hex', async () => {
    const { node } = await testNode()
    const get = async (path: string): Promise<{ status: number; body: Record<string, unknown> }> => {
      const response = await fetch(`${node.rpcUrl}/${path}`)
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const sent = await get('broadcast_tx_sync?tx="a=1"')
    expect(sent).toMatchObject({ status: 200, body: { id: -1, result: { code: 0 } } })
    node.produceBlock()
    expect(await get('block?height=1')).toMatchObject({
      body: { result: { block: { header: { height: '1' } } } },
    })
    expect(await get('block?height="1"')).toMatchObject({ status: 200 })
    const hash = toHex(sha256(utf8('a=1')))
    expect(await get(`tx?hash=0x${hash}&prove=true`)).toMatchObject({
      body: { result: { height: '1', tx: base64('a=1') } },
    })
    expect(await get(`abci_query?path="/store"&data=0x61`)).toMatchObject({
      body: { result: { response: { value: base64('1') } } },
    })
    expect(await get('broadcast_tx_sync?tx=0x623d32')).toMatchObject({ body: { result: { code: 0 } } })
    expect(await get(`tx_search?query="app.key='a'"&page=1&per_page=1&order_by="desc"`)).toMatchObject({
      body: { result: { total_count: '1' } },
    })
    expect(await get('block?height=abc')).toMatchObject({ status: 500, body: { error: { code: -32602 } } })
    expect(await get('block?height=7')).toMatchObject({ status: 500, body: { error: { code: -32603 } } })
    expect(await get('subscribe?query="x"')).toMatchObject({ status: 404, body: { error: { code: -32601 } } })
    expect(await get('tx?hash=abcd')).toMatchObject({ status: 500, body: { error: { code: -32602 } } })
    expect((await fetch(`${node.rpcUrl}/nothing`)).status).toBe(404)
    expect(await (await fetch(node.rpcUrl)).text()).toContain('Available endpoints')
  })
})

describe('methods', () => {
  it('bound pages', async () => {
    const { node } = await testNode()
    for (let i = 0; i < 35; i++) await node.submit(utf8(`k${i}=v`))
    node.produceBlock()
    const search = async (params: object): Promise<unknown[]> => {
      const { result, error } = await call(node.rpcUrl, 'tx_search', { query: 'tx.height=1', ...params })
      return error ? [error.data] : [(result!['txs'] as unknown[]).length, result!['total_count']]
    }
    expect(await search({})).toEqual([30, '35'])
    expect(await search({ page: '2' })).toEqual([5, '35'])
    expect(await search({ per_page: '500' })).toEqual([35, '35'])
    expect(await search({ per_page: '0' })).toEqual([30, '35'])
    expect(await search({ page: '3' })).toEqual(['page should be within [1, 2] range, given 3'])
    expect(await search({ page: '0' })).toEqual(['page should be within [1, 2] range, given 0'])
    expect((await search({ order_by: 'up' }))[0]).toContain('order_by')
    expect((await call(node.rpcUrl, 'unconfirmed_txs')).result).toMatchObject({ n_txs: '0', txs: [] })
    expect((await call(node.rpcUrl, 'validators', { per_page: '3', page: '2' })).result).toMatchObject({
      count: '1',
      total: '4',
    })
  })

  it('serve headers and blocks by hash, and null for unknown ones', async () => {
    const { node } = await testNode()
    const { hash } = node.produceBlock()
    const hex = toHex(hash)
    const block64 = Buffer.from(hash).toString('base64')
    expect((await call(node.rpcUrl, 'header_by_hash', { hash: hex })).result).toMatchObject({
      header: { height: '1' },
    })
    expect((await call(node.rpcUrl, 'block_by_hash', { hash: block64 })).result).toMatchObject({
      block: { header: { height: '1' } },
    })
    expect((await call(node.rpcUrl, 'header_by_hash', { hash: 'ab' })).result).toEqual({ header: null })
    expect((await call(node.rpcUrl, 'block_by_hash', { hash: '' })).result).toMatchObject({ block: null })
    expect((await call(node.rpcUrl, 'header', { height: '1' })).result).toMatchObject({
      header: { height: '1' },
    })
  })

  it('serve a node without blocks', async () => {
    const { node } = await testNode()
    const status = await call(node.rpcUrl, 'status')
    expect(status.result).toMatchObject({
      sync_info: {
        latest_block_height: '0',
        latest_block_hash: '',
        latest_block_time: '1970-01-01T00:00:00Z',
      },
    })
    expect((await call(node.rpcUrl, 'validators')).result).toMatchObject({ block_height: '1', total: '4' })
    expect((await call(node.rpcUrl, 'consensus_params')).result).toMatchObject({ block_height: '1' })
    expect((await call(node.rpcUrl, 'blockchain')).error?.data).toMatch(/min height 1/)
  })

  it('give up waiting for a block', async () => {
    const { node } = await testNode({ rpc: { broadcastCommitTimeoutMilliseconds: 50 } })
    const answer = await call(node.rpcUrl, 'broadcast_tx_commit', { tx: base64('a=1') })
    expect(answer.error?.data).toBe('timed out waiting for tx to be included in a block')
  })

  it('never show a block before it is committed', async () => {
    const { node, application } = await testNode()
    node.produceBlock()
    application.behaviour.breakAt = 'finalizeBlock'
    expect(() => node.produceBlock()).toThrow()
    expect((await call(node.rpcUrl, 'block', { height: '2' })).error?.data).toMatch(
      /current blockchain height 1/,
    )
    expect((await call(node.rpcUrl, 'block')).result).toMatchObject({ block: { header: { height: '1' } } })
  })
})

describe('hardening', () => {
  it('listens on the loopback interface unless told otherwise', async () => {
    const { node } = await testNode()
    expect(node.rpcUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await testNode({ rpc: { host: 'localhost' } })).node.rpcUrl).toMatch(/^http:\/\/localhost:\d+$/)
  })

  it('allows browsers from the origins that are named', async () => {
    const { node } = await testNode({ rpc: { corsOrigins: ['https://app.example'] } })
    const origin = async (value: string): Promise<string | null> =>
      (await fetch(`${node.rpcUrl}/health`, { headers: { origin: value } })).headers.get(
        'access-control-allow-origin',
      )
    expect(await origin('https://app.example')).toBe('https://app.example')
    expect(await origin('https://evil.example')).toBeNull()
    const preflight = await fetch(node.rpcUrl, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    })
    expect(preflight.status).toBe(204)
    const { node: open } = await testNode({ rpc: { corsOrigins: ['*'] } })
    const answer = await fetch(`${open.rpcUrl}/health`, { headers: { origin: 'https://any.example' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('ends requests that take too long to arrive', async () => {
    const { node } = await testNode({ rpc: { requestTimeoutMilliseconds: 100 } })
    const socket = connect(Number(new URL(node.rpcUrl).port), '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
    const received: string[] = []
    socket.on('data', (chunk) => received.push(String(chunk)))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(received.join('')).toContain('408')
  })

  it('takes no more connections than it is told', async () => {
    const { node } = await testNode({ rpc: { connectionsMax: 2 } })
    const port = Number(new URL(node.rpcUrl).port)
    const open = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const socket = connect(port, '127.0.0.1')
        await new Promise((resolve) => socket.once('connect', resolve))
        return socket
      }),
    )
    const third = connect(port, '127.0.0.1')
    third.on('error', () => undefined)
    await new Promise((resolve) => third.once('close', resolve))
    for (const socket of open) socket.destroy()
  })

  it.each(['GET /%ff HTTP/1.1', 'GET //evil HTTP/1.1', 'GET http://[ HTTP/1.1', 'NONSENSE'])(
    'survives %j',
    async (line) => {
      const { node } = await testNode()
      const socket = connect(Number(new URL(node.rpcUrl).port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.resume()
      socket.write(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`)
      await new Promise((resolve) => socket.once('close', resolve))
      expect((await call(node.rpcUrl, 'health')).result).toEqual({})
    },
  )
})
