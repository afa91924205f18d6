// GraphQL of accounts that fail, asked over HTTP: a sale, an end that others bear, a call that is paid.

import { word } from '@causeway/messaging'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAILING, longFailing, SECOND } from '../../hub/src/modules/liquidation/failing.fixture.ts'
import { insuredHub } from '../../hub/src/modules/insurance/insured-hub.fixture.ts'
import { fundVault, OWNER, VAULT_ADDRESS, vaultHub } from '../../hub/src/modules/vault/vault-hub.fixture.ts'
import { ETHER, StandbyWorld } from '../../hub/src/testing/standby.fixture.ts'
import { E6, E9, ETH, transferCash } from '../../hub/src/testing/trading-hub.fixture.ts'
import { openDatabase, type Database } from './database/open-database.ts'
import { HUB, LifeTables } from './hub-life.fixture.ts'
import { differencesFrom } from './reconcile.fixture.ts'
import { DrivenHub, nextEvent, serveHub } from './serve-hub.fixture.ts'

const LONG_MS = 600_000
type List<T> = { edges: { node: T; cursor: string }[] }
type Row = Record<string, string>

/** A hub, its tables and its server; statements are noted. */
async function served(driver: ConstructorParameters<typeof DrivenHub>[0], state: () => never) {
  const statements: string[] = []
  const database: Database = await openDatabase({ kind: 'memory' }, (sql) => statements.push(sql))
  const hub = new DrivenHub(driver, state)
  const tables = new LifeTables(database, hub.rpc)
  await tables.writeAll(hub.blocks, 13)
  const server = await serveHub(database, hub)
  return {
    ...server,
    hub,
    tables,
    database,
    /** How many statements a query takes. */
    async count(query: string, variables: Record<string, unknown> = {}): Promise<number> {
      statements.length = 0
      await server.ask(query, variables)
      return statements.length
    },
    async end(): Promise<void> {
      await server.close()
      await database.close()
    },
  }
}
type Served = Awaited<ReturnType<typeof served>>
const contextOf = (hub: { chain: { readLatest(): unknown } }) => () => hub.chain.readLatest() as never
const cash = (e6: string) => decimal(BigInt(e6), 6)

const LIQUIDATIONS = `query ($owner: String, $live: Boolean) { liquidations(owner: $owner, live: $live) {
  edges { cursor node { account subaccount stage reason beganValue value price paid fees worth saleCount
    closingOrders closingBlocks beganHeight height steps { stage reason orders value }
    bids { bidder status reason share soldShare price paid fee worth } } } } }`
const LEVELS = `query ($owner: String!) { marginLevels(owner: $owner) { edges { node { level before
  maintenanceMargin maintenanceRequirement } } } }`

