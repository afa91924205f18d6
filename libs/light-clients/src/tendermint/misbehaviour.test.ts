import { describe, expect, it } from 'vitest'
import { packAny, type Any } from '@causeway/protocol'
import {
  Misbehaviour,
  type Header as HeaderMessage,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { Header } from '@causeway/protocol/tendermint/types/types'
import { isProtocolError, utf8 } from '@causeway/primitives'
import type { ClientContext } from '../light-client.ts'
import { MISBEHAVIOUR_TYPE_URL } from './client-message.ts'
import { createTendermintClient } from './client.ts'
import {
  GENESIS_NANOSECONDS,
  SECOND,
  equalSet,
  exampleClientState,
  exampleCommit,
  exampleHeader,
  exampleMessage,
  exampleStore,
  heightAt,
  packClientState,
  packConsensusState,
  packHeader,
} from './example-chain.fixture.ts'
import { createNativeSignatureVerifier } from './native-signatures.ts'
import { fromNanoseconds } from './timestamps.ts'

const client = createTendermintClient({ verifySignatures: createNativeSignatureVerifier() })
const set = equalSet(4)
const START = 10n
const context: ClientContext = {
  timeNanoseconds: GENESIS_NANOSECONDS + 100n * SECOND,
  height: { revisionNumber: 0n, revisionHeight: 9n },
}

function trustingClient() {
  const store = exampleStore()
  client.initialise(
    store,
    packClientState(exampleClientState(START)),
    packConsensusState(exampleHeader(START, set)),
    context,
  )
  return store
}

const message = (header: Header, trusted = START) => exampleMessage(header, set, trusted, set)

function pack(
  header1: HeaderMessage | undefined,
  header2: HeaderMessage | undefined,
  clientId = '07-tendermint-0',
): Any {
  return packAny(MISBEHAVIOUR_TYPE_URL, Misbehaviour.encode({ clientId, header1, header2 }).finish())
}

/** What a host does with it: verify, check, freeze. */
function submit(any: Any, store = trustingClient(), now = context): string {
  try {
    client.verifyClientMessage(store, any, now)
    if (!client.checkForMisbehaviour(store, any)) {
      expect(client.updateState(store, any, now)).toEqual([])
      return 'no misbehaviour'
    }
    client.updateStateOnMisbehaviour(store, any)
    return client.status(store, now.timeNanoseconds)
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
}

const honest = exampleHeader(20n, set)
const forked = exampleHeader(20n, set, set, { appHash: utf8('forked') })

describe('misbehaviour', () => {
  it('two blocks at one height freeze the client', () => {
    expect(submit(pack(message(honest), message(forked)))).toBe('Frozen')
    expect(submit(pack(message(forked), message(honest)))).toBe('Frozen')
  })

  it('a later height with an earlier or equal time freezes the client', () => {
    const at = (seconds: bigint) =>
      exampleHeader(25n, set, set, { time: fromNanoseconds(GENESIS_NANOSECONDS + seconds * SECOND) })
    expect(submit(pack(message(at(19n)), message(honest)))).toBe('Frozen')
    expect(submit(pack(message(at(20n)), message(honest)))).toBe('Frozen')
    expect(submit(pack(message(at(21n)), message(honest)))).toBe('no misbehaviour')
  })

  it('the same block twice is none', () => {
    expect(submit(pack(message(honest), message(honest)))).toBe('no misbehaviour')
  })

  it('needs each header to be one that would have convinced the client', () => {
    const weak = (header: Header): HeaderMessage => ({
      ...message(header),
      signedHeader: { header, commit: exampleCommit(header, set, (i) => i < 2) },
    })
    expect(submit(pack(message(honest), weak(forked)))).toBe('07-tendermint/44')
    expect(submit(pack(weak(honest), message(forked)))).toBe('07-tendermint/44')
    const strangers = equalSet(4, 1n, 50)
    const alien = exampleHeader(20n, strangers, strangers, { appHash: utf8('alien') })
    const stranger = exampleMessage(alien, strangers, START, set)
    expect(submit(pack(message(honest), stranger))).toBe('07-tendermint/45')
  })

  it('a header of another chain is no evidence against this one', () => {
    const other = (header: Header) => ({ ...header, chainId: 'other-1' })
    expect(submit(pack(message(other(honest)), message(other(forked))))).toBe('07-tendermint/43')
    expect(submit(pack(message(honest), message(other(forked))))).toBe('07-tendermint/28')
  })

  it('a later revision of the chain counts, as in ibc-go', () => {
    const revised = (header: Header) => ({ ...header, chainId: 'zone-2' })
    expect(submit(pack(message(revised(honest)), message(revised(forked))))).toBe('Frozen')
  })

  it('refuses what is incomplete or in the wrong order', () => {
    expect(submit(pack(undefined, message(forked)))).toBe('07-tendermint/28')
    expect(submit(pack(message(honest), undefined))).toBe('07-tendermint/28')
    expect(submit(pack(message(honest), { ...message(forked), trustedHeight: undefined }))).toBe(
      '07-tendermint/5',
    )
    expect(submit(pack({ ...message(honest), trustedHeight: heightAt(0n) }, message(forked)))).toBe(
      '07-tendermint/5',
    )
    expect(submit(pack({ ...message(honest), trustedValidators: undefined }, message(forked)))).toBe(
      '07-tendermint/14',
    )
    expect(submit(pack(message(honest), message(exampleHeader(25n, set))))).toBe('07-tendermint/28')
    expect(submit(pack(message(honest), message(forked), 'x'))).toBe('07-tendermint/28')
    expect(submit(pack({ ...message(honest), signedHeader: undefined }, message(forked)))).toBe(
      '07-tendermint/6',
    )
  })

  it('needs trusted states that are there, announce those validators and have not expired', () => {
    expect(submit(pack(message(honest), message(forked, 11n)))).toBe('07-tendermint/21')
    const others = equalSet(5)
    expect(submit(pack(message(honest), { ...message(forked), trustedValidators: others }))).toBe(
      '07-tendermint/36',
    )
    const store = trustingClient()
    const update = packHeader(message(exampleHeader(500n, set)))
    const later = (seconds: bigint) => ({
      ...context,
      timeNanoseconds: GENESIS_NANOSECONDS + seconds * SECOND,
    })
    client.verifyClientMessage(store, update, later(500n))
    client.updateState(store, update, later(500n))
    // The client is active by its state at 500; the trusted state at 10 expires at 1010 s.
    expect(submit(pack(message(honest), message(forked)), store, later(1010n))).toBe('07-tendermint/11')
    expect(submit(pack(message(honest), message(forked)), store, later(1009n))).toBe('Frozen')
  })

  it('a frozen client takes no more', () => {
    const store = trustingClient()
    expect(submit(pack(message(honest), message(forked)), store)).toBe('Frozen')
    expect(submit(pack(message(honest), message(forked)), store)).toBe('07-tendermint/22')
  })
})
