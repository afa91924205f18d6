import { toBase58 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'

import { openSolanaChain } from '../open-chains.ts'
import { openSolanaWallet } from '../keys/solana-wallet.ts'
import { parseSolanaChainId, solanaChainId } from '../plan/chain-ids.ts'
import { checkConfig } from './load-config.ts'
import type { SolanaChainConfig } from './schema.ts'

const address = (byte: number) => toBase58(new Uint8Array(32).fill(byte))
const MAINNET = '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d'
const chain = {
  ...{ id: solanaChainId(MAINNET), type: 'solana' as const, hub: 'causeway-1', rpc: ['http://127.0.0.1:1'] },
  ...{ stream: 'tcp://127.0.0.1:8900', client: { id: 'client-0' }, key: { env: 'KEY' } },
  programs: {
    ...{ core: address(1), vault: address(2), hubClient: address(3), upload: address(4) },
    recorder: address(5),
  },
}

const problems = (change: object) => {
  try {
    checkConfig({ chains: [{ ...chain, ...change }] })
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}

describe('a cluster of Solana', () => {
  it('is named by CAIP-2', () => {
    expect(chain.id).toBe('solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp')
    expect(parseSolanaChainId(chain.id)).toBe(MAINNET.slice(0, 32))
    expect(parseSolanaChainId('solana:mainnet')).toBeUndefined()
    expect(parseSolanaChainId(`solana:${'0'.repeat(32)}`)).toBeUndefined()
  })

  it('has defaults for what is left out', () => {
    const [config] = checkConfig({ chains: [chain] }).chains as [SolanaChainConfig]
    expect(config).toMatchObject({
      fees: { priorityFeeMax: 1_000_000n, resendAfter: 2_000n },
      gas: { max: 1_400_000n, adjustment: 1.2 },
      client: { trustingPeriod: 432_000_000n, maxClockDrift: 30_000n },
      ...{ poll: 1_000n, confirmTimeout: 120_000n, recordStakes: true },
    })
  })

  it('opens without asking anybody', async () => {
    const [config] = checkConfig({ chains: [chain] }).chains as [SolanaChainConfig]
    const wallet = await openSolanaWallet('07'.repeat(32))
    const opened = openSolanaChain(config, wallet, () => 0)
    expect([opened.chainId, opened.hostedClients, opened.signerAddress]).toEqual([
      ...[chain.id, 'attestation', wallet.publicKey.toBase58()],
    ])
  })

  it.each([
    [{ id: 'solana:x' }, /a cluster is named solana:/],
    [{ stream: 'http://127.0.0.1' }, /tcp:\/\/host:port, or file:/],
    [{ client: { id: 'client-01' } }, /our client of the core/],
    [{ programs: { ...chain.programs, core: 'abc' } }, /an address: 32 bytes/],
    [{ fees: { priorityFeeMax: -1 } }, /priorityFeeMax/],
    [{ hub: undefined }, /hub/],
    [{ nonsense: 1 }, /nonsense/],
  ])('refuses %j', (change, text) => {
    expect(problems(change)).toMatch(text)
  })
})
