// Every worst day once, with all that must hold and an indexer's tables beside it: 2,000 blocks, 300
// accounts. Longer: npm run simulate.

import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { WORST_DAYS } from '../../hub/src/stress/scenarios.fixture.ts'
import { brokenPromises, tableOf } from '../../hub/src/stress/tally.fixture.ts'
import { StressWorld } from '../../hub/src/stress/world.fixture.ts'
import { ComparedRun } from './compared-run.fixture.ts'

const SEED = 20_261_122
const BLOCKS = 2_000n
const TOLD_EVERY = 200n

describe('a hub on its worst days', () => {
  it(
    `holds all invariants, loses less than a naive liquidator, and is told whole: seed ${SEED}`,
    { timeout: 3_600_000 },
    () => {
      const world = new StressWorld({
        ...{ seed: SEED, storage: createMemoryStorage() },
        size: { traders: 300, makers: 4, bidders: 5 },
      })
      const compared = new ComparedRun(world)
      const { run } = compared
      const differences: string[] = []
      let comparisons = 0
      const since = performance.now()
      while (world.height < BLOCKS) {
        const { height, planned, isCompared, differences: found } = compared.step()
        differences.push(...found.map((each) => `at ${height}, ${each}`))
        if (isCompared) comparisons++
        if (height % TOLD_EVERY !== 0n) continue
        const seconds = Math.round((performance.now() - since) / 1_000)
        process.stdout.write(
          `worst days of seed ${SEED}: ${height} blocks in ${seconds} s, ${planned.scenario}\n`,
        )
      }
      process.stdout.write(`${world.coverage.report()}\n${tableOf(run.reports)}\n`)
      const lived = new Set(run.reports.map(({ scenario }) => scenario))
      for (const { name } of WORST_DAYS) expect(lived).toContain(name)
      expect(run.reports.flatMap(brokenPromises)).toEqual([])
      expect(differences.slice(0, 5)).toEqual([])
      expect(comparisons).toBeGreaterThan(100)
      expect(world.coverage.told('causeway.liquidation.v1.sold')).toBeGreaterThan(50)
    },
  )
})
