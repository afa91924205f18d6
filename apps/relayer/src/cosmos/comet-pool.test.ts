import { createServer } from 'node:http'
import type { Server } from 'node:http'

import { afterEach, describe, expect, it } from 'vitest'

import { rankEndpoints } from '../endpoints/endpoint-pool.ts'
import { redactUrl } from '../endpoints/http.ts'
import { openCometPool } from './comet-pool.ts'

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A JSON-RPC server that answers `health` as told, and counts. */
async function endpoint(
  answer: 'well' | 'hangs' | 'refuses' | 'nonsense',
): Promise<{ url: string; calls: () => number }> {
  let calls = 0
  const server = createServer((_, response) => {
    calls += 1
    if (answer === 'hangs') return
    if (answer === 'nonsense') response.end('<html>')
    if (answer === 'well') response.end('{"jsonrpc":"2.0","id":1,"result":{}}')
    if (answer === 'refuses') {
      response.end(
        '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal","data":"height not available"}}',
      )
    }
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, calls: () => calls }
}

const pool = (...urls: string[]) =>
  openCometPool({ urls, requestTimeoutMs: 300, staleAfterMs: 60_000, nowMs: Date.now })

describe('an endpoint pool', () => {
  it('passes over what hangs, is gone or talks nonsense, and remembers', async () => {
    const [hanging, nonsense, well] = [
      await endpoint('hangs'),
      await endpoint('nonsense'),
      await endpoint('well'),
    ]
    const endpoints = pool(hanging.url, 'http://127.0.0.1:9', nonsense.url, well.url)
    expect(await endpoints.call((client) => client.health())).toBeNull()
    expect(await endpoints.call((client) => client.health())).toBeNull()
    expect([hanging.calls(), nonsense.calls(), well.calls()]).toEqual([1, 1, 2])
    expect(endpoints.reports().map((one) => one.failures)).toEqual([1, 1, 1, 0])
  })

  it('asks the others that are well when one refuses, and holds a refusal against nobody', async () => {
    const [refusing, well] = [await endpoint('refuses'), await endpoint('well')]
    const endpoints = pool(refusing.url, well.url)
    expect(await endpoints.call((client) => client.health())).toBeNull()
    expect(endpoints.reports().map((one) => one.failures)).toEqual([0, 0])
    await expect(pool(refusing.url).call((client) => client.health())).rejects.toMatchObject({
      failure: 'endpoint',
      message: expect.stringContaining('height not available') as string,
    })
  })

  it('finds what one endpoint lacks at the next, and waits for no dead one once one answered', async () => {
    const [empty, well, hanging] = [await endpoint('well'), await endpoint('well'), await endpoint('hangs')]
    const endpoints = pool(hanging.url, empty.url, well.url)
    let asked = 0
    const found = async (wanted: number) =>
      await endpoints.find(async (client) => {
        await client.health()
        asked += 1
        return asked === wanted ? asked : undefined
      })
    expect(await found(2)).toBe(2)
    expect(await found(9)).toBeUndefined()
    expect([hanging.calls(), empty.calls(), well.calls()]).toEqual([1, 2, 2])
    const refusing = await endpoint('refuses')
    expect(await pool(well.url, refusing.url).find(async (client) => void (await client.health()))).toBe(
      undefined,
    )
    const nobody = pool(refusing.url).find(async (client) => void (await client.health()))
    await expect(nobody).rejects.toThrow('height not available')
  })

  it('is fresh only with a head that moves and keeps up', async () => {
    let now = 1_000
    const endpoints = openCometPool({
      urls: ['http://127.0.0.1:9', 'http://127.0.0.1:10'],
      requestTimeoutMs: 300,
      staleAfterMs: 5_000,
      nowMs: () => now,
    })
    const noted: bigint[] = [100n, 89n]
    let index = 0
    await endpoints.callAll((client) => Promise.resolve(endpoints.noteHeight(client, noted[index++] ?? 0n)))
    expect(endpoints.reports().map((one) => one.isFresh)).toEqual([true, false]) // eleven blocks behind
    now += 5_001
    expect(endpoints.reports().map((one) => one.isFresh)).toEqual([false, false])
  })
})

describe('the ranking', () => {
  const one = (index: number, fields: object) => ({
    index,
    failures: 0,
    height: 100n,
    latencyMs: 10,
    ...fields,
  })
  it('puts health before height before speed before order', () => {
    const ranked = rankEndpoints([
      one(0, { failures: 1 }),
      one(1, { height: 50n }),
      one(2, { latencyMs: 400 }),
      one(3, {}),
      one(4, {}),
    ])
    expect(ranked).toEqual([3, 4, 2, 1, 0])
  })
})

describe('an address in a log', () => {
  it('shows neither user nor path nor query: they may be keys', () => {
    expect(redactUrl('https://user:pass@rpc.example.org:443/v1/KEY?token=T')).toBe('https://rpc.example.org')
    expect(redactUrl('nonsense')).toBe('(malformed url)')
  })
})
