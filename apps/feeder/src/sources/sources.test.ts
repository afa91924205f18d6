import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { afterEach, describe, expect, it } from 'vitest'
import { formats } from '../formats/formats.ts'
import { backoffMs } from './backoff.ts'
import { createBoard } from './board.ts'
import type { Board } from './board.ts'
import { requestText } from './http.ts'
import { attempt, poll } from './poll.ts'
import { follow } from './stream.ts'

const T0 = 1_764_118_800_000
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function httpServer(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server of streams: `onConnection` plays the source, told which connection it is. */
async function streamServer(onConnection: (socket: WebSocket, count: number) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  let count = 0
  server.on('connection', (socket) => onConnection(socket, ++count))
  closers.push(() => {
    for (const client of server.clients) client.terminate()
    return new Promise((done) => server.close(done))
  })
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => count }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

function price(value: string, timeMs = T0): string {
  const data = `{"timestamp":${timeMs},"price":${value},"index_name":"eth_usd"}`
  return `{"jsonrpc":"2.0","method":"subscription","params":{"channel":"c","data":${data}}}`
}

/** Follows a stream of Deribit's format with short times. */
function following(url: string, now = () => T0): { board: Board; end: () => Promise<void> } {
  const board = createBoard(now)
  const end = new AbortController()
  const terms = { handshakeMs: 300, pingEveryMs: 50, quietMs: 400, backoff: { firstMs: 10, mostMs: 40 } }
  const task = { source: 'test', url, pairs: ['eth_usd'], stream: formats.deribit.stream!, terms }
  const running = follow(task, board, now, end.signal)
  const stop = async () => {
    end.abort()
    await running
  }
  closers.push(stop)
  return { board, end: stop }
}

const priceOn = (board: Board) => board.reading('test', 'eth_usd')?.priceE9
const errorOn = (board: Board) => board.ways().find(({ way }) => way === 'stream')?.error

describe('backoffMs', () => {
  it('doubles up to its bound, the upper half of it drawn', () => {
    expect([1, 2, 3, 4, 7, 8, 100].map((failures) => backoffMs(failures, 1))).toEqual([
      500, 1_000, 2_000, 4_000, 30_000, 30_000, 30_000,
    ])
    expect(backoffMs(1, 0)).toBe(250)
    expect(backoffMs(100, 0)).toBe(15_000)
  })
})

describe('the board', () => {
  it('keeps the newest reading of each source and pair, whichever way it came', () => {
    const board = createBoard(() => T0)
    board.put('a', { pair: 'x', priceE9: 2n, publishTimeMs: T0 })
    board.put('a', { pair: 'x', priceE9: 1n, publishTimeMs: T0 - 1 })
    board.put('a', { pair: 'x', priceE9: 3n, publishTimeMs: T0 })
    expect(board.reading('a', 'x')!.priceE9).toBe(2n)
    expect(board.reading('b', 'x')).toBeUndefined()
    expect(board.reading('a', 'y')).toBeUndefined()
  })

  it('takes none of the future, which would keep out those that follow', () => {
    const board = createBoard(() => T0)
    expect(() => board.put('a', { pair: 'x', priceE9: 9n, publishTimeMs: T0 + 2_001 })).toThrow(
      /2001 ms in the future/,
    )
    board.put('a', { pair: 'x', priceE9: 1n, publishTimeMs: T0 })
    expect(board.reading('a', 'x')!.priceE9).toBe(1n)
  })
})

describe('requestText', () => {
  const ask = (url: string, changes = {}) => requestText({ url, timeoutMs: 300, bytesMax: 1_000, ...changes })

  it('gets and posts, with the headers that are asked for', async () => {
    const url = await httpServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () =>
        response.end(`${request.method} ${request.headers['x-key']} ${Buffer.concat(parts)}`),
      )
    })
    expect(await ask(url, { headers: { 'X-Key': 'secret' } })).toBe('GET secret ')
    expect(await ask(url, { body: '[1]' })).toBe('POST undefined [1]')
  })

  it('refuses a source that stalls, at once or in the middle of its answer', async () => {
    const silent = await httpServer(() => undefined)
    await expect(ask(silent)).rejects.toMatchObject({
      code: 13,
      message: expect.stringContaining('no answer in time'),
    })
    const halting = await httpServer((_, response) => void response.write('{"a'))
    await expect(ask(halting)).rejects.toMatchObject({ code: 13 })
  })

  it('refuses answers that are too long, redirects, other statuses and closed ports', async () => {
    const long = await httpServer((_, response) => response.end('x'.repeat(1_001)))
    await expect(ask(long)).rejects.toMatchObject({ code: 14 })
    const endless = await httpServer((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(500)), 1)
      response.on('close', () => clearInterval(timer))
    })
    await expect(ask(endless)).rejects.toMatchObject({ code: 14 })
    const elsewhere = await httpServer((_, response) => response.writeHead(302, { location: long }).end())
    await expect(ask(elsewhere)).rejects.toMatchObject({ code: 13 })
    const busy = await httpServer((_, response) => response.writeHead(429).end('slow down'))
    await expect(ask(busy)).rejects.toMatchObject({ code: 17, message: expect.stringContaining('429') })
    await expect(ask('http://127.0.0.1:1/path?key=secret')).rejects.toMatchObject({
      code: 13,
      message: expect.not.stringContaining('secret'),
    })
  })
})

