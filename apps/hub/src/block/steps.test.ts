// A block executed in steps is the block executed at once, whatever is asked of the node between two of them.
import { AssertionError, toHex } from '@causeway/primitives'
import type { Steps } from '@causeway/primitives'
import type { RequestFinalizeBlock, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { beforeAll, describe, expect, it } from 'vitest'
import { hubComposition } from '../app.ts'
import { CosmosApplication } from '../application.ts'
import { applicationOptions } from '../node-options.ts'
import { Driver } from '../testing/driver.fixture.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import { OrderFlow } from '../testing/order-flow.fixture.ts'
import { testValidators } from '../testing/validators.fixture.ts'
import type { Module } from './module.ts'

const BLOCKS = 4
const ORDERS = 100
const flowOptions = { accounts: 40, positions: 10, resting: 40, nowSeconds: 1_700_000_000n }

/** A hub that is driven in steps by whoever drives it at once, and lets a test in between two of them. */
class HubInSteps extends CosmosApplication {
  /** Called with the number of steps that the block has done. */
  between: (done: number) => void = () => undefined
  /** Of the last block. */
  stepsDone = 0

  override finalizeBlock(request: RequestFinalizeBlock): ResponseFinalizeBlock {
    const steps = this.finalizeInSteps(request)
    this.stepsDone = 0
    for (;;) {
      const { done, value } = steps.next()
      this.stepsDone++
      if (done === true) return value
      this.between(this.stepsDone)
    }
  }
}

interface TestHub<Hub extends CosmosApplication> {
  readonly hub: Hub
  readonly driver: Driver
}

/** A hub after its first block, with a module of the test's as its last. */
function setUp<Hub extends CosmosApplication>(
  make: new (...parts: ConstructorParameters<typeof CosmosApplication>) => Hub,
  endBlock: Module['endBlock'] = () => undefined,
): TestHub<Hub> {
  const flow = new OrderFlow(flowOptions)
  const { priceSource, surfaceSource } = flow
  const options = hubOptions(createMemoryStorage(), { priceSource, surfaceSource })
  const application = applicationOptions(options)
  const composed = hubComposition({ ...options, ...application })
  const probe: Module = { name: 'probe', messages: [], queries: [], endBlock }
  const hub = new make({ ...composed, modules: [...composed.modules, probe] }, application)
  const driver = new Driver(hub, testValidators([10n]))
  driver.initChain(flow.appState())
  driver.block()
  return { hub, driver }
}

/** Everything that consensus or an indexer reads of a block; logs are a node's own. */
function told({ appHash, events, txResults, validatorUpdates }: ResponseFinalizeBlock) {
  const results = txResults.map(({ log: _, ...result }) => result)
  return { appHash: toHex(appHash), events, results, validatorUpdates }
}

/** The blocks as a hub makes them that knows no steps, and orders that it never saw. */
let made: { requests: RequestFinalizeBlock[]; responses: ResponseFinalizeBlock[]; late: Uint8Array[] }
/** How many steps the first of these blocks takes. */
let stepsInAll: number

beforeAll(() => {
  const { driver } = setUp(CosmosApplication)
  const flow = new OrderFlow(flowOptions)
  for (let block = 0; block < BLOCKS; block++) {
    for (const tx of flow.orders(ORDERS)) driver.submit(tx)
    driver.block()
  }
  made = {
    requests: driver.requests.slice(1),
    responses: driver.responses.slice(1),
    late: flow.orders(BLOCKS),
  }
  const { hub, driver: stepping } = setUp(HubInSteps)
  stepping.execute(made.requests[0]!)
  stepsInAll = hub.stepsDone
})

/** Executes the rest of the blocks, and expects of each what the other hub said. */
function expectSame(driver: Driver, from: number): void {
  for (let block = from; block < BLOCKS; block++) {
    expect(told(driver.execute(made.requests[block]!))).toEqual(told(made.responses[block]!))
  }
}

/** Whatever may be asked of a node while a block is executed. */
const QUESTIONS: readonly [string, (hub: CosmosApplication, request: RequestFinalizeBlock) => unknown][] = [
  ['info', (hub) => hub.info()],
  [
    'query',
    (hub) => hub.query({ path: 'store/markets/key', data: Uint8Array.of(1), height: 0n, prove: false }),
  ],
  ['checkTx', (hub) => hub.checkTx({ tx: made.late[0]!, type: 0 })],
  ['recheck', (hub, { txs }) => hub.checkTx({ tx: txs.at(-1)!, type: 1 })],
  [
    'prepareProposal',
    (hub, request) =>
      hub.prepareProposal({ ...request, maxTxBytes: 22_000_000n, localLastCommit: { round: 0, votes: [] } }),
  ],
  [
    'processProposal',
    (hub, request) => hub.processProposal({ ...request, proposedLastCommit: request.decidedLastCommit }),
  ],
  ['extendVote', (hub, request) => hub.extendVote({ ...request, proposedLastCommit: undefined })],
  [
    'verifyVoteExtension',
    (hub, { height, hash }) =>
      hub.verifyVoteExtension({ height, hash, validatorAddress: hash, voteExtension: hash }),
  ],
]

describe('a block in steps', () => {
  it('has orders that trade, and takes a step for every few of them', () => {
    const kinds = made.responses.flatMap(({ events }) => events.map(({ type }) => type))
    expect(kinds.filter((type) => type === 'causeway.markets.v1.fill').length).toBeGreaterThan(ORDERS)
    expect(made.requests.map(({ txs }) => txs.length)).toEqual(
      Array.from({ length: BLOCKS }, () => ORDERS + 1),
    )
    for (const { txResults } of made.responses) expect(txResults).toHaveLength(ORDERS + 1)
    expect(stepsInAll).toBeGreaterThan(ORDERS / 32)
  })

  it('comes to what it comes to at once, and so does the chain after it', () => {
    const { hub, driver } = setUp(HubInSteps)
    expectSame(driver, 0)
    expect(hub.info().lastBlockAppHash).toEqual(made.responses.at(-1)!.appHash)
  })

  it('leaves nothing to be committed before its end', () => {
    const { hub, driver } = setUp(HubInSteps)
    hub.between = () => expect(hub.chain.pending).toBeUndefined()
    driver.execute(made.requests[0]!, false)
    expect(hub.chain.pending?.block.height).toBe(2n)
  })

  it.each(QUESTIONS)(
    'is finished before %s is answered, and its driver gets the same',
    (_, ask) => {
      const { hub, driver } = setUp(HubInSteps)
      for (let block = 0; block < BLOCKS; block++) {
        const request = made.requests[block]!
        // At the first pause, at the last, and between.
        const asked = [1, stepsInAll - 1, 3, Math.floor(stepsInAll / 2)][block]!
        let answer: unknown
        hub.between = (done) => {
          if (done < asked) return
          expect(done).toBe(asked)
          expect(hub.chain.pending).toBeUndefined()
          answer = ask(hub, request)
          expect(hub.chain.pending?.block.height).toBe(request.height)
        }
        expect(told(driver.execute(request))).toEqual(told(made.responses[block]!))
        expect(answer).toBeDefined()
      }
    },
    60_000,
  )

  it.each(QUESTIONS)('makes no difference to what %s answers', (_, ask) => {
    const answers = [CosmosApplication, HubInSteps].map((make) => {
      const { hub, driver } = setUp(make)
      driver.execute(made.requests[0]!)
      const request = made.requests[1]!
      if (!(hub instanceof HubInSteps)) {
        driver.execute(request, false)
        return ask(hub, request)
      }
      let answer: unknown
      hub.between = (done) => {
        if (done === 2) answer = ask(hub, request)
      }
      driver.execute(request, false)
      return answer
    })
    expect(answers[1]).toEqual(answers[0])
  })

  it('is asked after every one of its steps', () => {
    for (let at = 1; at < stepsInAll; at++) {
      const { hub, driver } = setUp(HubInSteps)
      hub.between = (done) => {
        if (done < at) return
        expect(done).toBe(at)
        expect(hub.query({ path: '/none', data: Uint8Array.of(), height: 0n, prove: false }).code).not.toBe(0)
      }
      expect(told(driver.execute(made.requests[0]!))).toEqual(told(made.responses[0]!))
      expect(hub.stepsDone).toBe(at + 1)
    }
  }, 120_000)

  it('is committed whole by who does not wait for its driver', () => {
    const { hub, driver } = setUp(HubInSteps)
    const steps = hub.finalizeInSteps(made.requests[0]!)
    steps.next()
    hub.commit()
    expect(hub.info()).toMatchObject({ lastBlockHeight: 2n, lastBlockAppHash: made.responses[0]!.appHash })
    expect(told(steps.next().value!)).toEqual(told(made.responses[0]!))
    driver.height = 2n
    expectSame(driver, 1)
  })
})

describe('a signature foreseen between two steps', () => {
  it('is what it is otherwise, and leaves the rest of the steps undone', () => {
    const atOnce = setUp(CosmosApplication)
    const { hub, driver } = setUp(HubInSteps)
    let foreseen = 0
    for (let block = 0; block < BLOCKS; block++) {
      const expected = atOnce.hub.foreseeSignature(made.late[block]!)!
      atOnce.driver.execute(made.requests[block]!)
      hub.between = () => {
        foreseen++
        expect(hub.foreseeSignature(made.late[block]!)!.check).toEqual(expected.check)
        expect(hub.chain.pending).toBeUndefined()
      }
      expect(told(driver.execute(made.requests[block]!))).toEqual(told(made.responses[block]!))
      if (block === 0) expect(hub.stepsDone).toBe(stepsInAll)
    }
    expect(foreseen).toBeGreaterThan(BLOCKS * 3)
  })

  it('is nothing once it is known, and its verdict counts after the block', () => {
    const { hub, driver } = setUp(HubInSteps)
    const [good, bad] = [made.late[0]!, made.late[1]!]
    hub.between = (done) => {
      if (done !== 1) return
      hub.foreseeSignature(good)!.settle(true)
      hub.foreseeSignature(bad)!.settle(false)
      expect(hub.foreseeSignature(good)).toBeUndefined()
      // What is in the block was judged when the block began.
      expect(hub.foreseeSignature(made.requests[0]!.txs.at(-1)!)).toBeUndefined()
    }
    driver.execute(made.requests[0]!)
    expect(hub.checkTx({ tx: good, type: 0 }).code).toBe(0)
    expect(hub.checkTx({ tx: bad, type: 0 }).code).not.toBe(0)
  })
})

describe('a step that throws', () => {
  const broken = new AssertionError('broken on purpose')
  const query = { path: 'store/markets/key', data: Uint8Array.of(1), height: 0n, prove: false }

  it.each([0, 1, 5])('throws at the driver, though a query after %s steps ran into it', (asked) => {
    let thrown = 0
    const { hub, driver } = setUp(HubInSteps, ({ height }) => {
      if (height !== 3n) return
      thrown++
      throw broken
    })
    driver.execute(made.requests[0]!)
    hub.between = (done) => {
      if (done === asked) expect(hub.query(query)).toMatchObject({ code: 0, height: 2n })
    }
    expect(() => driver.execute(made.requests[1]!)).toThrow(broken)
    expect(thrown).toBe(1)
    expect(hub.stepsDone).toBe(asked === 0 ? stepsInAll - 1 : asked)
    expect(hub.query(query)).toMatchObject({ code: 0, height: 2n })
    expect(hub.info().lastBlockHeight).toBe(2n)
    expect(() => hub.commit()).toThrow(AssertionError)
  })

  it('asks nothing of its own block: that is a bug, and one that is named', () => {
    const asking = setUp(HubInSteps, ({ height }) => {
      if (height === 2n) asking.hub.query(query)
    })
    expect(() => asking.driver.execute(made.requests[0]!)).toThrow(AssertionError)
    expect(asking.hub.info().lastBlockHeight).toBe(1n)
  })
})

describe('a block whose driver is gone', () => {
  it.each([0, 1, 3, 8])('after %s steps is executed again, and comes to the same', (done) => {
    const { hub, driver } = setUp(CosmosApplication)
    const drop = (request: RequestFinalizeBlock): Steps<ResponseFinalizeBlock> => {
      const steps = hub.finalizeInSteps(request)
      for (let i = 0; i < done; i++) expect(steps.next().done).toBe(false)
      return steps
    }
    drop(made.requests[0]!)
    expect(told(driver.execute(made.requests[0]!))).toEqual(told(made.responses[0]!))
    // Another of the same height, as from a round that came to nothing.
    const dropped = drop({ ...made.requests[1]!, txs: made.requests[1]!.txs.slice(0, 50) })
    dropped.return(undefined as never)
    // In steps again.
    const steps = hub.finalizeInSteps(made.requests[1]!)
    steps.next()
    hub.info()
    expect(told(steps.next().value!)).toEqual(told(made.responses[1]!))
    driver.height = 2n
    driver.execute(made.requests[1]!)
    expectSame(driver, 2)
  })

  it('is no hindrance to the next', () => {
    const { hub, driver } = setUp(CosmosApplication)
    hub.finalizeInSteps(made.requests[0]!).next()
    const other = hub.finalizeInSteps(made.requests[0]!)
    const first = hub.finalizeInSteps(made.requests[0]!)
    expect(told(other.next().value!)).toEqual(told(made.responses[0]!))
    hub.info()
    expect(told(first.next().value!)).toEqual(told(made.responses[0]!))
    hub.commit()
    driver.height = 2n
    expectSame(driver, 1)
  })
})
