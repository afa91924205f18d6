import { describe, expect, it } from 'vitest'
import { InvalidArgumentError } from 'commander'
import { indexerCommand } from './commands/indexer-command.ts'
import { parseChain, parseEvmChain, parseSolanaChain } from './commands/parse-chain.ts'
import { configOf } from './commands/start.ts'
import { parseConfig } from './config.ts'

const core = `0x${'Ab'.repeat(20)}`
const hub = { chainId: 'causeway-1', rpcUrls: ['http://127.0.0.1:26657'] }
const evm = {
  chainId: 'eip155:1',
  rpcUrls: ['http://e:1'],
  beaconUrls: ['http://b:1'],
  core,
  fromBlock: 1n,
}

const solana = {
  chainId: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  rpcUrls: ['http://s:1'],
  core: '11111111111111111111111111111112',
  fromSlot: 9n,
}

describe('the configuration', () => {
  it('needs only the hub; the rest has defaults', () => {
    expect(parseConfig({ hub })).toMatchObject({
      chains: [],
      database: 'memory',
      host: '127.0.0.1',
      port: 0,
      graphiql: false,
    })
  })

  const wrong: Record<string, unknown> = {
    'hub: ': {},
    'hub.rpcUrls.0: ': { hub: { ...hub, rpcUrls: ['ftp://x'] } },
    'hub.rpcUrls: ': { hub: { ...hub, rpcUrls: [] } },
    'hub.root.hash: ': { hub: { ...hub, root: { height: 1n, hash: 'abc' } } },
    'port: ': { hub, port: 70_000 },
    'two chains have the same id': { hub, chains: [hub] },
    'have the same id': { hub, solanaChains: [solana, solana] },
    'evmChains.0.core: ': { hub, evmChains: [{ ...evm, core: '0x12' }] },
    'evmChains.0.chainId: ': { hub, evmChains: [{ ...evm, chainId: 'eip155:01' }] },
    'evmChains.0.beaconUrls: ': { hub, evmChains: [{ ...evm, beaconUrls: [] }] },
    'evmChains.0.fromBlock: ': { hub, evmChains: [{ ...evm, fromBlock: -1n }] },
    'solanaChains.0.core: ': { hub, solanaChains: [{ ...solana, core: '0'.repeat(32) }] },
    'solanaChains.0.chainId: ': { hub, solanaChains: [{ ...solana, chainId: 'solana:mainnet' }] },
    'solanaChains.0.fromSlot: ': { hub, solanaChains: [{ ...solana, fromSlot: -1n }] },
    'lagWarnSeconds exceeds': { hub, lagWarnSeconds: 10, lagRefuseSeconds: 5 },
    'Unrecognized key': { hub, prot: 1 },
  }
  for (const [text, input] of Object.entries(wrong)) {
    it(`names what is wrong: ${text}`, () => {
      expect(() => parseConfig(input)).toThrow(text)
    })
  }
})

describe('the command line', () => {
  it('reads a chain with its endpoints and its trusted block', () => {
    const hash = 'AB'.repeat(32)
    expect(parseChain('ibc-a=http://a:1,http://b:2')).toEqual({
      ...{ chainId: 'ibc-a', rpcUrls: ['http://a:1', 'http://b:2'], root: undefined },
    })
    expect(parseChain(`ibc-a=http://a:1@12:${hash}`)).toMatchObject({ root: { height: 12n, hash } })
    for (const text of ['', 'ibc-a', '=http://a', 'ibc-a=', 'ibc-a=http://a@x']) {
      expect(() => parseChain(text), text).toThrow(InvalidArgumentError)
    }
  })

  it('reads an EVM chain with its core, the block that deployed it and its trusted beacon block', () => {
    const beaconRoot = `0x${'cd'.repeat(32)}`
    const text = `eip155:1=http://e:1,http://f:1;http://b:1;${core}@17`
    const chain = {
      chainId: 'eip155:1',
      rpcUrls: ['http://e:1', 'http://f:1'],
      beaconUrls: ['http://b:1'],
      core,
      fromBlock: 17n,
    }
    expect(parseEvmChain(text)).toEqual(chain)
    expect(parseEvmChain(`${text}:${beaconRoot}`)).toEqual({ ...chain, beaconRoot })
    for (const wrong of [
      '',
      'eip155:1',
      'eip155:x=a;b',
      text.replace('@17', ''),
      `${text}:0x12`,
      text.slice(7),
    ]) {
      expect(() => parseEvmChain(wrong), wrong).toThrow(InvalidArgumentError)
    }
  })

  it('reads a Solana cluster with its core and the slot that deployed it', () => {
    const text = `${solana.chainId}=http://s:1,http://t:1;${solana.core}@9`
    expect(parseSolanaChain(text)).toEqual({ ...solana, rpcUrls: ['http://s:1', 'http://t:1'] })
    for (const wrong of ['', solana.chainId, text.replace('@9', ''), text.slice(7), `${text}:1`]) {
      expect(() => parseSolanaChain(wrong), wrong).toThrow(InvalidArgumentError)
    }
  })

  it('makes a valid configuration of its options', () => {
    const chain = [parseChain('ibc-a=http://a:1')]
    const options = {
      hubRpc: 'http://h:1',
      hubChainId: 'causeway-1',
      chain,
      evmChain: [parseEvmChain(`eip155:1=http://e:1;http://b:1;${core}@7`)],
      solanaChain: [parseSolanaChain(`${solana.chainId}=http://s:1;${solana.core}@9`)],
      database: 'memory',
      host: '::1',
      port: 0,
    }
    const config = configOf({
      ...options,
      graphiql: true,
      introspection: false,
      corsOrigin: [],
      logLevel: 'info',
    })
    expect(parseConfig(config)).toMatchObject({ graphiql: true, hub: { rpcUrls: ['http://h:1'] } })
    expect(parseConfig(config).evmChains).toHaveLength(1)
    expect(parseConfig(config).solanaChains).toEqual([solana])
  })

  it('has start, rebuild and status', () => {
    expect(indexerCommand().commands.map((command) => command.name())).toEqual(['start', 'rebuild', 'status'])
  })
})
