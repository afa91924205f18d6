// Acknowledgement and timeout: the two ways in which a packet ends at its sender, and that it ends by one of
// them only.
import { ProtocolError, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { beforeEach, describe, expect, it } from 'vitest'
import { updateClient } from '../client/update-client.ts'
import { ERROR_ACKNOWLEDGEMENT } from '../commitments/acknowledgement-commitment.ts'
import { packetCommitmentKey } from '../commitments/store-keys.ts'
import { MISBEHAVIOUR_URL, PROOF, header } from '../testing/oracle-client.fixture.ts'
import { recordingApplication, testPayload } from '../testing/recording-application.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import {
  acknowledge,
  connect,
  createChains,
  nowSeconds,
  openClient,
  receive,
  register,
  send,
  timeOut,
  update,
} from '../testing/two-chains.fixture.ts'
import { acknowledgePacket } from './acknowledge-packet.ts'
import { PROOF_BYTES_MAX } from './packet-form.ts'
import { timeoutPacket } from './timeout-packet.ts'

const NOOP = 1
const SUCCESS = 2
const HELLO = [utf8('hello')]

let a: TestChain
let b: TestChain
let onA: string
let calls: ReturnType<typeof recordingApplication>
let far: ReturnType<typeof recordingApplication>

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
  calls = recordingApplication()
  far = recordingApplication()
  a.applications.set('echo', calls.application)
  b.applications.set('echo', far.application)
  openClient(b, a)
  ;({ onA } = connect(a, b))
})

const inFlight = (packet: Packet) => a.reader().has(packetCommitmentKey(packet.sourceClient, packet.sequence))
const ended = () => calls.log.filter((line) => !line.startsWith('send'))

const freeze = () => {
  const clientMessage = { typeUrl: MISBEHAVIOUR_URL, value: header(1n).value }
  a.deliver((context) => updateClient(context, a.lightClients, { clientId: onA, clientMessage, signer: 'x' }))
}