describe('poll', () => {
  const task = (run: () => Promise<void>) => ({ source: 'a', way: 'rest x', everyMs: 1, run })

  it('goes on through failures and ends with the signal', async () => {
    const board = createBoard(() => T0)
    const end = new AbortController()
    let calls = 0
    const running = poll(
      task(async () => {
        if (++calls === 1) await requestText({ url: 'http://127.0.0.1:1', timeoutMs: 100, bytesMax: 1 })
        if (calls === 4) end.abort()
      }),
      board,
      end.signal,
    )
    await running
    expect(board.ways()).toMatchObject([{ source: 'a', way: 'rest x', successes: 3, failures: 1 }])
    expect(board.ways()[0]!.error).toBeUndefined()
  })

  it('does not swallow a bug', async () => {
    const board = createBoard(() => T0)
    const bug = task(() => Promise.reject(new TypeError('a bug')))
    await expect(attempt(bug, board, new AbortController().signal)).rejects.toThrow('a bug')
  })
})

describe('follow', () => {
  it('subscribes, takes prices, answers what keeps the connection, and stops', async () => {
    const heard: string[] = []
    const { url } = await streamServer((socket) => {
      socket.on('message', (data) => heard.push(String(data)))
      socket.send('{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}')
      socket.send(price('3000.5'))
    })
    const { board, end } = following(url)
    await until(() => priceOn(board) !== undefined && heard.length >= 3)
    expect(priceOn(board)).toBe(3_000_500_000_000n)
    expect(heard.map((text) => (JSON.parse(text) as { method: string }).method).sort()).toEqual([
      'public/set_heartbeat',
      'public/subscribe',
      'public/test',
    ])
    await end()
  })

  it('connects anew when the connection ends, when it is refused and when it says nothing', async () => {
    const { url, connections } = await streamServer((socket, count) => {
      if (count === 1) socket.close()
      if (count === 2) socket.terminate()
      // The third stands and says nothing of a price.
      if (count === 3) socket.send('{"jsonrpc":"2.0","id":2,"result":[]}')
      if (count === 4) socket.send(price('7'))
    })
    const { board } = following(url)
    await until(() => priceOn(board) === 7_000_000_000n)
    expect(connections()).toBe(4)
    const nowhere = following('ws://127.0.0.1:1')
    await until(() => errorOn(nowhere.board) !== undefined)
    expect(errorOn(nowhere.board)).toContain('ECONNREFUSED')
  })

  it('gives up a connection that answers no ping', async () => {
    const { url, connections } = await streamServer((socket, count) => {
      if (count > 1) return socket.send(price('7'))
      // The socket reads nothing any more, so that it answers nothing either.
      socket.pause()
    })
    const { board } = following(url)
    await until(() => connections() === 2 && priceOn(board) === 7_000_000_000n)
    expect(board.ways()[0]!.failures).toBeGreaterThan(0)
  })

  it('ends a connection over a message that is too long', async () => {
    const { url } = await streamServer((socket, count) => {
      socket.send(count === 1 ? price(`1${' '.repeat(2 * 1024 * 1024)}`) : price('7'))
    })
    const { board } = following(url)
    await until(() => priceOn(board) === 7_000_000_000n)
    expect(board.ways()[0]!.failures).toBe(1)
  })

  it('leaves out messages that make no sense, and tells of the last', async () => {
    const bad = ['NaN', 'null', '-1', '0', '"1e99"', '1,"price":2'].map((value) => price(value))
    const { url } = await streamServer((socket) => {
      for (const text of [...bad, '<html>', price('9', T0 + 60_000)]) socket.send(text)
      socket.send(Buffer.from([0xff, 0x00]))
      socket.send(price('7', T0 - 1))
      socket.send('{"jsonrpc":"2.0","id":2,"error":{"code":11050,"message":"bad_request"}}')
    })
    const { board } = following(url)
    await until(() => (errorOn(board) ?? '').includes('refused'))
    expect(priceOn(board)).toBe(7_000_000_000n)
    expect(board.ways()[0]).toMatchObject({ successes: 1, failures: 10 })
  })

  it('gives up a source that sends nothing else', async () => {
    const { url, connections } = await streamServer((socket) => {
      for (let i = 0; i < 20; i++) socket.send('nonsense')
    })
    following(url)
    await until(() => connections() >= 3)
  })
})
