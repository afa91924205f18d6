// Run as a process of its own, `node cascade-node.fixture.ts HOME NOW_SECONDS [RPC_PORT]`: a hub on which
// accounts fail and others bid for what they have. It reports every block that it made.
import { join } from 'node:path'
import { toHex } from '@causeway/primitives'
import { openLmdbStorage } from '@causeway/state-tree'
import { createHubApplication } from '../app.ts'
import { startEmbeddedNode } from '../engine/start-embedded-node.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import { Bidders } from './bidders.fixture.ts'
import { cascadeSources } from './cascade.fixture.ts'

const [home, nowSeconds, port] = process.argv.slice(2) as [string, string, string | undefined]
const storage = openLmdbStorage(join(home, 'data', 'application'), { durability: 'process-kill' })
const hub = createHubApplication(hubOptions(storage, cascadeSources(BigInt(nowSeconds))))
const node = await startEmbeddedNode({
  application: hub,
  home,
  blocks: { everyMilliseconds: port === undefined ? 10 : 100 },
  durability: 'process-kill',
  rpc: port === undefined ? false : { host: '127.0.0.1', port: Number(port) },
  onFatal: (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
})
const bidders = new Bidders(hub)
node.onBlock(({ height, hash }) => {
  process.stdout.write(`${height} ${toHex(hash)}\n`)
  for (const tx of bidders.bids()) void node.submit(tx)
})
