// Run as a process of its own: a node on the home directory given that makes three blocks, begins a fourth,
// and waits after the step given to be killed. It reports blocks as `height hash`, and that it waits.
import { join } from 'node:path'
import { openLmdbStorage } from '@causeway/state-tree'
import { toHex, utf8 } from '@causeway/primitives'
import { systemTimers } from './node/schedule.ts'
import { startEmbeddedNode } from './start-embedded-node.ts'
import { clockOf, transactionsOf } from './story.fixture.ts'
import { createSteppingApplication } from './stepping.fixture.ts'

const [home, step] = [process.argv[2]!, process.argv[3]!]
const storage = openLmdbStorage(join(home, 'data', 'application'), { durability: 'process-kill' })
let between = (_: string): boolean => false
const application = createSteppingApplication(storage)
const node = await startEmbeddedNode({
  application,
  home,
  blocks: { everyMilliseconds: 2 },
  clock: clockOf(() => node.height()),
  timers: {
    ...systemTimers,
    // No time passes: the block is not finished for what comes between its steps.
    now: () => 0,
    soon: (callback) => {
      if (!between(application.log.at(-1)!)) systemTimers.soon(callback)
    },
  },
  durability: 'process-kill',
  rpc: false,
  onFatal: (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
})

const first = node.height() + 1n
const submit = (height: bigint): void => {
  for (const tx of transactionsOf(height)) void node.submit(tx)
}
// Where another was killed, the first block is decided, and finds its transactions in the store.
if (first === 1n) submit(first)
node.onBlock(({ height, hash }) => {
  process.stdout.write(`${height} ${toHex(hash)}\n`)
  submit(height + 1n)
})
between = (last) => {
  if (last !== `${first + 3n}.${step}`) return false
  // Comes too late for this block, and is forgotten with the process.
  void node.submit(utf8('late=1'))
  process.stdout.write('between\n')
  return true
}
