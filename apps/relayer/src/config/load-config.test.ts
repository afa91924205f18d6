import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { parseDurationMs } from './durations.ts'
import { checkConfig, loadConfig, parseConfig } from './load-config.ts'

const EXAMPLE = join(import.meta.dirname, '..', '..', 'relayer.example.yaml')
const CHAIN = [
  'chains:',
  '  - id: hub-1',
  '    rpc: [http://127.0.0.1:1]',
  '    addressPrefix: cway',
  '    key: { env: KEY }',
  '    gasPrice: 0.1ucway',
].join('\n')

const problems = (text: string) => {
  try {
    parseConfig(text, 'r.yaml')
    return []
  } catch (error) {
    return (error as Error).message.split('\n')
  }
}

describe('the example', () => {
  it('is correct and shows the defaults', () => {
    const config = loadConfig(EXAMPLE)
    expect(config.chains.map((chain) => chain.id)).toEqual([
      ...['causeway-1', 'zone-1', 'eip155:1'],
      'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
    ])
    const [hub, zone] = config.chains
    expect({ ...hub, id: '', rpc: [], key: 0, gasPrice: 0, addressPrefix: '' }).toEqual({
      ...zone,
      ...{ id: '', rpc: [], key: 0, gasPrice: 0, addressPrefix: '' },
    })
    expect(config.routes[0]?.filter.minimumAmounts).toEqual({ stake: 10n })
    expect(zone?.key.file).toBe(join(import.meta.dirname, '..', '..', 'zone.key'))
  })

  it('stands in the operator’s guide, setting by setting', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../../docs/relayer.md'), 'utf8')
    const settings = readFileSync(EXAMPLE, 'utf8').matchAll(/^\s*(?:- )?([a-zA-Z]+):/gm)
    for (const [, name = ''] of settings) expect(guide, name).toContain(name)
  })
})

describe('problems', () => {
  it('are named by line, column and path', () => {
    expect(problems(`${CHAIN}\nlog:\n  level: loud`)).toEqual([
      expect.stringMatching(/^r\.yaml:8:10 log\.level: /),
    ])
    expect(problems(CHAIN.replace('0.1ucway', 'cheap'))).toEqual([
      'r.yaml:6:15 chains[0].gasPrice: "cheap" is no gas price: write 0.025ucway',
    ])
    expect(problems(CHAIN.replace('http://127.0.0.1:1', 'nowhere'))).toEqual([
      'r.yaml:3:11 chains[0].rpc[0]: an http:// or https:// address',
    ])
  })

  it('a setting that nobody knows is one', () => {
    expect(problems(`${CHAIN}\n    pol: 1s`)).toEqual([
      expect.stringMatching(/^r\.yaml:7:10 chains\[0\]\.pol: /),
    ])
  })

  it('a missing setting is named where it should stand', () => {
    expect(problems(CHAIN.replace('    addressPrefix: cway\n', ''))).toEqual([
      expect.stringMatching(/^r\.yaml:2:5 chains\[0\]\.addressPrefix: /),
    ])
  })

  it('all of them are told at once', () => {
    expect(problems(CHAIN.replace('0.1ucway', 'x').replace('cway', 'CWAY'))).toHaveLength(2)
  })

  it('chains and routes have to fit together', () => {
    const route =
      '\nroutes:\n  - name: r\n    a: { chain: hub-1, client: c-0 }\n    b: { chain: other, client: c-0 }'
    expect(problems(CHAIN + route)).toEqual([
      'r.yaml:10:17 routes[0].b.chain: chain other is not in the list of chains',
    ])
    expect(problems(`${CHAIN}\n${CHAIN.split('\n').slice(1).join('\n')}`)).toEqual([
      'r.yaml:7:9 chains[1].id: chain hub-1 is configured twice',
    ])
  })

  it('of the YAML itself, and of absurd files', () => {
    expect(problems('chains: [')[0]).toMatch(/^r\.yaml:1:\d+ /)
    expect(problems('x'.repeat(1024 * 1024 + 1))).toEqual(['r.yaml: longer than 1 MiB'])
    expect(problems('')[0]).toMatch(/^r\.yaml:1:1 /)
    expect(() => loadConfig('/nowhere/relayer.yaml')).toThrow(
      /nowhere.relayer.yaml can't be read: there is no such file/,
    )
  })

  it('a key is named by either environment or file', () => {
    expect(problems(CHAIN.replace('{ env: KEY }', '{}'))[0]).toMatch(
      /chains\[0\]\.key: name either env or file/,
    )
  })
})

