import { openDatabase } from '/work/main/apps/indexer/src/database/open-database.ts'
import { writeChanges } from '/work/main/apps/indexer/src/database/write-changes.ts'
import { mergeChanges } from '/work/main/apps/indexer/src/project/change.ts'
import { projectAll } from '/work/main/apps/indexer/src/project/tables-in-memory.fixture.ts'
import { scenario } from '/work/main/apps/indexer/src/project/scenario.fixture.ts'
import { postgresDatabases, pgliteDatabases } from '/work/main/apps/indexer/src/database/databases.fixture.ts'
import { World } from '/work/main/apps/indexer/src/serve/world.fixture.ts'
import { trader } from '/work/main/apps/indexer/src/project/scenario.fixture.ts'
const plans = Array.from({ length: 5000 }, (_, i) => ({ direction: 'deposit' as const, owner: i % 200, amount: 5n, fate: 'acknowledged' as const }))
const { hub, zone } = scenario(plans)
const blocks = [...hub, ...zone]
const events = blocks.flatMap((b) => b.transactions.flatMap((t) => t.events)).length
let t = performance.now(), c = process.cpuUsage()
const { changes } = projectAll(blocks)
console.log('projection', events, 'events', Math.round(events / (process.cpuUsage(c).user / 1e6)), 'events per CPU second; changes', changes.length)
for (const kind of [pgliteDatabases, await postgresDatabases()]) {
  if (!kind) continue
  const db = await kind.open()
  t = performance.now(); c = process.cpuUsage()
  const batches = []
  const size = Math.ceil(changes.length / Math.ceil(blocks.length / 64))
  for (let i = 0; i < changes.length; i += size) batches.push(mergeChanges(changes.slice(i, i + size)))
  for (const batch of batches) await db.writer.transaction((m) => writeChanges(m, batch))
  const ms = performance.now() - t
  console.log(kind.name, 'write', Math.round(ms), 'ms', Math.round(events / ms * 1000), 'events/s wall;', Math.round(events / (process.cpuUsage(c).user / 1e6)), 'events per own CPU s')
  const world = new World(db); Object.assign(world, { write: async () => [] })
  await world.start([], [])
  const q = `query ($owner: String) { transfers(owner: $owner, first: 20) { edges { node { id status amount sent { height time } received { height } acknowledged { height } } } } }`
  for (let i = 0; i < 30; i++) await world.ask(q, { owner: trader(i) })
  const lat: number[] = []
  t = performance.now()
  await Promise.all(Array.from({ length: 8 }, async (_, w) => { for (let i = 0; i < 100; i++) { const s = performance.now(); await world.ask(q, { owner: trader((i * 7 + w) % 200) }); lat.push(performance.now() - s) } }))
  const total = performance.now() - t
  lat.sort((a, b) => a - b)
  console.log(kind.name, 'graphql', Math.round(800 / total * 1000), 'req/s at 8 in flight, p50', lat[400]!.toFixed(1), 'p99', lat[792]!.toFixed(1))
  await world.stop(); await db.close(); await kind.stop()
}
