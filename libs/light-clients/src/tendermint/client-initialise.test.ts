import { describe, expect, it } from 'vitest'
import { Any as AnyCodec } from '@causeway/protocol/google/protobuf/any'
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { be64, fromUtf8, toHex, utf8 } from '@causeway/primitives'
import { codeOf } from '../refusal.fixture.ts'
import {
  exampleClientState,
  exampleHeader,
  exampleStore,
  heightAt,
  packClientState,
  packConsensusState,
} from './example-chain.fixture.ts'
import { START, at, client, set, trustingClient } from './example-client.fixture.ts'

describe('initialise', () => {
  it('stores what ibc-go stores, byte for byte', () => {
    const header = exampleHeader(START, set)
    const store = trustingClient()
    const held = Object.fromEntries(store.entries().map(([key, value]) => [toHex(key), value]))
    const consensusKey = utf8('consensusStates/1-10')
    const iterationKey = new Uint8Array([...utf8('iterateConsensusStates'), ...be64(1n), ...be64(10n)])
    expect(Object.keys(held).sort()).toEqual(
      [
        utf8('clientState'),
        consensusKey,
        utf8('consensusStates/1-10/processedTime'),
        utf8('consensusStates/1-10/processedHeight'),
        iterationKey,
      ]
        .map(toHex)
        .sort(),
    )
    const any = AnyCodec.decode(held[toHex(utf8('clientState'))]!)
    expect(any.typeUrl).toBe('/ibc.lightclients.tendermint.v1.ClientState')
    expect(ClientState.decode(any.value)).toEqual(exampleClientState(START))
    const consensus = AnyCodec.decode(held[toHex(consensusKey)]!)
    expect(consensus.typeUrl).toBe('/ibc.lightclients.tendermint.v1.ConsensusState')
    expect(toHex(ConsensusState.decode(consensus.value).root!.hash)).toBe(toHex(header.appHash))
    expect(toHex(held[toHex(utf8('consensusStates/1-10/processedTime'))]!)).toBe(
      toHex(be64(at(20n).timeNanoseconds)),
    )
    expect(fromUtf8(held[toHex(utf8('consensusStates/1-10/processedHeight'))]!)).toBe('0-20')
    expect(toHex(held[toHex(iterationKey)]!)).toBe(toHex(consensusKey))
  })

  it('writes the embedded messages that Go never leaves out', () => {
    const store = exampleStore()
    const sparse = { ...exampleClientState(START), frozenHeight: undefined }
    client.initialise(store, packClientState(sparse), packConsensusState(exampleHeader(START, set)), at(20n))
    const whole = trustingClient()
    expect(toHex(store.get(utf8('clientState'))!)).toBe(toHex(whole.get(utf8('clientState'))!))
  })

  it('takes the longest duration that Go can hold', () => {
    const longest = {
      ...exampleClientState(START),
      unbondingPeriod: { seconds: 9_223_372_036n, nanos: 854_775_807 },
    }
    const store = exampleStore()
    client.initialise(store, packClientState(longest), packConsensusState(exampleHeader(START, set)), at(20n))
    expect(client.latestHeight(store)).toEqual(heightAt(START))
  })

  it.each<[string, Partial<ClientState>, number]>([
    ['an empty chain id', { chainId: ' ' }, 2],
    ['a chain id of 51 characters', { chainId: `${'x'.repeat(49)}-1` }, 2],
    ['a chain id whose revision overflows', { chainId: 'a-99999999999999999999' }, 2],
    ['no trusting period', { trustingPeriod: undefined }, 3],
    ['a negative trusting period', { trustingPeriod: { seconds: -1n, nanos: 0 } }, 3],
    [
      'a trusting period as long as the unbonding period',
      { trustingPeriod: { seconds: 2000n, nanos: 0 } },
      3,
    ],
    ['a trusting period beyond Go’s', { trustingPeriod: { seconds: 2n ** 62n, nanos: 0 } }, 27],
    ['a second of nanoseconds', { trustingPeriod: { seconds: 1n, nanos: 1_000_000_000 } }, 27],
    ['two seconds of nanoseconds', { unbondingPeriod: { seconds: 1n, nanos: 2_000_000_000 } }, 27],
    ['seconds and nanoseconds of other signs', { maxClockDrift: { seconds: 5n, nanos: -1 } }, 27],
    ['negative seconds with nanoseconds', { maxClockDrift: { seconds: -5n, nanos: 1 } }, 27],
    ['a nanosecond too much', { unbondingPeriod: { seconds: 9_223_372_036n, nanos: 854_775_808 } }, 27],
    ['no unbonding period', { unbondingPeriod: undefined }, 4],
    ['a zero latest height', { latestHeight: heightAt(0n) }, 5],
    [
      'a revision that is not the chain id’s',
      { latestHeight: { revisionNumber: 2n, revisionHeight: 5n } },
      5,
    ],
    ['no clock drift', { maxClockDrift: { seconds: 0n, nanos: 0 } }, 7],
    ['no proof specs', { proofSpecs: [] }, 13],
    [
      'a proof spec without an inner spec',
      { proofSpecs: [{ ...exampleClientState(1n).proofSpecs[0]!, innerSpec: undefined }] },
      13,
    ],
    [
      'a proof spec of 17 children',
      {
        proofSpecs: exampleClientState(1n).proofSpecs.map((spec) => ({
          ...spec,
          innerSpec: { ...spec.innerSpec!, childOrder: Array.from({ length: 17 }, (_, i) => i) },
        })),
      },
      13,
    ],
    [
      'nine proof specs',
      { proofSpecs: Array.from({ length: 9 }, () => exampleClientState(1n).proofSpecs[0]!) },
      13,
    ],
    ['a trust level below one third', { trustLevel: { numerator: 33n, denominator: 100n } }, 15],
    ['a trust level above one', { trustLevel: { numerator: 2n, denominator: 1n } }, 15],
    ['a trust level without a denominator', { trustLevel: { numerator: 1n, denominator: 0n } }, 15],
    [
      'a numerator whose triple overflows 64 bits',
      { trustLevel: { numerator: 1n << 63n, denominator: (1n << 64n) - 1n } },
      0,
    ],
    ['no trust level', { trustLevel: undefined }, 15],
    ['a frozen height', { frozenHeight: { revisionNumber: 0n, revisionHeight: 1n } }, 24],
    ['an empty key in the upgrade path', { upgradePath: ['upgrade', ' '] }, 24],
  ])('%s: code %#', (_, change, code) => {
    const store = exampleStore()
    const attempt = () =>
      client.initialise(
        store,
        packClientState(exampleClientState(START, change)),
        packConsensusState(exampleHeader(START, set)),
        at(20n),
      )
    expect(codeOf(attempt)).toBe(code === 0 ? 'accepted' : `07-tendermint/${code}`)
    if (code !== 0) expect(store.entries()).toEqual([])
  })

  it.each<[string, Partial<ConsensusState>]>([
    ['an empty root', { root: { hash: new Uint8Array(0) } }],
    ['no root', { root: undefined }],
    ['a next validators hash of the wrong length', { nextValidatorsHash: new Uint8Array(31) }],
    ['an empty next validators hash', { nextValidatorsHash: new Uint8Array(0) }],
    ['a time before 1970', { timestamp: { seconds: -1n, nanos: 0 } }],
    ['no time', { timestamp: undefined }],
  ])('refuses a consensus state with %s', (_, change) => {
    const consensus = packConsensusState(exampleHeader(START, set), change)
    expect(
      codeOf(() =>
        client.initialise(exampleStore(), packClientState(exampleClientState(START)), consensus, at(20n)),
      ),
    ).toBe('07-tendermint/25')
  })

  it('refuses other types and bytes that are no message', () => {
    const consensus = packConsensusState(exampleHeader(START, set))
    const state = packClientState(exampleClientState(START))
    const attempt = (a: typeof state, b: typeof state) =>
      codeOf(() => client.initialise(exampleStore(), a, b, at(20n)))
    expect(attempt(consensus, consensus)).toBe('07-tendermint/26')
    expect(attempt(state, state)).toBe('07-tendermint/26')
    expect(attempt({ ...state, value: Uint8Array.of(0xff) }, consensus)).toBe('07-tendermint/27')
    expect(attempt({ ...state, value: new Uint8Array(70_000) }, consensus)).toBe('07-tendermint/27')
  })
})
