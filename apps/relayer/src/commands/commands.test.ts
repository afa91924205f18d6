import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import type { DirectionStatus } from '../worker/route-status.ts'
import { statusTable } from './relay-commands.ts'
import { relayerCommand } from './relayer-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'relayer-commands-'))

/** Runs a command as an operator would; what it wrote, and its exit code. */
async function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const result = { out: '', err: '', code: 0 }
  const command = relayerCommand({
    env,
    out: (text) => void (result.out += `${text}\n`),
    err: (text) => void (result.err += `${text}\n`),
    exit: (code) => void (result.code = code),
    untilSignal: async () => 'SIGTERM',
  })
  await command.parseAsync(['node', 'relayer', ...args])
  return result
}

function configFile(key: string): string {
  const path = join(mkdtempSync(join(folder, 'config-')), 'relayer.yaml')
  const chain = `{ id: a-1, rpc: ['http://127.0.0.1:9'], addressPrefix: x, gasPrice: 1stake, key: ${key} }`
  writeFileSync(path, `chains:\n  - ${chain}\n`)
  return path
}

describe('keys add', () => {
  it('writes a private file and shows the address', async () => {
    const file = join(folder, 'key')
    const { out, code } = await run(['keys', 'add', file, '--prefix', 'cway'])
    expect([code, out]).toEqual([0, expect.stringMatching(/^cway1\w{38} {2}\(not encrypted, in /)])
    expect(statSync(file).mode & 0o077).toBe(0)
    const again = await run(['keys', 'add', file])
    expect([again.code, again.err]).toEqual([
      1,
      `${file} can't be written: a file of this name is there already\n`,
    ])
  })

  it('writes a key of Solana as solana-keygen does, new or from the environment', async () => {
    const file = join(folder, 'id.json')
    const { out, code } = await run(['keys', 'add', file, '--type', 'solana'])
    expect([code, out]).toEqual([0, expect.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{32,44} {2}\(not enc/)])
    const text = readFileSync(file, 'utf8')
    expect(JSON.parse(text)).toHaveLength(64)
    expect(statSync(file).mode & 0o077).toBe(0)
    const args = ['keys', 'add', join(folder, 'copy.json'), '--type', 'solana', '--from-env', 'KEY']
    expect((await run(args, { KEY: text })).out.split(' ')[0]).toBe(out.split(' ')[0])
  })

  it('refuses a prefix that no address has, before it writes anything', async () => {
    const file = join(folder, 'none')
    const { code, err } = await run(['keys', 'add', file, '--prefix', 'BAD PREFIX'])
    expect([code, err]).toEqual([1, '--prefix BAD PREFIX: expected small letters, as in cway\n'])
    expect(existsSync(file)).toBe(false)
  })
})

describe('config check', () => {
  it('looks at the key files too', async () => {
    const path = configFile('{ file: ./key }')
    const key = join(path, '..', 'key')
    const missing = await run(['config', 'check', '-c', path])
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('there is no such file') })
    writeFileSync(key, '11'.repeat(32))
    chmodSync(key, 0o644)
    expect(await run(['config', 'check', '-c', path])).toEqual({
      code: 1,
      out: '',
      err: `${path} chains[0].key.file: ${key} can be read by others: chmod 600 it\n`,
    })
    chmodSync(key, 0o600)
    expect(await run(['config', 'check', '-c', path])).toMatchObject({
      code: 0,
      out: expect.stringContaining('no problems'),
    })
    writeFileSync(key, '{}')
    expect((await run(['config', 'check', '-c', path])).err).toContain('is encrypted: set passwordEnv')
  })

  it('leaves variables to the start: a check may run where no secrets are', async () => {
    expect((await run(['config', 'check', '-c', configFile('{ env: KEY }')])).code).toBe(0)
  })
})

describe('the table of status', () => {
  it('keeps its columns whatever went wrong: the reason stands below', () => {
    const fine: DirectionStatus = {
      route: 'ab',
      from: 'a-1',
      to: 'b-1',
      head: 12n,
      clientHeight: 11n,
      clientStatus: 'Active',
      trustingPeriodLeftSeconds: 200_000n,
      pending: 3,
      unreceived: 1,
      oldestPendingSeconds: 130n,
      error: undefined,
    }
    const error = `http://127.0.0.1:9 did not answer: ${'connect ECONNREFUSED '.repeat(5)}`
    const lines = statusTable([fine, { ...fine, from: 'b-1', to: 'a-1', error }]).split('\n')
    expect(lines).toEqual([
      'ROUTE  FROM  TO   HEAD        CLIENT AT  CLIENT  TRUST LEFT  PENDING  UNRECEIVED  OLDEST',
      'ab     a-1   b-1  12          11         Active  2d          3        1           2m',
      'ab     b-1   a-1  unreadable',
      `ab, b-1 to a-1: ${error}`,
    ])
  })
})
