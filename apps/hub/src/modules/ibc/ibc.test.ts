import { createTendermintClient } from '@causeway/light-clients'
import {
  NEXT_CLIENT_SEQUENCE_KEY,
  ibcErrors,
  nextSequenceSendKey,
  packetAcknowledgementKey,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { be64, toHex, utf8 } from '@causeway/primitives'
import {
  MsgAcknowledgement,
  MsgRecvPacket,
  MsgSendPacket,
  MsgTimeout,
} from '@causeway/protocol/ibc/core/channel/v2/tx'
import {
  MsgCreateClient,
  MsgSubmitMisbehaviour,
  MsgUpdateClient,
} from '@causeway/protocol/ibc/core/client/v1/tx'
import { MsgRegisterCounterparty } from '@causeway/protocol/ibc/core/client/v2/tx'
import {
  QueryClientStatusRequest,
  QueryClientStatusResponse,
} from '@causeway/protocol/ibc/core/client/v1/query'
import { describe, expect, it } from 'vitest'
import { GAS } from '../../block/gas.ts'
import { messagingContext, messagingHeight } from '../../block/messaging-context.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { verifyExtensions } from '../../testing/validators.fixture.ts'
import { createIbc } from './ibc.ts'
import { clientIds, pendingPackets } from './invariants.ts'
import { ibcModule } from './module.ts'

const addresses = createAddressCodec('cway')
const signer = addresses.encode(new Uint8Array(20).fill(1))

function setUp() {
  const context = memoryContext(['ibc'])
  const lightClients = [createTendermintClient({ verifySignatures: verifyExtensions })]
  const ibc = createIbc({ lightClients, application: () => undefined })
  const module = ibcModule(ibc, addresses, () => undefined)
  const prepare = (name: string, bytes: Uint8Array) =>
    module.messages.find(({ typeUrl }) => typeUrl === `/${name}`)!.prepare(bytes)
  return { context, ibc, module, prepare, store: context.store('ibc') }
}

const MESSAGES = [
  ['ibc.core.client.v1.MsgCreateClient', MsgCreateClient, 4],
  ['ibc.core.client.v1.MsgUpdateClient', MsgUpdateClient, 1],
  ['ibc.core.client.v1.MsgSubmitMisbehaviour', MsgSubmitMisbehaviour, 1],
  ['ibc.core.client.v2.MsgRegisterCounterparty', MsgRegisterCounterparty, 4],
  ['ibc.core.channel.v2.MsgSendPacket', MsgSendPacket, 4],
  ['ibc.core.channel.v2.MsgRecvPacket', MsgRecvPacket, 1],
  ['ibc.core.channel.v2.MsgAcknowledgement', MsgAcknowledgement, 1],
  ['ibc.core.channel.v2.MsgTimeout', MsgTimeout, 1],
] as const

const BY_WALLET = { account: new Uint8Array(20), isSession: false, nonce: undefined }

/** The bytes of a message of which only the signer is set. */
function bare(codec: unknown, by: string): Uint8Array {
  const { encode, fromPartial } = codec as {
    encode(message: unknown): { finish(): Uint8Array }
    fromPartial(parts: { signer: string }): unknown
  }
  return encode(fromPartial({ signer: by })).finish()
}

describe('IBC messages', () => {
  it('are signed by their signer, and only packets and updates are critical', () => {
    const { prepare, module } = setUp()
    expect(module.messages).toHaveLength(MESSAGES.length)
    for (const [name, codec, lane] of MESSAGES) {
      const bytes = bare(codec, signer)
      const action = prepare(name, bytes)
      expect([action.lane, toHex(action.signer)]).toEqual([lane, '01'.repeat(20)])
      expect(refusal(() => prepare(name, bare(codec, '')))).toBe('identifiers/1')
      expect(refusal(() => prepare(name, utf8('garbage')))).toMatch(/^protocol\//)
    }
  })

  it('without their parts are refused with a code of the core', () => {
    const { prepare, context } = setUp()
    for (const [name, codec] of MESSAGES) {
      const action = prepare(name, bare(codec, signer))
      expect(refusal(() => action.execute(context, BY_WALLET))).toMatch(/^ibc\//)
    }
  })

  it('pay for a proof by its bytes, before it is checked', () => {
    const { prepare } = setUp()
    const cost = (bytes: number) => {
      const context = memoryContext(['ibc'], { gasLimit: 10_000_000 })
      const value = MsgRecvPacket.encode(
        MsgRecvPacket.fromPartial({ signer, proofCommitment: new Uint8Array(bytes) }),
      ).finish()
      refusal(() => prepare('ibc.core.channel.v2.MsgRecvPacket', value).execute(context, BY_WALLET))
      return context.gas.used
    }
    expect(cost(1_000) - cost(0)).toBe(1_000 * GAS.proofByte)
    expect(cost(0)).toBeGreaterThanOrEqual(GAS.proof)
  })

  it('pay for a header by its bytes', () => {
    const { prepare } = setUp()
    const cost = (bytes: number) => {
      const context = memoryContext(['ibc'], { gasLimit: 10_000_000 })
      const clientMessage = { typeUrl: '/x', value: new Uint8Array(bytes) }
      const value = MsgUpdateClient.encode({ clientId: '07-tendermint-0', clientMessage, signer }).finish()
      refusal(() => prepare('ibc.core.client.v1.MsgUpdateClient', value).execute(context, BY_WALLET))
      return context.gas.used
    }
    expect(cost(500) - cost(100)).toBe(400 * GAS.clientMessageByte)
  })

  it('run out of gas as a transaction does, never as a refused packet', () => {
    const { ibc } = setUp()
    const poor = memoryContext(['ibc'], { gasLimit: 1 })
    let error: unknown
    try {
      poor.gas.consume(2)
    } catch (caught) {
      error = caught
    }
    expect(ibc.packets.isFatal(error as never)).toBe(true)
    expect(ibc.packets.isFatal(ibcErrors.emptyProof())).toBe(false)
  })
})

describe('the messaging context', () => {
  it('has the revision of the chain id and the height of the block', () => {
    expect(messagingHeight('causeway-1', 5n)).toEqual({ revisionNumber: 1n, revisionHeight: 5n })
    expect(messagingHeight('zone-7', 5n).revisionNumber).toBe(7n)
    for (const id of ['zone', 'zone-0', 'zone-01', 'zone-', '-1', 'zone--1']) {
      expect(messagingHeight(id, 5n).revisionNumber).toBe(0n)
    }
  })

  it('drops writes and events of a nested run that throws', () => {
    const { context, store } = setUp()
    const messaging = messagingContext(context)
    const run = () =>
      messaging.nested((nested) => {
        nested.ibc.set(utf8('key'), utf8('value'))
        nested.emit({ type: 'inner', attributes: [{ key: 'a', value: '1' }] })
        throw new Error('no')
      })
    expect(run).toThrow('no')
    expect(store.has(utf8('key'))).toBe(false)
    messaging.nested((nested) => nested.emit({ type: 'kept', attributes: [{ key: 'a', value: '1' }] }))
    expect([eventsOf(context, 'inner'), eventsOf(context, 'kept')]).toEqual([[], [{ a: '1' }]])
  })
})

describe('the state of ibc', () => {
  it('is exported key by key and read back', () => {
    const { context, module, store } = setUp()
    store.set(utf8('b'), utf8('2'))
    store.set(utf8('a'), utf8('1'))
    const exported = module.exportGenesis!(context)
    expect(exported).toEqual({
      entries: [
        { key: '61', value: '31' },
        { key: '62', value: '32' },
      ],
    })
    const copy = setUp()
    copy.module.initGenesis!(copy.context, exported)
    expect(copy.module.exportGenesis!(copy.context)).toEqual(exported)
  })

  it('of a genesis may be absent, and must ascend', () => {
    const init = (state: unknown) => {
      const { module, context } = setUp()
      return refusal(() => module.initGenesis!(context, state))
    }
    expect(init(undefined)).toBe('nothing')
    expect(init({})).toBe('nothing')
    const entry = { key: '61', value: '31' }
    expect(init({ entries: [entry, entry] })).toBe('genesis/2')
    expect(init({ entries: [{ key: '62', value: '31' }, entry] })).toBe('genesis/2')
    expect(init({ entries: [{ key: '', value: '31' }] })).toBe('genesis/2')
    expect(init({ entries: [{ key: '61', value: '' }] })).toBe('genesis/2')
    expect(init({ entries: [{ key: '6', value: '31' }] })).toBe('genesis/2')
  })

  it('has invariants: commitments of 32 bytes with a sequence that was given out', () => {
    const { context, module, store } = setUp()
    store.set(utf8('clients/07-tendermint-3/clientState'), utf8('x'))
    store.set(utf8('clients/07-tendermint-12/clientState'), utf8('x'))
    expect(module.invariants!(context)).toHaveLength(2)
    store.set(NEXT_CLIENT_SEQUENCE_KEY, be64(13n))
    store.set(nextSequenceSendKey('07-tendermint-3'), be64(3n))
    expect(clientIds(store)).toEqual(['07-tendermint-12', '07-tendermint-3'])
    store.set(packetCommitmentKey('07-tendermint-3', 2n), new Uint8Array(32).fill(1))
    expect(module.invariants!(context)).toEqual([])
    store.set(packetCommitmentKey('07-tendermint-3', 3n), new Uint8Array(32).fill(1))
    store.set(packetCommitmentKey('07-tendermint-12', 1n), new Uint8Array(32).fill(1))
    store.set(packetCommitmentKey('07-tendermint-3', 1n), Uint8Array.of(1))
    expect(module.invariants!(context)).toHaveLength(3)
  })
})

describe('packets under way', () => {
  it('are found among all that is kept for ever, also those of clients that are not there', () => {
    const { context, store } = setUp()
    const clients = ['07-tendermint-1', '07-tendermint-10', '08-wasm-2']
    for (const client of clients)
      for (let sequence = 1n; sequence <= 300n; sequence++) {
        if (sequence % 100n === 1n)
          store.set(packetCommitmentKey(client, sequence), new Uint8Array(32).fill(1))
        store.set(packetReceiptKey(client, sequence), Uint8Array.of(2))
        store.set(packetAcknowledgementKey(client, sequence), Uint8Array.of(3))
        store.set(utf8(`clients/${client}/consensusStates/0-${sequence}`), Uint8Array.of(4))
      }
    store.set(packetCommitmentKey('09-nobody-0', 7n), new Uint8Array(32).fill(1))
    // What only looks like a packet
    store.set(Uint8Array.of(0xff, 1, 0, 0, 0, 0, 0, 0, 0, 1), Uint8Array.of(5))
    store.set(utf8('clients/'), Uint8Array.of(5))
    store.set(utf8('clients/stray'), Uint8Array.of(5))
    const expected = clients.flatMap((client) => [1n, 101n, 201n].map((sequence) => `${client}/${sequence}`))
    const found = pendingPackets(context).map(({ client, sequence }) => `${client}/${sequence}`)
    expect(found).toEqual([...expected, '09-nobody-0/7'])
    expect(clientIds(store)).toEqual(clients)
  })

  it('are found without a look at what is kept for ever', () => {
    const { context, store } = setUp()
    const fill = (count: bigint) => {
      for (let sequence = 1n; sequence <= count; sequence++) {
        store.set(packetReceiptKey('07-tendermint-0', sequence), Uint8Array.of(2))
        store.set(utf8(`clients/07-tendermint-0/consensusStates/0-${sequence}`), Uint8Array.of(4))
      }
      const before = context.gas.used
      pendingPackets(context)
      clientIds(store)
      return context.gas.used - before
    }
    expect(fill(400n)).toBe(fill(10n))
  })
})

describe('IBC queries', () => {
  it('are those of the core, over the state that is read', () => {
    const { context, module } = setUp()
    expect(module.queries.length).toBeGreaterThan(10)
    const status = module.queries.find(({ path }) => path === '/ibc.core.client.v1.Query/ClientStatus')!
    const ask = (clientId: string) =>
      QueryClientStatusResponse.decode(
        status.answer(context, QueryClientStatusRequest.encode({ clientId }).finish()),
      ).status
    expect(ask('07-tendermint-0')).toBe('Unknown')
    expect(ask('08-wasm-0')).toBe('Unauthorized')
  })
})
