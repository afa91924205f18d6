// Run as a process of its own: a node under load on the home directory given, that reports every block it
// made.
import { join } from 'node:path'
import { openLmdbStorage } from '@causeway/state-tree'
import { toHex, utf8 } from '@causeway/primitives'
import { createKeyValueApplication } from './kvstore.fixture.ts'
import { startEmbeddedNode } from './start-embedded-node.ts'

const home = process.argv[2]!
const node = await startEmbeddedNode({
  application: createKeyValueApplication(
    openLmdbStorage(join(home, 'data', 'application'), { durability: 'process-kill' }),
  ),
  home,
  blocks: { everyMilliseconds: 2 },
  durability: 'process-kill',
  rpc: false,
  mempool: { recheck: false },
  onFatal: (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
})
node.onBlock(({ height, hash }) => process.stdout.write(`${height} ${toHex(hash)}\n`))

let sequence = 0
const load = (): void => {
  for (let i = 0; i < 20; i++) void node.submit(utf8(`${process.pid}-${sequence++}=${'x'.repeat(100)}`))
  setImmediate(load)
}
load()
