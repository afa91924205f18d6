import { decodeFunctionData } from 'viem'
import { describe, expect, it } from 'vitest'

import { testWork } from '../plan/lane.fixture.ts'
import type { Work } from '../plan/work.ts'
import { CORE_ABI } from './abi.ts'
import { packetCalls } from './calls.ts'

const proofHeight = { revisionNumber: 0n, revisionHeight: 9n }
const receive = (sequence: bigint, fields: Partial<Work['packet']> = {}, height = 9n) => ({
  work: testWork({ packet: { ...testWork({ sequence }).packet, ...fields } }),
  proof: Uint8Array.of(Number(sequence)),
  proofHeight: { ...proofHeight, revisionHeight: height },
})
const timeOut = (sequence: bigint) => ({
  ...receive(sequence),
  work: testWork({ sequence, kind: 'timeout' }),
})
const payload = (value: Uint8Array, version = 'ics20-1') => {
  const [first] = testWork().packet.payloads
  return first === undefined ? [] : [{ ...first, value, version }]
}

/** Names of the calls, and the sequences that each is about. */
function read(works: Parameters<typeof packetCalls>[0]) {
  const calls = packetCalls(
    works,
    works.map(({ proof }) => proof),
  )
  return calls.map((data) => {
    const { functionName, args } = decodeFunctionData({ abi: CORE_ABI, data })
    const [message] = args as readonly [object]
    const about = 'packets' in message ? message.packets : 'packet' in message ? [message.packet] : []
    return [functionName, (about as { sequence: bigint }[]).map(({ sequence }) => sequence)]
  })
}

describe('messages to the contract', () => {
  it('that are received and alike go in one call, in their order', () => {
    const works = [receive(3n), receive(1n), receive(2n, { timeoutTimestamp: 7n }), timeOut(1n), receive(4n)]
    expect(read(works)).toEqual([
      ['recvPackets', [3n, 1n, 2n]],
      ['timeoutPacket', [1n]],
      ['recvPacket', [4n]],
    ])
  })

  it('carry in one call what each has of its own, with its proof', () => {
    const works = [
      receive(1n, { payloads: payload(Uint8Array.of(7)) }),
      receive(2n, { timeoutTimestamp: 8n, payloads: payload(Uint8Array.of(9, 9)) }),
    ]
    const [data = '0x', ...more] = packetCalls(works, [Uint8Array.of(1), Uint8Array.of(2, 2)])
    expect(more).toEqual([])
    const { args } = decodeFunctionData({ abi: CORE_ABI, data })
    expect(args?.[0]).toEqual({
      ...{ sourceClient: '07-tendermint-0', destClient: '07-tendermint-1' },
      ...{ sourcePort: 'transfer', destPort: 'transfer', version: 'ics20-1' },
      ...{ encoding: 'application/x-protobuf', proofHeight: 9n },
      packets: [
        { sequence: 1n, timeoutTimestamp: 5_000n, value: '0x07', proofCommitment: '0x01' },
        { sequence: 2n, timeoutTimestamp: 8n, value: '0x0909', proofCommitment: '0x0202' },
      ],
    })
  })

  it('that differ in what a call names once go apart', () => {
    const pairs = [
      receive(2n, { sourceClient: 'other' }),
      receive(2n, { destinationClient: 'other' }),
      receive(2n, { payloads: payload(Uint8Array.of(1), 'ics20-2') }),
      receive(2n, { payloads: [] }),
      receive(2n, { payloads: [...payload(Uint8Array.of(1)), ...payload(Uint8Array.of(1))] }),
      receive(2n, {}, 10n),
    ]
    for (const other of pairs) {
      const names = read([receive(1n), other]).map(([name]) => name)
      expect(names).toEqual(['recvPacket', 'recvPacket'])
    }
    expect(read([])).toEqual([])
  })
})
