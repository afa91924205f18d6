import { fromHex, utf8 } from '@causeway/primitives'
import { ProtocolError } from '@causeway/primitives'
import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { beforeEach, describe, expect, it } from 'vitest'
import { updateClient } from '../client/update-client.ts'
import {
  ERROR_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
} from '../commitments/acknowledgement-commitment.ts'
import { RECEIPT_VALUE, packetAcknowledgementKey, packetReceiptKey } from '../commitments/store-keys.ts'
import type { Event } from '../context.ts'
import { MISBEHAVIOUR_URL, PROOF, header } from '../testing/oracle-client.fixture.ts'
import { recordingApplication, testPayload } from '../testing/recording-application.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { OUT_OF_GAS } from '../testing/test-chain.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import {
  connect,
  createChains,
  nowSeconds,
  openClient,
  receive,
  register,
  send,
  update,
} from '../testing/two-chains.fixture.ts'
import { PROOF_BYTES_MAX } from './packet-form.ts'
import { recvPacket } from './recv-packet.ts'

const NOOP = 1
const SUCCESS = 2

let a: TestChain
let b: TestChain
let onA: string
let onB: string
let calls: ReturnType<typeof recordingApplication>

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
  calls = recordingApplication()
  a.applications.set('echo', recordingApplication().application)
  b.applications.set('echo', calls.application)
  openClient(b, a)
  ;({ onA, onB } = connect(a, b))
})

const hasReceipt = (packet: Packet) =>
  b.reader().has(packetReceiptKey(packet.destinationClient, packet.sequence))
const storedAcknowledgement = (packet: Packet) =>
  b.reader().get(packetAcknowledgementKey(packet.destinationClient, packet.sequence))
const wrote = (key: string) => b.reader('bank').has(utf8(`echo/${key}`))
const types = (events: readonly Event[]) => events.map((event) => event.type)

