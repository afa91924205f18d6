// A whole hub lived by one seed: accounts that trade and cheat, prices that crash and stop, chains whose
// relayers fail, days that pass; after every block everything that must hold is looked at.
import { createMemoryStorage } from '@causeway/state-tree'
import { assert, equalBytes } from '@causeway/primitives'
import type {
  RequestFinalizeBlock,
  RequestInitChain,
  ResponseFinalizeBlock,
  ResponseInitChain,
} from '@causeway/protocol/tendermint/abci/types'
import { createHubApplication } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import type { ReadContext } from '../block/context.ts'
import type { Market, MarketFigures } from '../modules/markets/market.ts'
import { MARKETS_STORE, readFigures } from '../modules/markets/state.ts'
import { ORACLE_STORE, readFeed } from '../modules/oracle/state.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import { operatorOf } from '../testing/staked-hub.fixture.ts'
import { Actor } from './actor.fixture.ts'
import { agreementActions } from './agreement-actions.fixture.ts'
import { bootstrap } from './bootstrap.fixture.ts'
import { broken, differences, openedWithoutMargin, sizesOf } from './checks.fixture.ts'
import { CounterpartyChain } from './counterparty.fixture.ts'
import { Coverage } from './coverage.fixture.ts'
import { SimulationDriver } from './driver.fixture.ts'
import { BTC, ETH, PRICES, USD, ZONES, simulationGenesis, validators } from './genesis.fixture.ts'
import { identityActions } from './identity-actions.fixture.ts'
import { moneyActions } from './money-actions.fixture.ts'
import { orderActions } from './order-actions.fixture.ts'
import { bidActions } from './bid-actions.fixture.ts'
import { poisonActions } from './poison-actions.fixture.ts'
import { PricePath } from './price-path.fixture.ts'
import { queryDifferences } from './queries.fixture.ts'
import { Random } from './random.fixture.ts'
import { Relays } from './relays.fixture.ts'
import { Scene } from './scene.fixture.ts'
import { TimePath } from './time-path.fixture.ts'
import { isListing, listNow, voteActions } from './vote-actions.fixture.ts'

/** Accounts that trade. */
const ACTORS = 40
const RELAYERS = 2
/** Every so many blocks the node restarts, or is disturbed, and every tree is hashed anew. */
const RESTART_EVERY = 23n
const THOROUGH_EVERY = 50n
const ACTIONS_MOST = 11
/** So long no option's value changes by much. */
const FLAT_SECONDS = 10n

const ACTIONS = [
  ...orderActions,
  ...bidActions,
  ...agreementActions,
  ...moneyActions,
  ...identityActions,
  ...voteActions,
  ...poisonActions,
]

/** One life. */
export class Simulation {
  readonly seed: number
  /** What the chain began with. */
  readonly initialisation: { readonly request: RequestInitChain; readonly response: ResponseInitChain }
  readonly scene: Scene
  readonly relays: Relays
  readonly coverage = new Coverage()
  /** Requests and app hashes of the first blocks, if wanted. */
  readonly recorded: { readonly request: RequestFinalizeBlock; readonly response: ResponseFinalizeBlock }[] =
    []
  readonly #random: Random
  readonly #storage = createMemoryStorage()
  readonly #prices: PricePath
  readonly #times: TimePath
  readonly #recordMost: number

