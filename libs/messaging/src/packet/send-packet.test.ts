import { fromBe64, fromHex, utf8 } from '@causeway/primitives'
import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { beforeEach, describe, expect, it } from 'vitest'
import { packetCommitment } from '../commitments/packet-commitment.ts'
import { nextSequenceSendKey, packetCommitmentKey } from '../commitments/store-keys.ts'
import { recordingApplication, testPayload } from '../testing/recording-application.fixture.ts'
import { MISBEHAVIOUR_URL, TRUSTING_SECONDS, header } from '../testing/oracle-client.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import {
  connect,
  createChains,
  nowSeconds,
  openClient,
  register,
  send,
  update,
} from '../testing/two-chains.fixture.ts'
import { updateClient } from '../client/update-client.ts'
import { PAYLOADS_MAX, PAYLOAD_BYTES_MAX, PAYLOAD_LABEL_MAX } from './packet-form.ts'
import { TIMEOUT_SECONDS_MAX, sendPacket } from './send-packet.ts'

let a: TestChain
let b: TestChain
let client: string
let calls: ReturnType<typeof recordingApplication>

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
  calls = recordingApplication()
  a.applications.set('echo', calls.application)
  // The clients of the two chains bear different ids, so that mixing them up can't go unseen
  openClient(b, a)
  client = connect(a, b).onA
})

const sequence = () => fromBe64(a.reader().get(nextSequenceSendKey(client))!)

