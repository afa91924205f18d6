// The door for `npm start` and `npm test` on a machine that has nothing but Node >= 20, git and a shell:
// installs what the lockfile names when that has not been done, then goes on under the Node 24 that comes as
// a
// dependency.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'node_modules', '.bin')
const stamp = join(root, 'node_modules', '.causeway-installed')

const vitest = (...args) => ['node', ['node_modules/vitest/vitest.mjs', 'run', ...args]]
const tasks = {
  start: (args) => [['node', ['apps/cli/src/main.ts', 'devnet', 'start', ...args]]],
  test: (args) => [...checks(), vitest(...args)],
  interop: (args) => [vitest('--config', 'vitest.interop.config.ts', ...args)],
  bench: (args) => [['node', ['test/bench/main.ts', ...args]]],
  generate: (args) => [['node', ['libs/protocol/scripts/generate.ts', ...args]]],
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

function run([command, args, title], environment) {
  if (title) process.stdout.write(`> ${title}\n`)
  const node = join(bin, command)
  return new Promise((resolve) => {
    const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: environment })
    const forward = (signal) => child.kill(signal)
    // A terminal sends Ctrl-C to the whole group, npm and kill to us alone: a child that hears it twice takes
    // it
    // as one.
    process.on('SIGINT', forward)
    process.on('SIGTERM', forward)
    // npm that was killed outright can't tell us: what it started must not stay behind.
    const parent = process.ppid
    const watch = setInterval(() => process.ppid !== parent && forward('SIGTERM'), 1000)
    if (process.env.npm_lifecycle_event === undefined) clearInterval(watch)
    child.on('error', (error) => {
      process.stderr.write(`can't run ${node}: ${error.message}\n`)
      resolve(1)
    })
    child.on('close', (code, signal) => {
      clearInterval(watch)
      process.off('SIGINT', forward)
      process.off('SIGTERM', forward)
      resolve(code ?? { SIGINT: 130, SIGTERM: 143 }[signal] ?? 1)
    })
  })
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
