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
const config = {
  version: 1,
  rpc: 'http://127.0.0.1:26657',
  graphql: 'http://127.0.0.1:4000/graphql',
  chains: [evm, cosmos],
  keys: [{ name: 'trader', kind: 'evm', privateKeyFile: 'keys/trader.evm' }],
}

describe('a configuration', () => {
  it('is read whole, addresses in lower case', () => {
    const { version: _, ...rest } = config
    const chains = [{ ...evm, vault: evm.vault.toLowerCase() }, cosmos]
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
    ['an unknown kind of chain', { ...config, chains: [{ ...evm, kind: 'solana' }] }],
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
