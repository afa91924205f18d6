import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgliteDatabases } from '../database/databases.fixture.ts'
import type { Database } from '../database/open-database.ts'
import type { Batch } from '../follow/collect-batch.ts'
import { waitFor } from '../follow/follower.fixture.ts'
import {
  block,
  event,
  HUB,
  scenario,
  sender,
  trader,
  transaction,
  ZONE,
  type Plan,
} from '../project/scenario.fixture.ts'
import { statusOf, World } from './world.fixture.ts'

const plans: Plan[] = [{ direction: 'deposit', owner: 0, amount: 500n, fate: 'received' }]
const balances = [{ account: trader(0), subaccount: 0, asset: 2n, amount: 500n }]
const PORTFOLIO = `query ($owner: String!) { portfolio(owner: $owner) { equity } }`

let database: Database
let world: World
beforeAll(async () => {
  database = await pgliteDatabases.open()
  world = new World(database)
  await world.start(plans, balances)
})
afterAll(async () => {
  await world.stop()
  await database.close()
})

const codeOf = async (query: string, variables: Record<string, unknown> = {}): Promise<string | undefined> =>
  (await world.ask(query, variables)).errors?.[0]?.extensions?.code

describe('an unexpected error', () => {
  it('is masked', async () => {
    const broken = new World({
      ...database,
      reader: { query: () => Promise.reject(new Error('secret: db1')) },
    } as never)
    Object.assign(broken, { write: async () => [] })
    await broken.start([], [])
    const answer = await broken.ask('{ prices { edges { node { price } } } }')
    await broken.stop()
    expect(answer.errors?.[0]?.message).toBe('Unexpected error.')
    expect(JSON.stringify(answer)).not.toContain('secret')
  })
})

describe('a hub endpoint that lies', () => {
  const owner = trader(0)
  const next = (): void => {
    // A new head: what was read at the last one isn't served again.
    world.head = world.hub.commit(world.hub.store.version + 1n, world.hub.balances)
  }

  it('about an amount is refused', async () => {
    next()
    world.hub.tamper = (answer) => ({
      ...answer,
      collateral: answer.collateral.map((item) => ({ ...item, amount: '501' })),
    })
    expect(await codeOf(PORTFOLIO, { owner })).toBe('HUB_REFUSED')
    world.hub.tamper = (answer) => answer
    expect(await codeOf(PORTFOLIO, { owner })).toBeUndefined()
  })

  it('by hiding a balance contradicts the tables', async () => {
    next()
    world.hub.tamper = (answer) => ({ ...answer, collateral: [] })
    expect(await codeOf(PORTFOLIO, { owner })).toBe('INCONSISTENT')
    world.hub.tamper = (answer) => answer
  })

  it('in a proof is refused', async () => {
    const flip = (text: string): string => {
      const bytes = Buffer.from(text, 'base64')
      bytes[40]! ^= 1
      return bytes.toString('base64')
    }
    const lies: ((response: Record<string, unknown>) => void)[] = [
      (response) => void (response.value = 'AQ=='),
      (response) => void (response.value = null),
      (response) => void (response.height = '1'),
      ({ proofOps }) => {
        const [iavl] = (proofOps as { ops: { data: string }[] }).ops
        iavl!.data = flip(iavl!.data)
      },
      ({ proofOps }) => void (proofOps as { ops: unknown[] }).ops.pop(),
    ]
    for (const lie of lies) {
      next()
      world.hub.tamperJson = (response) => {
        if (response.proofOps !== undefined) lie(response)
      }
      expect(await codeOf(PORTFOLIO, { owner })).toBe('HUB_REFUSED')
      world.hub.tamperJson = () => undefined
    }
  })

  it('by an error of its own is reported as unavailable', async () => {
    next()
    world.hub.tamperJson = (response) => void (response.code = 18)
    expect(await codeOf(PORTFOLIO, { owner })).toBe('HUB_UNAVAILABLE')
    world.hub.tamperJson = () => undefined
  })

  it('is asked once for many readers of one block', async () => {
    next()
    const before = world.hub.requests
    await Promise.all(Array.from({ length: 10 }, () => world.ask(PORTFOLIO, { owner })))
    expect(world.hub.requests - before).toBeLessThanOrEqual(7)
  })
})

