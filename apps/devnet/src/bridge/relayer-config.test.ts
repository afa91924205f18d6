import { checkConfig } from '@causeway/relayer'
import { describe, expect, it } from 'vitest'
import { ETHEREUM, SOLANA } from '../chains/facts.ts'
import { relayerConfig } from './relayer-config.ts'

const places = {
  hubRpcUrl: 'http://127.0.0.1:1',
  zoneRpcUrl: 'http://127.0.0.1:2',
  folder: 'relayer',
  metricsPort: 3,
}
const ethereum = { rpcUrl: 'http://127.0.0.1:4', beaconUrl: 'http://127.0.0.1:5' }
const solana = { rpcUrl: 'http://127.0.0.1:6', streamUrl: 'tcp://127.0.0.1:7' }

describe("the relayer's configuration", () => {
  it('joins every chain to the hub, as the relayer reads it', () => {
    const { chains, routes } = checkConfig(relayerConfig({ ...places, ethereum, solana }))
    expect(chains.map(({ id, type }) => [id, type])).toEqual([
      ['causeway-1', 'cosmos'],
      ['zone-1', 'cosmos'],
      ['eip155:31337', 'evm'],
      [SOLANA.chainId, 'solana'],
    ])
    expect(chains[2]).toMatchObject({
      rpc: [ethereum.rpcUrl],
      beacon: [ethereum.beaconUrl],
      contract: ETHEREUM.contracts.core,
    })
    expect(chains[3]).toMatchObject({
      stream: solana.streamUrl,
      programs: SOLANA.programs,
      hub: 'causeway-1',
    })
    expect(routes.map(({ a, b }) => [a.client, b.client])).toEqual([
      ['07-tendermint-0', '07-tendermint-0'],
      ['ethereum-1', 'client-0'],
      ['solana-2', 'client-0'],
    ])
  })

  it('does without Ethereum and Solana', () => {
    const { chains, routes } = checkConfig(relayerConfig(places))
    expect([chains.length, routes.length]).toEqual([2, 1])
  })
})
