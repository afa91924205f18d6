// Worst days: what prices, volatilities and oracles do in each. SIMULATED paths by closed formulae; the same
// for a seed on every machine.
import { Random } from '../simulation/random.fixture.ts'
import { ASSETS } from './assets.fixture.ts'

/** A worst day, or the calm between two. */
export interface Scenario {
  readonly name: ScenarioName
  readonly blocks: number
  readonly secondsPerBlock: number
  /** Price of an asset at a share of the scenario (0 to 1), as a multiple of that at its beginning. */
  factor(name: string, share: number): number
  /** Volatility as a multiple of the ordinary. */
  readonly volatilityFactor: number
  /** No validator votes a price. */
  readonly isSilent: boolean
  /** Nothing comes over from other chains: nobody can top up. */
  readonly isCutOff: boolean
}

/** Names of scenarios. */
export type ScenarioName =
  'calm' | 'crash' | 'gap' | 'squeeze' | 'silence' | 'volatility' | 'cutOff' | 'recovery'

type Moves = Readonly<Partial<Record<string, number>>>

/** Calm in the first round, which is short, and later, long enough to come back in; and the way back. */
const CALM = {
  first: { blocks: 40, secondsPerBlock: 2 },
  later: { blocks: 150, secondsPerBlock: 10 },
} as const
const RECOVERY = { blocks: 30, secondsPerBlock: 10 } as const

/** All that go wrong, in the order of the first round; later in any order, milder or worse. */
export const WORST_DAYS: readonly Scenario[] = [
  // −60 % in an hour
  slide('crash', { blocks: 360, secondsPerBlock: 10 }, { BTC: 0.45, ETH: 0.4, SOL: 0.4, HYPE: 0.35 }),
  jump('gap', { blocks: 60, secondsPerBlock: 2 }, { BTC: 0.8, ETH: 0.7, SOL: 0.7, HYPE: 0.6 }),
  // +80 % in ten minutes on a thin market
  slide('squeeze', { blocks: 120, secondsPerBlock: 5 }, { HYPE: 1.8 }),
  {
    ...jump('silence', { blocks: 500, secondsPerBlock: 1 }, { BTC: 0.92, ETH: 0.88, SOL: 0.88 }),
    isSilent: true,
  },
  { ...slide('volatility', { blocks: 100, secondsPerBlock: 5 }, {}), volatilityFactor: 3 },
  {
    ...slide('cutOff', { blocks: 150, secondsPerBlock: 4 }, { BTC: 0.85, ETH: 0.8, SOL: 0.8 }),
    isCutOff: true,
  },
]

/** One block of the plan. */
export interface PlannedBlock {
  readonly scenario: ScenarioName
  readonly seconds: bigint
  /** By name of the asset. */
  readonly prices: Readonly<Record<string, number>>
  readonly volatilityFactor: number
  readonly isSilent: boolean
  readonly isCutOff: boolean
  /** Calm, or on the way back: little happens, and who lost comes back. */
  readonly isQuiet: boolean
  /** Number of the scenario, counted from the first. */
  readonly round: number
}

/** What each block brings, from a seed alone. */
export class Plan {
  readonly #random: Random
  readonly #blocks: PlannedBlock[] = []
  #prices: Record<string, number> = Object.fromEntries(ASSETS.map(({ name, price }) => [name, price]))
  #rounds = 0
  #days: Scenario[] = []

  constructor(seed: number) {
    this.#random = new Random(seed)
  }

  /** The block of a number, counted from 0. */
  at(index: number): PlannedBlock {
    while (this.#blocks.length <= index) this.#live(this.#next())
    return this.#blocks[index]!
  }

  /** Calm, a worst day, and the way back, in turn. */
  #next(): Scenario {
    const number = this.#rounds++
    const day = Math.floor(number / 3)
    if (number % 3 === 0) return slide('calm', day < WORST_DAYS.length ? CALM.first : CALM.later, {})
    if (number % 3 === 2) return slide('recovery', RECOVERY, this.#back())
    return day < WORST_DAYS.length ? WORST_DAYS[day]! : this.#day()
  }

  /** One of those that haven't come since all have, by 0.75 to 1.15 of its moves (as powers). */
  #day(): Scenario {
    if (this.#days.length === 0) this.#days = [...WORST_DAYS]
    const [day] = this.#days.splice(this.#random.below(this.#days.length), 1)
    const severity = 0.75 + 0.4 * this.#random.next()
    return { ...day!, factor: (name, share) => day!.factor(name, share) ** severity }
  }

  /** Moves back to where everything began. */
  #back(): Moves {
    return Object.fromEntries(ASSETS.map(({ name, price }) => [name, price / this.#prices[name]!]))
  }

  #live(scenario: Scenario): void {
    const start = this.#prices
    const { name, secondsPerBlock, volatilityFactor, isSilent, isCutOff } = scenario
    for (let i = 1; i <= scenario.blocks; i++) {
      const prices = Object.fromEntries(
        ASSETS.map((asset) => {
          const noise = asset.isStable ? 0 : (this.#random.next() - 0.5) * 0.002
          const moved = start[asset.name]! * scenario.factor(asset.name, i / scenario.blocks)
          return [asset.name, moved * (1 + noise)]
        }),
      )
      const seconds = BigInt(secondsPerBlock)
      const isQuiet = name === 'calm' || name === 'recovery'
      const common = { scenario: name, volatilityFactor, isSilent, isCutOff, isQuiet, round: this.#rounds }
      this.#blocks.push({ ...common, seconds, prices })
    }
    this.#prices = Object.fromEntries(
      ASSETS.map((asset) => [asset.name, start[asset.name]! * scenario.factor(asset.name, 1)]),
    )
  }
}

type Pace = Pick<Scenario, 'blocks' | 'secondsPerBlock'>

/** Even steps to the end's prices. */
function slide(name: ScenarioName, pace: Pace, to: Moves): Scenario {
  return scenario(name, pace, (asset, share) => (to[asset] ?? 1) ** share)
}

/** Everything at once, in the first block. */
function jump(name: ScenarioName, pace: Pace, to: Moves): Scenario {
  return scenario(name, pace, (asset) => to[asset] ?? 1)
}

function scenario(name: ScenarioName, pace: Pace, factor: Scenario['factor']): Scenario {
  return { name, ...pace, factor, volatilityFactor: 1, isSilent: false, isCutOff: false }
}
