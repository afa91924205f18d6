import { createConnection } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { exampleKeypair, exampleOptions } from '../programs.fixture.ts'
import { startSolanaCluster } from '../start-solana-cluster.ts'
import type { RunningSolana } from '../start-solana-cluster.ts'
import { REQUEST_BYTES_MAX } from './answer.ts'

let solana: RunningSolana
beforeAll(async () => {
  solana = await startSolanaCluster(exampleOptions({ programs: [] }))
})
afterAll(async () => {
  await solana.stop()
})

const post = (body: string) => fetch(solana.rpcUrl, { method: 'POST', body })
const request = (method: string, ...params: unknown[]) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })

/** A connection that gives one message after another. */
async function listen() {
  const socket = new WebSocket(solana.wsUrl)
  const messages: unknown[] = []
  const waiting: ((message: unknown) => void)[] = []
  socket.on('message', (data) => {
    const message: unknown = JSON.parse((data as Buffer).toString())
    const next = waiting.shift()
    if (next) next(message)
    else messages.push(message)
  })
  await once(socket, 'open')
  const next = () =>
    messages.length > 0
      ? Promise.resolve(messages.shift())
      : new Promise<unknown>((resolve) => waiting.push(resolve))
  const ask = (method: string, ...params: unknown[]) => {
    socket.send(request(method, ...params))
    return next() as Promise<{ result?: unknown; error?: { code: number } }>
  }
  return { socket, next, ask }
}

describe('HTTP', () => {
  it('answers requests, its health, and nothing else', async () => {
    const answer = await post(request('getHealth'))
    expect(await answer.json()).toEqual({ jsonrpc: '2.0', id: 1, result: 'ok' })
    expect(await (await fetch(`${solana.rpcUrl}/health`)).text()).toBe('ok')
    expect((await fetch(solana.rpcUrl)).status).toBe(405)
    expect(await (await post('not json')).json()).toMatchObject({ error: { code: -32_700 } })
  })

  it('refuses what is too long before it has read it', async () => {
    const { hostname, port } = new URL(solana.rpcUrl)
    const socket = createConnection(Number(port), hostname)
    const closed = once(socket, 'close')
    let text = ''
    socket.on('data', (bytes) => (text += bytes.toString()))
    socket.on('error', () => undefined)
    const length = 100 * REQUEST_BYTES_MAX
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`)
    socket.write(' '.repeat(2 * REQUEST_BYTES_MAX))
    await closed
    expect(text).toContain(' 413 ')
    expect((await post(request('getHealth'))).status).toBe(200)
  })
})

describe('WebSocket', () => {
  it('tells slots in order until it is told to stop', async () => {
    const { socket, next, ask } = await listen()
    const { result: id } = await ask('slotSubscribe')
    const slots = [await solana.produceSlot(), await solana.produceSlot()]
    for (const slot of slots)
      expect(await next()).toMatchObject({
        method: 'slotNotification',
        params: { subscription: id, result: { slot: Number(slot), parent: Number(slot) - 1 } },
      })
    expect((await ask('slotUnsubscribe', id)).result).toBe(true)
    expect((await ask('slotUnsubscribe', id)).error?.code).toBe(-32_602)
    await solana.produceSlot()
    // Nothing came between: the next message is the answer.
    expect((await ask('getSlot')).error?.code).toBe(-32_601)
    socket.close()
  })

  it('refuses what is no subscription, and ends with what is too long', async () => {
    const { socket, ask } = await listen()
    expect((await ask('accountSubscribe', 'nobody')).error?.code).toBe(-32_602)
    expect((await ask('logsSubscribe', { mentions: [] })).error?.code).toBe(-32_602)
    expect((await ask('voteSubscribe')).error?.code).toBe(-32_601)
    socket.on('error', () => undefined)
    socket.send(' '.repeat(2 * REQUEST_BYTES_MAX))
    await once(socket, 'close')
  })

  it('tells once of a signature, also of one that is there already', async () => {
    const { socket, next, ask } = await listen()
    const to = exampleKeypair('listener').publicKey.toBase58()
    const answer = (await (await post(request('requestAirdrop', to, 5_000_000))).json()) as { result: string }
    const signature = answer.result
    const { result: later } = await ask('signatureSubscribe', signature, { commitment: 'confirmed' })
    const { result: now } = await ask('signatureSubscribe', signature, { commitment: 'processed' })
    const told = (subscription: unknown) => ({
      method: 'signatureNotification',
      params: { subscription, result: { value: { err: null } } },
    })
    expect(await next()).toMatchObject(told(now))
    await solana.produceSlot()
    expect(await next()).toMatchObject(told(later))
    expect((await ask('signatureUnsubscribe', later)).error?.code).toBe(-32_602)
    socket.close()
  })

  it("tells of a program's accounts that are wanted", async () => {
    const { socket, next, ask } = await listen()
    const votes = 'Vote111111111111111111111111111111111111111'
    const [voteAccount] = (
      (await (await post(request('getVoteAccounts'))).json()) as {
        result: { current: { votePubkey: string; nodePubkey: string }[] }
      }
    ).result.current
    const filters = [{ dataSize: 3_762 }, { memcmp: { offset: 4, bytes: voteAccount!.nodePubkey } }]
    await ask('programSubscribe', votes, { encoding: 'base64', commitment: 'processed', filters })
    const slot = await solana.produceSlot()
    const dataSlice = { offset: 0, length: 0 }
    expect(await next()).toMatchObject({
      method: 'programNotification',
      params: { result: { context: { slot: Number(slot) }, value: { pubkey: voteAccount!.votePubkey } } },
    })
    // No other vote account was told: the next message is the answer.
    const { error } = await ask('programSubscribe', votes, { dataSlice, filters: [{ other: 1 }] })
    expect(error?.code).toBe(-32_602)
    socket.close()
  })

  it('allows so many subscriptions', async () => {
    const { socket, ask } = await listen()
    for (let i = 0; i < 1_000; i++) expect((await ask('rootSubscribe')).result).toBeDefined()
    expect((await ask('rootSubscribe')).error?.code).toBe(-32_602)
    socket.close()
  })
})
