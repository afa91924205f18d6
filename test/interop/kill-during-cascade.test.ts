// Accounts fail one after the other while nodes, relayer and indexer are killed with −9 at random moments and
// started again, and deposits and withdrawals of a real chain are on their way: the same state on every node,
// nothing credited or paid twice, nobody liquidated who could pay, and tables that say what the hub says.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StargateClient } from '@cosmjs/stargate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testAddress, testMnemonic } from '@causeway/devnet'
import { HUB_CHAIN_ID, brokenInvariants, createAddressCodec } from '@causeway/hub'
import { checksumTables, startIndexer } from '@causeway/indexer'
import type { Indexer } from '@causeway/indexer'
import { escrowAddress } from '@causeway/messaging'
import { toHex } from '@causeway/primitives'
import { QueryLineRequest, QueryLineResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import {
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { hasReceipt, pendingOn, query } from './chain-queries.ts'
import { Chaos, generator } from './chaos.ts'
import type { Part } from './devnet-parts.ts'
import { LINE, ON_HUB, ON_ZONE, ZONE, prepareCascade } from './kill-during-cascade-stage.ts'
import type { CascadeStage, QuietChains } from './kill-during-cascade-stage.ts'
import { appHashesUntil, eventsUntil, toldIn } from './kill-during-cascade-told.ts'
import type { ToldEvent } from './kill-during-cascade-told.ts'
import { Withdrawals } from './kill-during-cascade-withdrawals.ts'
import { waitFor } from './processes.ts'
import { cosmosUser } from './simd-user.ts'
import type { CosmosUser } from './simd-user.ts'

const KILLS = 10
const STEPS = 8
const FALL_BPS = 4_000n
const HELPED_AT_ONCE = 3
const UNIT = 1_000_000n
const WAIT_MS = 600_000
/** Beside others' work; alone it is under two minutes. */
const LONG_MS = 1_800_000
const STAGE = 'causeway.liquidation.v1.stage'

/** A deposit as it was sent. */
interface Deposit {
  readonly receiver: string
  readonly amount: bigint
}

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const random = generator(seed)
const folder = mkdtempSync(join(tmpdir(), 'kill-during-cascade-'))
const paidTo = testAddress('speculator-1', 'zone')
const deposits: Deposit[] = []
const onTheirWay: number[] = []
let stepsDone = 0
let killsBegun = 0
let stage: CascadeStage
let helper: CosmosUser
let giver: CosmosUser
let withdrawals: Withdrawals
let paidBefore: bigint
let quiet: QuietChains
let height: bigint
let events: readonly ToldEvent[]
let isPassed = false

beforeAll(async () => {
  console.log(`seed ${seed}`)
  stage = await prepareCascade(folder)
  await stage.start()
  const { hubRpcUrl: rpcUrl, zoneRpcUrl } = stage
  const options = { prefix: 'zone', fee: [{ denom: 'uzone', amount: '3000' }] }
  helper = await cosmosUser(zoneRpcUrl, testMnemonic('maker-1', zoneRpcUrl), options)
  giver = await cosmosUser(zoneRpcUrl, testMnemonic('maker-2', zoneRpcUrl), options)
  const mnemonic = testMnemonic('trader', rpcUrl)
  withdrawals = await Withdrawals.open({ rpcUrl, mnemonic, line: LINE, receiver: paidTo })
  paidBefore = await tokensOf(paidTo)
})

afterAll(async () => {
  for (const user of [helper, giver]) user?.close()
  await stage?.kill()
  await quiet?.stop()
  if (isPassed && process.env['KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
  else console.log(`logs are in ${folder}; the same instants again: SEED=${seed}`)
})

describe(`nodes, relayer and indexer killed with −9 ${KILLS} times while accounts fail`, () => {
  it(
    'packets are carried, and accounts liquidated',
    async () => {
      await deposit(helper, { receiver: withdrawals.address, amount: 50_000n * UNIT })
      await waitFor('the first credit', async () => (await isCredited(1)) || undefined, WAIT_MS)
      const victims = [stage.hub, stage.replica, stage.indexer, stage.relayer, stage.relayer]
      const chaos = new Chaos(victims, { kills: KILLS, random, waitMs: WAIT_MS, beforeKill })
      await Promise.all([chaos.run(), crash(chaos)])
      await waitFor('everything to be acknowledged', isSettled, WAIT_MS)
      console.log(
        `${chaos.summary()}; packets on their way as the relayer was killed: ${onTheirWay.join(', ')}`,
      )
      for (const { kills, endings } of victims) {
        expect(kills).toBeGreaterThanOrEqual(2)
        expect(endings).toBe(0) // nobody fell over because another was gone
      }
      expect(Math.min(...onTheirWay)).toBeGreaterThan(0)

      quiet = await stage.quieten()
      height = quiet.hub.height()
      events = await eventsUntil(stage.hubRpcUrl, height)
      const begun = events.filter(isBegun)
      const credits = of('causeway.transfer.v1.credit')
      const amidst = credits.filter(
        (credit) => credit.height >= begun[0]!.height && credit.height <= begun.at(-1)!.height,
      )
      console.log(
        `${height} blocks, ${begun.length} liquidations, ` +
          `${of('causeway.liquidation.v1.sold').length} takeovers, ` +
          `${credits.length} deposits (${amidst.length} amidst), ${withdrawals.amounts.length} withdrawals`,
      )
      expect(begun.length).toBeGreaterThan(4)
      expect(of('causeway.liquidation.v1.sold').length).toBeGreaterThan(4)
      expect(amidst.length).toBeGreaterThan(0)
    },
    LONG_MS,
  )

  it('every node has the same state at every height', async () => {
    const hashes = await appHashesUntil(stage.hubRpcUrl, height)
    hashes.push(toHex(quiet.application.info().lastBlockAppHash))
    const ofReplica = () => toldIn(stage.replica.logPath).hashes
    await waitFor('the other node to have all blocks', () => ofReplica().has(height) || undefined, WAIT_MS)
    expect(stage.replica.endings).toBe(0)
    await stage.replica.kill()
    expect(ofReplica()).toEqual(new Map(hashes.map((hash, i) => [BigInt(i + 1), new Set([hash])])))
    for (const [at, told] of toldIn(stage.hub.logPath).hashes)
      expect([...told], `what the node told of block ${at}`).toEqual([hashes[Number(at) - 1]])
    expect(brokenInvariants(quiet.application.chain)).toEqual([])
  })

  it('nobody is liquidated who is above maintenance by a full valuation', () => {
    const { begun } = toldIn(stage.replica.logPath)
    const told = events.filter(isBegun).map(({ height: at, told: { account } }) => `${at} ${account}`)
    expect([...begun.keys()].sort()).toEqual([...told].sort())
    for (const [which, margin] of begun) expect(margin, which).toBeLessThan(0n)
  })

  it('every deposit is credited once, every withdrawal paid once, and both sides agree', async () => {
    const { hubRpcUrl, zoneRpcUrl } = stage
    const credits = of('causeway.transfer.v1.credit').map(({ told }) => told)
    const text = ({ receiver, amount }: Deposit) => `${amount} to ${receiver}`
    expect(credits.map(({ account, amount }) => `${amount} to ${account}`).sort()).toEqual(
      deposits.map(text).sort(),
    )
    expect(sequencesOf(credits)).toEqual(deposits.map((_, i) => i + 1))
    const debits = of('causeway.transfer.v1.debit').map(({ told }) => told)
    expect(debits.map(({ amount }) => amount).sort()).toEqual(withdrawals.amounts.map(String).sort())
    expect(sequencesOf(debits)).toEqual(withdrawals.amounts.map((_, i) => i + 1))
    const received = withdrawals.amounts.map((_, i) => hasReceipt(zoneRpcUrl, ON_ZONE, BigInt(i + 1)))
    expect((await Promise.all(received)).every(Boolean)).toBe(true)
    expect(of('causeway.transfer.v1.refund')).toEqual([])
    const paid = withdrawals.amounts.reduce((sum, amount) => sum + amount, 0n)
    expect((await tokensOf(paidTo)) - paidBefore).toBe(paid)
    const locked = deposits.reduce((sum, { amount }) => sum + amount, 0n) - paid
    const escrow = createAddressCodec('zone').encode(escrowAddress(ON_ZONE))
    expect(await tokensOf(escrow)).toBe(locked)
    const request = { codec: QueryLineRequest, value: { id: 0n, denom: LINE } }
    const { line } = await query(hubRpcUrl, '/causeway.ledger.v1.Query/Line', request, QueryLineResponse)
    expect(line).toMatchObject({ escrowed: `${locked}`, inFlight: '0' })
  })

  it('the indexer has everything once, and what it has is what the hub says', async () => {
    const ofWhole = await withIndexer('whole', ({ database }) => checksumTables(database.reader))
    await withIndexer('indexer', async (indexer) => {
      const ofKilled = await checksumTables(indexer.database.reader)
      expect(ofKilled).toEqual(ofWhole)
      const rowsOf = (name: string) => ofKilled.find(({ table }) => table === name)?.rows
      console.log(ofKilled.map(({ table, rows }) => `${table} ${rows}`).join(', '))
      expect(rowsOf('liquidation')).toBe(events.filter(isBegun).length)
      expect(rowsOf('transfer')).toBe(deposits.length + withdrawals.amounts.length)
      await compareWithHub(indexer)
    })
    isPassed = true
  })
})

/** Prices fall in steps, spread over all kills however slow the machine is; the zone helps who fails. */
async function crash(chaos: Chaos): Promise<void> {
  for (let step = 1; step <= STEPS; step++) {
    await chaos.reached(Math.floor(((step - 1) * KILLS) / STEPS))
    // Both come before prices have fallen all the way: there is more to liquidate
    if (step === STEPS / 2) {
      const begun = () => toldIn(stage.replica.logPath).begun.size > 0 || undefined
      await waitFor('a liquidation', begun, WAIT_MS)
      await waitFor('help to have come', async () => (await isCredited(2)) || undefined, WAIT_MS)
    }
    await stage.fallTo((FALL_BPS * BigInt(step)) / BigInt(STEPS))
    await patiently(() => withdrawals.add(1_000n * UNIT + BigInt(step)))
    await patiently(() => withdrawals.send())
    await help()
    stepsDone = step
  }
}

/** Sends tokens to some whose margin is low: what they need, half of it, or a little too late. */
async function help(): Promise<void> {
  const inNeed: Deposit[] = []
  for (const receiver of stage.failing) {
    const { marginLevel, maintenanceRequirementE6 } = await patiently(() => portfolioOf(receiver))
    const amount = (BigInt(maintenanceRequirementE6) * BigInt(1 + Math.floor(random() * 4))) / 4n
    if (marginLevel !== 'healthy') inNeed.push({ receiver, amount: amount + UNIT })
  }
  const first = Math.floor(random() * inNeed.length)
  const helped = [...inNeed.slice(first), ...inNeed.slice(0, first)].slice(0, HELPED_AT_ONCE)
  await deposit(helper, ...(helped.length > 0 ? helped : [{ receiver: stage.failing[0]!, amount: UNIT }]))
}

/**
 * Kills are spread over the fall as the fall is over them. The relayer is killed while packets are on their
 * way: sent, and not acknowledged yet.
 */
async function beforeKill(victim: Part): Promise<void> {
  const due = Math.floor((killsBegun++ * STEPS) / KILLS)
  await waitFor('prices to fall', () => stepsDone >= due || undefined, WAIT_MS)
  if (victim !== stage.relayer) return
  const pending = async () => {
    const found = (await countPending()) || undefined
    const receiver = stage.failing[onTheirWay.length % stage.failing.length]!
    if (found === undefined) await deposit(giver, { receiver, amount: 10n * UNIT })
    return found
  }
  onTheirWay.push(await waitFor('packets on their way', pending, WAIT_MS))
}

async function countPending(): Promise<number> {
  const onHub = await pendingOn(stage.hubRpcUrl, ON_HUB).catch(() => [])
  return onHub.length + (await pendingOn(stage.zoneRpcUrl, ON_ZONE)).length
}

async function isSettled(): Promise<true | undefined> {
  if (!(await withdrawals.send())) return undefined
  const onHub = await pendingOn(stage.hubRpcUrl, ON_HUB)
  const onZone = await pendingOn(stage.zoneRpcUrl, ON_ZONE)
  return onHub.length + onZone.length === 0 ? true : undefined
}

/** One transaction with these deposits, which is in a block when this resolves. */
async function deposit(user: CosmosUser, ...sent: readonly Deposit[]): Promise<void> {
  const timeoutSeconds = BigInt(Math.floor(Date.now() / 1000)) + 3_600n
  const terms = { client: ON_ZONE, denom: 'uusd', timeoutSeconds }
  await user.transfer(...sent.map((each) => ({ ...terms, ...each })))
  deposits.push(...sent)
}

async function isCredited(sequence: number): Promise<boolean> {
  return await hasReceipt(stage.hubRpcUrl, ON_HUB, BigInt(sequence))
}

async function portfolioOf(account: string): Promise<QueryPortfolioResponse> {
  const request = { codec: QueryPortfolioRequest, value: { account, explain: false } }
  return await query(stage.hubRpcUrl, '/causeway.risk.v1.Query/Portfolio', request, QueryPortfolioResponse)
}

/** Who is under liquidation by the hub, and since which block. */
async function liquidated(): Promise<string[]> {
  const request = { codec: QueryLiquidationsRequest, value: { after: '', limit: 1_000 } }
  const path = '/causeway.liquidation.v1.Query/Liquidations'
  const { liquidations } = await query(stage.hubRpcUrl, path, request, QueryLiquidationsResponse)
  return liquidations.map(({ account, liquidation }) => `${account} ${liquidation!.stage}`)
}

/** Asks until the hub, which may have been killed, answers. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const [answer] = await waitFor('the hub to answer', async () => [await ask()] as const, WAIT_MS)
  return answer
}

async function tokensOf(address: string): Promise<bigint> {
  const client = await StargateClient.connect(stage.zoneRpcUrl)
  const { amount } = await client.getBalance(address, 'uusd')
  client.disconnect()
  return BigInt(amount)
}

function of(type: string): ToldEvent[] {
  return events.filter((event) => event.type === type)
}

function isBegun({ type, told }: ToldEvent): boolean {
  return type === STAGE && told['before'] === 'none'
}

function sequencesOf(packets: readonly ToldEvent['told'][]): number[] {
  return packets.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b)
}

/** Lets an indexer catch up, with the tables in a folder of this name. */
async function withIndexer<T>(name: string, work: (indexer: Indexer) => Promise<T>): Promise<T> {
  const zoneHeight = quiet.zone.height()
  const indexer = await startIndexer({
    hub: { chainId: HUB_CHAIN_ID, rpcUrls: [stage.hubRpcUrl] },
    chains: [{ chainId: ZONE, rpcUrls: [stage.zoneRpcUrl] }],
    ...{ database: join(folder, name), logLevel: 'silent', pollMs: 200 },
    // What it follows stands still here
    lagRefuseSeconds: 86_400,
  })
  try {
    await indexer.waitForHeight(HUB_CHAIN_ID, height, WAIT_MS)
    await indexer.waitForHeight(ZONE, zoneHeight, WAIT_MS)
    return await work(indexer)
  } finally {
    await indexer.stop()
  }
}

/** Health, liquidations, packets and portfolios by the tables, against the hub's own answers. */
async function compareWithHub({ database, graphqlUrl }: Indexer): Promise<void> {
  const rows = async (sql: string) => (await database.reader.query(sql)) as { text: string }[]
  const textsOf = async (sql: string) => (await rows(sql)).map(({ text }) => text).sort()
  const live = `SELECT account || ' ' || stage AS text FROM liquidation WHERE stage <> 'none'`
  expect(await textsOf(live)).toEqual((await liquidated()).sort())
  for (const account of stage.failing) {
    const { marginLevel } = await portfolioOf(account)
    const level = `SELECT level AS text FROM account_flag WHERE account = '${account}'`
    expect((await textsOf(level)).at(0) ?? 'healthy', account).toBe(marginLevel)
  }
  const owners = [...new Set(deposits.map(({ receiver }) => receiver))]
  for (const owner of owners) {
    // It proves what the hub has, and refuses when its tables say something else
    const fields = 'inFlight { status } accounts { subaccounts { subaccount } }'
    const text = `{ portfolio(owner: "${owner}") { ${fields} } }`
    const response = await fetch(graphqlUrl, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ query: text }),
    })
    expect(await response.json(), owner).toMatchObject({ data: { portfolio: { inFlight: [] } } })
  }
}
