// npm run simulate -- --blocks 100000 --seed 1 [--accounts 2000] [--directory simulated]: a hub through worst
// days, and an indexer's tables that follow it. Goes on where it stopped when the directory holds the same
// run; Ctrl-C after any block.
import { constants, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assert, be64, concatBytes, fromBe64 } from '@causeway/primitives'
import { openLmdbStorage } from '@causeway/state-tree'
import { brokenPromises, lineOf, summaryOf, tableOf } from '../../hub/src/stress/tally.fixture.ts'
import { StressWorld } from '../../hub/src/stress/world.fixture.ts'
import type { StressOptions } from '../../hub/src/stress/world.fixture.ts'
import { ComparedRun } from '../src/compared-run.fixture.ts'

const TOLD_EVERY = 100n
/** Of one comparison: the rest is only counted. */
const TOLD_DIFFERENCES = 5

const HELP =
  'npm run simulate -- [--blocks N] [--seed N] [--accounts N] [--directory PATH]\n\n' +
  'Lives a hub through crashes, gaps, squeezes, silence of the oracle and cut-off chains, and\n' +
  'looks at every invariant on the way. A run with a directory goes on where it stopped.\n' +
  'Every hundredth block, and where somebody is liquidated, an indexer’s tables must say what the hub\n' +
  'says.\n' +
  'Stops where an invariant is broken; fails at the end when a day cost more than it may, or when the\n' +
  'tables differed.\n' +
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
  const storage = openLmdbStorage(join(directory, 'state'), { durability: 'process-kill' })
  const world = new StressWorld({
    ...{ seed, storage, checkpoints: checkpointsIn(directory) },
    size: { traders, makers: 4, bidders: 5 },
  })
  const compared = new ComparedRun(world)
  const { run } = compared
  const began = process.cpuUsage()
  const clock = createClock()
  process.stdout.write(`seed ${seed}, ${traders} accounts, from height ${world.height} to ${blocks}\n`)
  while (world.height < blocks) {
    const known = run.reports.length
    const { height, planned, differences } = compared.step()
    tell(differences.slice(0, TOLD_DIFFERENCES).map((each) => `BROKEN: at ${height}, ${each}`))
    clock.lived(planned.scenario)
    const ended = known > 0 && run.reports.length > known ? run.reports[known - 1] : undefined
    if (ended !== undefined) tell([lineOf(ended), ...brokenPromises(ended).map((each) => `BROKEN: ${each}`)])
    if (height % TOLD_EVERY !== 0n && height !== blocks) continue
    const { user, system } = process.cpuUsage(began)
    const seconds = Math.round((user + system) / 1e6)
    process.stdout.write(`${height} of ${blocks} blocks, ${seconds} s of CPU, ${planned.scenario}\n`)
  }
  tell([world.coverage.report(), '', tableOf(run.reports), '', summaryOf(run.reports), '', clock.report()])
  const broken = run.reports.flatMap(brokenPromises).map((each) => `BROKEN: ${each}`)
  const { different, begun } = run.tally
  if (different > 0) broken.push(`BROKEN: the tables and the hub differed ${different} times`)
  if (begun.length > 1) tell([`the tables were read anew from the hub after heights ${begun.join(', ')}`])
  tell(broken.length === 0 ? ['every promise was kept, and the tables said what the hub said'] : broken)
  if (broken.length > 0) process.exitCode = 1
  storage.close()
}

function tell(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
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

/**
 * What belongs to the last two heights: a run can be killed between a checkpoint and its block, or within a
 * checkpoint, and then needs the one before. Files stay open: making a file anew would have the disk waited
 * for.
 */
function checkpointsIn(directory: string): NonNullable<StressOptions['checkpoints']> {
  const files = [0, 1].map((i) =>
    openSync(join(directory, `checkpoint-${i}`), constants.O_RDWR | constants.O_CREAT),
  )
  const fileOf = (height: bigint) => files[Number(height % 2n)]!
  return {
    write(height, checkpoint) {
      const bytes = concatBytes(be64(height), be64(BigInt(checkpoint.length)), checkpoint)
      const written = writeSync(fileOf(height), bytes, 0, bytes.length, 0)
      assert(written === bytes.length, 'a checkpoint is written whole')
    },
    read(height) {
      const head = readAt(fileOf(height), 16, 0)
      if (fromBe64(head, 0) !== height) throw new Error(`what belongs to height ${height} was not kept`)
      return readAt(fileOf(height), Number(fromBe64(head, 8)), 16)
    },
  }
}

function readAt(file: number, length: number, position: number): Uint8Array {
  const bytes = new Uint8Array(length)
  assert(readSync(file, bytes, 0, length, position) === length, 'a checkpoint is there as it was written')
  return bytes
}
