// Prices from block to block: validators that disagree, lie, are absent, or come late.
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import { QueryPricesRequest, QueryPricesResponse } from '@causeway/protocol/causeway/oracle/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../../app.ts'
import { brokenInvariants } from '../../block/inspect.ts'
import { testGenesis, testKeys } from '../../engine/chain.fixture.ts'
import { startEmbeddedNode } from '../../engine/start-embedded-node.ts'
import { hubGenesis, hubOptions, testHub } from '../../testing/hub.fixture.ts'
import { extendedCommit } from '../../testing/validators.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { createSeededPriceSource } from './price-source.ts'

const alice = new Wallet('alice')
const E9 = 1_000_000_000n

/** What one validator says: a price, bytes of its own, or nothing at all. */
type Word = bigint | Uint8Array | undefined

function setUp() {
  const ledger = {
    zone: 0,
    assets: [
      { denom: 'ucway', decimals: 6, native: true },
      { denom: 'usdz', decimals: 6, native: false },
    ],
    lines: [
      {
        client: '07-tendermint-0',
        denom: 'transfer/07-tendermint-0/uusd',
        asset: 'usdz',
        escrowed: '2000000',
      },
    ],
    balances: [{ holder: alice.address, denom: 'usdz', amount: '2000000' }],
  }
  const { driver, hub } = testHub([alice], {}, hubGenesis([alice], { ledger }))
  driver.block()
  /** The validators' words on the newest block, then the block that carries them. */
  const vote = (words: readonly Word[], secondsLater = 1n, age = 0n) => {
    const extensions = words.map((word) => {
      if (typeof word !== 'bigint') return word
      const price = { asset: 2n, priceE9: word, publishTimeSeconds: driver.timeSeconds - age }
      return VoteExtension.encode(VoteExtension.fromPartial({ prices: [price] })).finish()
    })
    const { height, chainId, validators } = driver
    driver.lastCommit = extendedCommit(validators, extensions, { chainId, height })
    return driver.block(secondsLater)
  }
  const price = () => {
    const { value } = driver.query('/causeway.oracle.v1.Query/Prices', QueryPricesRequest.encode({}).finish())
    const [feed] = QueryPricesResponse.decode(value).prices
    return [feed!.priceE9, feed!.status]
  }
  // At the last price, whatever its age; only a fresh one lets anything leave (docs/risk.md).
  const equity = () => {
    const data = QueryPortfolioRequest.encode({ account: alice.address, explain: false }).finish()
    const { value } = driver.query('/causeway.risk.v1.Query/Portfolio', data)
    return QueryPortfolioResponse.decode(value).equityE6
  }
  return { driver, hub, vote, price, equity }
}

const all = (word: Word): Word[] => [word, word, word, word]

