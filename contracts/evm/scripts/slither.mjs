// Runs Slither over src and compares its findings with slither-triage.json, which says for each kind and
// contract why it stands. Needs `slither` on the path or in SLITHER (pip install slither-analyzer). Not part
// of the tests: run it before a release, and when a contract changes. --write keeps what it found, to be
// triaged by hand.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../', import.meta.url))
const copy = `${folder}.cache/slither`
const triageFile = `${folder}slither-triage.json`

copyPackage()
const findings = analyse()
const found = new Map()
for (const { check, impact, elements } of findings) {
  const source = elements[0]?.source_mapping?.filename_relative ?? 'unknown'
  const key = `${impact} ${check} ${source.replace(/^src\//, '')}`
  found.set(key, (found.get(key) ?? 0) + 1)
}
const triage = JSON.parse(readFileSync(triageFile, 'utf8'))
if (process.argv.includes('--write')) {
  const kept = [...found].sort().map(([key, count]) => [key, { count, why: triage[key]?.why ?? '' }])
  writeFileSync(triageFile, JSON.stringify(Object.fromEntries(kept), undefined, 2) + '\n')
} else {
  const open = [...found].filter(([key, count]) => (triage[key]?.count ?? 0) < count || !triage[key].why)
  for (const [key, count] of open) process.stdout.write(`not triaged: ${key} (${count})\n`)
  process.stdout.write(
    `${findings.length} findings of ${found.size} kinds, ${open.length} kinds not triaged\n`,
  )
  process.exitCode = open.length === 0 ? 0 : 1
}

/** Slither wants every source below one folder; packages are two folders up. */
function copyPackage() {
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { recursive: true })
  for (const name of ['src', 'solc.mjs']) cpSync(folder + name, `${copy}/${name}`, { recursive: true })
  const settings = readFileSync(`${folder}foundry.toml`, 'utf8').replaceAll(
    '../../node_modules',
    'node_modules',
  )
  writeFileSync(`${copy}/foundry.toml`, settings)
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), `${copy}/node_modules`)
}

function analyse() {
  const slither = process.env['SLITHER'] ?? 'slither'
  const options = ['--exclude-informational', '--exclude-optimization', '--filter-paths', 'node_modules']
  const out = ['--foundry-out-directory', '.cache/out', '--json', 'findings.json']
  const run = spawnSync(slither, ['.', ...options, ...out], { cwd: copy, encoding: 'utf8' })
  if (run.error) throw new Error(`${slither} can't be run: ${run.error.message}`)
  const { success, error, results } = JSON.parse(readFileSync(`${copy}/findings.json`, 'utf8'))
  if (!success) throw new Error(error)
  return results.detectors ?? []
}