describe('acknowledgePacket', () => {
  let packet: Packet
  beforeEach(() => {
    packet = send(a, onA, [testPayload()])
  })

  it('ends the packet, tells, and hands the answer over', () => {
    receive(b, a, packet)
    const { result, events } = acknowledge(a, b, packet, HELLO)
    expect(result).toBe(SUCCESS)
    expect(inFlight(packet)).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['acknowledge_packet', 'message'])
    expect(events[0]!.attributes.map(({ key }) => key)).toEqual([
      'packet_source_client',
      'packet_dest_client',
      'packet_sequence',
      'packet_timeout_timestamp',
      'encoded_packet_hex',
    ])
    expect(ended()).toEqual(["acknowledge 1/0 'hello' by relayer"])
  })

  it('hands over the error when the packet was refused', () => {
    far.refuseNext('receive')
    receive(b, a, packet)
    expect(acknowledge(a, b, packet, [ERROR_ACKNOWLEDGEMENT]).result).toBe(SUCCESS)
    expect(ended()).toEqual(["acknowledge 1/0 'ERROR' by relayer"])
  })

  it('is a no-op the second time: no proof is paid for', () => {
    receive(b, a, packet)
    acknowledge(a, b, packet, HELLO)
    const proofs = a.proofsVerified
    expect(acknowledge(a, b, packet, HELLO, utf8('forged')).result).toBe(NOOP)
    expect(a.proofsVerified).toBe(proofs)
    expect(ended().length).toBe(1)
  })

  it('is a no-op for a packet that was never sent', () => {
    expect(acknowledge(a, b, { ...packet, sequence: 7n }, HELLO).result).toBe(NOOP)
    expect(acknowledge(a, b, { ...packet, sequence: 2n ** 64n - 1n }, HELLO).result).toBe(NOOP)
  })

  it('refuses another answer than the one that was given', () => {
    receive(b, a, packet)
    expect(refusal(() => acknowledge(a, b, packet, [utf8('bye')]))).toBe('oracle/3')
    expect(refusal(() => acknowledge(a, b, packet, [ERROR_ACKNOWLEDGEMENT]))).toBe('oracle/3')
    expect(inFlight(packet)).toBe(true)
  })

  it('refuses an answer before there is one', () => {
    expect(refusal(() => acknowledge(a, b, packet, HELLO))).toBe('oracle/3')
  })

  it('refuses another packet under the same sequence', () => {
    receive(b, a, packet)
    const forged = { ...packet, payloads: [testPayload({ value: utf8('more') })] }
    expect(refusal(() => acknowledge(a, b, forged, HELLO))).toBe('ibc/86')
  })

  it.each([
    ['no acknowledgement', [], 'ibc/40'],
    ['an empty one', [new Uint8Array(0)], 'ibc/41'],
    ['the error beside another', [ERROR_ACKNOWLEDGEMENT, utf8('hello')], 'ibc/42'],
    ['more than there are payloads', [utf8('hello'), utf8('hello')], 'ibc/43'],
  ])('refuses %s', (_name, acknowledgements, expected) => {
    receive(b, a, packet)
    expect(refusal(() => acknowledge(a, b, packet, acknowledgements))).toBe(expected)
    expect(inFlight(packet)).toBe(true)
  })

  it.each([
    ['no packet', { packet: undefined }, 'ibc/5'],
    ['no proof height', { proofHeight: undefined }, 'ibc/5'],
    ['no acknowledgement', { acknowledgement: undefined }, 'ibc/40'],
    ['no proof', { proofAcked: new Uint8Array(0) }, 'ibc/6'],
    ['a proof bomb', { proofAcked: new Uint8Array(PROOF_BYTES_MAX + 1) }, 'ibc/7'],
    ['no signer', { signer: '' }, 'ibc/8'],
  ])('refuses a message with %s', (_name, over, expected) => {
    const proofHeight = update(a, onA, b)
    const acknowledgement = { appAcknowledgements: HELLO }
    const message = { packet, acknowledgement, proofAcked: PROOF, proofHeight, signer: 'relayer', ...over }
    expect(refusal(() => a.deliver((context) => acknowledgePacket(context, a, message)))).toBe(expected)
  })

  it('refuses an answer from another client than the counterparty', () => {
    receive(b, a, packet)
    const forged = { ...packet, destinationClient: '07-tendermint-0' }
    expect(refusal(() => acknowledge(a, b, forged, HELLO))).toBe('ibc/81')
  })

  it('refuses over a frozen client', () => {
    receive(b, a, packet)
    const proofHeight = update(a, onA, b)
    freeze()
    const acknowledgement = { appAcknowledgements: HELLO }
    const message = { packet, acknowledgement, proofAcked: PROOF, proofHeight, signer: 'relayer' }
    expect(refusal(() => a.deliver((context) => acknowledgePacket(context, a, message)))).toBe('ibc/61')
  })

  it('hands each payload its own answer, or each the error', () => {
    a.ownCodeClients.add(onA)
    const payloads = ['one', 'two'].map((value) => testPayload({ value: utf8(value) }))
    const good = send(a, onA, payloads)
    const bad = send(a, onA, payloads)
    receive(b, a, good)
    far.refuseNext('receive')
    receive(b, a, bad)
    expect(refusal(() => acknowledge(a, b, good, [utf8('one')]))).toBe('ibc/43')
    acknowledge(a, b, good, [utf8('one'), utf8('two')])
    acknowledge(a, b, bad, [ERROR_ACKNOWLEDGEMENT])
    expect(ended()).toEqual([
      "acknowledge 2/0 'one' by relayer",
      "acknowledge 2/1 'two' by relayer",
      "acknowledge 3/0 'ERROR' by relayer",
      "acknowledge 3/1 'ERROR' by relayer",
    ])
  })

  it('keeps the packet in flight when the application refuses', () => {
    receive(b, a, packet)
    calls.refuseNext('acknowledge')
    expect(refusal(() => acknowledge(a, b, packet, HELLO))).toBe('echo/1')
    expect(inFlight(packet)).toBe(true)
    expect(acknowledge(a, b, packet, HELLO).result).toBe(SUCCESS)
  })

  it('meets no commitment when the application re-enters', () => {
    receive(b, a, packet)
    const results: number[] = []
    calls.during('acknowledge', (context) => {
      const proofHeight = { revisionNumber: 1n, revisionHeight: b.height }
      const acknowledgement = { appAcknowledgements: HELLO }
      const message = { packet, acknowledgement, proofAcked: PROOF, proofHeight, signer: 'app' }
      results.push(acknowledgePacket(context, a, message))
    })
    acknowledge(a, b, packet, HELLO)
    expect(results).toEqual([NOOP])
    expect(ended().length).toBe(1)
  })
})

