// The whole hub for some hundred blocks of one seed. A failure prints the seed, the height and what was done
// last; CAUSEWAY_SIMULATION_SEED and CAUSEWAY_SIMULATION_BLOCKS live it again, or another life.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { neverMet, tooSeldom } from './expectations.fixture.ts'
import { Random } from './random.fixture.ts'
import { replayBlocks, writeBlocks } from './recording.fixture.ts'
import { Simulation } from './simulation.fixture.ts'

const SEED = Number(process.env['CAUSEWAY_SIMULATION_SEED'] ?? 1)
const BLOCKS = Number(process.env['CAUSEWAY_SIMULATION_BLOCKS'] ?? 400)
const REPLAYED = 100

describe('a simulated hub', () => {
  it(`holds all invariants after each of ${BLOCKS} blocks of seed ${SEED}`, { timeout: 600_000 }, () => {
    const simulation = new Simulation(SEED, { recordMost: Math.min(BLOCKS, REPLAYED) })
    for (let i = 0; i < BLOCKS; i++) simulation.step()
    const { coverage } = simulation
    process.stdout.write(`simulation of seed ${SEED}: ${BLOCKS} blocks, ${coverage.codes.size} codes met, `)
    process.stdout.write(`never: ${neverMet(coverage).join(' ')}\n`)
    expect(tooSeldom(coverage, BLOCKS), coverage.report()).toEqual([])
    const folder = mkdtempSync(join(tmpdir(), 'simulation-'))
    const path = join(folder, 'blocks')
    const lines = writeBlocks(simulation, path)
    expect(replayBlocks(path)).toEqual(lines)
    rmSync(folder, { recursive: true })
  })

  it('is the same for the same seed, and another for another', { timeout: 600_000 }, () => {
    const hashes = (seed: number) => {
      const simulation = new Simulation(seed, { recordMost: 30 })
      for (let i = 0; i < 5; i++) simulation.step()
      return simulation.recorded.map(({ response }) => Buffer.from(response.appHash).toString('hex'))
    }
    const first = hashes(5)
    expect(hashes(5)).toEqual(first)
    expect(hashes(6)).not.toEqual(first)
  })
})

describe('numbers of a seed', () => {
  it('are spread over what is asked for', () => {
    const random = new Random(3)
    const counts = [0, 0, 0, 0, 0]
    for (let i = 0; i < 5_000; i++) counts[random.below(5)]! += 1
    for (const count of counts) expect(count).toBeGreaterThan(850)
    expect(Array.from({ length: 200 }, () => random.between(3, 5)).every((n) => n >= 3 && n <= 5)).toBe(true)
    expect(random.part(0n)).toBe(0n)
    const weighted = Array.from({ length: 300 }, () => random.weighted([{ weight: 0 }, { weight: 2 }]).weight)
    expect(new Set(weighted)).toEqual(new Set([2]))
  })
})