  constructor(seed: number, options: { readonly recordMost?: number } = {}) {
    this.seed = seed
    this.#recordMost = options.recordMost ?? 0
    this.#random = new Random(seed)
    this.#times = new TimePath(new Random(seed ^ 0x71e5))
    this.#prices = new PricePath(new Random(seed ^ 0x9a1ce), [
      { asset: USD, price: 1, isStable: true, hasOptions: false },
      { asset: ETH, price: PRICES.eth, isStable: false, hasOptions: false },
      { asset: BTC, price: PRICES.btc, isStable: false, hasOptions: true },
    ])
    const actors = named('trader', ACTORS)
    const relayers = named('relayer', RELAYERS)
    const operators = ['a', 'b', 'c', 'd'].map((name) => actorOf(operatorOf(name)))
    const genesis = simulationGenesis([...actors, ...relayers, ...operators], relayers[0]!)
    const driver = new SimulationDriver(this.#open(), validators)
    const chains = ZONES.map((chainId) => new CounterpartyChain(chainId, driver.timeSeconds))
    const { coverage } = this
    const parts = { random: this.#random, driver, prices: this.#prices, coverage }
    this.scene = new Scene({ ...parts, actors, operators, relayers, chains })
    this.relays = new Relays(this.scene)
    const request = driver.initRequest(genesis)
    this.initialisation = { request, response: driver.application.initChain(request) }
    bootstrap(this.scene, this.relays, () => this.#block(1n, false))
  }

  get height(): bigint {
    return this.scene.driver.height
  }

  /** One block; throws with what is needed to live it again. */
  step(): void {
    try {
      this.#step()
    } catch (error) {
      const last = this.scene.lastActions.slice(-40).join('\n  ')
      throw new Error(
        `seed ${this.seed}, after height ${this.height}, prices ${this.#prices.regime}: ` +
          `${(error as Error).message}\n  ${last}`,
        { cause: error },
      )
    }
  }

  #step(): void {
    const { scene } = this
    this.#prices.advance()
    scene.driver.absent = this.#random.chance(0.08) ? this.#random.below(validators.length) : -1
    this.relays.act()
    listNow(scene)
    this.#times.isHeld = isListing(this.height)
    for (let i = this.#random.between(1, ACTIONS_MOST); i > 0; i--) this.#random.weighted(ACTIONS).run(scene)
    const isWatched = this.#prices.regime === 'flat'
    const before = isWatched ? sizesOf(scene.state) : undefined
    const figures = isWatched ? this.#figures() : undefined
    const [prices, time] = [pricesOf(scene.state), scene.timeSeconds]
    this.#block(this.#times.next(scene.timeSeconds), (this.height + 1n) % RESTART_EVERY === 0n)
    const hasMoved = prices !== pricesOf(scene.state) || scene.timeSeconds > time + FLAT_SECONDS
    if (before !== undefined && figures !== undefined && !hasMoved) this.#judgeOpened(before, figures)
    const wrong = broken(scene, this.relays, this.height % THOROUGH_EVERY === 0n)
    assert(wrong.length === 0, wrong.join('; '))
  }

  #block(secondsLater: bigint, isDisturbed: boolean): void {
    const { driver } = this.scene
    this.#prices.publishSeconds = driver.timeSeconds + secondsLater + this.#times.peek()
    const request = driver.propose(secondsLater)
    const accepted = this.scene.admitted
    assert(accepted === 0 || request.txs.length > 1, `${accepted} were admitted, and none was proposed`)
    const response = isDisturbed ? this.#disturb(request) : driver.execute(request)
    driver.requests.length = 0
    driver.responses.length = 0
    if (this.recorded.length < this.#recordMost) this.recorded.push({ request, response })
    this.scene.settle(request.txs, response.txResults)
    const events = [...response.events, ...response.txResults.flatMap((result) => result.events)]
    this.coverage.events(events)
    this.relays.see(events)
  }

  /** The node stops and starts, or executes another block first; a second one says what is right. */
  #disturb(request: RequestFinalizeBlock): ResponseFinalizeBlock {
    const { scene } = this
    const { driver } = scene
    const fresh = this.#open()
    const wrong = queryDifferences(scene, scene.hub, fresh)
    assert(wrong.length === 0, `a node that has just started answers otherwise: ${wrong.join('; ')}`)
    let other: ResponseFinalizeBlock
    const isRestart = this.#random.chance(0.5)
    if (isRestart) {
      other = driver.application.finalizeBlock(request)
      driver.exchange(fresh)
    } else {
      other = fresh.finalizeBlock(request)
      const few = request.txs.filter((_, i) => i === 0 || this.#random.chance(0.5))
      driver.application.finalizeBlock({ ...request, txs: few })
    }
    const response = driver.execute(request)
    const unlike = differences(response, other)
    const how = isRestart ? 'a node that started anew (first)' : 'a node that executed another block (first)'
    assert(unlike.length === 0, `${how} differs: ${unlike.join('; ').slice(0, 3_000)}`)
    assert(equalBytes(response.appHash, scene.hub.info().lastBlockAppHash), 'what was hashed is committed')
    return response
  }

  #open(): CosmosApplication {
    const { source: priceSource, surfaces: surfaceSource } = this.#prices
    const storage = this.#storage
    return createHubApplication(
      hubOptions(storage, { storage, priceSource, surfaceSource, keepVersions: 8n }),
    )
  }

  #figures(): ReadonlyMap<bigint, MarketFigures> {
    const store = this.scene.state.store(MARKETS_STORE)
    return new Map(this.scene.markets().map(({ id }) => [id, readFigures(store, id)]))
  }

  #judgeOpened(before: ReturnType<typeof sizesOf>, figures: ReadonlyMap<bigint, MarketFigures>): void {
    const after = this.#figures()
    const byId = new Map(this.scene.markets().map((market) => [market.id, market]))
    const wrong = openedWithoutMargin(this.scene, before, (id) =>
      slackE9(byId.get(id)!, figures.get(id)!, after.get(id)!),
    )
    assert(wrong.length === 0, wrong.join('; '))
  }
}

/**
 * What initial margin of 1.0 may have changed by in a block without news: its mark by orders, and its initial
 * share by what others opened in the same block.
 */
function slackE9(market: Market, before: MarketFigures, after: MarketFigures): bigint {
  const moved = after.markE9 - before.markE9
  const opened = after.openInterestE9 - before.openInterestE9
  const { openNotionalLowerE6, openNotionalUpperE6 } = market
  const openedE6 = opened > 0n ? (opened * after.markE9) / 10n ** 12n : 0n
  const share = (after.markE9 * openedE6) / (openNotionalUpperE6 - openNotionalLowerE6)
  return 2n * (moved < 0n ? -moved : moved) + (share * 11n) / 10n
}

/** What the chain holds for prices. */
function pricesOf(state: ReadContext): string {
  const store = state.store(ORACLE_STORE)
  return [USD, ETH, BTC].map((asset) => readFeed(store, asset)?.price?.priceE9).join()
}

function named(name: string, count: number): Actor[] {
  return Array.from({ length: count }, (_, i) => new Actor(`${name} ${i}`))
}

/** An operator of the tests, as somebody who acts. */
function actorOf(wallet: ReturnType<typeof operatorOf>): Actor {
  return Object.assign(new Actor(wallet.address), {
    secret: wallet.secret,
    publicKey: wallet.publicKey,
    id: wallet.id,
    address: wallet.address,
  })
}
