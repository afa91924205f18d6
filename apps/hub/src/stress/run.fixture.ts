// A run through worst days: lives blocks, looks at what must hold after each, counts what each scenario cost.
import { assert, toHex } from '@causeway/primitives'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { brokenInvariants } from '../block/inspect.ts'
import type { Holder } from '../identifiers.ts'
import { cashOf } from '../modules/cash/pool.ts'
import { CASH_STORE, readCash, readPool } from '../modules/cash/state.ts'
import { LEDGER_STORE, readBalance } from '../modules/ledger/state.ts'
import { LIQUIDATION_STORE, liquidations, readLiquidation } from '../modules/liquidation/state.ts'
import { MARKETS_STORE, positionsOfAll, readFigures } from '../modules/markets/state.ts'
import { addresses } from '../simulation/scene.fixture.ts'
import { brokenEscrows } from './escrows.fixture.ts'
import { naiveLoss } from './naive.fixture.ts'
import type { NaiveAccount } from './naive.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'
import { Shadow } from './shadow.fixture.ts'
import { BEGINS, Tally, attribute, holderOf } from './tally.fixture.ts'
import type { ScenarioReport } from './tally.fixture.ts'
import { nameOf } from './witness.fixture.ts'
import type { WitnessedFigures } from './witness.fixture.ts'
import type { LivedBlock, StressWorld } from './world.fixture.ts'

const THOROUGH_EVERY = 100n
const PORTFOLIO = '/causeway.risk.v1.Query/Portfolio'
/** Blocks of a second without votes after which no price is fresh. */
const FRESH_BLOCKS = 12
const ETH = 4n

/** Lives a plan and keeps count. */
export class StressRun {
  readonly world: StressWorld
  readonly tally: Tally
  #shadow: Shadow | undefined

  constructor(world: StressWorld) {
    this.world = world
    this.tally = new Tally(world.counted)
    this.tally.begun.push(Number(world.height))
    world.counter = this.tally
  }

  /** What scenarios came to, since the first block. */
  get reports(): readonly ScenarioReport[] {
    return this.tally.reports
  }