describe('an EVM chain', () => {
  const EVM = [
    'chains:',
    '  - id: eip155:31337',
    '    type: evm',
    '    rpc: [http://127.0.0.1:1]',
    '    beacon: [http://127.0.0.1:2]',
    "    contract: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'",
    '    key: { env: KEY }',
  ].join('\n')

  it('has defaults that suit one', () => {
    const [chain] = parseConfig(EVM).chains
    expect(chain).toMatchObject({
      ...{ type: 'evm', fromBlock: 0n, confirmations: 1n, poll: 4_000n },
      fees: { maxFeePerGas: 200_000_000_000n, replaceAfter: 45_000n },
      key: { env: 'KEY', hdPath: "m/44'/60'/0'/0/0" },
    })
    expect(
      parseConfig(`${EVM}\n    fees: { maxFeePerGas: 0.5gwei, priorityFeePerGas: 7wei }`).chains[0],
    ).toMatchObject({
      fees: { maxFeePerGas: 500_000_000n, priorityFeePerGas: 7n },
    })
  })

  it('is named by CAIP-2, and its settings are its own', () => {
    expect(problems(EVM.replace('eip155:31337', 'ethereum'))).toEqual([
      'r.yaml:2:9 chains[0].id: an EVM chain is named eip155:<chain id>',
    ])
    expect(problems(EVM.replace('eip155:31337', 'eip155:01'))).toHaveLength(1)
    expect(problems(`${EVM}\n    gasPrice: 1wei`)).toEqual([
      expect.stringMatching(/^r\.yaml:8:15 chains\[0\]\.gasPrice: /),
    ])
    expect(problems(EVM.replace(/\n {4}beacon.*/, ''))).toEqual([
      expect.stringMatching(/chains\[0\]\.beacon: /),
    ])
    expect(problems(EVM.replace('type: evm', 'type: bitcoin'))).toEqual([
      expect.stringMatching(/chains\[0\]\.type: /),
    ])
  })

  it('refuses an address with a wrong checksum, prices without unit, roots that are none', () => {
    expect(problems(EVM.replace('0xf39F', '0xF39F'))).toEqual([
      expect.stringMatching(/its checksum is wrong$/),
    ])
    for (const price of ['5', '1.5wei', '-1gwei', '1 gwei', 'gwei'])
      expect(problems(`${EVM}\n    fees: { maxFeePerGas: '${price}' }`)).toEqual([
        `r.yaml:8:27 chains[0].fees.maxFeePerGas: "${price}" is no price: write 30gwei`,
      ])
    expect(problems(`${EVM}\n    checkpoint: '0x12'`)).toEqual([
      expect.stringMatching(/checkpoint: a beacon block root/),
    ])
  })
})

describe('a configuration', () => {
  it('made by a program is checked the same way', () => {
    expect(() => checkConfig({ chains: [] })).toThrow(/chains/)
  })

  it('takes relative paths from its own folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relayer-config-'))
    writeFileSync(join(folder, 'r.yaml'), CHAIN)
    expect(loadConfig(join(folder, 'r.yaml')).database.folder).toBe(join(folder, 'relayer-data'))
  })

  it('writes durations with their unit', () => {
    expect(['500ms', '30s', '5m', '12h', '14d'].map(parseDurationMs)).toEqual([
      500n,
      30_000n,
      300_000n,
      43_200_000n,
      1_209_600_000n,
    ])
    for (const text of ['', '5', '5 s', '-1s', '1.5h', '1w']) expect(parseDurationMs(text)).toBeUndefined()
  })
})