describe('prices of blocks', () => {
  it('come with the first block that proves extensions', () => {
    const { vote, price, equity, hub } = setUp()
    expect([price(), equity()]).toEqual([[0n, 'none'], '0'])
    vote(all(E9))
    expect([price(), equity()]).toEqual([[E9, 'fresh'], '2000000'])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('follow the honest majority, whatever one validator says', () => {
    const { vote, price } = setUp()
    for (const lie of [1n, 1_000_000n * E9, Uint8Array.of(1, 2, 3), new Uint8Array(0)] as Word[]) {
      vote([E9, E9 + 1n, E9 + 2n, lie])
      const [value] = price()
      expect((value as bigint) >= E9 && (value as bigint) <= E9 + 2n).toBe(true)
    }
  })

  it('need more than two thirds of the power to speak', () => {
    const { vote, price } = setUp()
    vote(all(E9))
    const nothing = new Uint8Array(0)
    // Three of four vote for the block, and two of them know a price: the old one stays until it is stale.
    vote([2n * E9, 2n * E9, nothing, undefined])
    expect(price()).toEqual([E9, 'fresh'])
    for (let i = 0; i < 10; i++) vote([E9, E9, nothing, undefined])
    expect(price()).toEqual([E9, 'stale'])
    vote([E9, E9, E9, undefined])
    expect(price()).toEqual([E9, 'fresh'])
  })

  it('are stale when a block comes late, and whatever was said before it', () => {
    const { vote, price, equity } = setUp()
    vote(all(E9))
    vote(all(E9), 11n)
    expect([price(), equity()]).toEqual([[E9, 'stale'], '2000000'])
    vote(all(E9), 1n, 10n)
    expect(price()[1]).toBe('stale')
    vote(all(E9), 1n, 9n)
    expect(price()[1]).toBe('fresh')
  })

  it('are fresh however rare blocks are, when they were published shortly before', () => {
    const { vote, price } = setUp()
    vote(all(E9))
    for (const gap of [30n, 60n, 3_600n]) {
      // Published when the validators voted: a second before the time that their votes give the next block.
      vote(all(E9), gap, 1n - gap)
      expect(price()).toEqual([E9, 'fresh'])
    }
  })

  it('are taken again after a halt from a fresh quorum only, and whole when the market has moved', () => {
    const { driver, vote, price, equity } = setUp()
    vote(all(E9))
    const hour = 3_600n
    // What was published before the halt is no price of now, whoever repeats it.
    vote(all(2n * E9), hour)
    expect([price(), equity()]).toEqual([[E9, 'stale'], '2000000'])
    vote(all(2n * E9), 1n, hour)
    expect([price(), equity()]).toEqual([[E9, 'stale'], '2000000'])
    // Half of the validators are back.
    vote([2n * E9, 2n * E9, new Uint8Array(0), undefined].slice(0, 4))
    expect([price(), equity()]).toEqual([[E9, 'stale'], '2000000'])
    for (const state of ['held', 'held', 'fresh']) {
      vote(all(2n * E9))
      expect(price()[1]).toBe(state)
    }
    expect([price(), equity()]).toEqual([[2n * E9, 'fresh'], '4000000'])
    expect(driver.height).toBe(8n)
  })

  it('of the future are no prices', () => {
    const { vote, price } = setUp()
    vote(all(E9), 1n, -12n)
    expect(price()[1]).toBe('none')
    vote(all(E9), 1n, -11n)
    expect(price()[1]).toBe('fresh')
  })

  it('that jump are held, the last one counting meanwhile, and are taken when three heights agree', () => {
    const { vote, price, equity } = setUp()
    vote(all(E9))
    vote(all(2n * E9))
    expect([price(), equity()]).toEqual([[E9, 'held'], '2000000'])
    vote(all(2n * E9))
    expect(price()).toEqual([E9, 'held'])
    vote(all(2n * E9))
    expect([price(), equity()]).toEqual([[2n * E9, 'fresh'], '4000000'])
  })

  it('that jump once and come back change nothing', () => {
    const { vote, price } = setUp()
    vote(all(E9))
    vote(all(50n * E9))
    vote(all(E9))
    expect(price()).toEqual([E9, 'fresh'])
  })

  it('can be walked no faster than the bound', () => {
    const { vote, price } = setUp()
    vote(all(100n * E9))
    let last = 100n * E9
    for (let i = 0; i < 5; i++) {
      vote(all((last * 105n) / 100n))
      const [value] = price() as [bigint, string]
      expect(value * 100n <= last * 105n).toBe(true)
      last = value
    }
  })

  it('are told in the block’s events, not in a transaction’s', () => {
    const { vote } = setUp()
    const { events, txResults } = vote(all(E9))
    expect(events.map(({ type }) => type)).toEqual(['causeway.oracle.v1.price'])
    expect(txResults).toMatchObject([{ code: 0, gasUsed: 0n, events: [] }])
  })
})

describe('the simulated source on an engine whose blocks are a minute apart', () => {
  async function statusAfter(isClocked: boolean): Promise<string> {
    let nanoseconds = 1_767_323_045_000_000_000n
    const seconds = () => nanoseconds / 1_000_000_000n
    const assets = [{ asset: 2n, priceE9: E9 }]
    const priceSource = createSeededPriceSource('rare', assets, ...(isClocked ? [seconds] : []))
    const application = createHubApplication(hubOptions(createMemoryStorage(), { priceSource }))
    const keys = testKeys('rare a', 'rare b')
    const node = await startEmbeddedNode({
      application,
      genesis: testGenesis(keys, {
        chain_id: 'causeway-1',
        app_state: hubGenesis([new Wallet('alice')]),
        genesis_time: new Date(Number(seconds()) * 1_000).toISOString(),
      }),
      validators: keys,
      blocks: 'onDemand',
      rpc: false,
      clock: () => nanoseconds,
    })
    for (let i = 0; i < 4; i++) {
      nanoseconds += 60_000_000_000n
      node.produceBlock()
    }
    await node.stop()
    const data = QueryPricesRequest.encode({}).finish()
    const path = '/causeway.oracle.v1.Query/Prices'
    const { value } = application.query({ path, data, height: 0n, prove: false })
    return QueryPricesResponse.decode(value).prices[0]!.status
  }

  it('is fresh when it stamps prices with a clock, and never with the time of the block before', async () => {
    expect(await statusAfter(true)).toBe('fresh')
    expect(await statusAfter(false)).toBe('none')
  })
})