describe('an account that is sold', () => {
  const world = longFailing()
  let it_: Served
  beforeAll(async () => {
    world.fall(2_780)
    world.blocksUntil(() => world.stage() === 'auction')
    expect(world.bids([SECOND, { shareE9: E9 / 2n }])).toEqual(['0'])
    it_ = await served(world.driver, contextOf(world.hub))
  }, LONG_MS)
  afterAll(() => it_?.end())
  const owner = () => world.addressOf(FAILING)

  it('is told step by step, with its bids and what they came to', async () => {
    const { liquidations } = await it_.ask<{ liquidations: List<Record<string, unknown>> }>(LIQUIDATIONS, {
      owner: owner(),
    })
    expect(liquidations.edges).toHaveLength(1)
    const { node } = liquidations.edges[0]!
    expect(node).toMatchObject({ account: owner(), stage: 'AUCTION', reason: 'unclosed', saleCount: 1 })
    const steps = (node.steps as { stage: string; reason: string | null; orders: number | null }[]).map(
      ({ stage, reason, orders }) => [stage, reason ?? orders],
    )
    // Orders are told before the stage that they are of.
    expect(steps.slice(0, 2)).toEqual([
      ['CLOSING', 1],
      ['CLOSING', 'below'],
    ])
    expect(node.beganValue).not.toBe('0.000000')
    expect(steps.filter(([, what]) => what === 1)).toHaveLength(node.closingBlocks as number)
    expect(steps.at(-1)).toEqual(['AUCTION', 'unclosed'])
    const told = soldIn(world.driver)
    expect(node.bids).toEqual([
      {
        bidder: world.addressOf(SECOND),
        ...{
          status: 'sold',
          reason: null,
          share: '0.500000000',
          soldShare: decimal(BigInt(told.share_e9!), 9),
        },
        ...{ price: cash(told.price_e6!), paid: cash(told.paid_e6!), fee: cash(told.fee_e6!) },
        worth: cash(told.worth_e6!),
      },
    ])
    expect([node.price, node.paid, node.fees, node.worth]).toEqual(
      ['price_e6', 'paid_e6', 'fee_e6', 'worth_e6'].map((key) => cash(told[key]!)),
    )
  })

  it('is found by who bid, by whether it goes on, and asks what the hub says', async () => {
    const bids = `query ($b: String) { liquidationBids(bidder: $b) { edges { node { account status } } } }`
    const found = await it_.ask<{ liquidationBids: List<Row> }>(bids, { b: world.addressOf(SECOND) })
    expect(found.liquidationBids.edges.map(({ node }) => node)).toEqual([
      { account: owner(), status: 'sold' },
    ])
    const stranger = await it_.ask<{ liquidationBids: List<Row> }>(bids, { b: owner() })
    expect(stranger.liquidationBids.edges).toEqual([])
    const over = await it_.ask<{ liquidations: List<Row> }>(LIQUIDATIONS, { live: false })
    expect(over.liquidations.edges).toEqual([])
    const sale = world.sale(FAILING)
    const query = `query ($a: String!) { liquidationSale(account: $a) { state value maintenanceMargin price
      worth shareMax discount underlying } }`
    expect(await it_.ask(query, { a: owner() })).toEqual({
      liquidationSale: {
        ...{ state: sale.state, value: cash(sale.valueE6), price: cash(sale.priceE6), underlying: null },
        ...{ maintenanceMargin: cash(sale.maintenanceMarginE6), worth: cash(sale.worthE6) },
        ...{ shareMax: decimal(sale.shareMaxE9, 9), discount: decimal(sale.discountE9, 9) },
      },
    })
    expect(await it_.ask(query, { a: world.addressOf(SECOND) })).toEqual({ liquidationSale: null })
  })

  it('has come to its levels, and stands in the queue where the hub says', async () => {
    const { marginLevels } = await it_.ask<{ marginLevels: List<Row> }>(LEVELS, { owner: owner() })
    expect(marginLevels.edges.map(({ node }) => node.level).slice(-2)).toEqual(['CALLED', 'WARNED'])
    const health = `{ health { account level } called: health(level: CALLED) { account } }`
    const { health: unhealthy } = await it_.ask<{ health: Row[] }>(health)
    const [row] = (
      await it_.ask<{ health: Row[] }>('query ($o: String) { health(owner: $o) { level overdraft } }', {
        o: owner(),
      })
    ).health
    expect(row?.overdraft).toBe('none')
    expect(unhealthy.some(({ account }) => account === owner())).toBe(row?.level !== 'HEALTHY')
    const { deleverageQueue, deleverageRanks } = await it_.ask<{
      deleverageQueue: { count: number; places: Row[] }
      deleverageRanks: Row[]
    }>(
      `query ($o: String!) {
        deleverageQueue(market: "ETH-PERP", long: true) { count places { account place rank } }
        deleverageRanks(owner: $o) { market place count rank } }`,
      { o: owner() },
    )
    expect(deleverageQueue.count).toBe(deleverageQueue.places.length)
    const mine = deleverageQueue.places.find(({ account }) => account === owner())
    expect(deleverageRanks).toEqual([
      { market: 'ETH-PERP', place: mine!.place, count: deleverageQueue.count, rank: mine!.rank },
    ])
  })

  it('takes a statement for all steps and one for all bids, and the tables are the hub’s', async () => {
    expect(await it_.count(LIQUIDATIONS, {})).toBe(3)
    expect(await it_.count('{ liquidations { edges { node { stage } } } }')).toBe(1)
    expect(await it_.count(LEVELS, { owner: owner() })).toBe(2)
    const { wrong } = await differencesFrom(it_.database.reader, it_.hub)
    expect(wrong).toEqual([])
  })

  it('is told how far it is from the next liquidation, in its portfolio', async () => {
    const query = `query ($o: String!) { portfolio(owner: $o) { accounts { subaccounts { level
      liquidationPrices { underlying spot down up distance } } } } }`
    type Told = { accounts: { subaccounts: { level: string; liquidationPrices: Row[] }[] }[] }
    const { portfolio } = await it_.ask<{ portfolio: Told }>(query, { o: owner() })
    const [state] = portfolio.accounts[0]!.subaccounts
    const [price] = state!.liquidationPrices
    expect(price).toMatchObject({ underlying: String(ETH), spot: '2780.000000000', up: null })
    const distance = (2_780 - Number(price!.down)) / 2_780
    expect(Number(price!.distance)).toBeCloseTo(distance, 5)
    expect(['WARNED', 'CALLED', 'HEALTHY']).toContain(state!.level)
  })

  it('is told to subscribers whenever it moves on', async () => {
    const streams = await Promise.all([
      it_.stream('subscription { liquidationUpdated { stage saleCount } }'),
      it_.stream(`subscription { marginLevelChanged(owner: "${owner()}") { level before } }`),
    ])
    const { hub } = it_
    const none = { once: {}, set: {}, least: {}, most: {}, sum: {} }
    const [last] = (await it_.database.reader.query(
      'SELECT height FROM margin_level WHERE account = $1 ORDER BY height DESC LIMIT 1',
      [owner()],
    )) as { height: string }[]
    it_.feed.publish({
      ...{ chainId: HUB, role: 'hub', parent: undefined, blockCount: 1, problems: [] },
      head: { height: hub.height, timeNanoseconds: 1n } as never,
      changes: [
        { table: 'liquidationBid', key: { height: hub.height }, ...none },
        { table: 'marginLevel', key: { height: BigInt(last!.height), position: 0 }, ...none },
      ],
    })
    expect(await nextEvent(streams[0])).toEqual({ liquidationUpdated: { stage: 'AUCTION', saleCount: 1 } })
    expect(await nextEvent(streams[1])).toMatchObject({ marginLevelChanged: { level: expect.any(String) } })
    await Promise.all(streams.map((stream) => stream.cancel()))
  })

  it.each([
    ['{ deleverageQueue(market: "NO-PERP", long: true) { count } }', 'INVALID_ARGUMENT'],
    ['{ deleverageQueue(market: "ETH-PERP", long: true, first: 101) { count } }', 'PAGE_SIZE'],
    ['{ deleverageQueue(market: "ETH-PERP", long: true, offset: -1) { count } }', 'INVALID_ARGUMENT'],
    ['{ liquidationSale(account: "nobody") { state } }', 'INVALID_OWNER'],
    ['{ liquidations(owner: "nobody") { edges { cursor } } }', 'INVALID_OWNER'],
    ['{ liquidations(first: 101) { edges { cursor } } }', 'PAGE_SIZE'],
    ['{ bankruptcies(after: "x") { edges { cursor } } }', 'INVALID_CURSOR'],
    ['{ marginCalls(last: 1) { edges { cursor } } }', 'PAGE_SIZE'],
  ])('refuses %s', async (query, code) => {
    expect((await it_.answerOf(query)).errors?.[0]?.extensions?.code).toBe(code)
  })
})

