// Run as a process of its own, `node kill-during-cascade-node.ts HOME NOW_SECONDS PORT FALL_FILE`: the hub on
// which accounts fail and others bid for what they have. Of each block it tells height and app hash.
import { join } from 'node:path'
import { Bidders, HUB_CHAIN_ID, createHubApplication, startEmbeddedNode, verifyNatively } from '@causeway/hub'
import { toHex } from '@causeway/primitives'
import { openLmdbStorage } from '@causeway/state-tree'
import { fallingSources } from './kill-during-cascade-prices.ts'

const [home, nowSeconds, port, fallFile] = process.argv.slice(2) as [string, string, string, string]
const durability = 'process-kill'
const hub = createHubApplication({
  chainId: HUB_CHAIN_ID,
  storage: openLmdbStorage(join(home, 'data', 'application'), { durability }),
  verifySignatures: verifyNatively,
  // A relayer that was killed proves what lies some time back.
  keepVersions: 3_600n,
  ...fallingSources(BigInt(nowSeconds), fallFile),
})
const node = await startEmbeddedNode({
  ...{ application: hub, home, durability, blocks: { everyMilliseconds: 150 } },
  rpc: { host: '127.0.0.1', port: Number(port) },
  onFatal: (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
})
const bidders = new Bidders(hub)
node.onBlock(({ height, appHash }) => {
  process.stdout.write(`block ${height} ${toHex(appHash)}\n`)
  for (const tx of bidders.bids()) void node.submit(tx)
})