describe('lag', () => {
  const slow = (seconds: number) => ({ ...statusOf(HUB, 5n), contactMs: Date.now() - seconds * 1000 })

  it('is told in every answer, warned of, and past its bound an error', async () => {
    const { statuses } = world
    const query = '{ prices { edges { node { price } } } }'
    world.statuses = [slow(0)]
    expect((await world.ask(query)).extensions).toMatchObject({ indexer: { isLagging: false } })
    world.statuses = [slow(20)]
    const warned = await world.ask(query)
    expect(warned.data).not.toBeNull()
    expect(warned.extensions).toMatchObject({ indexer: { isLagging: true, lagging: [HUB], hubHeight: '5' } })
    world.statuses = [slow(200)]
    const refused = await world.ask(query)
    expect(refused.data ?? null).toBeNull()
    expect(refused.errors?.[0]?.extensions?.code).toBe('LAGGING')
    const meta = await world.ask(
      '{ _meta { isLagging lagSeconds chains { chainId state indexedHeight lagSeconds lastError } } }',
    )
    expect(meta.data?._meta).toMatchObject({ isLagging: true, chains: [{ chainId: HUB, state: 'LIVE' }] })
    expect((await fetch(`${world.server.url}/ready`)).status).toBe(503)
    world.statuses = statuses
  })

  it('of a zone does not hide positions', async () => {
    const { statuses } = world
    world.statuses = [statusOf(HUB, 5n), { ...slow(500), chainId: ZONE, role: 'zone' }]
    const answer = await world.ask(PORTFOLIO, { owner: trader(0) })
    expect(answer.errors).toBeUndefined()
    expect(answer.extensions).toMatchObject({ indexer: { isLagging: true, lagging: [ZONE] } })
    world.statuses = statuses
  })

  it('refuses before the first hub block rather than answer nothing', async () => {
    const { statuses } = world
    world.statuses = [statusOf(HUB, 0n)]
    expect(await codeOf('{ prices { edges { cursor } } }')).toBe('LAGGING')
    world.statuses = statuses
  })
})

