import { beforeEach, describe, expect, it } from 'vitest'
import { concatBytes, be64, sha256 } from '@causeway/primitives'
import { Any } from '@causeway/protocol/google/protobuf/any'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import { MISBEHAVIOUR_URL, clientState, consensusState } from '../testing/oracle-client.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import { CREATOR, createChains, openClient, update } from '../testing/two-chains.fixture.ts'
import { beganWith, clientOrigin } from './client-origin.ts'
import { readClientStore } from './client-store.ts'
import { createClient } from './create-client.ts'
import { recoverClient } from './recover-client.ts'
import { updateClient } from './update-client.ts'

const CLIENT = '07-tendermint-0'
const SUBSTITUTE = '07-tendermint-1'
let a: TestChain
let b: TestChain

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
})

const began = (height: Height, state: Any) => beganWith(readClientStore(a.reader(), CLIENT), height, state)
const heightOf = (clientId: string) =>
  a.lightClients.byClientId(clientId).latestHeight(readClientStore(a.reader(), clientId))

describe('beganWith', () => {
  it('knows the first consensus state and its height, and no later one', () => {
    const first = consensusState(b)
    openClient(a, b)
    const at = heightOf(CLIENT)
    expect(began(at, first)).toBe(true)
    b.advance(5n)
    const second = consensusState(b)
    update(a, CLIENT, b)
    expect(began(at, first)).toBe(true)
    expect(began(heightOf(CLIENT), second)).toBe(false)
    expect(began(at, second)).toBe(false)
    expect(began({ ...at, revisionHeight: at.revisionHeight + 1n }, first)).toBe(false)
    expect(began({ ...at, revisionNumber: at.revisionNumber + 1n }, first)).toBe(false)
    expect(began(at, { ...first, typeUrl: `${first.typeUrl}2` })).toBe(false)
  })

  it('of a recovered client knows what its substitute began with', () => {
    const first = consensusState(b)
    openClient(a, b)
    const at = heightOf(CLIENT)
    a.deliver((context) =>
      updateClient(context, a.lightClients, {
        clientId: CLIENT,
        clientMessage: { typeUrl: MISBEHAVIOUR_URL, value: new Uint8Array(8) },
        signer: CREATOR,
      }),
    )
    b.advance(5n)
    const other = consensusState(b)
    const message = { clientState: clientState(b), consensusState: other, signer: CREATOR }
    a.deliver((context) => createClient(context, a.lightClients, message))
    const from = heightOf(SUBSTITUTE)
    const recovery = { clientId: CLIENT, substituteClientId: SUBSTITUTE }
    a.deliver((context) => recoverClient(context, a.lightClients, recovery))
    expect([began(at, first), began(from, other)]).toEqual([false, true])
  })

  it('is false where there is no client', () => {
    expect(began({ revisionNumber: 0n, revisionHeight: 1n }, consensusState(b))).toBe(false)
  })
})

describe('clientOrigin', () => {
  it('is a hash of height and state', () => {
    const state = { typeUrl: '/a', value: Uint8Array.of(1, 2) }
    const bytes = concatBytes(be64(3n), be64(4n), Any.encode(state).finish())
    expect(clientOrigin({ revisionNumber: 3n, revisionHeight: 4n }, state)).toEqual(sha256(bytes))
  })
})
