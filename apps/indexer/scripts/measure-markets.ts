// Measures what docs/indexer.md says: events projected and written a second, and how long a portfolio takes
// of a hub with 1,000 accounts of ten positions. Run: `node apps/indexer/scripts/measure-markets.ts`.

import { pino } from 'pino'
import { createMemoryStorage } from '@causeway/state-tree'
import { createHubApplication } from '../../hub/src/app.ts'
import { Driver } from '../../hub/src/testing/driver.fixture.ts'
import { hubOptions } from '../../hub/src/testing/hub.fixture.ts'
import { OrderFlow } from '../../hub/src/testing/order-flow.fixture.ts'
import { testValidators } from '../../hub/src/testing/validators.fixture.ts'
import { openDatabase } from '../src/database/open-database.ts'
import type { CometRpc } from '../src/follow/comet-rpc.ts'
import { HUB, chainBlock, eventCount, LifeTables } from '../src/hub-life.fixture.ts'
import { projectBlock } from '../src/project/project-block.ts'
import { PortfolioService } from '../src/prove/portfolio-service.ts'

const OWNERS = 1_000
const BLOCKS = 6
const ORDERS = 300
const NONE = new Uint8Array(32)

const nowSeconds = 1_800_000_000n
const flow = new OrderFlow({ accounts: OWNERS, positions: 10, nowSeconds })
const { priceSource, surfaceSource } = flow
const hub = createHubApplication(hubOptions(createMemoryStorage(), { priceSource, surfaceSource }))
const driver = new Driver(hub, testValidators([10n, 10n, 10n, 10n]))
driver.timeNanoseconds = nowSeconds * 1_000_000_000n
driver.initChain(flow.appState())
for (let i = 0; i < 3; i++) driver.block()
for (let i = 0; i < BLOCKS; i++) driver.execute(driver.proposal(flow.orders(ORDERS)))
const blocks = driver.requests.map((request, i) => chainBlock(request, driver.responses[i]!))
const events = blocks.reduce((sum, block) => sum + eventCount(block), 0)

const abciQuery = async (path: string, data: Uint8Array, height: bigint, prove: boolean) => {
  const answer = driver.query(path, data, { height, prove })
  return { ...answer, proofOps: answer.proofOps?.ops ?? [] }
}
const rpc = { url: 'in-process', abciQuery } as unknown as CometRpc

const projecting = seconds(() => blocks.forEach((block) => projectBlock(block, () => undefined)))
const database = await openDatabase({ kind: 'memory' })
const started = performance.now()
const tables = new LifeTables(database, rpc)
await tables.writeAll(blocks, 10)
const writing = (performance.now() - started) / 1_000
console.log(
  `${events} events of ${blocks.length} blocks: ${rate(projecting)} projected, ${rate(writing)} with writing`,
)

const head = {
  ...{
    height: driver.height + 1n,
    blockHash: NONE,
    timeNanoseconds: 1n,
    appHash: hub.info().lastBlockAppHash,
  },
  ...{ validatorsHash: NONE, nextValidatorsHash: NONE, resultsHash: NONE },
}
const follower = { cursor: head, endpoint: () => rpc }
const service = new PortfolioService(database.reader, { chainId: HUB, follower }, pino({ level: 'error' }))
const rows = (await database.reader.query(
  `SELECT DISTINCT account FROM market_position WHERE size_e9 <> 0 LIMIT ${OWNERS}`,
)) as { account: string }[]
const times: number[] = []
for (const { account } of rows) {
  const from = performance.now()
  await service.portfolio({ kind: 'account', text: account, account, subaccount: undefined })
  times.push(performance.now() - from)
}
times.sort((a, b) => a - b)
const at = (share: number) => `${times[Math.floor((times.length - 1) * share)]!.toFixed(1)} ms`
console.log(
  `portfolio with proofs, ${times.length} owners one after another: p50 ${at(0.5)}, p99 ${at(0.99)}`,
)
await database.close()

function seconds(run: () => void): number {
  const from = performance.now()
  run()
  return (performance.now() - from) / 1_000
}

function rate(taken: number): string {
  return `${Math.round(events / taken)} events/s`
}
