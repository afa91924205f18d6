// What a node remembers between blocks is derived: a node that forgets it all, or executes blocks twice, says
// the same of the same blocks, to the last event.
import { toHex } from '@causeway/primitives'
import type { RequestFinalizeBlock, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { beforeAll, describe, expect, it } from 'vitest'
import { createHubApplication } from '../app.ts'
import { createSeededPriceSource } from '../modules/oracle/price-source.ts'
import { Driver } from '../testing/driver.fixture.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import { OrderFlow } from '../testing/order-flow.fixture.ts'
import { testValidators } from '../testing/validators.fixture.ts'
import { brokenInvariants } from './inspect.ts'

const BLOCKS = 12
const ORDERS = 60
const flow = () => new OrderFlow({ accounts: 40, positions: 10, resting: 80, nowSeconds: 1_700_000_000n })

/** Prices that move, so that margins and marks do. */
function options(storage = createMemoryStorage()) {
  const { priceSource: still, surfaceSource } = flow()
  const priceSource = createSeededPriceSource('memories', still(0n, 0n))
  return hubOptions(storage, { priceSource, surfaceSource })
}

/** The blocks as a node that was never disturbed makes and executes them. */
function live() {
  const hub = createHubApplication(options())
  const driver = new Driver(hub, testValidators([10n]))
  const orders = flow()
  driver.initChain(orders.appState())
  driver.block()
  for (let block = 0; block < BLOCKS; block++) {
    for (const tx of orders.orders(ORDERS)) driver.submit(tx)
    driver.block()
  }
  return { driver, broken: brokenInvariants(hub.chain) }
}

interface Disturbance {
  /** Forgets everything before this block. */
  readonly restarts?: (block: number) => boolean
  /** Executes another block of this height first. */
  readonly hasOther?: (block: number) => boolean
}

/** Another node, to which these blocks come decided. */
function follow(
  requests: readonly RequestFinalizeBlock[],
  { restarts = () => false, hasOther = () => false }: Disturbance,
): ResponseFinalizeBlock[] {
  const { storage, ...rest } = options()
  let hub = createHubApplication({ ...rest, storage })
  new Driver(hub, testValidators([10n])).initChain(flow().appState())
  return requests.map((request, block) => {
    if (block > 0 && restarts(block)) hub = createHubApplication({ ...rest, storage })
    if (hasOther(block)) hub.finalizeBlock({ ...request, txs: request.txs.slice(0, 1 + ORDERS / 2) })
    const response = hub.finalizeBlock(request)
    hub.commit()
    return response
  })
}

/** Everything that consensus or an indexer reads of a block; logs are a node's own. */
function told({ appHash, events, txResults, validatorUpdates }: ResponseFinalizeBlock) {
  const results = txResults.map(({ log: _, ...result }) => result)
  return { appHash: toHex(appHash), events, results, validatorUpdates }
}

describe('memories between blocks', () => {
  let made: ReturnType<typeof live>
  beforeAll(() => {
    made = live()
  })

  it('come with fills, margin checks and orders that rest', () => {
    const types = made.driver.responses.flatMap(({ events }) => events.map(({ type }) => type))
    const count = (name: string) => types.filter((type) => type === `causeway.markets.v1.${name}`).length
    expect(made.broken).toEqual([])
    expect(count('fill')).toBeGreaterThan((BLOCKS * ORDERS) / 4)
    expect(count('closed')).toBeGreaterThan(BLOCKS)
    expect(count('book')).toBeGreaterThan(BLOCKS)
  })

  it.each<[string, Disturbance]>([
    ['a mempool', {}],
    ['any memory, at every block', { restarts: () => true }],
    ['memory at every third block', { restarts: (block) => block % 3 === 0 }],
    ['another block of the same height at every second', { hasOther: (block) => block % 2 === 0 }],
    ['both', { restarts: (block) => block % 3 === 1, hasOther: (block) => block % 2 === 0 }],
  ])('a node without or with %s says the same', (_, disturbance) => {
    const { requests, responses } = made.driver
    const followed = follow(requests, disturbance)
    for (const [i, response] of followed.entries()) expect(told(response)).toEqual(told(responses[i]!))
  })
})
