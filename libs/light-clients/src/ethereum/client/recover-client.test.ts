// What a vote does with a client: tells it of forks to come, compares it with what voters were told, and
// replaces a dead one's state.
import type { ClientState, Fork } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import type { ClientStore } from '../../light-client.ts'
import type { ForkName } from '../consensus/forks.ts'
import { readClientState, writeClientState } from './client-storage.ts'
import {
  START_SLOT,
  clientStateMessage,
  exampleClient,
  exampleClientState,
} from './example-client.fixture.ts'

const SLOTS_PER_EPOCH = 8n
/** Where the chain forks: after the client was made without knowing of it. */
const FORK_EPOCH = 12n
const FORKS: readonly (readonly [ForkName, bigint])[] = [
  ['electra', 0n],
  ['fulu', FORK_EPOCH],
]

/** A chain that forks, and a client that only knows what came before. */
function surprised() {
  const made = exampleClient(FORKS)
  const { chain, client, store, at, open } = made
  const all = exampleClientState(chain).forks
  open({ forks: all.slice(0, 1) })
  /** Another client of the chain, which knows of the fork. */
  const substitute = (change: Partial<ClientState> = {}) => {
    const other = exampleClient(FORKS)
    other.open(change)
    other.submit({ attestedSlot: 80n, finalizedSlot: 72n, withNextCommittee: true })
    return other.store
  }
  const status = (of: ClientStore, slot: bigint) => client.status(of, at(slot).timeNanoseconds)
  const freeze = () => writeClientState(store, { ...readClientState(store), isFrozen: true })
  return { ...made, all, substitute, status, freeze }
}

const afterFork = {
  attestedSlot: (FORK_EPOCH + 3n) * SLOTS_PER_EPOCH,
  finalizedSlot: (FORK_EPOCH + 1n) * SLOTS_PER_EPOCH,
}

describe('a fork that a client does not know', () => {
  it('stops it, unless it was told before', () => {
    const { submit, client, store, all } = surprised()
    expect(codeOf(() => submit(afterFork))).not.toBe('accepted')
    client.extendForks(store, all.slice(1))
    expect(readClientState(store).forks).toEqual(all)
    expect(submit(afterFork)).toEqual([afterFork.finalizedSlot])
  })

  it('can be put off, or taken back, until it holds', () => {
    const { client, store, all } = surprised()
    const later = [{ ...all[1]!, epoch: FORK_EPOCH + 5n }]
    client.extendForks(store, later)
    client.extendForks(store, all.slice(1))
    expect(readClientState(store).forks).toEqual(all)
    client.extendForks(store, [])
    expect(readClientState(store).forks).toEqual(all.slice(0, 1))
  })

  it('is ahead of what is final, known, and in order', () => {
    const { client, store, all, submit } = surprised()
    const judge = (...forks: Fork[]) => codeOf(() => client.extendForks(store, forks))
    expect(judge({ ...all[1]!, epoch: START_SLOT / SLOTS_PER_EPOCH })).toBe('ethereum/18')
    expect(judge({ ...all[1]!, name: 'byzantium' })).toBe('ethereum/5')
    expect(judge({ ...all[1]!, name: 'deneb' })).toBe('ethereum/5')
    expect(judge({ ...all[1]!, version: new Uint8Array(3) })).toBe('ethereum/5')
    expect(judge(all[1]!, all[1]!)).toBe('ethereum/5')
    expect(judge(all[1]!)).toBe('accepted')
    submit(afterFork)
    expect(judge()).toBe('accepted')
    expect(readClientState(store).forks).toEqual(all)
    expect(judge({ ...all[1]!, epoch: FORK_EPOCH })).toBe('ethereum/18')
  })
})