describe('beside GraphQL', () => {
  it('there are health, readiness and metrics, and nothing else', async () => {
    const get = (path: string): Promise<Response> => fetch(`${world.server.url}${path}`)
    expect((await get('/health')).status).toBe(200)
    expect(await (await get('/ready')).json()).toMatchObject({ ready: true })
    const metrics = await (await get('/metrics')).text()
    expect(metrics).toMatch(/causeway_indexer_height\{chain="causeway-1"\} \d/)
    expect(metrics).toContain('causeway_indexer_request_seconds_bucket')
    expect((await get('/etc/passwd')).status).toBe(404)
    expect((await fetch(`${world.server.url}/health`, { method: 'DELETE' })).status).toBe(405)
  })

  it('browsers of the configured origins may ask', async () => {
    const allowed = async (origin: string): Promise<string | null> => {
      const headers = { origin, 'access-control-request-method': 'POST' }
      const response = await fetch(`${world.server.url}/graphql`, { method: 'OPTIONS', headers })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await allowed('https://a.example')).toBe('https://a.example')
    expect(await allowed('https://b.example')).not.toBe('https://b.example')
  })

  it('GraphiQL and introspection are by configuration', async () => {
    const page = (target: World): Promise<Response> =>
      fetch(`${target.server.url}/graphql`, { headers: { accept: 'text/html' } })
    expect((await page(world)).headers.get('content-type') ?? '').not.toContain('text/html')
    const open = new World(database)
    Object.assign(open, { write: async () => [] })
    await open.start([], [], { graphiql: true, introspection: false })
    const shown = await page(open)
    expect(shown.headers.get('content-type')).toContain('text/html')
    // Nothing of it is loaded from elsewhere
    expect(await shown.text()).not.toMatch(/<(script|link)[^>]*(src|href)="https?:/)
    const answer = await open.ask('{ __schema { types { name } } }')
    expect(answer.errors?.[0]?.message).toMatch(/introspection/i)
    await open.stop()
  })
})

describe('a subscription over SSE', () => {
  type Stream = { next(): Promise<Record<string, unknown>>; end(): Promise<void> }

  const subscribe = async (query: string): Promise<Stream> => {
    const abort = new AbortController()
    const url = `${world.server.url}/graphql?query=${encodeURIComponent(query)}`
    expect(world.feed.size).toBe(0)
    const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: abort.signal })
    await waitFor(() => (world.feed.size === 1 ? true : undefined))
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const next = async (): Promise<Record<string, unknown>> => {
      for (;;) {
        const match = /event: next\ndata: (.*)\n\n/.exec(text)
        if (match !== null) {
          text = text.slice(match.index + match[0].length)
          return (JSON.parse(match[1]!) as { data: Record<string, unknown> }).data
        }
        const { value, done } = await reader.read()
        if (done) throw new Error('the stream ended')
        text += value
      }
    }
    const end = async (): Promise<void> => {
      abort.abort()
      await waitFor(() => (world.feed.size === 0 ? true : undefined))
    }
    return { next, end }
  }

  const publish = async (blocks: ReturnType<typeof block>[]): Promise<void> => {
    const changes = await world.write(blocks)
    const last = blocks.at(-1)!
    const head = { ...world.head!, height: last.height, timeNanoseconds: last.timeNanoseconds }
    const batch: Batch = {
      ...{
        chainId: last.chainId,
        role: 'hub',
        parent: { ...head, height: last.height - 1n },
        first: head,
        head,
      },
      ...{ blockCount: blocks.length, changes, tracked: new Map(), problems: [] },
    }
    world.feed.publish(batch)
  }

  it('tells of blocks', async () => {
    const stream = await subscribe(
      `subscription { blockIndexed(chainId: "${HUB}") { chainId height blockCount } }`,
    )
    await publish([block(HUB, 40n, [])])
    expect(await stream.next()).toEqual({ blockIndexed: { chainId: HUB, height: '40', blockCount: 1 } })
    await stream.end()
  })

  it("tells of an owner's transfers as they move on", async () => {
    const stream = await subscribe(
      `subscription { transferUpdated(owner: "${sender(0)}") { amount status } }`,
    )
    const done = scenario([{ direction: 'deposit', owner: 0, amount: 500n, fate: 'acknowledged' }]).zone.at(
      -1,
    )!
    await publish([done])
    expect(await stream.next()).toEqual({ transferUpdated: { amount: '500', status: 'ACKNOWLEDGED' } })
    await stream.end()
  })

  it('tells of a portfolio when it changes', async () => {
    const stream = await subscribe(`subscription { portfolioChanged(owner: "${trader(0)}") { equity } }`)
    const price = event('causeway.oracle.v1.price', { asset: '2', price_e9: '1', time_seconds: '1' })
    await publish([block(HUB, 41n, [transaction('quiet', [price])])])
    expect(await stream.next()).toEqual({ portfolioChanged: { equity: '0.001000' } })
    await stream.end()
  })

  it('leaves nothing behind when the reader goes away', async () => {
    const stream = await subscribe('subscription { blockIndexed { height } }')
    await stream.end()
    expect(world.feed.size).toBe(0)
  })

  it('of an invalid owner is a typed error', async () => {
    const query = encodeURIComponent('subscription { transferUpdated(owner: "nobody") { amount } }')
    const response = await fetch(`${world.server.url}/graphql?query=${query}`, {
      headers: { accept: 'text/event-stream' },
    })
    expect(await response.text()).toContain('INVALID_OWNER')
  })
})
