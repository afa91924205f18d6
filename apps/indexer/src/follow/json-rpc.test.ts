import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { backoffMs, pause } from './backoff.ts'
import { CometRpc } from './comet-rpc.ts'
import { EndpointError } from './endpoint-error.ts'
import { Endpoints } from './endpoints.ts'
import { createJsonRpc } from './json-rpc.ts'

const limits = { timeoutMs: 1_500, answerBytesMax: 1_000 }

async function against(listener: RequestListener, use: (url: string) => Promise<unknown>): Promise<unknown> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const kindOf = (listener: RequestListener): Promise<unknown> =>
  against(listener, (url) =>
    createJsonRpc(url, limits)('status', {}).then(
      () => 'answered',
      (error: unknown) => (error instanceof EndpointError ? error.kind : error),
    ),
  )

describe('an endpoint', () => {
  const cases: [string, string, RequestListener][] = [
    [
      'that answers',
      'answered',
      (_request, response) => response.end('{"jsonrpc":"2.0","id":1,"result":{}}'),
    ],
    [
      'that reports an error',
      'rpc-error',
      (_request, response) => response.end('{"error":{"code":-1,"message":"no"}}'),
    ],
    ['that never answers', 'timeout', () => undefined],
    ['that answers without end', 'too-large', (_request, response) => void endless(response)],
    ['that answers HTML', 'malformed', (_request, response) => response.end('<html>')],
    ['that answers a list', 'malformed', (_request, response) => response.end('[]')],
    ['that closes', 'unreachable', (_request, response) => response.destroy()],
    [
      'that redirects elsewhere',
      'unreachable',
      (_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:1' }).end(),
    ],
  ]
  for (const [name, kind, listener] of cases) {
    it(`${name}: ${kind}`, async () => {
      expect(await kindOf(listener)).toBe(kind)
    })
  }

  function endless(response: { write(text: string): boolean; destroyed: boolean }): void {
    if (response.destroyed) return
    response.write('x'.repeat(10_000))
    setImmediate(() => endless(response))
  }
})

describe('failing over', () => {
  it('takes the first that is not set aside, longer for each failure and longest for a lie', () => {
    let now = 0
    const rpcs = ['a', 'b'].map((url) => new CometRpc(url, () => Promise.reject(new Error('unused'))))
    const [a, b] = [rpcs[0]!, rpcs[1]!]
    const endpoints = new Endpoints(rpcs, () => now)
    const picked = (): unknown => {
      const choice = endpoints.pick()
      return 'rpc' in choice ? choice.rpc.url : choice.waitMs
    }
    expect(picked()).toBe('a')
    endpoints.failed(a, new EndpointError('timeout', ''))
    expect(picked()).toBe('b')
    endpoints.failed(b, new EndpointError('wrong-header', ''))
    expect(picked()).toBe(250)
    now = 250
    expect(picked()).toBe('a')
    endpoints.failed(a, new EndpointError('timeout', ''))
    expect(picked()).toBe(500)
    now = 750
    endpoints.succeeded(a)
    endpoints.failed(a, new EndpointError('timeout', ''))
    expect(picked()).toBe(250)
  })

  it('waits as long as it says', () => {
    const bounds = { firstMs: 100, longestMs: 1_000 }
    expect([0, 1, 2, 3, 4, 5, 99].map((failures) => backoffMs(failures, bounds))).toEqual([
      0, 100, 200, 400, 800, 1_000, 1_000,
    ])
  })

  it('stops waiting when it is woken or stopped', async () => {
    const stop = new AbortController()
    await pause(60_000, stop.signal, Promise.resolve())
    const waiting = pause(60_000, stop.signal)
    stop.abort()
    await waiting
    await pause(60_000, stop.signal)
  })
})
