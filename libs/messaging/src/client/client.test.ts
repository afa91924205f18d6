import { fromBe64, utf8 } from '@causeway/primitives'
import { beforeEach, describe, expect, it } from 'vitest'
import { NEXT_CLIENT_SEQUENCE_KEY, nextSequenceSendKey } from '../commitments/store-keys.ts'
import {
  CLIENT_STATE_URL,
  MISBEHAVIOUR_URL,
  ORACLE_TYPE,
  TRUSTING_SECONDS,
  clientState,
  consensusState,
  createOracleClient,
  header,
} from '../testing/oracle-client.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import {
  COSMOS_PREFIX,
  CREATOR,
  createChains,
  openClient,
  register,
  update,
} from '../testing/two-chains.fixture.ts'
import { clientStatus } from './active-client.ts'
import { openClientStore, readClientStore } from './client-store.ts'
import { findCounterparty } from './counterparty.ts'
import { createClient } from './create-client.ts'
import { registerCounterparty } from './register-counterparty.ts'
import { createLightClientRegistry } from './registry.ts'
import { updateClient } from './update-client.ts'

let a: TestChain
let b: TestChain

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
})

const create = (over: object = {}) => {
  const message = { clientState: clientState(b), consensusState: consensusState(b), signer: CREATOR, ...over }
  return a.deliver((context) => createClient(context, a.lightClients, message))
}

describe('createClient', () => {
  it('numbers clients of all types by one counter, and tells', () => {
    expect(create().result.clientId).toBe('07-tendermint-0')
    const { result, events } = create()
    expect(result.clientId).toBe('07-tendermint-1')
    expect(fromBe64(a.reader().get(NEXT_CLIENT_SEQUENCE_KEY)!)).toBe(2n)
    expect(events).toEqual([
      {
        type: 'create_client',
        attributes: [
          { key: 'client_id', value: '07-tendermint-1' },
          { key: 'client_type', value: '07-tendermint' },
          { key: 'consensus_height', value: '1-1' },
        ],
      },
      { type: 'message', attributes: [{ key: 'module', value: 'ibc_client' }] },
    ])
  })

  it('keeps ibc-go layout, and what it began with', () => {
    create()
    const keys = [...a.reader().iterate(utf8('clients/'), utf8('clients0'))].map(([key]) =>
      new TextDecoder().decode(key),
    )
    expect(keys).toEqual([
      'clients/07-tendermint-0/clientState',
      'clients/07-tendermint-0/consensusStates/1-1',
      'clients/07-tendermint-0/creator',
      'clients/07-tendermint-0/origin',
    ])
  })

  it.each([
    ['no client state', { clientState: undefined }, 'ibc/5'],
    ['no consensus state', { consensusState: undefined }, 'ibc/5'],
    ['no signer', { signer: '' }, 'ibc/8'],
    ['an unknown type', { clientState: { typeUrl: '/other.ClientState', value: utf8('x') } }, 'ibc/62'],
    ["another type's consensus state", { consensusState: { typeUrl: '/other', value: utf8('x') } }, 'ibc/63'],
  ])('refuses %s', (_name, over, expected) => {
    expect(refusal(() => create(over))).toBe(expected)
    expect(a.reader().has(NEXT_CLIENT_SEQUENCE_KEY)).toBe(false)
  })

  it('refuses a client that would not be Active', () => {
    a.advance(TRUSTING_SECONDS + 1n)
    expect(refusal(() => create())).toBe('ibc/61')
    expect(a.reader().has(NEXT_CLIENT_SEQUENCE_KEY)).toBe(false)
    const frozen = { typeUrl: CLIENT_STATE_URL, value: utf8('beta:1:true') }
    expect(refusal(() => create({ clientState: frozen }))).toBe('ibc/61')
  })
})

describe('updateClient', () => {
  const send = (over: object = {}) => {
    const message = {
      clientId: '07-tendermint-0',
      clientMessage: header(b.height),
      signer: 'anybody',
      ...over,
    }
    return a.deliver((context) => updateClient(context, a.lightClients, message))
  }

  beforeEach(() => {
    create()
    b.advance(5n)
  })

  it('takes a header from anybody, and tells which heights are new', () => {
    const { result, events } = send()
    expect(result).toEqual({ frozen: false, heights: [{ revisionNumber: 1n, revisionHeight: 2n }] })
    expect(events[0]).toEqual({
      type: 'update_client',
      attributes: [
        { key: 'client_id', value: '07-tendermint-0' },
        { key: 'client_type', value: '07-tendermint' },
        { key: 'consensus_height', value: '1-2' },
        { key: 'consensus_heights', value: '1-2' },
      ],
    })
    expect(events[1]?.type).toBe('message')
  })

  it('freezes for ever on misbehaviour', () => {
    const { result, events } = send({ clientMessage: { typeUrl: MISBEHAVIOUR_URL, value: header(1n).value } })
    expect(result.frozen).toBe(true)
    expect(events[0]?.type).toBe('client_misbehaviour')
    expect(events[0]?.attributes.map((attribute) => attribute.key)).toEqual(['client_id', 'client_type'])
    expect(clientStatus(a.reader(), a.lightClients, '07-tendermint-0', a.timeNanoseconds)).toBe('Frozen')
    expect(refusal(() => send())).toBe('ibc/61')
  })

  it.each([
    ['no message', { clientMessage: undefined }, 'ibc/5'],
    ['no signer', { signer: '' }, 'ibc/8'],
    ['an id that is none', { clientId: '../../beta' }, 'ibc/1'],
    ['an id nobody has', { clientId: '07-tendermint-9' }, 'ibc/60'],
    ['a type that is not run here', { clientId: 'ethereum-0' }, 'ibc/62'],
    [
      'a message of another type',
      { clientMessage: { typeUrl: '/other.Header', value: utf8('x') } },
      'ibc/64',
    ],
    ['a header that does not verify', { clientMessage: header(99n) }, 'oracle/5'],
  ])('refuses %s', (_name, over, expected) => {
    expect(refusal(() => send(over))).toBe(expected)
  })

  it('refuses to wake an expired client', () => {
    a.advance(TRUSTING_SECONDS + 1n)
    expect(refusal(() => send())).toBe('ibc/61')
    expect(clientStatus(a.reader(), a.lightClients, '07-tendermint-0', a.timeNanoseconds)).toBe('Expired')
  })
})

