// Builds the programs and writes what is committed of them: artifacts/<program>.so, and their SHA-256 in
// artifacts/sha256.json; and programs of test/, which only tests load. With --check nothing is written: it
// fails when something committed is not what the sources give. Names of programs as further arguments: only
// those. Needs tools/setup.sh; without it, with --check, it says so and passes.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../', import.meta.url)
const release = new URL('.cache/target/bpfel-unknown-none/release/', folder)
const hashFile = new URL('artifacts/sha256.json', folder)
const isCheck = process.argv.includes('--check')
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const ofTests = ['caller', 'probe', 'recorder-example']
const all = [...readdirSync(new URL('programs/', folder)), ...ofTests].filter(
  (name) => ofTests.includes(name) || existsSync(new URL(`programs/${name}/Cargo.toml`, folder)),
)
const programs = all.filter((name) => wanted.length === 0 || wanted.includes(name))

if (existsSync(new URL('.toolchain/complete', folder))) run()
else if (isCheck) process.stdout.write('not compared: no compiler here, tools/setup.sh brings it\n')
else throw new Error('no compiler here: tools/setup.sh brings it')

function run() {
  for (const name of programs) {
    // One at a time: built together, programs get the features of each other's dependencies, and other bytes
    const options = { cwd: fileURLToPath(folder), encoding: 'utf8' }
    const build = ['build', '--release', '--locked', '-p', `causeway-${name}`]
    const { status, stderr } = spawnSync('cargo', build, options)
    if (status !== 0) throw new Error(stderr)
  }
  const built = new Map(programs.map((name) => [name, readFileSync(new URL(library(name), release))]))
  if (isCheck) check(built)
  else write(built)
}

function library(name) {
  return `libcauseway_${name.replaceAll('-', '_')}.so`
}

function check(built) {
  const hashes = JSON.parse(readFileSync(hashFile, 'utf8'))
  const stale = programs.filter((name) => {
    const bytes = built.get(name)
    return hashes[name] !== sha256(bytes) || !bytes.equals(readFileSync(artifact(name)))
  })
  if (stale.length === 0) {
    process.stdout.write(`${programs.length} programs, byte for byte what is committed\n`)
    return
  }
  process.stderr.write(`stale: ${stale.join(', ')}; run contracts/solana/tools/build.mjs\n`)
  process.exitCode = 1
}

function write(built) {
  mkdirSync(new URL('artifacts/', folder), { recursive: true })
  for (const [name, bytes] of built) {
    writeFileSync(artifact(name), bytes)
    process.stdout.write(`${name} ${bytes.length} bytes ${sha256(bytes)}\n`)
  }
  const present = all.filter((name) => existsSync(artifact(name))).sort()
  const hashes = Object.fromEntries(present.map((name) => [name, sha256(readFileSync(artifact(name)))]))
  writeFileSync(hashFile, `${JSON.stringify(hashes, undefined, 2)}\n`)
}

function artifact(name) {
  return new URL(ofTests.includes(name) ? `test/${name}/${name}.so` : `artifacts/${name}.so`, folder)
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}
