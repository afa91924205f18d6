import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '@causeway/relayer'
import { devnetCommand } from './devnet-command.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devnet-command-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Parses a command line; what it complains about. */
async function complaint(...args: string[]): Promise<string> {
  let said = ''
  const output = { writeErr: (text: string) => void (said += text), writeOut: () => undefined }
  const command = devnetCommand()
  for (const one of [
    command,
    ...command.commands,
    ...command.commands.flatMap(({ commands }) => [...commands]),
  ]) {
    one.configureOutput(output).exitOverride()
  }
  await command.parseAsync(args, { from: 'user' }).catch(() => undefined)
  return said
}

describe('devnet init', () => {
  it('writes what the parts need as processes of their own', async () => {
    const ports = ['--hub-port', '1001', '--zone-port', '1002', '--metrics-port', '1003']
    expect(await complaint('init', '--home', folder, ...ports)).toBe('')
    const config = loadConfig(join(folder, 'relayer.yaml'))
    expect(config.chains.map(({ id, rpc }) => [id, ...rpc])).toEqual([
      ['causeway-1', 'http://127.0.0.1:1001'],
      ['zone-1', 'http://127.0.0.1:1002'],
    ])
    expect(config.metrics).toEqual({ host: '127.0.0.1', port: 1003 })
    expect(config.routes).toHaveLength(1)
    expect(statSync(join(folder, 'relayer.key')).mode & 0o077).toBe(0)
    for (const name of ['hub', 'zone']) {
      expect(readFileSync(join(folder, name, 'config', 'genesis.json'), 'utf8')).toContain('"chain_id"')
    }
  })

  it('leaves homes that exist as they are', async () => {
    await complaint('init', '--home', folder)
    const genesis = readFileSync(join(folder, 'hub', 'config', 'genesis.json'), 'utf8')
    await complaint('init', '--home', folder)
    expect(readFileSync(join(folder, 'hub', 'config', 'genesis.json'), 'utf8')).toBe(genesis)
  })
})

describe('options', () => {
  it.each([
    [['start', '--block-time', '5'], 'expected 20 to 60000 milliseconds'],
    [['start', '--block-time', 'soon'], 'expected 20 to 60000 milliseconds'],
    [['init', '--home', '.', '--hub-port', '65536'], 'not a port'],
    [['init'], "required option '--home <dir>'"],
    [['zone', 'start'], "required option '--home <dir>'"],
    [['zone', 'start', '--home', '.', '--port', 'x'], 'not a port'],
  ])('%j is refused', async (args, text) => {
    expect(await complaint(...args)).toContain(text)
  })
})