describe('recvPacket', () => {
  it('runs the application and answers, in that order', () => {
    const packet = send(a, onA, [testPayload()])
    const { result, events } = receive(b, a, packet)
    expect(result).toBe(SUCCESS)
    expect(b.reader().get(packetReceiptKey(onB, 1n))).toEqual(RECEIPT_VALUE)
    expect(storedAcknowledgement(packet)).toEqual(acknowledgementCommitment([utf8('hello')]))
    expect(types(events)).toEqual(['recv_packet', 'message', 'echo', 'write_acknowledgement', 'message'])
    const hex = events[3]!.attributes.find(({ key }) => key === 'encoded_acknowledgement_hex')!.value
    expect(Acknowledgement.decode(fromHex(hex)).appAcknowledgements).toEqual([utf8('hello')])
    expect(calls.log).toEqual(['receive 1/0 by relayer'])
    expect(wrote('1/0')).toBe(true)
  })

  it('takes packets in any order', () => {
    const packets = [1, 2, 3].map(() => send(a, onA, [testPayload()]))
    for (const packet of packets.toReversed()) expect(receive(b, a, packet).result).toBe(SUCCESS)
    expect(calls.log.map((line) => line.split(' ')[1])).toEqual(['3/0', '2/0', '1/0'])
  })

  it('answers a second relay with a no-op that pays for no proof and tells nothing', () => {
    const packet = send(a, onA, [testPayload()])
    receive(b, a, packet)
    const proofs = b.proofsVerified
    const { result, events } = receive(b, a, packet, utf8('not even a proof'))
    expect(result).toBe(NOOP)
    expect(events).toEqual([])
    expect(b.proofsVerified).toBe(proofs)
    expect(calls.log.length).toBe(1)
  })

  it('refuses a tampered packet', () => {
    const packet = send(a, onA, [testPayload()])
    const forged: Packet[] = [
      { ...packet, timeoutTimestamp: packet.timeoutTimestamp + 1n },
      { ...packet, sequence: 2n },
      { ...packet, payloads: [testPayload({ value: utf8('hellO') })] },
      { ...packet, payloads: [testPayload({ encoding: 'text/html' })] },
      { ...packet, payloads: [testPayload(), testPayload()] },
    ]
    for (const forgery of forged) {
      expect(refusal(() => receive(b, a, forgery))).toBe('oracle/3')
      expect(hasReceipt(forgery)).toBe(false)
    }
    expect(refusal(() => receive(b, a, packet, utf8('forged')))).toBe('oracle/2')
    expect(calls.log).toEqual([])
    expect(receive(b, a, packet).result).toBe(SUCCESS)
  })

  it('refuses a proof at a height that it has not verified', () => {
    const packet = send(a, onA, [testPayload()])
    const proofHeight = { revisionNumber: 1n, revisionHeight: a.height }
    const message = { packet, proofCommitment: PROOF, proofHeight, signer: 'relayer' }
    expect(refusal(() => b.deliver((context) => recvPacket(context, b, message)))).toBe('oracle/1')
  })

  it('refuses a packet whose time is up', () => {
    const packet = send(a, onA, [testPayload()], { timeoutSeconds: nowSeconds(b) + 10n })
    b.advance(9n)
    const early = send(a, onA, [testPayload()], { timeoutSeconds: nowSeconds(b) + 1n })
    expect(receive(b, a, early).result).toBe(SUCCESS)
    b.advance(1n)
    expect(nowSeconds(b)).toBe(packet.timeoutTimestamp)
    expect(refusal(() => receive(b, a, packet))).toBe('ibc/82')
    expect(refusal(() => receive(b, a, early))).toBe('ibc/82')
  })

  it('refuses the packet of a stranger who named our client as the counterparty of his own', () => {
    // The stranger's client and packet are real: its commitment is provable under the very same root
    const stranger = openClient(a, b, 'mallory')
    register(a, stranger, onB, 'mallory')
    const packet = send(a, stranger, [testPayload()])
    expect(packet.destinationClient).toBe(onB)
    expect(refusal(() => receive(b, a, packet))).toBe('ibc/81')
    expect(hasReceipt(packet)).toBe(false)
    expect(calls.log).toEqual([])
  })

  it('refuses a client without a counterparty, and one that nobody made', () => {
    const packet = send(a, onA, [testPayload()])
    expect(refusal(() => receive(b, a, { ...packet, destinationClient: '07-tendermint-0' }))).toBe('ibc/80')
    const proofHeight = update(b, onB, a)
    const message = {
      packet: { ...packet, destinationClient: '07-tendermint-77' },
      proofCommitment: PROOF,
      proofHeight,
      signer: 'relayer',
    }
    expect(refusal(() => b.deliver((context) => recvPacket(context, b, message)))).toBe('ibc/80')
  })

  it('refuses over a frozen client', () => {
    const packet = send(a, onA, [testPayload()])
    const proofHeight = update(b, onB, a)
    const clientMessage = { typeUrl: MISBEHAVIOUR_URL, value: header(1n).value }
    b.deliver((context) =>
      updateClient(context, b.lightClients, { clientId: onB, clientMessage, signer: 'x' }),
    )
    const message = { packet, proofCommitment: PROOF, proofHeight, signer: 'relayer' }
    expect(refusal(() => b.deliver((context) => recvPacket(context, b, message)))).toBe('ibc/61')
  })

  it.each([
    ['no packet', { packet: undefined }, 'ibc/5'],
    ['no proof height', { proofHeight: undefined }, 'ibc/5'],
    ['no proof', { proofCommitment: new Uint8Array(0) }, 'ibc/6'],
    ['a proof bomb', { proofCommitment: new Uint8Array(PROOF_BYTES_MAX + 1) }, 'ibc/7'],
    ['no signer', { signer: '' }, 'ibc/8'],
  ])('refuses a message with %s', (_name, over, expected) => {
    const packet = send(a, onA, [testPayload()])
    const proofHeight = update(b, onB, a)
    const message = { packet, proofCommitment: PROOF, proofHeight, signer: 'relayer', ...over }
    expect(refusal(() => b.deliver((context) => recvPacket(context, b, message)))).toBe(expected)
  })

  it.each([
    ['sequence 0', { sequence: 0n }, 'ibc/20'],
    ['no payloads', { payloads: [] }, 'ibc/21'],
    ['no timeout', { timeoutTimestamp: 0n }, 'ibc/28'],
    ['a source client that is none', { sourceClient: 'a/b' }, 'ibc/1'],
    ['a destination client that is none', { destinationClient: '' }, 'ibc/1'],
    ['no value', { payloads: [testPayload({ value: new Uint8Array(0) })] }, 'ibc/26'],
    ['a giant sequence', { sequence: 2n ** 64n - 1n }, 'oracle/3'],
  ])('refuses a packet with %s', (_name, over, expected) => {
    const packet = send(a, onA, [testPayload()])
    expect(refusal(() => receive(b, a, { ...packet, ...over }))).toBe(expected)
  })
})