describe('an account that nobody takes over', () => {
  const NAMES = ['long', 'short', 'bold', 'rich'] as const
  const world = insuredHub(NAMES)
  let it_: Served
  beforeAll(async () => {
    world.insure('rich', 1_000n * E6)
    const market = world.perpetual()
    const { address } = world.of('bold')
    expect(world.act('bold', transferCash(address, `${address}/9`, 10_000n * E6))).toBe('0')
    for (const name of ['short', 'bold'])
      expect(world.order(name, { market, isBuy: false, sizeE9: 10n * E9 })).toBe('0')
    expect(world.order('long', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
    world.prices.set(ETH, 1_900n * E9)
    for (let i = 0; i < 60 && world.events('causeway.insurance.v1.resolved').length === 0; i++)
      world.driver.block(5n)
    it_ = await served(world.driver, contextOf(world.hub))
  }, LONG_MS)
  afterAll(() => it_?.end())
  const BANKRUPTCIES = `{ bankruptcies { edges { node { account deficit insured deleveraged socialised
    charges { group amount own common left } deleveragings { account market size loss place } } } } }`

  it('is told with who bore what it lacked, in three statements', async () => {
    const [resolved] = world.events('causeway.insurance.v1.resolved')
    const { bankruptcies } = await it_.ask<{ bankruptcies: List<Record<string, unknown>> }>(BANKRUPTCIES)
    expect(bankruptcies.edges).toHaveLength(1)
    const { node } = bankruptcies.edges[0]!
    expect(node).toMatchObject({
      ...{ account: world.of('long').address, deficit: cash(resolved!.deficit_e6!) },
      ...{ insured: cash(resolved!.insured_e6!), deleveraged: cash(resolved!.deleveraged_e6!) },
    })
    const closed = node.deleveragings as Row[]
    const others = ['short', 'bold'].map((name) => world.of(name).address).sort()
    expect(closed.map(({ account }) => account).sort()).toEqual(others)
    const sum = closed.reduce((total, { loss }) => total + BigInt(loss!.replace('.', '')), 0n)
    expect(sum).toBe(BigInt(resolved!.deleveraged_e6!))
    expect(await it_.count(BANKRUPTCIES)).toBe(3)
    const of =
      'query ($o: String) { deleveragings(owner: $o, market: "ETH-PERP") { edges { node { place } } } }'
    const { deleveragings } = await it_.ask<{ deleveragings: List<Row> }>(of, {
      o: world.of('short').address,
    })
    expect(deleveragings.edges).toHaveLength(1)
    const trades = '{ trades(market: "ETH-PERP", kind: DELEVERAGE) { edges { node { kind size } } } }'
    expect((await it_.ask<{ trades: List<Row> }>(trades)).trades.edges).toHaveLength(2)
  })

  it('has drained insurance, whose funds are the hub’s, and the tables add up', async () => {
    const query = `{ insurance { available deficit isPaused pausedSince deficits { account } funds { group
      account subaccount cash received paid } } insuranceFlows { edges { node { reason amount group } } }
      socialisedLosses { edges { node { amount } } } }`
    const { insurance, insuranceFlows } = await it_.ask<{
      insurance: { available: string; isPaused: boolean; deficits: Row[]; funds: Row[] }
      insuranceFlows: List<Row>
    }>(query)
    expect(insurance).toMatchObject({ deficits: [], available: decimal(world.fund(), 6) })
    expect(insurance.funds[0]).toMatchObject({ group: null, cash: decimal(world.fund(), 6), subaccount: 0 })
    expect(insuranceFlows.edges.map(({ node }) => node.reason)).toContain('deficit')
    const [paid] = insurance.funds.map((fund) => BigInt(fund.paid!.replace('.', '')))
    expect(paid).toBe(BigInt(world.events('causeway.insurance.v1.resolved')[0]!.insured_e6!))
    const { wrong } = await differencesFrom(it_.database.reader, it_.hub)
    expect(wrong).toEqual([])
    expect(it_.tables.problems).toEqual([])
  })
})

describe('a margin call', () => {
  const world = new StandbyWorld()
  let it_: Served
  beforeAll(async () => {
    world.lock(1, 20n * ETHER)
    world.moveTo(1_800n)
    const { amount } = world.asked(world.calls[0]!)
    world.acknowledge(world.calls[0]!, world.answer(world.calls[0]!, word(amount)))
    world.deliverPulled(amount)
    it_ = await served(world.driver, contextOf(world.hub))
  }, LONG_MS)
  afterAll(() => it_?.end())

  it('is told from its sending to the relayer’s reward, with the line and the wait', async () => {
    const { amount } = world.asked(world.calls[0]!)
    const owner = world.trader.address
    const [reward] = world.told('causeway.calls.v1.reward')
    const query = `query ($o: String!) {
      marginCalls(owner: $o) { edges { node { status amount pulled relayer reward line sequence denom } } }
      standbyLines(owner: $o) { status amount line chainId clientId }
      marginWaits(owner: $o) { edges { node { status } } } }`
    const told = await it_.ask<{ marginCalls: List<Row>; standbyLines: Row[]; marginWaits: List<Row> }>(
      query,
      { o: owner },
    )
    expect(told.marginCalls.edges.map(({ node }) => node)).toMatchObject([
      {
        ...{ status: 'delivered', amount: String(amount), pulled: String(amount), line: '01'.repeat(32) },
        ...{ relayer: reward!.relayer, reward: reward!.amount },
      },
    ])
    expect(told.standbyLines).toMatchObject([{ status: 'locked', amount: String(20n * ETHER - amount) }])
    expect(told.marginWaits.edges.map(({ node }) => node.status)).toEqual(['recovered', 'began'])
    // Who the owner is, once for each list.
    expect(await it_.count(query, { o: owner })).toBe(6)
    const { wrong, compared } = await differencesFrom(it_.database.reader, it_.hub)
    expect(wrong).toEqual([])
    expect(compared.lines).toBe(1)
  })
})

describe('the liquidity vault', () => {
  const world = vaultHub()
  let it_: Served
  beforeAll(async () => {
    const shares = fundVault(world, OWNER, 5_000n)
    world.pass(4n * 86_400n + 60n, 43_200n)
    world.pass(60n)
    expect(world.withdraw(OWNER, shares / 4n)).toBe('0')
    world.blocks(2)
    it_ = await served(world.driver, contextOf(world.hub))
  }, LONG_MS)
  afterAll(() => it_?.end())

  it('shows shares, what waits, its worth by minutes, and what it made, as the hub has them', async () => {
    const owner = world.of(OWNER).address
    const held = world.holding(OWNER)
    const query = `query ($o: String!) {
      vault { account status shares worth share results { market profit } }
      vaultHistory(first: 3) { edges { node { start worth close } } }
      vaultRequests(owner: $o) { edges { node { kind status amount rest cash shares } } }
      vaultHoldings(owner: $o) { shares waitingShares deposited withdrawn worth profit } }`
    const told = await it_.ask<{
      vault: Row
      vaultHistory: List<Row>
      vaultRequests: List<Row>
      vaultHoldings: Row[]
    }>(query, { o: owner })
    const { status, shares, worthE6 } = world.vault()
    expect(told.vault).toMatchObject({ account: VAULT_ADDRESS, status, shares, worth: cash(worthE6) })
    expect(told.vaultHistory.edges.length).toBe(3)
    const [waiting, taken] = told.vaultRequests.edges.map(({ node }) => node)
    const [asked] = held.requests
    expect(waiting).toMatchObject({ kind: 'withdrawal', status: 'waiting', rest: asked!.amount })
    expect(taken).toMatchObject({ kind: 'deposit', status: 'executed', cash: '5000.000000', rest: '0' })
    expect(told.vaultHoldings).toMatchObject([
      { shares: held.shares, waitingShares: asked!.amount, deposited: '5000.000000', withdrawn: '0.000000' },
    ])
    expect(await it_.count(query, { o: owner })).toBe(5)
    expect(it_.tables.problems).toEqual([])
  })
})

/** What the last block's sale was. */
function soldIn({ responses }: { responses: { txResults: unknown[]; events: unknown[] }[] }): Row {
  const events = responses.flatMap(({ events: all }) => all) as {
    type: string
    attributes: { key: string; value: string }[]
  }[]
  const sold = events.filter(({ type }) => type === 'causeway.liquidation.v1.sold').at(-1)!
  return Object.fromEntries(sold.attributes.map(({ key, value }) => [key, value]))
}

function decimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
