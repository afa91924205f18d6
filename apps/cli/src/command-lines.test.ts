import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/*
 * What an operator gets wrong, or the machine does: one line that says what happened, why and, where it
 * isn't plain, what to do, on standard error, with exit code 1. Never a stack.
 */

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'causeway-lines-'))
const home = join(folder, 'home')
// Each line is a process of its own: compiling our source once is enough.
const CACHED = { NODE_COMPILE_CACHE: join(folder, 'compiled') }
const file = join(folder, 'file')
let holder: Server
let taken = 0
let free = 0

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const options = {
    encoding: 'utf8',
    timeout: 60_000,
    cwd: folder,
    env: { ...process.env, ...CACHED, ...env },
  } as const
  return spawnSync(process.execPath, [main, ...args], options)
}

beforeAll(async () => {
  writeFileSync(file, '')
  expect(run(['hub', 'init', '--home', home]).status).toBe(0)
  holder = await listening()
  taken = portOf(holder)
  const closed = await listening()
  free = portOf(closed)
  closed.close()
})
afterAll(() => {
  holder.close()
  rmSync(folder, { recursive: true })
})

async function listening(): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** A copy of the home with a file of its own. */
function homeWith(path: string, text: string): string {
  const copy = mkdtempSync(join(folder, 'home-'))
  cpSync(home, copy, { recursive: true })
  writeFileSync(join(copy, path), text)
  return copy
}

function damagedHome(): string {
  const copy = homeWith('config/unused', '')
  const once = run(['hub', 'invariants', '--home', copy]) // opens the database, which is then there
  expect(once.stderr).toContain('hub/4')
  truncateSync(join(copy, 'data/application/data.mdb'), 4_000)
  return copy
}

const start = (...more: string[]) => ['hub', 'start', '--home', home, ...more]
const indexer = (...more: string[]) => [
  'indexer',
  'start',
  '--hub-rpc',
  'http://127.0.0.1:9',
  '--port',
  '0',
  ...more,
]

const lines: Record<
  string,
  readonly [args: () => string[], expected: string | RegExp, env?: NodeJS.ProcessEnv]
> = {
  'a port that is taken': [
    () => start('--rpc-port', String(taken)),
    /^hub\/5: can't listen at 127.0.0.1:\d+: another program listens there; choose another address\n$/,
  ],
  'a host that is none': [
    () => start('--rpc-host', 'nowhere.invalid'),
    /^hub\/5: can't listen at nowhere.invalid:26657: .*host.*\n$/,
  ],
  'a genesis that is cut off': [
    () => ['hub', 'start', '--home', homeWith('config/genesis.json', '{"chain_id":')],
    "genesis.json can't be used: it is no JSON object",
  ],
  'a genesis that is gone': [() => ['hub', 'start', '--home', file], 'run causeway hub init first'],
  'a validator key that is broken': [
    () => ['hub', 'start', '--home', homeWith('config/priv_validator_key.json', '{'), '--rpc-port', '0'],
    'priv_validator_key.json is no JSON',
  ],
  'a database that is cut off': [
    () => ['hub', 'start', '--home', damagedHome(), '--rpc-port', '0'],
    /^the database in .*application is damaged \(.*\): put a copy .*\n$/,
  ],
  'a record in no folder': [
    () => start('--record', '/nonexistent/dir/f', '--rpc-port', '0'),
    "hub/6: /nonexistent/dir/f can't be used: there is no such file or folder",
  ],
  'a home that is a file': [
    () => ['hub', 'init', '--home', file],
    "can't be used: a part of the path is a file, not a folder",
  ],
  'an address that is none': [
    () => ['hub', 'init', '--home', 'never', '--account', 'cway1qqqq=5ucway'],
    'genesis/2: app_state.ledger.balances.0',
  ],
  'an asset that is none': [
    () => [
      'hub',
      'init',
      '--home',
      'never',
      '--account',
      'cway1k84406a4vl244mhwm2n475pa92sdc6nfqxgyvs=5uatom',
    ],
    'genesis/2: app_state.ledger.balances.0',
  ],
  'a chain id that is too long': [
    () => ['hub', 'init', '--home', 'never', '--chain-id', 'x'.repeat(51)],
    'chain_id must have 1 … 50 characters',
  ],
  'a price of nothing': [
    () => start('--simulated-price', '99=1'),
    'hub/3: --simulated-price 99: expected an asset with a price feed',
  ],
  'an indexer that does not run': [
    () => ['indexer', 'status', `http://127.0.0.1:${free}`],
    /^no indexer answers at http:\/\/127.0.0.1:\d+: nothing listens there\n$/,
  ],
  'an indexer at no URL': [() => ['indexer', 'status', 'notaurl'], 'notaurl is no URL'],
  'an RPC address that is none': [
    () => ['indexer', 'start', '--hub-rpc', 'notaurl', '--database', 'memory'],
    'hub.rpcUrls.0: expected an http:// or https:// address',
  ],
  'a variable that is wrong': [
    () => ['indexer', 'status'],
    'the variable INDEXER_PORT',
    { INDEXER_PORT: 'x' },
  ],
  'a port of the indexer that is taken': [
    () => [...indexer('--database', 'memory'), '--port', String(taken)],
    'another program listens there',
  ],
  'a database in a file': [() => indexer('--database', join(file, 'x')), "the database can't be in"],
  'a Postgres that does not run': [
    () => indexer('--database', 'postgres://127.0.0.1:9/x'),
    "Postgres can't be reached: nothing listens there",
  ],
  'a rebuild without consent': [
    () => ['indexer', 'rebuild', '--hub-rpc', 'http://127.0.0.1:9', '--database', 'memory'],
    'say --yes',
  ],
  'a prefix that no address has': [
    () => ['relayer', 'keys', 'add', 'never', '--prefix', 'BAD PREFIX'],
    '--prefix BAD PREFIX: expected small letters',
  ],
  'a key in no folder': [
    () => ['relayer', 'keys', 'add', 'no/such/folder/key'],
    'there is no such file or folder',
  ],
  'a command that is none': [() => ['hub', 'sart'], "unknown command 'sart'"],
}

describe('what goes wrong is told in a line', () => {
  it.each(Object.entries(lines))('%s', (_, [args, expected, env]) => {
    const { status, stderr } = run(args(), env)
    expect(stderr).not.toMatch(/^ +at |Error:|node:internal/m)
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('(')).length,
      stderr,
    ).toBe(1)
    expect(stderr).toMatch(expected)
    expect(status).toBe(1)
  })
})
