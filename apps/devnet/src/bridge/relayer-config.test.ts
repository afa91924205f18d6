import { checkConfig } from '@causeway/relayer'
import { describe, expect, it } from 'vitest'
import { ETHEREUM } from '../chains/facts.ts'
import { relayerConfig } from './relayer-config.ts'

const places = {
  hubRpcUrl: 'http://127.0.0.1:1',
  zoneRpcUrl: 'http://127.0.0.1:2',
  folder: 'relayer',
  metricsPort: 3,
}
const ethereum = { rpcUrl: 'http://127.0.0.1:4', beaconUrl: 'http://127.0.0.1:5' }

describe("the relayer's configuration", () => {
  it('joins every chain to the hub, as the relayer reads it', () => {
    const { chains, routes } = checkConfig(relayerConfig({ ...places, ethereum }))
    expect(chains.map(({ id, type }) => [id, type])).toEqual([
      ['causeway-1', 'cosmos'],
      ['zone-1', 'cosmos'],
      ['eip155:31337', 'evm'],
    ])
    expect(chains[2]).toMatchObject({
      rpc: [ethereum.rpcUrl],
      beacon: [ethereum.beaconUrl],
      contract: ETHEREUM.contracts.core,
    })
    expect(routes.map(({ a, b }) => [a.client, b.client])).toEqual([
      ['07-tendermint-0', '07-tendermint-0'],
      ['ethereum-1', 'client-0'],
    ])
  })

  it('does without Ethereum', () => {
    const { chains, routes } = checkConfig(relayerConfig(places))
    expect([chains.length, routes.length]).toEqual([2, 1])
  })
})
