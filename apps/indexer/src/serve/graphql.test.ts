import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyChained, cosmosSpecs } from '@causeway/light-clients'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { fromHex, utf8 } from '@causeway/primitives'
import { allDatabases } from '../database/databases.fixture.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import { HUB, HUB_CLIENT, sender, trader, ZONE, ZONE_CLIENT, type Plan } from '../project/scenario.fixture.ts'
import { World } from './world.fixture.ts'

const plans: Plan[] = [
  { direction: 'deposit', owner: 0, amount: 1_000_000n, fate: 'acknowledged' },
  { direction: 'deposit', owner: 0, amount: 7n, fate: 'received' },
  { direction: 'deposit', owner: 0, amount: 9n, fate: 'sent' },
  { direction: 'deposit', owner: 0, amount: 11n, fate: 'error' },
  { direction: 'deposit', owner: 1, amount: 13n, fate: 'refused' },
  { direction: 'withdrawal', owner: 0, amount: 400_000n, fate: 'acknowledged' },
  { direction: 'withdrawal', owner: 0, amount: 5n, fate: 'timeout' },
]
const held = 1_000_000n + 7n - 400_000n
const balances = [{ account: trader(0), subaccount: 0, asset: 2n, amount: held }]

type Edges<T> = {
  edges: { cursor: string; node: T }[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
}
const TIMELINE = `
  query ($owner: String, $first: Int, $after: String, $unfinished: Boolean, $chainId: String) {
    transfers(owner: $owner, first: $first, after: $after, unfinished: $unfinished, chainId: $chainId) {
      pageInfo { hasNextPage endCursor }
      edges { cursor node {
        id direction status amount sender receiver account subaccount refundReason
        sent { chainId height transaction } clientUpdated { chainId height } received { chainId height }
        credited { height } acknowledged { chainId } refunded { chainId }
      } }
    }
  }`
const PORTFOLIO = `
  query ($owner: String!) {
    portfolio(owner: $owner) {
      owner height equity
      inFlight { status amount }
      accounts { exists record { height appHash store key value proofs }
        subaccounts { subaccount equity initialMargin assetCount collateral {
          asset denom decimals amount price priceStatus value initialValue haircutBps
          lines { line chainId clientId denom escrowed }
          byLine { line { line ecosystem finality } deposited withdrawn unfinal arriving leaving }
          proof { height appHash store key value proofs } } } }
    }
  }`

for (const databases of await allDatabases()) {
  describe(`GraphQL on ${databases.name}`, () => {
    let database: Database
    let world: World
    beforeAll(async () => {
      database = await databases.open()
      world = new World(database)
      await world.start(plans, balances)
    })
    afterAll(async () => {
      await world?.stop()
      await database?.close()
      await databases.stop()
    })

    it('tells each transfer as a timeline over both chains', async () => {
      const { data, errors } = await world.ask(TIMELINE, { owner: trader(0), first: 50 })
      expect(errors).toBeUndefined()
      const { edges } = data?.transfers as Edges<Record<string, unknown>>
      const byAmount = new Map(edges.map(({ node }) => [node.amount, node]))
      const status = (amount: bigint): unknown => byAmount.get(String(amount))?.status
      expect([1_000_000n, 7n, 9n, 11n, 400_000n, 5n].map(status)).toEqual([
        ...['ACKNOWLEDGED', 'CREDITED', 'CLIENT_UPDATED', 'REFUNDED'],
        ...['ACKNOWLEDGED', 'REFUNDED'],
      ])
      expect(byAmount.get('1000000')).toMatchObject({
        direction: 'DEPOSIT',
        sender: sender(0),
        account: trader(0),
        sent: { chainId: ZONE, height: '2' },
        clientUpdated: { chainId: HUB, height: '2' },
        received: { chainId: HUB, height: '3' },
        credited: { height: '3' },
        acknowledged: { chainId: ZONE },
        refunded: null,
      })
      expect(byAmount.get('5')).toMatchObject({
        direction: 'WITHDRAWAL',
        refundReason: 'timeout',
        received: null,
      })
      expect(byAmount.get('11')).toMatchObject({ refundReason: 'error', credited: null })
      expect(byAmount.has('13')).toBe(false)
    })

    it('pages through them without gap or repetition', async () => {
      const all = (await world.ask(TIMELINE, { owner: trader(0), first: 50 })).data?.transfers as Edges<{
        id: string
      }>
      const seen: string[] = []
      let after: string | null = null
      for (let pages = 0; pages < 10; pages++) {
        const { data } = await world.ask(TIMELINE, { owner: trader(0), first: 2, after })
        const page = data?.transfers as Edges<{ id: string }>
        seen.push(...page.edges.map(({ node }) => node.id))
        if (!page.pageInfo.hasNextPage) break
        after = page.pageInfo.endCursor
      }
      expect(seen).toEqual(all.edges.map(({ node }) => node.id))
    })

    it('finds transfers by source address, by chain, and only unfinished ones', async () => {
      const amounts = async (variables: Record<string, unknown>): Promise<string[]> => {
        const { data } = await world.ask(TIMELINE, { first: 50, ...variables })
        return (data?.transfers as Edges<{ amount: string }>).edges.map(({ node }) => node.amount).sort()
      }
      expect(await amounts({ owner: sender(1) })).toEqual(['13'])
      expect(await amounts({ owner: `${trader(0)}/1` })).toEqual([])
      expect(await amounts({ owner: trader(0), unfinished: true })).toEqual(['7', '9'])
      expect(await amounts({ chainId: 'elsewhere' })).toEqual([])
      expect((await amounts({ chainId: ZONE })).length).toBe(plans.length)
    })

    it('finds one by its id and by its name', async () => {
      const name = `${ZONE}/${ZONE_CLIENT}/${HUB_CLIENT}/1`
      const found = await world.ask(`query ($id: ID!) { transfer(id: $id) { id amount } }`, { id: name })
      expect(found.data?.transfer).toMatchObject({ amount: '1000000' })
      const { id } = found.data?.transfer as { id: string }
      const again = await world.ask(`query ($id: ID!) { node(id: $id) { id ... on Transfer { amount } } }`, {
        id,
      })
      expect(again.data?.node).toEqual({ id, amount: '1000000' })
      const none = await world.ask(`{ transfer(id: "no/such/transfer/1") { id } }`)
      expect(none.data).toEqual({ transfer: null })
    })

    it('serves a portfolio whose balances any reader can verify', async () => {
      const { data, errors } = await world.ask(PORTFOLIO, { owner: trader(0) })
      expect(errors).toBeUndefined()
      const portfolio = data?.portfolio as {
        equity: string
        height: string
        inFlight: unknown[]
        accounts: { exists: boolean; subaccounts: { collateral: Record<string, unknown>[] }[] }[]
      }
      expect(portfolio.equity).toBe('1.200014')
      expect(portfolio.inFlight).toHaveLength(2)
      const [collateral] = portfolio.accounts[0]!.subaccounts[0]!.collateral
      expect(collateral).toMatchObject({
        ...{
          amount: String(held),
          price: '2.000000000',
          value: '1.200014',
          initialValue: '1.080012',
          decimals: 6,
        },
        ...{ haircutBps: 1000, lines: [{ chainId: ZONE, clientId: HUB_CLIENT, escrowed: String(held) }] },
        byLine: [
          {
            line: { line: '1', ecosystem: 'COSMOS', finality: 'INSTANT' },
            ...{ deposited: '1000007', withdrawn: '400000', unfinal: '0', arriving: '9', leaving: '0' },
          },
        ],
      })
      const { appHash, key, value, proofs } = collateral!.proof as Record<
        'appHash' | 'key' | 'value',
        string
      > & {
        proofs: string[]
      }
      expect(appHash).toBe(Buffer.from(world.head!.appHash).toString('hex'))
      const decoded = { proofs: proofs.map((bytes) => CommitmentProof.decode(fromHex(bytes))) }
      verifyChained(cosmosSpecs, fromHex(appHash), [utf8('ledger'), fromHex(key)], fromHex(value), decoded)
    })

    it('maps a source address to the accounts that it deposited into', async () => {
      const { data } = await world.ask(PORTFOLIO, { owner: sender(0) })
      expect(data?.portfolio).toMatchObject({ owner: sender(0), equity: '1.200014' })
    })

    it('answers null for an owner of whom nothing is known, and a typed error for none', async () => {
      const unknown = await world.ask(PORTFOLIO, { owner: trader(9) })
      expect(unknown).toMatchObject({ data: { portfolio: null } })
      expect(unknown.errors).toBeUndefined()
      const empty = await world.ask(TIMELINE, { owner: trader(9) })
      expect(empty.data?.transfers).toMatchObject({ edges: [], pageInfo: { hasNextPage: false } })
      const owners = [
        '',
        'cway1',
        `${trader(0)}/70000`,
        `${trader(0)}/01`,
        trader(0).toUpperCase(),
        "'; DROP TABLE",
        'x'.repeat(500),
      ]
      for (const owner of owners) {
        const answer = await world.ask(PORTFOLIO, { owner })
        expect(answer.errors?.[0]?.extensions?.code, owner).toBe('INVALID_OWNER')
      }
    })

    it('refuses cursors that it never gave and pages beyond the bound', async () => {
      const forged = Buffer.from(JSON.stringify(['1; DROP', 'a', 'b', 'c', '1', '0'])).toString('base64url')
      for (const after of ['x', forged, Buffer.from('[1,2]').toString('base64url'), 'y'.repeat(5000)]) {
        const answer = await world.ask(TIMELINE, { after })
        expect(answer.errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR')
      }
      for (const first of [0, -1, 101, 2_000_000_000]) {
        expect((await world.ask(TIMELINE, { first })).errors?.[0]?.extensions?.code).toBe('PAGE_SIZE')
      }
    })

    it('holds what each line owes against what its escrow has by the other chain', async () => {
      const { data, errors } = await world.ask(`{ solvency { edges { node {
        line chainId denom owed escrow incoming outgoing difference writtenOff } } } }`)
      expect(errors).toBeUndefined()
      // 9 is on its way, 13 was refused and waits to go back.
      expect((data?.solvency as Edges<unknown>).edges.map(({ node }) => node)).toEqual([
        {
          ...{ line: '1', chainId: ZONE, denom: `transfer/${HUB_CLIENT}/uatom`, owed: String(held) },
          ...{ escrow: String(held + 22n), incoming: '22', outgoing: '0' },
          ...{ difference: '0', writtenOff: '0' },
        },
      ])
    })

    it('lists clients, lines, accounts, prices and transactions', async () => {
      const { data, errors } = await world.ask(`{
        clients(chainId: "${HUB}") { edges { node { clientId trackedChainId counterpartyClientId
          latestHeight isGenuine
          trustingPeriodSeconds expires lastUpdateHeight counterpartyMerklePrefix frozen } } }
        lines { edges { node { line escrowed chainId } } }
        accounts(first: 1) { pageInfo { hasNextPage } edges { node { account firstHeight } } }
        prices { edges { node { asset price } } }
        transactions(address: "${trader(0)}") { edges { node { chainId hash code } } }
      }`)
      expect(errors).toBeUndefined()
      const [client] = (data?.clients as Edges<Record<string, unknown>>).edges
      expect(client?.node).toMatchObject({
        ...{ clientId: HUB_CLIENT, trackedChainId: ZONE, counterpartyClientId: ZONE_CLIENT, frozen: false },
        ...{ isGenuine: false, trustingPeriodSeconds: '1209600', counterpartyMerklePrefix: ['696263', ''] },
      })
      expect((data?.lines as Edges<unknown>).edges[0]?.node).toEqual({
        line: '1',
        escrowed: String(held),
        chainId: ZONE,
      })
      expect((data?.accounts as Edges<unknown>).edges).toHaveLength(1)
      expect((data?.transactions as Edges<unknown>).edges.length).toBeGreaterThan(2)
    })
  })
}

describe('statements', () => {
  it('are as many for fifty transfers as for one', async () => {
    const statements: string[] = []
    const database = await openDatabase({ kind: 'memory' }, (sql) => statements.push(sql))
    const world = new World(database)
    const many = Array.from({ length: 50 }, (_, index): Plan => ({
      ...plans[index % 2]!,
      owner: 0,
      amount: 1n,
    }))
    await world.start(many, [{ ...balances[0]!, amount: 50n }])
    const count = async (query: string, variables: Record<string, unknown>): Promise<number> => {
      statements.length = 0
      const { errors } = await world.ask(query, variables)
      expect(errors).toBeUndefined()
      return statements.length
    }
    expect(await count(TIMELINE, { owner: trader(0), first: 1 })).toBe(1)
    expect(await count(TIMELINE, { owner: trader(0), first: 50 })).toBe(1)
    expect(await count(PORTFOLIO, { owner: trader(0) })).toBe(8)
    const lists = '{ clients { edges { node { expires } } } lines { edges { node { chainId } } } }'
    expect(await count(lists, {})).toBe(2)
    await world.stop()
    await database.close()
  })
})
