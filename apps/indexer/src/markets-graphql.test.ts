// GraphQL over the tables of a trading hub, asked over HTTP, its figures against the hub's own.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgliteDatabases } from './database/databases.fixture.ts'
import type { Database } from './database/open-database.ts'
import { HUB, HubLife, LifeTables } from './hub-life.fixture.ts'
import { nextEvent, serveHub } from './serve-hub.fixture.ts'

const SEED = 2
const BLOCKS = 40
/** By then somebody has linked a wallet. */
const BLOCKS_MOST = 200
const LONG_MS = 600_000
const PORTFOLIO = `query ($owner: String!) { portfolio(owner: $owner) {
  height equity cash initialRequirement maintenanceRequirement openOrders { id market side remaining limit }
  accounts { account wallets sessionKeys subaccounts { subaccount cash equity initialMargin maintenanceMargin
    initialMarginWithOrders mode isIsolated isBelowMaintenance greeks { delta vega }
    cashState { amount proof { store proofs } poolProof { store } } positionsProof { store proofs }
    positions { market size mark value entryPrice unrealised realised fees funding fundingDue
      greeks { delta } }
  } } } }`

type Edges<T> = {
  edges: { node: T; cursor: string }[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
}

describe('GraphQL of a trading hub', () => {
  let database: Database
  let life: HubLife
  let served: Awaited<ReturnType<typeof serveHub>>
  let traders: string[]

  beforeAll(async () => {
    database = await pgliteDatabases.open()
    life = new HubLife(SEED)
    life.live(BLOCKS)
    const isLinked = () => life.simulation.coverage.succeeded('link of a new wallet') > 0
    while (!isLinked() && life.height < BLOCKS_MOST) life.live(10)
    await new LifeTables(database, life.rpc).writeAll(life.blocks, 50)
    served = await serveHub(database, life)
    const rows = await database.reader.query(
      `SELECT account FROM market_position p WHERE size_e9 <> 0 GROUP BY account
        ORDER BY (SELECT count(*) FROM market_order o WHERE o.account = p.account) DESC, account`,
    )
    traders = (rows as { account: string }[]).map(({ account }) => account)
  }, LONG_MS)
  afterAll(async () => {
    await served?.close()
    await database?.close()
  })

  const answerOf = (query: string, variables: Record<string, unknown> = {}) =>
    served.answerOf(query, variables)
  const ask = <T>(query: string, variables: Record<string, unknown> = {}) => served.ask<T>(query, variables)

  it('serves whole portfolios, proven, that say what the hub says', async () => {
    expect(traders.length).toBeGreaterThan(3)
    for (const owner of traders) {
      const { portfolio } = await ask<{ portfolio: Portfolio }>(PORTFOLIO, { owner })
      expect(portfolio.height).toBe(String(life.height))
      for (const state of portfolio.accounts[0]!.subaccounts) {
        const { subaccount, cash, cashState, positions, positionsProof } = state
        const holder = life.simulation.scene.portfolio({ account: idOf(owner), subaccount })
        expect(cash).toBe(decimal(holder.cashE6, 6))
        expect(cashState).toMatchObject({
          amount: cash,
          proof: { store: 'cash' },
          poolProof: { store: 'cash' },
        })
        expect(positionsProof).toMatchObject({
          store: 'markets',
          proofs: [expect.any(String), expect.any(String)],
        })
        expect(state.equity).toBe(decimal(holder.equityE6, 6))
        expect(state.initialMargin).toBe(decimal(holder.initialMarginE6, 6))
        expect(state.maintenanceMargin).toBe(decimal(holder.maintenanceMarginE6, 6))
        expect(state.initialMarginWithOrders).toBe(decimal(holder.initialMarginWithOrdersE6, 6))
        expect(positions.map(({ market, size }) => [market, size])).toEqual(
          holder.positions.map(({ symbol, sizeE9 }) => [symbol, decimal(sizeE9, 9)]),
        )
        for (const position of positions) {
          expect(position.entryPrice).not.toBeNull()
          expect(position.greeks).not.toBeNull()
          expect(position.unrealised).not.toBeNull()
          expect(Number(position.mark)).toBeGreaterThan(0)
          expect(Number(position.value)).toBeCloseTo(Number(position.size) * Number(position.mark), 4)
        }
        expect(typeof state.greeks.delta).toBe('number')
      }
    }
  })

  it('pages through everything that a trader did, newest first, without gap or repetition', async () => {
    const owner = traders[0]!
    for (const [field, table] of Object.entries({
      fills: 'fill',
      orders: 'market_order',
      cashChanges: 'cash_change',
    })) {
      const seen: string[] = []
      let after: string | null = null
      for (;;) {
        const query = `query ($owner: String!, $after: String) {
          list: ${field}(owner: $owner, first: 7, after: $after)
          { pageInfo { hasNextPage endCursor } edges { cursor node { height } } } }`
        const { list }: { list: Edges<{ height: string }> } = await ask(query, { owner, after })
        seen.push(...list.edges.map(({ cursor }) => cursor))
        if (!list.pageInfo.hasNextPage) break
        after = list.pageInfo.endCursor
      }
      const [{ n }] = (await database.reader.query(
        `SELECT count(*)::int AS n FROM ${table} WHERE account = $1`,
        [owner],
      )) as [{ n: number }]
      expect(new Set(seen).size).toBe(n)
      expect(seen).toHaveLength(n)
      expect(n).toBeGreaterThan(0)
    }
  })

  it('finds an owner by a wallet that was linked to it', async () => {
    const [row] = (await database.reader.query(
      `SELECT wallet, account FROM wallet ORDER BY wallet LIMIT 1`,
    )) as {
      wallet: string
      account: string
    }[]
    expect(row).toBeDefined()
    const query = 'query ($owner: String!) { portfolio(owner: $owner) { accounts { account wallets } } }'
    const { portfolio } = await ask<{ portfolio: Portfolio }>(query, { owner: row!.wallet })
    expect(portfolio.accounts).toEqual([
      { account: row!.account, wallets: expect.arrayContaining([row!.wallet]) },
    ])
  })

  it('lists markets with their figures, and each by symbol or id', async () => {
    const fields =
      'id symbol kind status tick lot openInterest lastPrice figures { mark index openInterest height }'
    const { markets } = await ask<{ markets: Edges<Market> }>(
      `{ markets(first: 100) { edges { node { ${fields} } } } }`,
    )
    expect(markets.edges.map(({ node }) => node.symbol)).toContain('ETH-PERP')
    for (const { node } of markets.edges) {
      if (node.figures === null) expect(node.status).toBe('SETTLING')
      else expect(node.figures.openInterest).toBe(node.openInterest)
      expect(
        await ask(`query ($s: String!) { market(symbol: $s) { ${fields} } }`, { s: node.symbol }),
      ).toEqual({ market: node })
      expect(await ask(`query ($s: String!) { market(symbol: $s) { ${fields} } }`, { s: node.id })).toEqual({
        market: node,
      })
    }
    const only = await ask<{ markets: Edges<Market> }>(
      '{ markets(kind: SPOT, underlying: "BTC", status: OPEN) { edges { node { symbol } } } }',
    )
    expect(only.markets.edges.map(({ node }) => node.symbol)).toEqual(['BTC-SPOT'])
    expect(await ask('{ market(symbol: "NO-PERP") { id } }')).toEqual({ market: null })
  })

  it('serves books, trades, candles, funding and settlements', async () => {
    const { book, trades, candles } = await ask<Record<string, { edges: unknown[]; bids: unknown[] }>>(`{
      book(market: "ETH-PERP", depth: 3) { bids { price size } asks { price size } sequence checksum height }
      trades(market: "ETH-PERP", kind: AUCTION, first: 5) { edges {
        node { kind price size fillCount time } } }
      candles(market: "ETH-PERP", seconds: 60, first: 5) { edges {
        node { start open high low close volume } } }
      fundingRates(market: "ETH-PERP") { edges { node { rate mark index } } }
      settlements(market: "ETH-PERP") { edges { node { value } } } }`)
    expect(book!.bids.length).toBeGreaterThan(0)
    expect(trades!.edges.length).toBeGreaterThan(0)
    expect(candles!.edges.length).toBeGreaterThan(0)
    const lists = await ask<Record<string, { edges: unknown[] }>>(
      `query ($o: String!) { funding(owner: $o) { edges { node { amount } } }
        withdrawals(owner: $o) { edges { node { status amount } } }
        settlements(owner: $o) { edges { node { size value fee price } } }
        positions(owner: $o, closed: true) { size mark } }`,
      { o: traders[0] },
    )
    expect(Object.keys(lists)).toEqual(['funding', 'withdrawals', 'settlements', 'positions'])
  })

  it.each([
    ['{ book(market: "NO-PERP") { sequence } }', 'INVALID_ARGUMENT'],
    ['{ book(market: "ETH-PERP", depth: 101) { sequence } }', 'PAGE_SIZE'],
    ['{ candles(market: "ETH-PERP", seconds: 61) { edges { cursor } } }', 'INVALID_ARGUMENT'],
    ['{ fills(owner: "nobody") { edges { cursor } } }', 'INVALID_OWNER'],
    ['{ trades(market: "ETH-PERP", first: 101) { edges { cursor } } }', 'PAGE_SIZE'],
    ['{ trades(market: "ETH-PERP", after: "x") { edges { cursor } } }', 'INVALID_CURSOR'],
    ['{ trades(market: "ETH-PERP", last: 1) { edges { cursor } } }', 'PAGE_SIZE'],
  ])('refuses %s', async (query, code) => {
    const { errors } = await answerOf(query)
    expect(errors?.[0]?.extensions?.code).toBe(code)
  })

  it('tells of fills and books as they come', async () => {
    const owner = traders[0]!
    const fills = await served.stream(`subscription { filled(owner: "${owner}") { market price size role } }`)
    const books = await served.stream(
      'subscription { bookChanged(market: "ETH-PERP") { sequence bids { price } } }',
    )
    const [last] = (await database.reader.query(
      'SELECT height, position, market FROM fill WHERE account = $1 ORDER BY height DESC LIMIT 1',
      [owner],
    )) as { height: string; position: number; market: string }[]
    const [{ market }] = (await database.reader.query(
      `SELECT market FROM market WHERE symbol = 'ETH-PERP'`,
    )) as [{ market: string }]
    const none = { once: {}, set: {}, least: {}, most: {}, sum: {} }
    const head = { height: life.height, timeNanoseconds: 1n } as never
    served.feed.publish({
      ...{ chainId: HUB, role: 'hub', parent: undefined, head, blockCount: 1, problems: [] },
      changes: [
        { table: 'fill', key: { height: BigInt(last!.height), position: last!.position }, ...none },
        { table: 'bookLevel', key: { market: BigInt(market), side: 'bid', priceE9: 1n }, ...none },
      ],
    })
    expect(await nextEvent(fills)).toMatchObject({
      filled: { market: expect.any(String), size: expect.any(String) },
    })
    expect(await nextEvent(books)).toMatchObject({ bookChanged: { sequence: expect.any(String) } })
    await Promise.all([fills.cancel(), books.cancel()])
  })

  const idOf = (address: string) =>
    life.simulation.scene.actors.find((actor) => actor.address === address)!.id
})

type Portfolio = {
  height: string
  accounts: {
    account: string
    wallets: string[]
    subaccounts: {
      subaccount: number
      cash: string
      equity: string
      initialMargin: string
      maintenanceMargin: string
      initialMarginWithOrders: string
      greeks: { delta: number }
      cashState: unknown
      positionsProof: unknown
      positions: {
        market: string
        size: string
        mark: string | null
        value: string | null
        entryPrice: string | null
        unrealised: string | null
        greeks: unknown
      }[]
    }[]
  }[]
}
type Market = {
  id: string
  symbol: string
  status: string
  openInterest: string
  figures: { openInterest: string } | null
}

function decimal(text: string, scale: number): string {
  const value = BigInt(text === '' ? '0' : text)
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
