import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packAny } from '@causeway/protocol'
import { Any as AnyCodec } from '@causeway/protocol/google/protobuf/any'
import type { Header as HeaderMessage } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { fromUtf8, isProtocolError, toHex, utf8 } from '@causeway/primitives'
import { codeOf } from '../refusal.fixture.ts'
import {
  GENESIS_NANOSECONDS,
  SECOND,
  equalSet,
  exampleCommit,
  exampleHeader,
  exampleMessage,
  exampleStore,
  heightAt,
  packHeader,
} from './example-chain.fixture.ts'
import { START, at, client, set, trustingClient, update } from './example-client.fixture.ts'
import { fromNanoseconds } from './timestamps.ts'

describe('update with headers', () => {
  it('adopts the next header and later ones', () => {
    const store = trustingClient()
    expect(update(store, exampleHeader(11n, set), at(30n))).toEqual([heightAt(11n)])
    expect(update(store, exampleHeader(19n, set), at(31n), 11n)).toEqual([heightAt(19n)])
    expect(client.latestHeight(store)).toEqual(heightAt(19n))
    expect(client.timestampAtHeight(store, heightAt(19n))).toBe(GENESIS_NANOSECONDS + 19n * SECOND)
    expect(client.status(store, at(31n).timeNanoseconds)).toBe('Active')
  })

  it('fills in a height that was skipped; the latest stays', () => {
    const store = trustingClient()
    update(store, exampleHeader(19n, set), at(30n))
    expect(update(store, exampleHeader(15n, set), at(31n))).toEqual([heightAt(15n)])
    expect(client.latestHeight(store)).toEqual(heightAt(19n))
    expect(fromUtf8(store.get(utf8('consensusStates/1-15/processedHeight'))!)).toBe('0-31')
  })

  it('the same header again changes nothing', () => {
    const store = trustingClient()
    update(store, exampleHeader(11n, set), at(30n))
    const before = store.entries().map(([key, value]) => [toHex(key), toHex(value)])
    expect(update(store, exampleHeader(11n, set), at(40n))).toEqual([heightAt(11n)])
    expect(store.entries().map(([key, value]) => [toHex(key), toHex(value)])).toEqual(before)
  })

  it('another header at a known height freezes the client for good', () => {
    const store = trustingClient()
    update(store, exampleHeader(11n, set), at(30n))
    expect(update(store, exampleHeader(11n, set, set, { appHash: utf8('other') }), at(31n))).toEqual([])
    expect(client.status(store, at(31n).timeNanoseconds)).toBe('Frozen')
    const state = ClientState.decode(AnyCodec.decode(store.get(utf8('clientState'))!).value)
    expect(state.frozenHeight).toEqual({ revisionNumber: 0n, revisionHeight: 1n })
    expect(codeOf(() => update(store, exampleHeader(12n, set), at(32n)))).toBe('07-tendermint/22')
    expect(
      codeOf(() => client.verifyMembership(store, heightAt(11n), new Uint8Array(0), [], utf8('v'), at(32n))),
    ).toBe('07-tendermint/22')
  })

  it('a time that does not lie between its neighbours’ freezes the client', () => {
    const late = { time: fromNanoseconds(GENESIS_NANOSECONDS + 20n * SECOND) }
    const early = { time: fromNanoseconds(GENESIS_NANOSECONDS + 12n * SECOND) }
    const store = trustingClient()
    update(store, exampleHeader(20n, set), at(30n))
    update(store, exampleHeader(15n, set, set, late), at(31n))
    expect(client.status(store, at(31n).timeNanoseconds)).toBe('Frozen')
    const other = trustingClient()
    update(other, exampleHeader(15n, set), at(30n))
    update(other, exampleHeader(20n, set, set, early), at(31n))
    expect(client.status(other, at(31n).timeNanoseconds)).toBe('Frozen')
  })

  it('trusted validators must be those that the trusted state announces', () => {
    const store = trustingClient()
    const other = equalSet(5)
    const header = exampleHeader(12n, set)
    const attempt = (message: HeaderMessage) =>
      codeOf(() => client.verifyClientMessage(store, packHeader(message), at(30n)))
    expect(attempt(exampleMessage(header, set, START, other))).toBe('07-tendermint/36')
    expect(attempt({ ...exampleMessage(header, set, START, set), trustedValidators: undefined })).toBe(
      '07-tendermint/14',
    )
    expect(
      attempt({
        ...exampleMessage(header, set, START, set),
        trustedValidators: { ...set, proposer: undefined },
      }),
    ).toBe('07-tendermint/14')
    expect(
      attempt({ ...exampleMessage(header, set, START, set), validatorSet: { ...set, proposer: undefined } }),
    ).toBe('07-tendermint/14')
    expect(attempt({ ...exampleMessage(header, set, START, set), validatorSet: other })).toBe(
      '07-tendermint/32',
    )
  })

  it('heights: above the trusted one, of a state that is there, of the same revision', () => {
    const store = trustingClient()
    const attempt = (message: HeaderMessage) =>
      codeOf(() => client.verifyClientMessage(store, packHeader(message), at(30n)))
    expect(attempt(exampleMessage(exampleHeader(START, set), set, START, set))).toBe('07-tendermint/5')
    expect(attempt(exampleMessage(exampleHeader(12n, set), set, 11n, set))).toBe('07-tendermint/21')
    expect(
      attempt({ ...exampleMessage(exampleHeader(12n, set), set, 1n, set), trustedHeight: undefined }),
    ).toBe('07-tendermint/21')
    const revised = exampleHeader(12n, set, set, { chainId: 'zone-2' })
    expect(attempt(exampleMessage(revised, set, START, set))).toBe('07-tendermint/5')
    const alien = exampleHeader(12n, set, set, { chainId: 'other-1' })
    expect(attempt(exampleMessage(alien, set, START, set))).toBe('07-tendermint/33')
  })

  it('a header signed by two thirds or less', () => {
    const store = trustingClient()
    const header = exampleHeader(11n, set)
    const six = equalSet(6)
    const own = exampleHeader(11n, six)
    const attempt = (message: HeaderMessage) =>
      codeOf(() => client.verifyClientMessage(store, packHeader(message), at(30n)))
    expect(
      attempt(
        exampleMessage(
          header,
          set,
          START,
          set,
          exampleCommit(header, set, (i) => i < 2),
        ),
      ),
    ).toBe('07-tendermint/44')
    expect(
      attempt(
        exampleMessage(
          own,
          six,
          START,
          set,
          exampleCommit(own, six, (i) => i < 4),
        ),
      ),
    ).toBe('07-tendermint/35')
  })

  it('expires with its latest state, to the nanosecond, and then takes nothing', () => {
    const store = trustingClient()
    const expiry = GENESIS_NANOSECONDS + (START + 1000n) * SECOND
    expect(client.status(store, expiry - 1n)).toBe('Active')
    expect(client.status(store, expiry)).toBe('Expired')
    const context = { ...at(30n), timeNanoseconds: expiry }
    expect(codeOf(() => update(store, exampleHeader(11n, set), context))).toBe('07-tendermint/23')
    expect(
      codeOf(() => client.verifyNonMembership(store, heightAt(START), new Uint8Array(0), [], context)),
    ).toBe('07-tendermint/23')
  })

  it('refuses messages of other types and bytes that are none, always with a ProtocolError', () => {
    const store = trustingClient()
    const attempt = (typeUrl: string, value: Uint8Array) =>
      codeOf(() => client.verifyClientMessage(store, packAny(typeUrl, value), at(30n)))
    expect(attempt('/google.protobuf.Empty', new Uint8Array(0))).toBe('07-tendermint/26')
    expect(attempt('', new Uint8Array(0))).toBe('07-tendermint/26')
    const url = '/ibc.lightclients.tendermint.v1.Header'
    expect(attempt(url, new Uint8Array(0))).toBe('07-tendermint/6')
    const good = packHeader(exampleMessage(exampleHeader(11n, set), set, START, set))
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), fc.nat(), fc.boolean(), (position, byte, length, isMisbehaviour) => {
        const value = good.value.slice(
          0,
          good.value.length - (length % 3 === 0 ? length % good.value.length : 0),
        )
        if (value.length > 0) value[position % value.length] = byte
        const typeUrl = isMisbehaviour ? '/ibc.lightclients.tendermint.v1.Misbehaviour' : url
        attempt(typeUrl, value)
      }),
      { numRuns: 300 },
    )
  })

  it('a changed byte that is accepted leaves the adopted state the same', () => {
    const header = exampleHeader(11n, set)
    const good = packHeader(exampleMessage(header, set, START, set))
    const adopted = (value: Uint8Array) => {
      const store = trustingClient()
      client.verifyClientMessage(store, { ...good, value }, at(30n))
      client.updateState(store, { ...good, value }, at(30n))
      return toHex(store.get(utf8('consensusStates/1-11'))!)
    }
    const expected = adopted(good.value)
    fc.assert(
      fc.property(fc.nat(good.value.length - 1), fc.integer({ min: 1, max: 255 }), (position, by) => {
        const value = good.value.slice()
        value[position]! ^= by
        try {
          expect(adopted(value)).toBe(expected)
        } catch (error) {
          if (!isProtocolError(error)) throw error
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('pruning', () => {
  it('each update removes the lowest state when that has expired, with all that goes with it', () => {
    const store = trustingClient()
    update(store, exampleHeader(12n, set), at(30n))
    update(store, exampleHeader(900n, set), at(900n), 12n)
    const keysOf = (height: string) =>
      ['', '/processedTime', '/processedHeight'].filter((end) =>
        store.get(utf8(`consensusStates/1-${height}${end}`)),
      ).length
    expect([keysOf('10'), keysOf('12'), keysOf('900')]).toEqual([3, 3, 3])
    // 10 and 12 expire at 1010 s and 1012 s.
    update(store, exampleHeader(1020n, set), at(1020n), 900n)
    expect([keysOf('10'), keysOf('12'), keysOf('900')]).toEqual([0, 3, 3])
    update(store, exampleHeader(1021n, set), at(1021n), 900n)
    expect([keysOf('12'), keysOf('900')]).toEqual([0, 3])
    update(store, exampleHeader(1022n, set), at(1022n), 900n)
    expect(keysOf('900')).toBe(3)
    const iterations = store
      .entries()
      .filter(([key]) => toHex(key).startsWith(toHex(utf8('iterateConsensusStates'))))
    expect(iterations.length).toBe(4)
    expect(codeOf(() => client.timestampAtHeight(store, heightAt(10n)))).toBe('07-tendermint/21')
  })
})

describe('a store without a client', () => {
  it('is refused with a code, everywhere', () => {
    const store = exampleStore()
    const message = packHeader(exampleMessage(exampleHeader(11n, set), set, START, set))
    expect(codeOf(() => client.status(store, 0n))).toBe('07-tendermint/20')
    expect(codeOf(() => client.latestHeight(store))).toBe('07-tendermint/20')
    expect(codeOf(() => client.verifyClientMessage(store, message, at(30n)))).toBe('07-tendermint/20')
    expect(codeOf(() => client.updateState(store, message, at(30n)))).toBe('07-tendermint/20')
    expect(codeOf(() => client.updateStateOnMisbehaviour(store, message))).toBe('07-tendermint/20')
    expect(codeOf(() => client.timestampAtHeight(store, heightAt(1n)))).toBe('07-tendermint/21')
  })
})
