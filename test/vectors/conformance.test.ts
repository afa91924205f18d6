import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const bin = fileURLToPath(new URL('../../apps/cli/bin/causeway.mjs', import.meta.url))
const kept = fileURLToPath(new URL('kept/', import.meta.url))
const beside = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url))

/** Folders that must pass, with the number of cases in each: a case that silently isn't run is a failure. */
const folders = [
  { folder: 'ics23', cases: 62, keptCases: 50 },
  { folder: 'tendermint-light-client', cases: 59, keptCases: 15 },
  { folder: 'eureka/tendermint', cases: 9, keptCases: 9 },
  { folder: 'eureka/ethereum', cases: 8, keptCases: 8 },
  { folder: 'ethereum-light-client', cases: 21, keptCases: 10 },
  { folder: 'merkle-patricia', cases: 81, keptCases: 81 },
  { folder: 'bls12-381', cases: 104, keptCases: 104 },
  { folder: 'ed25519-zip215', cases: 1122, keptCases: 208 },
  { folder: 'ibc-v2-packets', cases: 18, keptCases: 18 },
  { folder: 'option-pricing', cases: 47, keptCases: 47 },
  { folder: 'lattice-hash', cases: 5, keptCases: 5 },
  { folder: 'solana-slots', cases: 235, keptCases: 25 },
]

function run(directory: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'vectors', 'run', directory], {
    encoding: 'utf8',
  })
  const lines = stdout.trimEnd().split('\n')
  return { status, failures: lines.slice(0, -1), last: lines.at(-1), stderr }
}

describe('public vectors kept in the repository', () => {
  it.each(folders)('$folder: $keptCases cases', ({ folder, keptCases }) => {
    const result = run(`${kept}${folder}`)
    expect(result).toEqual({ status: 0, failures: [], last: `${keptCases} passed, 0 failed`, stderr: '' })
  })

  it('all of them at once', () => {
    const total = folders.reduce((sum, { keptCases }) => sum + keptCases, 0)
    expect(run(kept)).toMatchObject({ status: 0, failures: [], last: `${total} passed, 0 failed` })
  })
})

describe('public vectors beside the checkout', () => {
  it.each(folders)('$folder: $cases cases', ({ folder, cases }) => {
    const directory = `${beside}${folder}`
    if (!existsSync(directory)) {
      process.stdout.write(`skipped: ${folder} is not at ../shared/vectors\n`)
      return
    }
    const result = run(directory)
    process.stdout.write(`vectors ${folder}: ${result.last}\n`)
    expect(result).toEqual({ status: 0, failures: [], last: `${cases} passed, 0 failed`, stderr: '' })
  })
})
