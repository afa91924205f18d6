import { describe, expect, it } from 'vitest'
import type { ClientState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { codeOf } from '../../refusal.fixture.ts'
import { BeaconChain } from '../beacon-chain.fixture.ts'
import { encodeLightClientBootstrap } from '../consensus/ssz-update.ts'
import {
  START_SLOT,
  clientStateMessage,
  consensusStateMessage,
  exampleClient,
  exampleClientState,
} from './example-client.fixture.ts'
import { readClientState, readConsensusState } from './client-storage.ts'

const chain = new BeaconChain()
const state = exampleClientState(chain)
const version = Uint8Array.of(1, 2, 3, 4)

function verdict(change: Partial<ClientState>): string {
  return codeOf(() => exampleClient().open(change))
}

describe('a client state', () => {
  it('that is sound is stored as given', () => {
    const { open, store, client, at } = exampleClient()
    open()
    expect(readClientState(store)).toEqual(state)
    expect(client.status(store, at(65n).timeNanoseconds)).toBe('Active')
    expect(readConsensusState(store, START_SLOT)?.bootstrap).toBeUndefined()
  })

  it.each<[string, Partial<ClientState>]>([
    ['no chain id', { chainId: 0n }],
    ['a short genesis root', { genesisValidatorsRoot: new Uint8Array(31) }],
    ['no slot time', { secondsPerSlot: 0n }],
    ['no epochs', { slotsPerEpoch: 0n }],
    ['endless epochs', { slotsPerEpoch: 1n << 60n }],
    ['no periods', { epochsPerSyncCommitteePeriod: 0n }],
    ['endless periods', { epochsPerSyncCommitteePeriod: 1n << 60n }],
    ['an odd committee', { syncCommitteeSize: 33 }],
    ['a huge committee', { syncCommitteeSize: 1 << 20 }],
    ['no trusting period', { trustingPeriod: undefined }],
    ['a negative trusting period', { trustingPeriod: { seconds: -1n, nanos: 0 } }],
    ['much drift', { maxClockDrift: { seconds: 61n, nanos: 0 } }],
    ['no contract', { ibcContractAddress: new Uint8Array(0) }],
    ['a short commitment slot', { ibcCommitmentSlot: new Uint8Array(20) }],
    ['genesis as latest', { latestSlot: 0n }],
    ['a frozen client', { isFrozen: true }],
    ['no forks', { forks: [] }],
    ['a fork that begins late', { forks: [{ name: 'electra', epoch: 1n, version }] }],
    ['an unknown fork', { forks: [{ name: 'byzantium', epoch: 0n, version }] }],
    ['a short version', { forks: [{ name: 'electra', epoch: 0n, version: new Uint8Array(3) }] }],
    [
      'forks out of order',
      {
        forks: [
          { name: 'electra', epoch: 0n, version },
          { name: 'deneb', epoch: 5n, version },
        ],
      },
    ],
    [
      'epochs out of order',
      {
        forks: [
          { name: 'altair', epoch: 0n, version },
          { name: 'deneb', epoch: 5n, version },
          { name: 'electra', epoch: 4n, version },
        ],
      },
    ],
    [
      'a fork twice',
      {
        forks: [
          { name: 'electra', epoch: 0n, version },
          { name: 'electra', epoch: 5n, version },
        ],
      },
    ],
  ])('with %s is refused', (_, change) => {
    expect(verdict(change)).toBe('ethereum/5')
  })

  it('must begin at its bootstrap', () => {
    expect(verdict({ latestSlot: 65n })).toBe('ethereum/5')
  })
})

describe('a bootstrap', () => {
  const open = (change: Parameters<typeof consensusStateMessage>[1]) => {
    const { client, store, at } = exampleClient()
    return codeOf(() =>
      client.initialise(store, clientStateMessage(state), consensusStateMessage(chain, change), at(65n)),
    )
  }
  const bytes = (slot: bigint, history = '') =>
    encodeLightClientBootstrap(chain.bootstrap(slot, history), 'electra', chain.config)

  it('must be of the trusted block', () => {
    expect(open({})).toBe('accepted')
    expect(open({ beaconRoot: new Uint8Array(32) })).toBe('ethereum/28')
    expect(open({ bootstrap: { fork: 'electra', lightClientBootstrap: bytes(64n, 'other') } })).toBe(
      'ethereum/28',
    )
    expect(open({ bootstrap: undefined })).toBe('ethereum/6')
  })

  it('must prove what the consensus state says', () => {
    expect(open({ stateRoot: new Uint8Array(32) })).toBe('ethereum/6')
    expect(open({ timestampSeconds: 1n })).toBe('ethereum/6')
    expect(open({ blockNumber: 1n })).toBe('ethereum/6')
  })

  it('must have the types of its fork, a true committee and a true execution payload', () => {
    expect(open({ bootstrap: { fork: 'deneb', lightClientBootstrap: bytes(64n) } })).toBe('ethereum/30')
    expect(open({ bootstrap: { fork: 'fulu', lightClientBootstrap: bytes(64n) } })).toBe('ethereum/12')
    const tampered = (at: number) => {
      const changed = bytes(64n)
      changed[at]! ^= 1
      return open({ bootstrap: { fork: 'electra', lightClientBootstrap: changed } })
    }
    // offset of the header, then the committee, its branch, and the header with its payload
    expect(tampered(4)).toBe('ethereum/28')
    expect(tampered(4 + 33 * 48)).toBe('ethereum/28')
    expect(tampered(bytes(64n).length - 1)).toBe('ethereum/21')
  })

  it('pays for its keys', () => {
    const { client, store, at } = exampleClient()
    const charged: string[] = []
    const charge = (work: string, count: number) => void charged.push(`${count} ${work}`)
    client.initialise(store, clientStateMessage(state), consensusStateMessage(chain), at(65n, { charge }))
    expect(charged).toEqual(['32 blsKey'])
  })

  it('comes in the right envelope', () => {
    const { client, store, at } = exampleClient()
    const [a, b] = [clientStateMessage(state), consensusStateMessage(chain)]
    expect(codeOf(() => client.initialise(store, b, a, at(65n)))).toBe('ethereum/7')
    expect(codeOf(() => client.initialise(store, a, a, at(65n)))).toBe('ethereum/7')
    expect(codeOf(() => client.initialise(store, { ...a, value: Uint8Array.of(255) }, b, at(65n)))).toBe(
      'ethereum/8',
    )
  })
})