describe('registerCounterparty', () => {
  const send = (over: object = {}) =>
    a.deliver((context) =>
      registerCounterparty(context, {
        clientId: '07-tendermint-0',
        counterpartyMerklePrefix: COSMOS_PREFIX,
        counterpartyClientId: '07-tendermint-7',
        signer: CREATOR,
        ...over,
      }),
    )

  beforeEach(() => void create())

  it('opens the way for packets, the first with sequence 1', () => {
    send()
    expect(findCounterparty(a.reader(), '07-tendermint-0')).toEqual({
      merklePrefix: COSMOS_PREFIX,
      clientId: '07-tendermint-7',
    })
    expect(fromBe64(a.reader().get(nextSequenceSendKey('07-tendermint-0'))!)).toBe(1n)
  })

  it('happens once', () => {
    send()
    expect(refusal(() => send())).toBe('ibc/66')
    expect(refusal(() => send({ counterpartyClientId: '07-tendermint-8' }))).toBe('ibc/66')
    expect(findCounterparty(a.reader(), '07-tendermint-0')?.clientId).toBe('07-tendermint-7')
  })

  it.each([
    ['another signer than the creator', { signer: 'mallory' }, 'ibc/65'],
    ['no signer', { signer: '' }, 'ibc/65'],
    ['a client nobody made', { clientId: '07-tendermint-5' }, 'ibc/60'],
    ['an id that is none', { clientId: 'tendermint' }, 'ibc/1'],
    ['a counterparty that is no id', { counterpartyClientId: 'x' }, 'ibc/1'],
    ['an empty prefix', { counterpartyMerklePrefix: [] }, 'ibc/3'],
    ['a prefix bomb', { counterpartyMerklePrefix: Array(17).fill(utf8('ibc')) }, 'ibc/4'],
    ['a huge prefix', { counterpartyMerklePrefix: [new Uint8Array(257)] }, 'ibc/4'],
  ])('refuses %s', (_name, over, expected) => {
    expect(refusal(() => send(over))).toBe(expected)
    expect(findCounterparty(a.reader(), '07-tendermint-0')).toBeUndefined()
  })

  it('lets two clients have one counterparty each, apart from one another', () => {
    create({ signer: 'other' })
    register(a, '07-tendermint-1', '07-tendermint-3', 'other')
    expect(refusal(() => send({ clientId: '07-tendermint-1' }))).toBe('ibc/65')
    send()
    expect(findCounterparty(a.reader(), '07-tendermint-1')?.clientId).toBe('07-tendermint-3')
  })
})

describe('client stores and the registry', () => {
  it('keeps one client out of the space of another, also of one whose id it begins', () => {
    for (let i = 0; i < 12; i++) openClient(a, b)
    a.deliver((context) => {
      const store = openClientStore(context.ibc, '07-tendermint-1')
      expect([...store.iterate()].length).toBe(4)
      store.set(utf8('x'), utf8('1'))
      expect(store.get(utf8('x'))).toEqual(utf8('1'))
      expect(openClientStore(context.ibc, '07-tendermint-11').get(utf8('x'))).toBeUndefined()
      store.delete(utf8('x'))
      expect(store.get(utf8('x'))).toBeUndefined()
      const reversed = [...store.iterate(utf8('consensusStates/'), utf8('consensusStates0'), true)]
      expect(reversed.map(([key]) => key)).toEqual([utf8('consensusStates/1-1')])
    })
  })

  it('does not let a query write', () => {
    openClient(a, b)
    const store = readClientStore(a.reader(), '07-tendermint-0')
    expect(() => store.set(utf8('x'), utf8('1'))).toThrow('a query wrote')
    expect(() => store.delete(utf8('x'))).toThrow('a query wrote')
  })

  it('tells what it does not run from what nobody has', () => {
    const status = (id: string) => clientStatus(a.reader(), a.lightClients, id, a.timeNanoseconds)
    expect(status('ethereum-0')).toBe('Unauthorized')
    expect(status('07-tendermint-0')).toBe('Unknown')
    openClient(a, b)
    expect(status('07-tendermint-0')).toBe('Active')
    update(a, '07-tendermint-0', b)
    expect(refusal(() => status('nonsense'))).toBe('ibc/1')
  })

  it('takes a light client once, and only with a type that makes ids', () => {
    const client = createOracleClient(a, () => b)
    expect(() => createLightClientRegistry([client, client])).toThrow('registered twice')
    expect(() => createLightClientRegistry([{ ...client, clientType: 'x/y' }])).toThrow('no valid client ids')
    const other = { ...client, clientType: 'other-type' }
    expect(() => createLightClientRegistry([client, other])).toThrow('registered twice')
    expect(createLightClientRegistry([client]).byClientId('07-tendermint-3').clientType).toBe(ORACLE_TYPE)
  })
})