describe('an application that refuses', () => {
  const expectRefused = (packet: Packet, events: readonly Event[], error: string) => {
    expect(hasReceipt(packet)).toBe(true)
    expect(storedAcknowledgement(packet)).toEqual(acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT]))
    expect(types(events)).toEqual([
      'recv_packet',
      'message',
      'ibccallbackerror-echo',
      'write_acknowledgement',
      'message',
    ])
    expect(events[2]!.attributes).toEqual([{ key: 'ibccallbackerror-error', value: error }])
  }

  it('leaves nothing but the receipt and the error acknowledgement', () => {
    const packet = send(a, onA, [testPayload()])
    calls.refuseNext('receive')
    const { result, events } = receive(b, a, packet)
    expect(result).toBe(SUCCESS)
    expectRefused(packet, events, 'echo/1')
    expect(wrote('1/0')).toBe(false)
    expect(receive(b, a, packet).result).toBe(NOOP)
    expect(calls.log.length).toBe(1)
  })

  it('may say so instead of throwing', () => {
    const packet = send(a, onA, [testPayload()])
    calls.answerWith(() => ({ status: 'failure' }))
    expectRefused(packet, receive(b, a, packet).events, 'ibc/101')
    expect(wrote('1/0')).toBe(false)
  })

  it('is also the port on which nobody listens', () => {
    const packet = send(a, onA, [testPayload({ destinationPort: 'nobody' })])
    const { events } = receive(b, a, packet)
    expect(types(events)).toEqual(['recv_packet', 'message', 'write_acknowledgement', 'message'])
    expect(storedAcknowledgement(packet)).toEqual(acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT]))
  })

  it('undoes the payloads before it, too', () => {
    a.ownCodeClients.add(onA)
    const payloads = ['one', 'two', 'three'].map((value) => testPayload({ value: utf8(value) }))
    const packet = send(a, onA, payloads)
    calls.during('receive', (_context, delivery) => {
      if (delivery.payloadIndex === 1) throw new ProtocolError('echo', 1, 'poison')
    })
    expectRefused(packet, receive(b, a, packet).events, 'echo/1')
    expect([0, 1, 2].map((index) => wrote(`1/${index}`))).toEqual([false, false, false])
    expect(calls.log).toEqual(['receive 1/0 by relayer', 'receive 1/1 by relayer'])
  })

  it('does not exist: then every payload has its acknowledgement, in order', () => {
    a.ownCodeClients.add(onA)
    const values = ['one', 'two', 'three'].map(utf8)
    const packet = send(
      a,
      onA,
      values.map((value) => testPayload({ value })),
    )
    receive(b, a, packet)
    expect(storedAcknowledgement(packet)).toEqual(acknowledgementCommitment(values))
    expect([0, 1, 2].map((index) => wrote(`1/${index}`))).toEqual([true, true, true])
  })
})

describe('what no application can swallow', () => {
  it('is out of gas: the relayer may come again with more', () => {
    const packet = send(a, onA, [testPayload()])
    calls.onceDuring('receive', () => {
      throw new ProtocolError(OUT_OF_GAS.codespace, OUT_OF_GAS.code, 'out of gas')
    })
    expect(refusal(() => receive(b, a, packet))).toBe('tx/11')
    expect(hasReceipt(packet)).toBe(false)
    expect(storedAcknowledgement(packet)).toBeUndefined()
    expect(receive(b, a, packet).result).toBe(SUCCESS)
  })

  it('is a broken invariant', () => {
    const packet = send(a, onA, [testPayload()])
    calls.onceDuring('receive', () => {
      throw new RangeError('a bug')
    })
    expect(() => receive(b, a, packet)).toThrow(RangeError)
    expect(hasReceipt(packet)).toBe(false)
  })

  it.each([
    ['empty', new Uint8Array(0), 'always acknowledges'],
    ['the error acknowledgement', ERROR_ACKNOWLEDGEMENT, 'does not write the error acknowledgement'],
  ])('is a successful answer that is %s', (_name, acknowledgement, message) => {
    const packet = send(a, onA, [testPayload()])
    calls.answerWith(() => ({ status: 'success', acknowledgement }))
    expect(() => receive(b, a, packet)).toThrow(message)
  })
})

describe('re-entrancy', () => {
  it('meets the receipt', () => {
    const packet = send(a, onA, [testPayload()])
    const results: number[] = []
    calls.during('receive', (context) => {
      const proofHeight = { revisionNumber: 1n, revisionHeight: a.height }
      results.push(recvPacket(context, b, { packet, proofCommitment: PROOF, proofHeight, signer: 'app' }))
    })
    expect(receive(b, a, packet).result).toBe(SUCCESS)
    expect(results).toEqual([NOOP])
    expect(calls.log.length).toBe(1)
  })

  it('may receive another packet; when the outer one is refused, so is the inner', () => {
    const outer = send(a, onA, [testPayload({ value: utf8('outer') })])
    const inner = send(a, onA, [testPayload({ value: utf8('inner') })])
    calls.during('receive', (context, delivery) => {
      if (delivery.sequence !== outer.sequence) return
      const proofHeight = { revisionNumber: 1n, revisionHeight: a.height }
      recvPacket(context, b, { packet: inner, proofCommitment: PROOF, proofHeight, signer: 'app' })
      throw new ProtocolError('echo', 1, 'refused after all')
    })
    receive(b, a, outer)
    expect(hasReceipt(outer)).toBe(true)
    expect(hasReceipt(inner)).toBe(false)
    expect(wrote('2/0')).toBe(false)
  })
})