describe('sendPacket', () => {
  it('commits, counts, tells, and hands the payload to the application of its source port', () => {
    const timeoutTimestamp = nowSeconds(a) + 60n
    const message = { sourceClient: client, timeoutTimestamp, payloads: [testPayload()], signer: 'alice' }
    const { result: packet, events } = a.deliver((context) => sendPacket(context, a, message))
    expect(packet).toEqual({
      sequence: 1n,
      sourceClient: '07-tendermint-0',
      destinationClient: '07-tendermint-1',
      timeoutTimestamp,
      payloads: [testPayload()],
    })
    expect(a.reader().get(packetCommitmentKey(client, 1n))).toEqual(packetCommitment(packet))
    expect(sequence()).toBe(2n)
    expect(events.map((event) => event.type)).toEqual(['send_packet', 'message'])
    const attributes = Object.fromEntries(events[0]!.attributes.map(({ key, value }) => [key, value]))
    expect(attributes).toMatchObject({
      packet_source_client: '07-tendermint-0',
      packet_dest_client: '07-tendermint-1',
      packet_sequence: '1',
      packet_timeout_timestamp: timeoutTimestamp.toString(),
    })
    expect(Packet.decode(fromHex(attributes['encoded_packet_hex']!))).toEqual(packet)
    expect(events[1]!.attributes).toEqual([{ key: 'module', value: 'ibc_channelv2' }])
    expect(calls.log).toEqual(['send 1/0 by alice'])
  })

  it('counts one up with each packet', () => {
    const sequences = [1, 2, 3].map(() => send(a, client, [testPayload()]).sequence)
    expect(sequences).toEqual([1n, 2n, 3n])
  })

  it.each([
    ['no signer', { signer: '' }, 'ibc/8'],
    ['an id that is none', { sourceClient: 'x' }, 'ibc/1'],
    ['a client nobody made', { sourceClient: '07-tendermint-9' }, 'ibc/80'],
    ['no timeout', { timeoutTimestamp: 0n }, 'ibc/28'],
    ['no payload', { payloads: [] }, 'ibc/21'],
    ['a payload flood', { payloads: Array(PAYLOADS_MAX + 1).fill(testPayload()) }, 'ibc/22'],
    [
      'two payloads to a chain that may not be atomic',
      { payloads: [testPayload(), testPayload()] },
      'ibc/23',
    ],
    ['no version', { payloads: [testPayload({ version: '' })] }, 'ibc/24'],
    ['a blank version', { payloads: [testPayload({ version: ' \t' })] }, 'ibc/24'],
    ['no encoding', { payloads: [testPayload({ encoding: '' })] }, 'ibc/25'],
    ['an empty value', { payloads: [testPayload({ value: new Uint8Array(0) })] }, 'ibc/26'],
    ['a bad source port', { payloads: [testPayload({ sourcePort: 'a/b' })] }, 'ibc/2'],
    ['a bad destination port', { payloads: [testPayload({ destinationPort: '' })] }, 'ibc/2'],
    [
      'too many bytes',
      { payloads: [testPayload({ value: new Uint8Array(PAYLOAD_BYTES_MAX + 1) })] },
      'ibc/27',
    ],
    ['a version bomb', { payloads: [testPayload({ version: 'v'.repeat(PAYLOAD_LABEL_MAX + 1) })] }, 'ibc/29'],
    [
      'an encoding bomb',
      { payloads: [testPayload({ encoding: 'e'.repeat(PAYLOAD_LABEL_MAX + 1) })] },
      'ibc/29',
    ],
    ['a port nobody listens on', { payloads: [testPayload({ sourcePort: 'nobody' })] }, 'ibc/100'],
  ])('refuses %s', (_name, over, expected) => {
    const timeoutTimestamp = nowSeconds(a) + 60n
    const message = {
      sourceClient: client,
      timeoutTimestamp,
      payloads: [testPayload()],
      signer: 'alice',
      ...over,
    }
    expect(refusal(() => a.deliver((context) => sendPacket(context, a, message)))).toBe(expected)
    expect(sequence()).toBe(1n)
    expect(a.reader().has(packetCommitmentKey(client, 1n))).toBe(false)
  })

  it('takes the most bytes that fit', () => {
    expect(send(a, client, [testPayload({ value: new Uint8Array(PAYLOAD_BYTES_MAX) })]).sequence).toBe(1n)
  })

  it('takes a timeout from the next second to 24 hours ahead', () => {
    const withTimeout = (timeoutSeconds: bigint) =>
      refusal(() => send(a, client, [testPayload()], { timeoutSeconds }))
    const now = nowSeconds(a)
    expect(withTimeout(now)).toBe('ibc/82')
    expect(withTimeout(now - 1n)).toBe('ibc/82')
    expect(withTimeout(now + TIMEOUT_SECONDS_MAX + 1n)).toBe('ibc/83')
    expect(withTimeout(2n ** 64n - 1n)).toBe('ibc/83')
    const asked = (timeoutSeconds: bigint) => () => send(a, client, [testPayload()], { timeoutSeconds })
    expect(asked(now - 5n)).toThrow('the packet timed out 5 s ago')
    expect(asked(now + TIMEOUT_SECONDS_MAX + 7n)).toThrow('7 s later than the latest that is taken')
    expect(asked((now + 600n) * 1_000_000_000n)).toThrow('in seconds since 1970, not in nanoseconds')
    expect(withTimeout(now + 1n)).toBe('accepted')
    expect(withTimeout(now + TIMEOUT_SECONDS_MAX)).toBe('accepted')
  })

  it('refuses a timeout that has passed over there already', () => {
    b.advance(100n)
    update(a, client, b)
    const withTimeout = (timeoutSeconds: bigint) =>
      refusal(() => send(a, client, [testPayload()], { timeoutSeconds }))
    expect(withTimeout(nowSeconds(b))).toBe('ibc/85')
    expect(withTimeout(nowSeconds(b) + 1n)).toBe('accepted')
  })

  it('needs a counterparty', () => {
    const other = openClient(a, b)
    expect(refusal(() => send(a, other, [testPayload()]))).toBe('ibc/80')
    register(a, other, '07-tendermint-5')
    expect(send(a, other, [testPayload()]).destinationClient).toBe('07-tendermint-5')
  })

  it('needs an Active client', () => {
    a.advance(TRUSTING_SECONDS + 1n)
    expect(refusal(() => send(a, client, [testPayload()]))).toBe('ibc/61')
  })

  it('needs a client that is not frozen', () => {
    const clientMessage = { typeUrl: MISBEHAVIOUR_URL, value: header(1n).value }
    a.deliver((context) =>
      updateClient(context, a.lightClients, { clientId: client, clientMessage, signer: 'x' }),
    )
    expect(refusal(() => send(a, client, [testPayload()]))).toBe('ibc/61')
  })

  it('sends several payloads where governance knows our own code at the other end', () => {
    a.ownCodeClients.add(client)
    expect(send(a, client, [testPayload(), testPayload()]).payloads.length).toBe(2)
    expect(calls.log).toEqual(['send 1/0 by alpha1alice', 'send 1/1 by alpha1alice'])
  })

  it('takes everything back when an application refuses', () => {
    calls.refuseNext('send')
    expect(refusal(() => send(a, client, [testPayload({ value: utf8('refused') })]))).toBe('echo/1')
    expect(sequence()).toBe(1n)
    expect(a.reader().has(packetCommitmentKey(client, 1n))).toBe(false)
  })

  it('lets an application send while it sends: the sequence is taken already', () => {
    calls.onceDuring('send', (context) => {
      const timeoutTimestamp = nowSeconds(a) + 60n
      sendPacket(context, a, {
        sourceClient: client,
        timeoutTimestamp,
        payloads: [testPayload()],
        signer: 'app',
      })
    })
    expect(send(a, client, [testPayload()]).sequence).toBe(1n)
    expect(sequence()).toBe(3n)
    expect(a.reader().has(packetCommitmentKey(client, 2n))).toBe(true)
  })
})
