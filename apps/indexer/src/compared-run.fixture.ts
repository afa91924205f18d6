// A run through worst days with an indexer's tables beside it: every hundredth block, and where somebody is
// liquidated, they must say what the hub says. What they didn't outlives the process; the tables themselves
// are read anew from the hub by the next one (`Tally.begun`).

import { StressRun, isLiquidation } from '../../hub/src/stress/run.fixture.ts'
import type { LivedBlock, StressWorld } from '../../hub/src/stress/world.fixture.ts'
import { StressTables } from './stress-tables.fixture.ts'

const COMPARED_EVERY = 100n

/** A block, and how the tables differ from the hub after it, a sentence each; none where nobody looked. */
export interface ComparedBlock extends LivedBlock {
  readonly isCompared: boolean
  readonly differences: readonly string[]
}

/** Lives a plan, looks at what must hold, and compares. */
export class ComparedRun {
  readonly run: StressRun
  readonly #tables: StressTables

  constructor(world: StressWorld) {
    this.run = new StressRun(world)
    this.#tables = new StressTables(world)
  }

  /** One block; throws where an invariant doesn't hold. */
  step(): ComparedBlock {
    const { world, tally } = this.run
    const lived = this.run.step()
    const isCompared = lived.height % COMPARED_EVERY === 0n || lived.events.some(isLiquidation)
    const differences = isCompared ? this.#tables.differences(world.state) : []
    if (differences.length > 0) {
      tally.different += differences.length
      world.keep()
    }
    return { ...lived, isCompared, differences }
  }
}
