import { describe, expect, it } from 'vitest'
import { InvalidArgumentError } from 'commander'
import { indexerCommand } from './commands/indexer-command.ts'
import { parseChain } from './commands/parse-chain.ts'
import { configOf } from './commands/start.ts'
import { parseConfig } from './config.ts'

const hub = { chainId: 'causeway-1', rpcUrls: ['http://127.0.0.1:26657'] }

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

  it('makes a valid configuration of its options', () => {
    const chain = [parseChain('ibc-a=http://a:1')]
    const options = {
      hubRpc: 'http://h:1',
      hubChainId: 'causeway-1',
      chain,
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
  })

  it('has start, rebuild and status', () => {
    expect(indexerCommand().commands.map((command) => command.name())).toEqual(['start', 'rebuild', 'status'])
  })
})