describe('a dead client', () => {
  it('goes on from where its substitute is, with the forks that this one knows', () => {
    const { client, store, substitute, status, freeze, submit, at, all } = surprised()
    freeze()
    expect(status(store, 90n)).toBe('Frozen')
    const other = substitute({ trustingPeriod: { seconds: 12_345n, nanos: 0 } })
    client.forgetStates(store)
    client.recover(store, other, at(90n))
    expect(status(store, 90n)).toBe('Active')
    expect(readClientState(store)).toEqual(readClientState(other))
    expect(readClientState(store).forks).toEqual(all)
    expect(client.latestHeight(store).revisionHeight).toBe(72n)
    expect(submit(afterFork)).toEqual([afterFork.finalizedSlot])
  })

  it('trusts nothing any more of what it had learnt', () => {
    const { client, store, substitute, freeze, at, submit } = surprised()
    submit({ attestedSlot: 74n, finalizedSlot: 66n, withNextCommittee: true })
    freeze()
    client.forgetStates(store)
    expect([...store.iterate()]).toHaveLength(1)
    client.recover(store, substitute(), at(90n))
    expect(client.optimisticHead(store)).toBeUndefined()
    const old = { revisionNumber: 0n, revisionHeight: 66n }
    expect(codeOf(() => client.timestampAtHeight(store, old))).toBe('ethereum/2')
  })

  it.each<[string, Partial<ClientState>]>([
    ['chain id', { chainId: 1n }],
    ['genesis validators root', { genesisValidatorsRoot: new Uint8Array(32) }],
    ['contract', { ibcContractAddress: new Uint8Array(20) }],
    ['commitment slot', { ibcCommitmentSlot: new Uint8Array(32) }],
    ['slot time', { secondsPerSlot: 5n }],
    ['genesis time', { genesisTimeSeconds: 5n }],
    ['clock drift', { maxClockDrift: { seconds: 1n, nanos: 0 } }],
  ])('does not take a substitute with another %s', (_, change) => {
    const { client, store, substitute, freeze, at } = surprised()
    freeze()
    const before = readClientState(store)
    const other = substitute()
    writeClientState(other, { ...readClientState(other), ...change })
    expect(codeOf(() => client.recover(store, other, at(90n)))).toBe('ethereum/17')
    expect(readClientState(store)).toEqual(before)
  })

  it('does not take another past: forks that held already, or that hold there earlier', () => {
    const { client, store, substitute, freeze, at, all } = surprised()
    freeze()
    const judge = (forks: readonly Fork[]) => {
      const other = substitute()
      writeClientState(other, { ...readClientState(other), forks: [...forks] })
      return codeOf(() => client.recover(store, other, at(90n)))
    }
    expect(judge([{ ...all[0]!, version: Uint8Array.of(9, 9, 9, 9) }, all[1]!])).toBe('ethereum/17')
    expect(judge([{ ...all[0]!, name: 'deneb' }, all[1]!])).toBe('ethereum/17')
    expect(judge([])).toBe('ethereum/17')
    expect(judge([all[0]!, { ...all[1]!, epoch: 5n }])).toBe('ethereum/17')
    expect(judge([all[0]!])).toBe('accepted')
  })
})

describe('a client and what voters were told', () => {
  it.each<[string | undefined, Partial<ClientState>]>([
    [undefined, {}],
    [undefined, { latestSlot: 99n, isFrozen: true }],
    ['the chain id', { chainId: 1n }],
    ['the genesis validators root', { genesisValidatorsRoot: new Uint8Array(32) }],
    ['the trusting period', { trustingPeriod: { seconds: 5n, nanos: 0 } }],
    ['the forks', { forks: [] }],
    ['the IBC contract', { ibcContractAddress: new Uint8Array(20) }],
    ['its state', { maxClockDrift: { seconds: 1n, nanos: 0 } }],
  ])('differ in %s', (what, change) => {
    const { client, store, chain, all } = surprised()
    const named = { ...exampleClientState(chain), forks: all.slice(0, 1), ...change }
    expect(client.differenceFrom(store, clientStateMessage(named))).toBe(what)
  })
})
