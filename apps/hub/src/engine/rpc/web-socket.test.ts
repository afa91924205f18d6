import { WebSocket } from 'ws'
import { describe, expect, it, onTestFinished } from 'vitest'
import { utf8 } from '@causeway/primitives'
import { testKeys } from '../chain.fixture.ts'
import { testNode } from './rpc.fixture.ts'
import type { RpcAnswer } from './rpc.fixture.ts'

interface Connection {
  readonly socket: WebSocket
  readonly messages: RpcAnswer[]
  /** Sends a request and gives the next message. */
  send(id: unknown, method: string, params?: unknown): Promise<RpcAnswer>
  sendText(text: string): Promise<RpcAnswer>
  next(): Promise<RpcAnswer>
}

async function open(rpcUrl: string, options: object = {}): Promise<Connection> {
  const socket = new WebSocket(`${rpcUrl.replace('http', 'ws')}/websocket`, options)
  const messages: RpcAnswer[] = []
  const waiting: ((answer: RpcAnswer) => void)[] = []
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as RpcAnswer
    const waiter = waiting.shift()
    if (waiter) waiter(answer)
    else messages.push(answer)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  onTestFinished(() => socket.terminate())
  const next = (): Promise<RpcAnswer> => {
    const message = messages.shift()
    return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve))
  }
  return {
    socket,
    messages,
    next,
    send(id, method, params = {}) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
      return next()
    },
    sendText(text) {
      socket.send(text)
      return next()
    },
  }
}

