// The same blocks under other versions of Node: a simulation is lived and recorded by this one, and executed
// again by nodes of others; every app hash, and results and events to the last byte, are the same.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NODE_VERSIONS, requireNode } from '../cross-runtime/runtimes.ts'

const SEED = process.env['CAUSEWAY_SIMULATION_SEED'] ?? '77'
const BLOCKS = process.env['CAUSEWAY_SIMULATION_BLOCKS'] ?? '500'
/** The hub is TypeScript, which Node runs from this version on. */
const RUNS_TYPESCRIPT = 22
const programs = join(import.meta.dirname, '../../apps/hub/src/simulation')
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'simulation-runtimes-'))
const path = join(folder, 'blocks')
let lived: string[]

async function lines(node: string, program: string, ...parts: readonly string[]): Promise<string[]> {
  const { stdout } = await run(node, [join(programs, program), ...parts], { maxBuffer: 1 << 26 })
  return stdout.trim().split('\n')
}

beforeAll(async () => {
  lived = await lines(process.execPath, 'record-blocks.fixture.ts', SEED, BLOCKS, path)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe(`${BLOCKS} blocks of seed ${SEED}`, () => {
  it(`have the same hashes in another process of Node ${process.version}`, async () => {
    expect(lived).toHaveLength(Number(BLOCKS))
    expect(await lines(process.execPath, 'replay-blocks.fixture.ts', path)).toEqual(lived)
  })

  it.each(NODE_VERSIONS.filter((version) => Number(version.split('.')[0]) >= RUNS_TYPESCRIPT))(
    'have the same hashes under Node %s',
    async (version) => {
      let node: string
      try {
        node = requireNode(version)
      } catch (error) {
        process.stdout.write(
          `skipped: Node ${version} could not be fetched (${String(error).split('\n')[0]})\n`,
        )
        return
      }
      const replayed = await lines(node, 'replay-blocks.fixture.ts', path)
      process.stdout.write(`Node ${version}: ${replayed.length} blocks of seed ${SEED}\n`)
      expect(replayed).toEqual(lived)
    },
  )
})
