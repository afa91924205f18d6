// A hub in this process that lives through worst days: accounts of all leverages whose positions are there
// from the beginning, crashes, bidders; and its blocks as the indexer reads them.

import { toBech32 } from '@causeway/primitives'
import type { RequestFinalizeBlock, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import type { ReadContext } from '../../hub/src/block/context.ts'
import { cashOf } from '../../hub/src/modules/cash/pool.ts'
import { CASH_STORE, cashAccounts, readPool } from '../../hub/src/modules/cash/state.ts'
import { MARKETS_STORE, positionsOfAll } from '../../hub/src/modules/markets/state.ts'
import { StressWorld } from '../../hub/src/stress/world.fixture.ts'
import { chainBlock, queryOf, rpcOf, type LivedHub } from './hub-life.fixture.ts'
import type { AbciAnswer, CometRpc } from './follow/comet-rpc.ts'
import type { ChainBlock } from './project/block.ts'
import { change, type Change } from './project/change.ts'

const ZERO = { height: 0n, position: 0 }

/** The hub, and what an indexer reads of it. */
export class StressLife implements LivedHub {
  readonly world: StressWorld
  readonly blocks: ChainBlock[] = []
  /** Cash and positions of the genesis, which no event tells. */
  readonly genesis: readonly Change[]

  constructor(seed: number, size: { traders: number; makers: number; bidders: number }) {
    this.world = new StressWorld({ seed, size, storage: createMemoryStorage() })
    const { driver } = this.world
    const execute = driver.execute.bind(driver)
    driver.execute = (request: RequestFinalizeBlock): ResponseFinalizeBlock => {
      const response = execute(request)
      this.blocks.push(chainBlock(request, response))
      return response
    }
    this.genesis = genesisChanges(this.state)
  }

  /** So many blocks more; answers the new ones. */
  live(blocks: number): ChainBlock[] {
    const from = this.blocks.length
    for (let i = 0; i < blocks; i++) this.world.step()
    return this.blocks.slice(from)
  }

  get height(): bigint {
    return this.world.height
  }

  get state(): ReadContext {
    return this.world.state
  }

  get rpc(): CometRpc {
    return rpcOf(this)
  }

  /** A query of the application. */
  query(path: string, data: Uint8Array, height = 0n, prove = false): AbciAnswer {
    return queryOf(this.world.driver, path, data, height, prove)
  }
}

function genesisChanges(state: ReadContext): Change[] {
  const cash = state.store(CASH_STORE)
  const pool = readPool(cash)
  const held = [...cashAccounts(cash)].map(([{ account, subaccount }, { shares }]) =>
    change('cash', nameOf({ account, subaccount }), {}, { balanceE6: cashOf(pool, shares), ...ZERO }),
  )
  const positions = [...positionsOfAll(state.store(MARKETS_STORE))].flatMap(({ holder, positions: all }) =>
    all.map(({ market, sizeE9, quoteE6 }) => {
      const entryNotionalE6 = sizeE9 > 0n ? -quoteE6 : quoteE6
      const none = { realisedE6: 0n, feeE6: 0n, boughtE9: 0n, soldE9: 0n, openedHeight: 0n }
      const row = { sizeE9, entryNotionalE6, ...none, height: 0n, timeNanoseconds: 0n }
      return change('position', { ...nameOf(holder), market }, {}, row)
    }),
  )
  return [...held, ...positions]
}

function nameOf({ account, subaccount }: { account: Uint8Array; subaccount: number }) {
  return { account: toBech32('cway', account), subaccount }
}
