import { expect } from 'vitest'
import { compareClients, type Extent } from './agreement.ts'
import type { Lodestar } from './lodestar.ts'
import { Random } from './random.ts'

/**
 * Compares both clients on a chain of a random seed (`CAUSEWAY_SEED` repeats one) and prints what came of it.
 */
export function expectAgreement(lodestar: Lodestar, extent: Extent, atLeast: number): void {
  const seed = Number(process.env['CAUSEWAY_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const startedAt = performance.now()
  const agreement = compareClients(lodestar, new Random(seed), extent)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  const { compared, acceptedByBoth, refusedByBoth, explained, unexplained, classes } = agreement
  const differing = [...explained.values()].reduce((sum, count) => sum + count, 0)
  const { SYNC_COMMITTEE_SIZE: members } = lodestar.preset
  console.log(
    [
      `seed ${seed}, ${members} members, ${seconds} s: ${compared} updates compared,`,
      `${acceptedByBoth} accepted by both, ${refusedByBoth} refused by both;`,
      `${differing} differ, all but ${unexplained.length} explained`,
    ].join(' '),
  )
  for (const [explanation, count] of explained) console.log(`  ${count}: ${explanation}`)
  for (const [name, { compared: of, accepted }] of [...classes].sort())
    console.log(`  ${name}: ${accepted} of ${of}`)
  expect(unexplained, `seed ${seed}`).toEqual([])
  expect(compared).toBeGreaterThanOrEqual(atLeast)
  expect(acceptedByBoth).toBeGreaterThan(compared / 20)
  expect(refusedByBoth).toBeGreaterThan(compared / 20)
}
