import pino from 'pino'
import { describe, expect, it } from 'vitest'

import type { Chain } from '../chain.ts'
import { checkConfig } from '../config/load-config.ts'
import { RelayError } from '../errors.ts'
import { checkRoutes } from './check-routes.ts'
import { MemoryChain } from './memory-chain.fixture.ts'

const settings = (id: string) => ({
  id,
  rpc: ['http://127.0.0.1:9'],
  addressPrefix: 'x',
  key: { env: 'UNUSED' },
  gasPrice: '0stake',
})
const { routes } = checkConfig({
  chains: [settings('a-1'), settings('b-1')],
  routes: [
    {
      name: 'ab',
      a: { chain: 'a-1', client: '07-tendermint-0' },
      b: { chain: 'b-1', client: '07-tendermint-1' },
    },
  ],
})

const b = new MemoryChain('b-1', { chainId: 'a-1', client: '07-tendermint-0' }).chain

/** Checks the route; `changes` are of the chain a-1. */
async function check(changes: Partial<Chain> = {}, log = pino({ level: 'silent' })): Promise<string> {
  const a = new MemoryChain('a-1', { chainId: 'b-1', client: '07-tendermint-1' }).chain
  const chains = new Map([
    ['a-1', { ...a, ...changes }],
    ['b-1', b],
  ])
  return await checkRoutes(routes, chains, log).then(
    () => 'fine',
    (error: RelayError) => `${error.failure}: ${error.message}`,
  )
}

const registered = (clientId: string, merklePrefix: Uint8Array[] = []) => ({
  counterparty: async () => ({ clientId, merklePrefix }),
})

describe('a route', () => {
  it('between two clients that have each other is fine', async () => {
    expect(await check()).toBe('fine')
  })

  it('to a client that does not exist is a wrong setting', async () => {
    const clientView = async () => {
      throw new RelayError('config', 'never', 'no client')
    }
    expect(await check({ clientView })).toBe('config: route ab: 07-tendermint-0 on a-1: no client')
  })

  it('between clients that are not each other’s counterparties is a wrong setting', async () => {
    expect(await check({ counterparty: async () => undefined })).toContain(
      'client 07-tendermint-0 on a-1 has no counterparty',
    )
    expect(await check(registered('07-tendermint-7'))).toContain(
      'the counterparty of client 07-tendermint-0 on a-1 is 07-tendermint-7, not 07-tendermint-1',
    )
    expect(await check(registered('07-tendermint-1', [Uint8Array.of(1)]))).toContain('another merkle prefix')
  })

  it('with a client of a third chain is a wrong setting', async () => {
    const other = new MemoryChain('a-1', { chainId: 'c-1', client: '07-tendermint-1' }).chain
    expect(await check({ clientView: other.clientView })).toContain(
      '07-tendermint-0 on a-1 follows c-1, not b-1',
    )
  })

  it('of a chain that does not answer now is told and not refused', async () => {
    const lines: string[] = []
    const log = pino({ base: null }, { write: (line: string) => void lines.push(line) })
    const clientView = async () => {
      throw new RelayError('endpoint', 'now', 'http://a did not answer')
    }
    expect(await check({ clientView }, log)).toBe('fine')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('did not answer')
  })
})
