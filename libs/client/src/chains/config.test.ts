import { describe, expect, it } from 'vitest'
import { errorCode } from '../testing/error-code.fixture.ts'
import { readClientConfig } from './config.ts'

const evm = {
  kind: 'evm',
  id: 'eip155:31337',
  rpc: 'http://127.0.0.1:8545',
  client: 'client-0',
  hubClient: 'ethereum-1',
  vault: `0x${'AB'.repeat(20)}`,
  core: `0x${'cd'.repeat(20)}`,
  tokens: [
    {
      symbol: 'USDC',
      address: `0x${'01'.repeat(20)}`,
      decimals: 6,
      permit: { name: 'USD Coin', version: '1' },
    },
    { symbol: 'ETH', address: `0x${'02'.repeat(20)}`, decimals: 18, native: true },
  ],
}
const cosmos = {
  kind: 'cosmos',
  id: 'zone-1',
  rpc: 'http://127.0.0.1:26757',
  client: '07-tendermint-0',
  hubClient: '07-tendermint-0',
  prefix: 'zone',
  gasPrice: '0.001uzone',
  tokens: [{ symbol: 'USDZ', denom: 'uusd', decimals: 6 }],
}
const solana = {
  kind: 'solana',
  id: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  rpc: 'http://127.0.0.1:8899',
  client: 'client-0',
  hubClient: 'solana-2',
  vault: 'Vote111111111111111111111111111111111111111',
  core: 'SysvarC1ock11111111111111111111111111111111',
  tokens: [{ symbol: 'SOL', mint: 'So11111111111111111111111111111111111111112', decimals: 9, native: true }],
}
const config = {
  version: 1,
  rpc: 'http://127.0.0.1:26657',
  graphql: 'http://127.0.0.1:4000/graphql',
  chains: [evm, cosmos, solana],
  keys: [{ name: 'trader', kind: 'evm', privateKeyFile: 'keys/trader.evm' }],
}

describe('a configuration', () => {
  it('is read whole, addresses in lower case', () => {
    const { version: _, ...rest } = config
    const chains = [{ ...evm, vault: evm.vault.toLowerCase() }, cosmos, solana]
    expect(readClientConfig(JSON.parse(JSON.stringify(config)))).toEqual({ ...rest, chains })
    expect(readClientConfig({ version: 1, rpc: 'http://x' })).toEqual({
      rpc: 'http://x',
      chains: [],
      keys: [],
    })
  })

  it.each([
    ['no object', []],
    ['another version', { ...config, version: 2 }],
    ['no rpc', { ...config, rpc: '' }],
    ['an unknown kind of chain', { ...config, chains: [{ ...evm, kind: 'aptos' }] }],
    ['a vault that is no address', { ...config, chains: [{ ...evm, vault: '0x12' }] }],
    [
      'decimals that are none',
      { ...config, chains: [{ ...cosmos, tokens: [{ ...cosmos.tokens[0], decimals: -1 }] }] },
    ],
    ['chains that are no list', { ...config, chains: 'evm' }],
    ['a key of an unknown kind', { ...config, keys: [{ ...config.keys[0], kind: 'pgp' }] }],
    [
      'a permit that is no object',
      { ...config, chains: [{ ...evm, tokens: [{ ...evm.tokens[0], permit: 1 }] }] },
    ],
  ])('with %s is refused', (_what, json) => {
    expect(errorCode(() => readClientConfig(json))).toBe('client/20')
  })
})

type Part = Record<string | number, unknown>

describe('each member of a configuration', () => {
  /** Paths of all members, in lists too. */
  const paths = (value: unknown, at: (string | number)[] = []): (string | number)[][] => {
    if (typeof value !== 'object' || value === null) return [at]
    const below = Object.entries(value).flatMap(([name, each]) => paths(each, [...at, name]))
    return at.length === 0 ? below : [at, ...below]
  }
  const without = Symbol('without')
  const changed = (path: readonly (string | number)[], value: unknown) => {
    const copy = structuredClone(config) as unknown as Part
    const parent = path.slice(0, -1).reduce((each, name) => each[name] as Part, copy)
    if (value === without) delete parent[path.at(-1)!]
    else parent[path.at(-1)!] = value
    return copy as unknown
  }
  const optional = /^graphql$|permit$|native$|^chains$|^keys$|tokens$|^(chains|keys)\.\d+$|tokens\.\d+$/

  it.each(paths(config).map((path) => path.join('.')))('%s is checked', (name) => {
    const path = name.split('.')
    const read = (value: unknown) => errorCode(() => readClientConfig(changed(path, value)))
    if (!name.endsWith('native')) {
      for (const value of [1.5, true, () => 1]) expect(read(value)).toBe('client/20')
      if (!/^(chains|keys)$|tokens$/.test(name)) expect(read(null)).toBe('client/20')
      expect(read('x'.repeat(513))).toBe('client/20')
      expect(read('')).toBe('client/20')
    }
    if (!optional.test(name)) expect(read(without)).toBe('client/20')
  })

  it('that is an address of Ethereum has 20 bytes in hex', () => {
    for (const name of ['chains.0.vault', 'chains.0.core', 'chains.0.tokens.0.address']) {
      for (const value of ['0x', 'ab'.repeat(20), `0x${'0g'.repeat(20)}`, `0x${'00'.repeat(21)}`]) {
        expect(errorCode(() => readClientConfig(changed(name.split('.'), value)))).toBe('client/20')
      }
    }
  })

  it('that is an address of Solana has 32 bytes in base58', () => {
    for (const name of ['chains.2.vault', 'chains.2.core', 'chains.2.tokens.0.mint']) {
      for (const value of ['1', '0'.repeat(44), `0x${'01'.repeat(20)}`, `${solana.vault}1`]) {
        expect(errorCode(() => readClientConfig(changed(name.split('.'), value)))).toBe('client/20')
      }
    }
  })

  it('that counts has bounds', () => {
    const decimals = 'chains.1.tokens.0.decimals'.split('.')
    for (const value of [-1, 78, NaN, Infinity, '6']) {
      expect(errorCode(() => readClientConfig(changed(decimals, value)))).toBe('client/20')
    }
    for (const value of [0, 77]) expect(() => readClientConfig(changed(decimals, value))).not.toThrow()
    const many = Array.from({ length: 101 }, () => cosmos)
    expect(errorCode(() => readClientConfig({ ...config, chains: many }))).toBe('client/20')
    const tokens = Array.from({ length: 1_001 }, () => cosmos.tokens[0])
    expect(errorCode(() => readClientConfig({ ...config, chains: [{ ...cosmos, tokens }] }))).toBe(
      'client/20',
    )
  })
})