  /** One block; throws where something doesn't hold, with what is needed to live it again. */
  step(): LivedBlock {
    const { world } = this
    const index = Number(world.height)
    const planned = world.plan.at(index)
    if (world.height > 2n && this.#begins(planned)) this.#begin(planned)
    const isBlind = this.#isBlind(index)
    const failing = isBlind ? new Set<string>() : this.#failing()
    const lived = world.step()
    const wrong = wronglyLiquidated(lived, failing, isBlind)
    wrong.push(...world.witness.judge(lived.events, (holder) => this.#figures(holder)))
    wrong.push(...this.#broken(lived))
    assert(wrong.length === 0, `height ${lived.height}, ${planned.scenario}: ${wrong.slice(0, 5).join('; ')}`)
    return lived
  }

  /** What doesn't hold after a block: in O(changes); and, with a liquidation or every so often, all anew. */
  #broken({ height, events }: LivedBlock): string[] {
    const { world } = this
    const { state } = world
    const wrong: string[] = []
    if (this.#shadow === undefined) this.#shadow = new Shadow(state)
    else wrong.push(...this.#shadow.follow(state, events))
    const isHundredth = height % THOROUGH_EVERY === 0n
    if (!isHundredth && !events.some(isLiquidation)) return wrong
    wrong.push(...this.#shadow.differences(state), ...brokenEscrows(world))
    const { chain } = world.hub
    const own = isHundredth
      ? brokenInvariants(chain)
      : chain.composition.modules.flatMap((module) => module.invariants?.(state) ?? [])
    return [...wrong, ...own]
  }

  /** Whether prices haven't been voted for so long that none is fresh. */
  #isBlind(index: number): boolean {
    for (let i = index; i >= index - FRESH_BLOCKS; i--)
      if (i < 0 || !this.world.plan.at(i).isSilent) return false
    return true
  }

  /** Who isn’t under liquidation and has less than maintenance asks, by a full valuation of the state. */
  #failing(): ReadonlySet<string> {
    const { world } = this
    const store = world.state.store(LIQUIDATION_STORE)
    const unknown = world.holdersAt('below').filter((holder) => readLiquidation(store, holder) === undefined)
    const failing = unknown.filter((holder) => this.#figures(holder).maintenanceE6 < 0n)
    return new Set(failing.map(nameOf))
  }

  /** A full valuation of the state. */
  #figures(holder: Holder): WitnessedFigures {
    const account = addresses.encodeHolder(holder)
    const request = QueryPortfolioRequest.encode({ account, explain: false }).finish()
    const answer = QueryPortfolioResponse.decode(this.world.query(PORTFOLIO, request))
    return { valueE6: BigInt(answer.equityE6), maintenanceE6: BigInt(answer.maintenanceMarginE6) }
  }

  /** The way back from a scenario is counted by itself: other accounts have come to hold other things. */
  #begins({ round }: PlannedBlock): boolean {
    return this.reports.at(-1)?.round !== round
  }

  #begin(planned: PlannedBlock): void {
    const { world } = this
    const first = Number(world.height)
    const blocks: PlannedBlock[] = []
    for (let i = first; world.plan.at(i).round === planned.round; i++) blocks.push(world.plan.at(i))
    const accounts = this.#accounts()
    const naive = naiveLoss(accounts, blocks, {
      startSeconds: world.timeSeconds,
      makers: world.population.makers.length,
    })
    const underWay = [...liquidations(world.state.store(LIQUIDATION_STORE))].map(([holder]) => nameOf(holder))
    const start = {
      ...{ scenario: planned.scenario, round: planned.round, firstHeight: first + 1 },
      ...{ openInterest: this.#openInterest(planned), accounts: accounts.length },
      ...{ naiveBadDebt: naive.badDebt, naiveSold: naive.sold },
    }
    this.tally.begin(start, underWay)
  }

  /** All traders as they stand. */
  #accounts(): NaiveAccount[] {
    const { state, population } = this.world
    const cash = state.store(CASH_STORE)
    const pool = readPool(cash)
    const byId = new Map(population.markets.map((market) => [market.id, market]))
    const traders = new Set(population.traders.map(({ actor }) => toHex(actor.id)))
    const found: NaiveAccount[] = []
    for (const { holder, positions } of positionsOfAll(state.store(MARKETS_STORE))) {
      if (!traders.has(toHex(holder.account))) continue
      found.push({
        cash: Number(cashOf(pool, readCash(cash, holder).shares)) / 1e6,
        eth: Number(readBalance(state.store(LEDGER_STORE), holder, ETH)) / 1e18,
        positions: positions.map(({ market, sizeE9, quoteE6 }) => ({
          market: byId.get(market)!,
          size: Number(sizeE9) / 1e9,
          quote: Number(quoteE6) / 1e6,
        })),
      })
    }
    return found
  }

  #openInterest({ prices }: PlannedBlock): number {
    const store = this.world.state.store(MARKETS_STORE)
    return this.world.population.markets.reduce((sum, { id, symbol }) => {
      const price = prices[symbol.slice(0, symbol.indexOf('-'))]!
      return sum + (Number(readFigures(store, id).openInterestE9) / 1e9) * price
    }, 0)
  }
}

/** Liquidations that began with an account that a full valuation keeps, or that went on without prices. */
function wronglyLiquidated({ events }: LivedBlock, failing: ReadonlySet<string>, isBlind: boolean): string[] {
  return events.flatMap((event) => {
    if (!event.type.startsWith('causeway.liquidation.')) return []
    const holder = holderOf(event)
    if (isBlind) return [`${event.type} of ${holder} without prices`]
    const begins = event.type === BEGINS && attribute(event, 'before') === 'none'
    return begins && !failing.has(holder) ? [`${holder} is liquidated, and stands`] : []
  })
}

/** Whether an event is of a liquidation, or of what pays for one. */
export function isLiquidation({ type }: Event): boolean {
  return type.startsWith('causeway.liquidation.') || type.startsWith('causeway.insurance.')
}
