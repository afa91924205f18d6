// npm run simulate -- --blocks 100000 --seed 1 [--accounts 2000] [--directory simulated]: a hub through worst
// days. Goes on where it stopped when the directory holds the same run; Ctrl-C after any block.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { be64, concatBytes, fromBe64 } from '@causeway/primitives'
import { openLmdbStorage } from '@causeway/state-tree'
import { StressRun } from '../src/stress/run.fixture.ts'
import { lineOf, summaryOf, tableOf } from '../src/stress/tally.fixture.ts'
import { StressWorld } from '../src/stress/world.fixture.ts'
import type { StressOptions } from '../src/stress/world.fixture.ts'

const TOLD_EVERY = 100n

const HELP =
  'npm run simulate -- [--blocks N] [--seed N] [--accounts N] [--directory PATH]\n\n' +
  'Lives a hub through crashes, gaps, squeezes, silence of the oracle and cut-off chains, and\n' +
  'looks at every invariant on the way. A run with a directory goes on where it stopped.\n' +
  'SIMULATED: prices and traders.\n'

const values = asked()
if (values.help) process.stdout.write(HELP)
else run()

/** What the command line says; ends the program when it is nonsense. */
function asked() {
  try {
    const { values } = parseArgs({
      options: {
        blocks: { type: 'string', default: '2000' },
        seed: { type: 'string', default: '1' },
        accounts: { type: 'string', default: '2000' },
        directory: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    for (const name of ['blocks', 'seed', 'accounts'] as const)
      if (!/^[1-9]\d{0,8}$/.test(values[name]))
        throw new TypeError(`--${name} ${values[name]}: a whole number from 1 to 999999999 is expected`)
    return values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}

function run(): void {
  const blocks = BigInt(values.blocks)
  const [seed, traders] = [Number(values.seed), Number(values.accounts)]
  const directory = values.directory ?? join('simulated', `${seed}-${traders}`)
  mkdirSync(directory, { recursive: true })
  const storage = openLmdbStorage(join(directory, 'state'))
  const world = new StressWorld({
    ...{ seed, storage, checkpoints: checkpointsIn(directory) },
    size: { traders, makers: 4, bidders: 5 },
  })
  const run = new StressRun(world)
  const began = process.cpuUsage()
  const clock = createClock()
  process.stdout.write(`seed ${seed}, ${traders} accounts, from height ${world.height} to ${blocks}\n`)
  while (world.height < blocks) {
    const known = run.reports.length
    const { height, planned } = run.step()
    clock.lived(planned.scenario)
    const ended = known > 0 && run.reports.length > known ? run.reports[known - 1] : undefined
    if (ended !== undefined) process.stdout.write(`${lineOf(ended)}\n`)
    if (height % TOLD_EVERY !== 0n && height !== blocks) continue
    const { user, system } = process.cpuUsage(began)
    const seconds = Math.round((user + system) / 1e6)
    process.stdout.write(`${height} of ${blocks} blocks, ${seconds} s of CPU, ${planned.scenario}\n`)
  }
  process.stdout.write(`${world.coverage.report()}\n\n${tableOf(run.reports)}\n\n`)
  process.stdout.write(`${summaryOf(run.reports)}\n\n${clock.report()}\n`)
  storage.close()
}

/** CPU time of a block, by scenario, since this process began. */
function createClock() {
  const all = new Map<string, { blocks: number; microseconds: number }>()
  let last = process.cpuUsage()
  return {
    lived(scenario: string): void {
      const { user, system } = process.cpuUsage(last)
      last = process.cpuUsage()
      const spent = all.get(scenario) ?? { blocks: 0, microseconds: 0 }
      spent.blocks++
      spent.microseconds += user + system
      all.set(scenario, spent)
    },
    report: () =>
      [...all]
        .map(([scenario, { blocks, microseconds }]) => {
          const each = (microseconds / blocks / 1_000).toFixed(0)
          return `${scenario}: ${blocks} blocks, ${each} ms of CPU each`
        })
        .join('\n'),
  }
}

/** What belongs to the last two heights: a run can stop between a checkpoint and its block. */
function checkpointsIn(directory: string): NonNullable<StressOptions['checkpoints']> {
  const pathOf = (height: bigint) => join(directory, `checkpoint-${height % 2n}`)
  return {
    write(height, checkpoint) {
      writeFileSync(`${pathOf(height)}.new`, concatBytes(be64(height), checkpoint))
      renameSync(`${pathOf(height)}.new`, pathOf(height))
    },
    read(height) {
      const bytes = new Uint8Array(readFileSync(pathOf(height)))
      if (fromBe64(bytes, 0) !== height) throw new Error(`what belongs to height ${height} was not kept`)
      return bytes.slice(8)
    },
  }
}
