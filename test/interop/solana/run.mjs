// Runs the suite beside this file against an unmodified solana-test-validator, in a network namespace of its
// own: even when it is told one address, the validator's RPC, WebSocket and faucet listen on all of them.
// Where the validator was not built it says so and ends well: nobody waits an hour for a test.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname
const root = join(here, '..', '..', '..')
const version = /^AGAVE=(.+)$/m.exec(readFileSync(join(here, 'versions'), 'utf8'))[1]
const home = join(process.env.CAUSEWAY_CACHE ?? join(homedir(), '.cache', 'causeway'), `agave-${version}`)
const validator = join(home, 'bin', 'solana-test-validator')
const plugin = join(home, 'plugin', `libcauseway_geyser-${pluginKey()}.so`)

function pluginKey() {
  const folder = join(root, 'contracts', 'solana', 'geyser')
  const hash = createHash('sha256').update(readFileSync(join(folder, 'Cargo.toml')))
  for (const file of readdirSync(join(folder, 'src')).sort())
    hash.update(readFileSync(join(folder, 'src', file)))
  return hash.digest('hex').slice(0, 12)
}

function whyNot() {
  if (process.platform !== 'linux') return 'it needs network namespaces, which are of Linux'
  const absent = [validator, plugin].filter((path) => !existsSync(path))
  if (absent.length > 0) return `${absent.join(' and ')}: not there; test/interop/solana/setup.sh builds them`
  const { status, stderr } = spawnSync('unshare', [...namespace, 'true'], { encoding: 'utf8' })
  return status === 0 ? undefined : `there is no network namespace to be had: ${stderr}`
}

// Who is not root is root of a user namespace, for `ip link`
const namespace = process.getuid?.() === 0 ? ['-n'] : ['-rn']
const [first, ...rest] = process.argv.slice(2)
if (first === '--plugin') {
  console.log(plugin)
} else if (whyNot() !== undefined) {
  console.log(`skipped, the interop tests with a real Solana validator: ${whyNot()}`)
} else {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.interop.solana.config.ts']
  const command = 'ip link set lo up && exec "$@"'
  const args = [first, ...rest].filter((arg) => arg !== undefined)
  const { status } = spawnSync(
    'unshare',
    [...namespace, 'sh', '-c', command, 'sh', process.execPath, ...vitest, ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, SOLANA_TEST_VALIDATOR: validator, SOLANA_GEYSER_PLUGIN: plugin },
    },
  )
  process.exit(status ?? 1)
}
