import { utf8 } from '@causeway/primitives'
import * as packets from '@causeway/protocol/ibc/core/channel/v2/query'
import { beforeEach, describe, expect, it } from 'vitest'
import { acknowledgementCommitment } from '../commitments/acknowledgement-commitment.ts'
import { packetCommitment } from '../commitments/packet-commitment.ts'
import { ask, page } from '../testing/query-asking.fixture.ts'
import { recordingApplication, testPayload } from '../testing/recording-application.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import type { TestChain } from '../testing/test-chain.fixture.ts'
import {
  acknowledge,
  connect,
  createChains,
  openClient,
  receive,
  send,
} from '../testing/two-chains.fixture.ts'

const V2 = '/ibc.core.channel.v2.Query'

let a: TestChain
let b: TestChain
let onA: string
let onB: string

beforeEach(() => {
  const chains = createChains('alpha', 'beta')
  a = chains.alpha
  b = chains.beta
  a.applications.set('echo', recordingApplication().application)
  b.applications.set('echo', recordingApplication().application)
  openClient(b, a)
  ;({ onA, onB } = connect(a, b))
})

describe('packet queries', () => {
  const commitments = (over: object = {}) =>
    ask(
      a,
      `${V2}/PacketCommitments`,
      packets.QueryPacketCommitmentsRequest,
      packets.QueryPacketCommitmentsResponse,
      {
        clientId: onA,
        pagination: page(over),
      },
    )

  it('NextSequenceSend', () => {
    const next = (clientId: string) =>
      ask(
        a,
        `${V2}/NextSequenceSend`,
        packets.QueryNextSequenceSendRequest,
        packets.QueryNextSequenceSendResponse,
        {
          clientId,
        },
      ).nextSequenceSend
    expect(next(onA)).toBe(1n)
    send(a, onA, [testPayload()])
    expect(next(onA)).toBe(2n)
    expect(refusal(() => next('07-tendermint-9'))).toBe('ibc/120')
  })

  it('PacketCommitment', () => {
    const packet = send(a, onA, [testPayload()])
    const one = (sequence: bigint) =>
      ask(
        a,
        `${V2}/PacketCommitment`,
        packets.QueryPacketCommitmentRequest,
        packets.QueryPacketCommitmentResponse,
        {
          clientId: onA,
          sequence,
        },
      )
    expect(one(1n).commitment).toEqual(packetCommitment(packet))
    expect(one(1n).proofHeight).toEqual({ revisionNumber: 1n, revisionHeight: a.height })
    expect(refusal(() => one(2n))).toBe('ibc/120')
    expect(refusal(() => one(0n))).toBe('ibc/20')
    expect(refusal(() => one(2n ** 64n - 1n))).toBe('ibc/120')
  })

  it('PacketCommitments, by offset and by key, forwards and backwards', () => {
    for (let i = 0; i < 7; i++) send(a, onA, [testPayload()])
    const sequences = (over: object = {}) => commitments(over).commitments.map((item) => item.sequence)
    expect(sequences()).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n])
    expect(commitments().pagination).toEqual({ nextKey: new Uint8Array(0), total: 7n })
    expect(sequences({ offset: 2n, limit: 3n })).toEqual([3n, 4n, 5n])
    expect(sequences({ offset: 7n, limit: 3n })).toEqual([])
    expect(sequences({ offset: 2n ** 64n - 1n, limit: 2n ** 64n - 1n })).toEqual([])
    expect(sequences({ reverse: true, limit: 2n })).toEqual([7n, 6n])
    expect(commitments({ limit: 2n, countTotal: true }).pagination?.total).toBe(7n)
    expect(commitments({ limit: 2n }).pagination?.total).toBe(0n)
    expect(refusal(() => commitments({ key: utf8('x'), offset: 1n }))).toBe('ibc/121')
    for (const reverse of [false, true]) {
      const seen: bigint[] = []
      let key: Uint8Array = new Uint8Array(0)
      do {
        const answer = commitments({ key, limit: 3n, reverse })
        seen.push(...answer.commitments.map((item) => item.sequence))
        key = answer.pagination!.nextKey
      } while (key.length > 0)
      expect(seen).toEqual(reverse ? [7n, 6n, 5n, 4n, 3n, 2n, 1n] : [1n, 2n, 3n, 4n, 5n, 6n, 7n])
    }
  })

  it('PacketCommitments of one client only, also when another id begins like it', () => {
    for (let i = 0; i < 10; i++) openClient(a, b)
    send(a, onA, [testPayload()])
    const of = (clientId: string) =>
      ask(
        a,
        `${V2}/PacketCommitments`,
        packets.QueryPacketCommitmentsRequest,
        packets.QueryPacketCommitmentsResponse,
        {
          clientId,
          pagination: undefined,
        },
      ).commitments
    expect(of(onA)).toEqual([{ clientId: onA, sequence: 1n, data: expect.any(Uint8Array) as Uint8Array }])
    expect(of('07-tendermint-1')).toEqual([])
  })

  it('PacketReceipt, PacketAcknowledgement(s), UnreceivedPackets, UnreceivedAcks', () => {
    const first = send(a, onA, [testPayload()])
    send(a, onA, [testPayload()])
    const third = send(a, onA, [testPayload()])
    receive(b, a, first)
    receive(b, a, third)
    acknowledge(a, b, third, [utf8('hello')])
    const received = (sequence: bigint) =>
      ask(b, `${V2}/PacketReceipt`, packets.QueryPacketReceiptRequest, packets.QueryPacketReceiptResponse, {
        clientId: onB,
        sequence,
      }).received
    expect([1n, 2n, 3n].map(received)).toEqual([true, false, true])
    expect(refusal(() => received(0n))).toBe('ibc/20')

    const { QueryPacketAcknowledgementRequest, QueryPacketAcknowledgementResponse } = packets
    const one = (sequence: bigint) =>
      ask(
        b,
        `${V2}/PacketAcknowledgement`,
        QueryPacketAcknowledgementRequest,
        QueryPacketAcknowledgementResponse,
        {
          clientId: onB,
          sequence,
        },
      ).acknowledgement
    expect(one(1n)).toEqual(acknowledgementCommitment([utf8('hello')]))
    expect(refusal(() => one(2n))).toBe('ibc/120')
    expect(refusal(() => one(0n))).toBe('ibc/20')

    const { QueryPacketAcknowledgementsRequest, QueryPacketAcknowledgementsResponse } = packets
    const all = (packetCommitmentSequences: bigint[]) =>
      ask(
        b,
        `${V2}/PacketAcknowledgements`,
        QueryPacketAcknowledgementsRequest,
        QueryPacketAcknowledgementsResponse,
        {
          clientId: onB,
          pagination: undefined,
          packetCommitmentSequences,
        },
      ).acknowledgements.map((item) => item.sequence)
    expect(all([])).toEqual([1n, 3n])
    expect(all([3n, 2n])).toEqual([3n])

    const { QueryUnreceivedPacketsRequest, QueryUnreceivedPacketsResponse } = packets
    const unreceived = (sequences: bigint[]) =>
      ask(b, `${V2}/UnreceivedPackets`, QueryUnreceivedPacketsRequest, QueryUnreceivedPacketsResponse, {
        clientId: onB,
        sequences,
      }).sequences
    expect(unreceived([1n, 2n, 3n, 9n])).toEqual([2n, 9n])
    expect(unreceived([])).toEqual([])
    expect(refusal(() => unreceived([1n, 0n]))).toBe('ibc/20')

    const { QueryUnreceivedAcksRequest, QueryUnreceivedAcksResponse } = packets
    const pending = (packetAckSequences: bigint[]) =>
      ask(a, `${V2}/UnreceivedAcks`, QueryUnreceivedAcksRequest, QueryUnreceivedAcksResponse, {
        clientId: onA,
        packetAckSequences,
      }).sequences
    expect(pending([1n, 2n, 3n])).toEqual([1n, 2n])
    expect(refusal(() => pending([0n]))).toBe('ibc/20')
  })
})
