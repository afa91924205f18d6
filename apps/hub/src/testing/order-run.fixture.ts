// Orders through a hub in this process, step by step as an engine drives it, with nothing else in the way.
import { fromNanoseconds } from '@causeway/light-clients'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { hubComposition } from '../app.ts'
import { CosmosApplication } from '../application.ts'
import type { Module } from '../block/module.ts'
import { SHARE_SCALE, INDEX_ONE } from '../modules/cash/pool.ts'
import { CASH_STORE, readPool, writeCash, writePool } from '../modules/cash/state.ts'
import { MARKETS_STORE, readFigures, writeFigures, writePositions } from '../modules/markets/state.ts'
import { applicationOptions } from '../node-options.ts'
import { Driver } from './driver.fixture.ts'
import { hubOptions } from './hub.fixture.ts'
import { OrderFlow } from './order-flow.fixture.ts'
import type { OrderFlowOptions } from './order-flow.fixture.ts'
import { commitOf, testValidators } from './validators.fixture.ts'

/** The steps of a block, in order. */
export const ORDER_STEPS = ['decode', 'check', 'prepare', 'process', 'finalize', 'commit'] as const
/** One of them. */
export type OrderStep = (typeof ORDER_STEPS)[number]
/** Runs a step, and measures it if it likes. */
export type MeasureStep = <Result>(step: OrderStep, run: () => Result) => Result

const NONE = new Uint8Array(0)
const VERSIONS = 86_400n
const BYTES = 22_000_000n
const SECOND = 1_000_000_000n

/** A hub of one validator with the state that a flow of orders begins with. */
export class OrderRun {
  readonly flow: OrderFlow
  readonly application: CosmosApplication
  readonly #driver: Driver

  /** `holders`: accounts beside those that trade, more than a genesis has room for. */
  constructor({
    holders = 0,
    ...options
  }: Omit<OrderFlowOptions, 'nowSeconds'> & { readonly holders?: number }) {
    this.flow = new OrderFlow({ ...options, nowSeconds: 1_700_000_000n })
    const { priceSource, surfaceSource } = this.flow
    const hub = hubOptions(createMemoryStorage(), {
      ...{ priceSource, surfaceSource, keepVersions: VERSIONS },
    })
    const application = applicationOptions(hub)
    const composed = hubComposition({ ...hub, ...application })
    const holding = holdersModule(this.flow, { from: options.accounts, count: holders })
    this.application = new CosmosApplication(
      { ...composed, modules: [...composed.modules, holding] },
      application,
    )
    this.#driver = new Driver(this.application, testValidators([10n]))
    this.#driver.initChain(this.flow.appState())
    // The first has no votes, the second none with prices
    for (let i = 0; i < 2; i++) this.block(0)
  }

  /** A block with the next orders of the flow; their signatures hold, as if another thread had said so. */
  block(orders: number, measure: MeasureStep = (_, run) => run()): ResponseFinalizeBlock {
    const { application } = this
    const driver = this.#driver
    const given = this.flow.orders(orders)
    measure('decode', () => {
      for (const tx of given) application.foreseeSignature(tx)?.settle(true)
    })
    measure('check', () => {
      for (const tx of given) application.checkTx({ tx, type: 0 })
    })
    const height = driver.height + 1n
    const timeNanoseconds = driver.timeNanoseconds + SECOND
    const time = fromNanoseconds(timeNanoseconds)
    const common = { misbehavior: [], nextValidatorsHash: NONE, proposerAddress: NONE, height, time }
    const { txs } = measure('prepare', () =>
      application.prepareProposal({
        ...common,
        maxTxBytes: BYTES,
        txs: given,
        localLastCommit: driver.lastCommit,
      }),
    )
    const lastCommit = commitOf(driver.lastCommit)
    measure('process', () =>
      application.processProposal({ ...common, txs, proposedLastCommit: lastCommit, hash: NONE }),
    )
    const request = { ...common, txs, decidedLastCommit: lastCommit, hash: NONE }
    const vote = driver.vote(request)
    const response = measure('finalize', () => application.finalizeBlock(request))
    measure('commit', () => application.commit())
    driver.height = height
    driver.timeNanoseconds = timeNanoseconds
    driver.lastCommit = vote
    return response
  }
}

/** Writes accounts with positions and cash at genesis, past all checks. */
function holdersModule(flow: OrderFlow, { from, count }: { from: number; count: number }): Module {
  return {
    name: 'holders',
    messages: [],
    queries: [],
    initGenesis(context) {
      const [markets, cash] = [context.store(MARKETS_STORE), context.store(CASH_STORE)]
      const open = new Map<bigint, bigint>()
      let addedE6 = 0n
      for (let index = from; index < from + count; index++) {
        const { holder, positions, cashE6 } = flow.holding(index)
        writePositions(markets, holder, positions)
        writeCash(cash, holder, { shares: (cashE6 * SHARE_SCALE) / INDEX_ONE, locks: [] })
        addedE6 += cashE6
        for (const { market, sizeE9 } of positions)
          if (sizeE9 > 0n) open.set(market, (open.get(market) ?? 0n) + sizeE9)
      }
      for (const [id, sizeE9] of open) {
        const figures = readFigures(markets, id)
        writeFigures(markets, id, { ...figures, openInterestE9: figures.openInterestE9 + sizeE9 })
      }
      const pool = readPool(cash)
      const creditShares = pool.creditShares + (addedE6 * SHARE_SCALE) / INDEX_ONE
      writePool(cash, { ...pool, creditShares, parE6: pool.parE6 + addedE6 })
    },
  }
}
