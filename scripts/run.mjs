// The door for `npm start` and `npm test` on a machine that has nothing but Node >= 20, git and a shell:
// installs what the lockfile names when that has not been done, then goes on under the Node 24 that comes as
// a
// dependency.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from './run-child.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'node_modules', '.bin')
const stamp = join(root, 'node_modules', '.causeway-installed')

const vitest = (...args) => ['node', ['node_modules/vitest/vitest.mjs', 'run', ...args]]
const tasks = {
  start: (args) => [['node', ['apps/cli/src/main.ts', 'devnet', 'start', ...args]]],
  test: (args) => [...checks(), vitest(...args)],
  interop: (args) => [vitest('--config', 'vitest.interop.config.ts', ...args)],
  'interop:ethereum': (args) => [
    vitest('--config', 'vitest.interop.config.ts', 'test/interop/ethereum', ...args),
  ],
  'interop:solana': (args) => [['node', ['test/interop/solana/run.mjs', ...args]]],
  bench: (args) => [['node', ['test/bench/main.ts', ...args]]],
  simulate: (args) => [['node', ['apps/indexer/scripts/simulate.ts', ...args]]],
  pack: (args) => [['node', ['scripts/pack.mjs', ...args]]],
  generate: () => [
    ['node', ['libs/protocol/scripts/generate.ts'], 'codecs'],
    ['node', ['libs/light-clients/scripts/attestation-vectors/write.ts'], 'attestation vectors'],
    ['node', ['contracts/evm/scripts/generate.mjs'], 'contracts'],
    ['node', ['contracts/solana/scripts/generate.ts'], 'IDLs and client of Solana'],
    ['node', ['apps/devnet/scripts/generate-tokens.ts'], 'tokens of the devnet'],
  ],
  typecheck: () => [typecheck()],
  lint: (args) => [['node', ['scripts/lint.mjs', ...args], 'lint and module boundaries']],
  format: () => [['node', ['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level', 'warn', '.']]],
}

function typecheck() {
  return ['node', ['node_modules/typescript7/bin/tsc', '--noEmit', '-p', 'tsconfig.json'], 'types']
}

function checks() {
  return [
    typecheck(),
    ['node', ['scripts/lint.mjs'], 'lint and module boundaries'],
    ['node', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'], 'format'],
  ]
}

function lockHash() {
  const hash = createHash('sha256').update(process.platform + process.arch)
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

function install() {
  const wanted = lockHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stdout.write('Installing dependencies (once, a minute or two) ')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const child = spawn(npm, ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: root })
  const output = []
  child.stdout.on('data', (data) => output.push(data))
  child.stderr.on('data', (data) => output.push(data))
  const dots = setInterval(() => process.stdout.write('.'), 2000)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(dots)
      process.stdout.write(code === 0 ? ' done\n' : ' failed\n')
      if (code !== 0) return reject(new Error(`npm ci ended with ${code}:\n${Buffer.concat(output)}`))
      mkdirSync(dirname(stamp), { recursive: true })
      writeFileSync(stamp, wanted)
      resolve()
    })
  })
}

function run([command, args, title], env) {
  if (title) process.stdout.write(`> ${title}\n`)
  return runChild(join(bin, command), args, { cwd: root, env })
}

const [name, ...args] = process.argv.slice(2)
const task = tasks[name]
if (!task) {
  process.stderr.write(`unknown task ${name ?? ''}: expected one of ${Object.keys(tasks).join(', ')}\n`)
  process.exit(2)
}
try {
  await install()
  if (spawnSync(join(bin, 'node'), ['--version']).status !== 0)
    throw new Error('the Node 24 of node_modules does not start')
} catch (error) {
  process.stderr.write(
    `${error.message}\nSet-up failed: can this machine reach the npm registry? Then run the command again.\n`,
  )
  process.exit(1)
}
const environment = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NX_DAEMON: 'false' }
for (const step of task(args)) {
  const code = await run(step, environment)
  if (code !== 0) process.exit(code)
}