describe('timeoutPacket', () => {
  let packet: Packet
  beforeEach(() => {
    packet = send(a, onA, [testPayload()], { timeoutSeconds: nowSeconds(a) + 10n })
  })

  it('ends the packet once the other chain is past its timeout', () => {
    b.advance(10n)
    const { result, events } = timeOut(a, b, packet)
    expect(result).toBe(SUCCESS)
    expect(inFlight(packet)).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['timeout_packet', 'message'])
    expect(ended()).toEqual(['timeout 1/0 by relayer'])
  })

  it('goes by the time of the proven height, in whole seconds', () => {
    b.advance(9n)
    expect(refusal(() => timeOut(a, b, packet))).toBe('ibc/84')
    // Our own clock has no say
    a.advance(1000n)
    expect(refusal(() => timeOut(a, b, packet))).toBe('ibc/84')
    b.advance(1n)
    expect(nowSeconds(b)).toBe(packet.timeoutTimestamp)
    expect(timeOut(a, b, packet).result).toBe(SUCCESS)
  })

  it('refuses a packet that was received', () => {
    receive(b, a, packet)
    b.advance(10n)
    expect(refusal(() => timeOut(a, b, packet))).toBe('oracle/4')
    expect(inFlight(packet)).toBe(true)
    expect(acknowledge(a, b, packet, HELLO).result).toBe(SUCCESS)
    expect(timeOut(a, b, packet).result).toBe(NOOP)
  })

  it('refuses a proof from before the packet was received', () => {
    const proofHeight = update(a, onA, b)
    receive(b, a, packet)
    b.advance(100n)
    update(a, onA, b)
    const message = { packet, proofUnreceived: PROOF, proofHeight, signer: 'relayer' }
    expect(refusal(() => a.deliver((context) => timeoutPacket(context, a, message)))).toBe('ibc/84')
  })

  it('refuses a height that the client does not know', () => {
    b.advance(10n)
    const message = {
      packet,
      proofUnreceived: PROOF,
      proofHeight: { revisionNumber: 1n, revisionHeight: b.height },
      signer: 'relayer',
    }
    expect(refusal(() => a.deliver((context) => timeoutPacket(context, a, message)))).toBe('oracle/1')
  })

  it('is a no-op the second time, also over a client that was frozen meanwhile', () => {
    b.advance(10n)
    timeOut(a, b, packet)
    const proofs = a.proofsVerified
    expect(timeOut(a, b, packet, utf8('forged')).result).toBe(NOOP)
    const proofHeight = update(a, onA, b)
    freeze()
    const message = { packet, proofUnreceived: PROOF, proofHeight, signer: 'relayer' }
    expect(a.deliver((context) => timeoutPacket(context, a, message)).result).toBe(NOOP)
    expect(a.proofsVerified).toBe(proofs)
    expect(ended().length).toBe(1)
  })

  it('refuses over a frozen client', () => {
    b.advance(10n)
    const proofHeight = update(a, onA, b)
    freeze()
    const message = { packet, proofUnreceived: PROOF, proofHeight, signer: 'relayer' }
    expect(refusal(() => a.deliver((context) => timeoutPacket(context, a, message)))).toBe('ibc/61')
    expect(inFlight(packet)).toBe(true)
  })

  it('refuses a forged proof and a forged packet', () => {
    b.advance(10n)
    expect(refusal(() => timeOut(a, b, packet, utf8('forged')))).toBe('oracle/2')
    const more = { ...packet, payloads: [testPayload({ value: utf8('more') })] }
    expect(refusal(() => timeOut(a, b, more))).toBe('ibc/86')
    const sooner = { ...packet, timeoutTimestamp: packet.timeoutTimestamp - 1n }
    expect(refusal(() => timeOut(a, b, sooner))).toBe('ibc/86')
    expect(refusal(() => timeOut(a, b, { ...packet, destinationClient: '07-tendermint-0' }))).toBe('ibc/81')
  })

  it('refuses absence proven by another client of the same chain', () => {
    // Received over the registered client; a client of the relayer's own has no receipt, and never will
    receive(b, a, packet)
    const own = openClient(a, b, 'mallory')
    register(a, own, '07-tendermint-5', 'mallory')
    b.advance(10n)
    const forged = { ...packet, sourceClient: own, destinationClient: '07-tendermint-5' }
    expect(timeOut(a, b, forged).result).toBe(NOOP)
    expect(ended()).toEqual([])
  })

  it.each([
    ['no packet', { packet: undefined }, 'ibc/5'],
    ['no proof height', { proofHeight: undefined }, 'ibc/5'],
    ['no proof', { proofUnreceived: new Uint8Array(0) }, 'ibc/6'],
    ['a proof bomb', { proofUnreceived: new Uint8Array(PROOF_BYTES_MAX + 1) }, 'ibc/7'],
    ['no signer', { signer: '' }, 'ibc/8'],
  ])('refuses a message with %s', (_name, over, expected) => {
    b.advance(10n)
    const proofHeight = update(a, onA, b)
    const message = { packet, proofUnreceived: PROOF, proofHeight, signer: 'relayer', ...over }
    expect(refusal(() => a.deliver((context) => timeoutPacket(context, a, message)))).toBe(expected)
  })

  it('meets no commitment when the application re-enters (ASA-2024-007)', () => {
    const results: number[] = []
    calls.during('timeout', (context) => {
      const proofHeight = { revisionNumber: 1n, revisionHeight: b.height }
      const message = { packet, proofUnreceived: PROOF, proofHeight, signer: 'app' }
      results.push(timeoutPacket(context, a, message))
    })
    b.advance(10n)
    timeOut(a, b, packet)
    expect(results).toEqual([NOOP])
    expect(ended().length).toBe(1)
  })

  it('keeps the packet in flight when the application refuses', () => {
    b.advance(10n)
    calls.onceDuring('timeout', () => {
      throw new ProtocolError('echo', 1, 'not now')
    })
    expect(refusal(() => timeOut(a, b, packet))).toBe('echo/1')
    expect(inFlight(packet)).toBe(true)
    expect(timeOut(a, b, packet).result).toBe(SUCCESS)
  })

  it('reaches every payload', () => {
    a.ownCodeClients.add(onA)
    const several = send(a, onA, [testPayload(), testPayload()], { timeoutSeconds: nowSeconds(a) + 10n })
    b.advance(10n)
    timeOut(a, b, several)
    expect(ended()).toEqual(['timeout 2/0 by relayer', 'timeout 2/1 by relayer'])
  })
})