describe('a WebSocket', () => {
  it('answers calls as HTTP does', async () => {
    const { node } = await testNode()
    const connection = await open(node.rpcUrl)
    expect(await connection.send(1, 'health')).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
    expect(await connection.send('x', 'nothing')).toMatchObject({ id: 'x', error: { code: -32601 } })
    expect(await connection.sendText('{bad')).toMatchObject({ error: { code: -32700 } })
    expect(await connection.send(2, 'block', { height: '5' })).toMatchObject({
      id: 2,
      error: { code: -32603 },
    })
  })

  it('delivers events under the id of their subscription', async () => {
    const { node } = await testNode()
    const connection = await open(node.rpcUrl)
    expect(await connection.send(7, 'subscribe', { query: "tm.event = 'NewBlock'" })).toMatchObject({
      id: 7,
      result: {},
    })
    expect(await connection.send(8, 'subscribe', ["tm.event='Tx' AND app.key='a'"])).toMatchObject({ id: 8 })
    await node.submit(utf8('b=1'))
    await node.submit(utf8('a=1'))
    node.produceBlock()
    expect(await connection.next()).toMatchObject({
      id: 7,
      result: {
        query: "tm.event = 'NewBlock'",
        data: { type: 'tendermint/event/NewBlock', value: { block: { header: { height: '1' } } } },
        events: { 'tm.event': ['NewBlock'], 'block_app.height': ['1'] },
      },
    })
    expect(await connection.next()).toMatchObject({
      id: 8,
      result: {
        data: { type: 'tendermint/event/Tx', value: { TxResult: { height: '1', index: 1 } } },
        events: { 'tm.event': ['Tx'], 'tx.height': ['1'], 'app.key': ['a', '1'] },
      },
    })
    expect(connection.messages).toEqual([])
  })

  it('delivers every kind of event in order', async () => {
    const { node } = await testNode()
    const connection = await open(node.rpcUrl)
    await connection.send(1, 'subscribe', { query: 'tm.event EXISTS' })
    await node.submit(utf8(`val:${testKeys('new')[0]!.pub_key.value}!3`))
    node.produceBlock()
    const types = []
    for (let i = 0; i < 5; i++) {
      types.push(((await connection.next()).result!['data'] as { type: string }).type.slice(17))
    }
    expect(types).toEqual(['NewBlock', 'NewBlockHeader', 'NewBlockEvents', 'Tx', 'ValidatorSetUpdates'])
  })

  it('ends subscriptions', async () => {
    const { node } = await testNode()
    const connection = await open(node.rpcUrl)
    const query = "tm.event='NewBlockHeader'"
    await connection.send(1, 'subscribe', { query })
    expect(await connection.send(2, 'subscribe', { query })).toMatchObject({
      error: { data: 'already subscribed' },
    })
    expect(await connection.send(3, 'unsubscribe', { query })).toMatchObject({ id: 3, result: {} })
    expect(await connection.send(4, 'unsubscribe', { query })).toMatchObject({
      error: { code: -32603, data: 'subscription not found' },
    })
    await connection.send(5, 'subscribe', { query })
    expect(await connection.send(6, 'unsubscribe_all')).toMatchObject({ id: 6, result: {} })
    expect(await connection.send(7, 'unsubscribe_all')).toMatchObject({
      error: { data: 'subscription not found' },
    })
    node.produceBlock()
    expect(await connection.send(8, 'health')).toMatchObject({ id: 8 })
  })

  it('bounds subscriptions, and frees them with the connection', async () => {
    const { node } = await testNode({ rpc: { subscriptionsPerClientMax: 1, subscriptionClientsMax: 1 } })
    const first = await open(node.rpcUrl)
    await first.send(1, 'subscribe', { query: 'a EXISTS' })
    expect(await first.send(2, 'subscribe', { query: 'b EXISTS' })).toMatchObject({
      error: { data: 'max_subscriptions_per_client 1 reached' },
    })
    const second = await open(node.rpcUrl)
    const refused = { error: { data: 'max_subscription_clients 1 reached' } }
    expect(await second.send(1, 'subscribe', { query: 'a EXISTS' })).toMatchObject(refused)
    first.socket.close()
    let answer = await second.send(2, 'subscribe', { query: 'a EXISTS' })
    while (answer.error) answer = await second.send(2, 'subscribe', { query: 'a EXISTS' })
    expect(answer).toMatchObject({ result: {} })
  })

  it.each([
    [{ query: 'x' }, /failed to parse query: offset/],
    [{}, /failed to parse query/],
    [{ query: 5 }, /no text/],
    [{ query: `a='${'x'.repeat(600)}'` }, /maximum query length exceeded/],
  ])('refuses to subscribe to %j', async (params, data) => {
    const { node } = await testNode()
    const answer = await (await open(node.rpcUrl)).send(1, 'subscribe', params)
    expect(answer).toMatchObject({
      id: 1,
      error: { code: -32603, data: expect.stringMatching(data) as string },
    })
  })

  it('cuts off a client that does not read', async () => {
    const { node } = await testNode({ rpc: { webSocketBacklogBytesMax: 100_000 } })
    const connection = await open(node.rpcUrl)
    await connection.send(1, 'subscribe', { query: "tm.event='NewBlock'" })
    const closed = new Promise((resolve) => connection.socket.once('close', resolve))
    connection.socket.pause()
    for (let i = 0; i < 60; i++) {
      await node.submit(utf8(`k${i}=${'x'.repeat(400_000)}`))
      node.produceBlock()
    }
    connection.socket.resume()
    await closed
  })

  it('is refused a message over the limit, another path, and a foreign origin', async () => {
    const { node } = await testNode({ rpc: { bodyBytesMax: 1000, corsOrigins: ['https://app.example'] } })
    const connection = await open(node.rpcUrl)
    const closed = new Promise((resolve) => connection.socket.once('close', resolve))
    connection.socket.send(' '.repeat(1001))
    await closed
    await expect(open(node.rpcUrl, { headers: { origin: 'https://evil.example' } })).rejects.toThrow(/403/)
    await open(node.rpcUrl, { headers: { origin: 'https://app.example' } })
    const elsewhere = new WebSocket(`${node.rpcUrl.replace('http', 'ws')}/other`)
    await expect(new Promise((_, reject) => elsewhere.once('error', reject))).rejects.toThrow(/404/)
  })
})
