// npm run bench [-- NAME…]: ratios against peers that run on this machine in the same run.
// Absolute figures drift; ratios hold.
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { compareAuctions } from './auction.ts'
import { compareTransfers } from './chains.ts'
import { lineOf, ratioOf } from './figures.ts'
import type { Comparison } from './figures.ts'
import { compareFlood } from './flood.ts'
import { compareHub } from './hub.ts'
import { measurePacketPath } from './packets.ts'
import { compareStress } from './stress.ts'
import { compareEthereum, compareHeaders, compareIavl, compareIcs23, compareSolana } from './libraries.ts'
import { compareMargin } from './margin.ts'

const repetitions = Number(process.env['REPS'] ?? 3)
const suites: Readonly<Record<string, () => Promise<Comparison[]> | Comparison[]>> = {
  iavl: () => compareIavl(repetitions),
  ics23: () => compareIcs23(repetitions),
  headers: () => compareHeaders(repetitions),
  ethereum: () => compareEthereum(repetitions),
  solana: () => compareSolana(),
  margin: () => compareMargin(repetitions),
  auction: () => compareAuctions(repetitions),
  hub: () => compareHub(),
  flood: () => compareFlood(),
  stress: () => compareStress(),
  transfers: () => compareTransfers(1_000),
  packets: () => measurePacketPath().then(() => []),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in suites))
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}: there are ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${memory}, Node ${process.version}`
console.log(machine)
const rows: Comparison[] = []
for (const [name, suite] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  const measured = await suite()
  for (const row of measured) console.log(`  ${lineOf(row)}`)
  rows.push(...measured)
}
const path = 'bench-results.json'
writeFileSync(
  path,
  JSON.stringify({ machine, rows: rows.map((row) => ({ ...row, ratio: ratioOf(row) })) }, undefined, 2),
)
console.log(`\nwritten to ${path}`)
