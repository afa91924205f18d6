// The whole hub for thousands of blocks: months of crashes, outages, expiries and failed relays. A failure is
// lived again with CAUSEWAY_SIMULATION_SEED and CAUSEWAY_SIMULATION_BLOCKS; 10000 take some twelve minutes.
import { describe, expect, it } from 'vitest'
import { neverMet, tooSeldom } from './expectations.fixture.ts'
import { Simulation } from './simulation.fixture.ts'

const SEED = Number(process.env['CAUSEWAY_SIMULATION_SEED'] ?? 20_261_122)
const BLOCKS = Number(process.env['CAUSEWAY_SIMULATION_BLOCKS'] ?? 1_000)
const TOLD_EVERY = 1_000

describe('a simulated hub', () => {
  it(`holds all invariants after each of ${BLOCKS} blocks of seed ${SEED}`, { timeout: 3_600_000 }, () => {
    const simulation = new Simulation(SEED)
    const since = performance.now()
    for (let i = 1; i <= BLOCKS; i++) {
      simulation.step()
      if (i % TOLD_EVERY !== 0 && i !== BLOCKS) continue
      const seconds = Math.round((performance.now() - since) / 1_000)
      process.stdout.write(`simulation of seed ${SEED}: ${i} blocks in ${seconds} s\n`)
    }
    const { coverage } = simulation
    process.stdout.write(`${coverage.report()}\nnever met: ${neverMet(coverage).join(' ')}\n`)
    expect(tooSeldom(coverage, BLOCKS)).toEqual([])
  })
})
