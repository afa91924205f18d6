// What a vote does with a client: compares it with what voters were told, and replaces a dead one's state.
import type { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../refusal.fixture.ts'
import type { ClientStore } from '../light-client.ts'
import { readClientState, writeClientState } from './client-storage.ts'
import {
  exampleClientState,
  exampleHeader,
  exampleStore,
  packClientState,
  packConsensusState,
} from './example-chain.fixture.ts'
import { START, at, client, set, trustingClient, update } from './example-client.fixture.ts'

const PROOF_SPECS = exampleClientState(START).proofSpecs

/** A client at another height than the first. */
function substitute(change: Partial<ClientState> = {}, height = START + 20n) {
  const store = exampleStore()
  const state = packClientState(exampleClientState(height, change))
  client.initialise(store, state, packConsensusState(exampleHeader(height, set)), at(40n))
  return store
}

function frozen(store = trustingClient()): ClientStore {
  writeClientState(store, {
    ...readClientState(store),
    frozenHeight: { revisionNumber: 0n, revisionHeight: 1n },
  })
  return store
}

describe('a dead client', () => {
  it('goes on from where its substitute is', () => {
    const [dead, other] = [frozen(), substitute({ trustingPeriod: { seconds: 777n, nanos: 0 } })]
    expect(client.status(dead, at(41n).timeNanoseconds)).toBe('Frozen')
    client.forgetStates(dead)
    client.recover(dead, other, at(41n))
    expect(client.status(dead, at(41n).timeNanoseconds)).toBe('Active')
    expect(readClientState(dead)).toEqual(readClientState(other))
    const height = client.latestHeight(dead)
    expect(height.revisionHeight).toBe(START + 20n)
    expect(client.timestampAtHeight(dead, height)).toBe(client.timestampAtHeight(other, height))
    const next = exampleHeader(START + 25n, set)
    expect(update(dead, next, at(60n), START + 20n)).toHaveLength(1)
  })

  it('trusts nothing any more of what it had learnt: not one key stays', () => {
    const dead = trustingClient()
    for (const height of [12n, 15n, 18n]) update(dead, exampleHeader(height, set), at(30n))
    frozen(dead)
    expect([client.forgetStates(dead, 1), client.forgetStates(dead, 2)]).toEqual([false, false])
    expect(client.forgetStates(dead, 2)).toBe(true)
    expect([...dead.iterate()]).toHaveLength(1)
    client.recover(dead, substitute(), at(41n))
    const old = { revisionNumber: client.latestHeight(dead).revisionNumber, revisionHeight: 15n }
    expect(codeOf(() => client.timestampAtHeight(dead, old))).toBe('07-tendermint/21')
    expect(codeOf(() => update(dead, exampleHeader(START + 26n, set), at(60n), 15n))).toBe('07-tendermint/21')
    expect([...dead.iterate()]).toHaveLength([...substitute().iterate()].length)
  })

  it.each<[string, Partial<ClientState>]>([
    ['trust level', { trustLevel: { numerator: 2n, denominator: 3n } }],
    ['unbonding period', { unbondingPeriod: { seconds: 9_999_999n, nanos: 0 } }],
    ['clock drift', { maxClockDrift: { seconds: 1n, nanos: 0 } }],
    ['proof specs', { proofSpecs: PROOF_SPECS.slice(0, 1) }],
    ['upgrade path', { upgradePath: ['other'] }],
  ])('does not take a substitute with another %s', (_, change) => {
    const dead = frozen()
    const before = readClientState(dead)
    expect(codeOf(() => client.recover(dead, substitute(change), at(41n)))).toBe('07-tendermint/60')
    expect(readClientState(dead)).toEqual(before)
  })

  it('follows its chain into a later revision, not another chain, nor back', () => {
    const named = (chainId: string) => {
      const store = substitute()
      writeClientState(store, { ...readClientState(store), chainId })
      return store
    }
    const dead = frozen()
    const { chainId } = readClientState(dead)
    const name = chainId.slice(0, chainId.lastIndexOf('-'))
    const revision = Number(chainId.slice(chainId.lastIndexOf('-') + 1))
    const judge = (other: string) => codeOf(() => client.recover(frozen(), named(other), at(41n)))
    expect(judge(`${name}x-${revision}`)).toBe('07-tendermint/60')
    expect(judge(`${name}x-${revision + 1}`)).toBe('07-tendermint/60')
    // A revision that its heights don't have.
    expect(judge(`${name}-${revision + 1}`)).toBe('07-tendermint/5')
    expect(judge(chainId)).toBe('accepted')
  })
})

describe('a client and what voters were told', () => {
  const named = (change: Partial<ClientState>) => packClientState(exampleClientState(START + 3n, change))

  it('are the same whatever the height', () => {
    expect(client.differenceFrom(trustingClient(), named({}))).toBeUndefined()
    expect(client.differenceFrom(frozen(), named({}))).toBeUndefined()
  })

  it.each<[string, Partial<ClientState>]>([
    ['the chain id', { chainId: 'other-1' }],
    ['the trusting period', { trustingPeriod: { seconds: 7n, nanos: 0 } }],
    ['the trust level', { trustLevel: { numerator: 2n, denominator: 3n } }],
    ['the unbonding period', { unbondingPeriod: { seconds: 9_999_999n, nanos: 0 } }],
    ['the clock drift', { maxClockDrift: { seconds: 1n, nanos: 0 } }],
    ['the proof specs', { proofSpecs: PROOF_SPECS.slice(0, 1) }],
    ['its state', { upgradePath: ['other'] }],
  ])('differ in %s', (what, change) => {
    expect(client.differenceFrom(trustingClient(), named(change))).toBe(what)
  })

  it('are compared only when they are of one kind', () => {
    const other = { ...named({}), typeUrl: '/other' }
    expect(codeOf(() => client.differenceFrom(trustingClient(), other))).toBe('07-tendermint/26')
    const broken = { ...named({}), value: Uint8Array.of(255) }
    expect(codeOf(() => client.differenceFrom(trustingClient(), broken))).toBe('07-tendermint/27')
  })
})
