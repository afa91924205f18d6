import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from 'node:http'
import { pgliteDatabases } from '../database/databases.fixture.ts'
import type { Database } from '../database/open-database.ts'
import { QUERY_LIMITS } from './limits.ts'
import { World } from './world.fixture.ts'

let database: Database
let world: World
beforeAll(async () => {
  database = await pgliteDatabases.open()
  world = new World(database)
  await world.start([], [])
})
afterAll(async () => {
  await world.stop()
  await database.close()
})

const codeOf = async (query: string, variables: Record<string, unknown> = {}): Promise<string | undefined> =>
  (await world.ask(query, variables)).errors?.[0]?.extensions?.code

describe('limits', () => {
  const message = async (query: string): Promise<string> =>
    (await world.ask(query)).errors?.[0]?.message ?? ''

  it('refuse operations that are too deep, too wide, too long or too dear', async () => {
    const deep = `{ node(id: "x") { ${'... on Transfer { sent { '.repeat(1)} chainId } } } }`
    expect(await message(deep)).not.toMatch(/limit/i)
    const nested = (levels: number): string => (levels === 0 ? 'name' : `ofType { ${nested(levels - 1)} }`)
    const tooDeep = `{ __type(name: "Query") { fields { type { ${nested(QUERY_LIMITS.depth + 2)} } } } }`
    expect(await message(tooDeep)).toMatch(/syntax error|depth limit/i)
    const aliases = Array.from(
      { length: QUERY_LIMITS.aliases + 1 },
      (_, index) => `a${index}: _meta { hubChainId }`,
    )
    expect(await message(`{ ${aliases.join(' ')} }`)).toMatch(/aliases limit/i)
    const words = Array.from({ length: QUERY_LIMITS.tokens }, () => 'a').join(' ')
    expect(await message(`{ _meta { ${words} } }`)).toMatch(/token limit/i)
    const directives = '@include(if: true) '.repeat(QUERY_LIMITS.directives + 1)
    expect(await message(`{ _meta ${directives} { hubChainId } }`)).toMatch(/directives limit/i)
  })

  it('are told by a code, like everything that a query can get wrong', async () => {
    const aliases = Array.from({ length: 20 }, (_, index) => `a${index}: _meta { hubChainId }`).join(' ')
    expect(await codeOf(`{ ${aliases} }`)).toBe('QUERY_LIMIT')
    expect(await message(`{ ${aliases} }`)).toBe('Aliases limit of 15 exceeded, found 20.')
    expect(await codeOf(`{ _meta ${'@include(if: true) '.repeat(12)} { hubChainId } }`)).toBe('QUERY_LIMIT')
    expect(await codeOf(`{ _meta { ${'a '.repeat(2_100)} } }`)).toBe('QUERY_LIMIT')
    const types = `${'ofType { '.repeat(12)} name ${'} '.repeat(12)}`
    const deep = `{ __type(name: "Query") { fields { type { ${types} } } } }`
    expect(await codeOf(deep)).toBe('QUERY_LIMIT')
    for (const id of ['garbage', '', 'Tm9uZTp4', 'UXVlcnk6eA==']) {
      const { errors } = await world.ask('query ($id: ID!) { node(id: $id) { id } }', { id })
      expect(errors?.[0]).toMatchObject({ message: 'id is none that this service gave' })
      expect(errors?.[0]?.extensions?.code).toBe('INVALID_ARGUMENT')
    }
    expect(await codeOf('query ($f: Int) { clients(first: $f) { edges { cursor } } }', { f: 'x' })).toBe(
      'INVALID_ARGUMENT',
    )
    expect(await codeOf('query ($o: String!) { portfolio(owner: $o) { equity } }')).toBe('INVALID_ARGUMENT')
    expect(await codeOf('mutation { x }')).toBe('BAD_REQUEST')
    expect(await codeOf('{')).toBe('GRAPHQL_PARSE_FAILED')
    expect(await codeOf('{ nothing }')).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('refuse a text with a NUL, wherever it stands: no column holds one', async () => {
    const texts = ['clients(chainId: $text)', 'clients(clientId: $text)', 'transfers(chainId: $text)']
    for (const field of texts) {
      const query = `query ($text: String!) { ${field} { edges { cursor } } }`
      expect(await codeOf(query, { text: 'a\0b' }), field).toBe('INVALID_ARGUMENT')
    }
    const owner = 'query ($text: String!) { portfolio(owner: $text) { equity } }'
    expect(await codeOf(owner, { text: 'a\0b' })).toBe('INVALID_OWNER')
  })

  it('refuse what is no GraphQL without telling what is inside', async () => {
    for (const query of ['', '{', '{ nothing }', '{ portfolio }', 'mutation { x }']) {
      const answer = await world.ask(query)
      expect(answer.data ?? null).toBeNull()
      expect(JSON.stringify(answer)).not.toMatch(/node_modules|stack|typeorm/i)
    }
  })

  it('refuse bodies that are too large or of unknown length', async () => {
    const url = `${world.server.url}/graphql`
    const headers = { 'content-type': 'application/json' }
    const large = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: ' '.repeat(30_000) }),
    })
    expect(large.status).toBe(413)
    const code = await new Promise((resolve, reject) => {
      const chunked = request(url, {
        method: 'POST',
        headers: { ...headers, 'transfer-encoding': 'chunked' },
      })
      chunked.on('response', (response) => resolve(response.resume().statusCode))
      chunked.on('error', reject)
      chunked.end('{"query":"{_meta{hubChainId}}"}')
    })
    expect(code).toBe(411)
  })

  it('take malformed JSON for what it is', async () => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${world.server.url}/graphql`, {
      method: 'POST',
      headers,
      body: '{"query":"{ _meta { isLagging } }","authorization":"a secret token",',
    })
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(JSON.parse(text)).toEqual({
      errors: [{ message: 'POST body sent invalid JSON.', extensions: { code: 'BAD_REQUEST' } }],
    })
  })
})

describe('a subscription of a client that does not read events', () => {
  it.each(['*/*', 'application/json'])('that accepts %s is told how to ask', async (accept) => {
    const response = await fetch(`${world.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: 'subscription { blockIndexed { height } }' }),
    })
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] }
    expect(errors[0]).toEqual({
      message: "subscriptions come as server-sent events: ask with the header 'accept: text/event-stream'",
      extensions: { code: 'SUBSCRIPTION_TRANSPORT' },
    })
  })
})
