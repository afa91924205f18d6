import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { encodeAbiParameters, encodeEventTopics } from 'viem'
import type { AbiEvent, Hex } from 'viem'
import { describe, expect, it } from 'vitest'

import { CORE_ABI } from './abi.ts'
import { PACKET_TOPICS, packetTopics, readPacketLogs } from './packet-logs.ts'

const packet = {
  sequence: 7n,
  sourceClient: 'client-0',
  destClient: 'ethereum-0',
  timeoutTimestamp: 1_900_000_000n,
  payloads: [
    {
      sourcePort: 'transfer',
      destPort: 'transfer',
      version: 'ics20-1',
      encoding: 'application/json',
      value: '0x01',
    },
  ],
} as const

/** A log as the contract emits it. */
function log(
  name: 'SendPacket' | 'WriteAcknowledgement' | 'AckPacket' | 'TimeoutPacket',
  ...more: unknown[]
) {
  const event = CORE_ABI.find(
    (item): item is Extract<typeof item, AbiEvent> => item.type === 'event' && item.name === name,
  )!
  const [topic] = encodeEventTopics({ abi: CORE_ABI, eventName: name })
  const data = encodeAbiParameters(
    event.inputs.filter((input) => !('indexed' in input && input.indexed)) as never,
    [packet, ...more] as never,
  )
  const [, client, sequence] = packetTopics('send_packet', 'client-0', 7n)
  const topics = [topic, client, sequence] as Hex[]
  return { data, topics, blockNumber: 5n, transactionHash: `0x${'00'.repeat(32)}` as Hex }
}

const read = {
  sequence: 7n,
  sourceClient: 'client-0',
  destinationClient: 'ethereum-0',
  timeoutTimestamp: 1_900_000_000n,
  payloads: [
    { sourcePort: 'transfer', destinationPort: 'transfer', version: 'ics20-1', value: Uint8Array.of(1) },
  ],
}

describe('packet logs', () => {
  it('are read by the standard’s names, whatever the contract calls them', () => {
    const logs = [
      log('SendPacket'),
      log('WriteAcknowledgement', ['0xaa']),
      log('AckPacket', '0xaa'),
      log('TimeoutPacket'),
    ]
    const events = readPacketLogs(logs)
    expect(events.map(({ type }) => type)).toEqual([
      'send_packet',
      'write_acknowledgement',
      'acknowledge_packet',
      'timeout_packet',
    ])
    for (const event of events) expect(event).toMatchObject({ blockNumber: 5n, packet: read })
    const acknowledgement = Acknowledgement.decode(events[1]?.acknowledgement ?? new Uint8Array())
    expect(acknowledgement.appAcknowledgements).toEqual([Uint8Array.of(0xaa)])
    expect(events[2]?.acknowledgement).toBeUndefined()
  })

  it('that can’t be read are left out: other events, cut data, endless data', () => {
    const good = log('SendPacket')
    const strange = [
      { ...good, topics: [`0x${'12'.repeat(32)}` as Hex] },
      { ...good, topics: [] },
      { ...good, data: good.data.slice(0, 70) as Hex },
      { ...good, data: `0x${'00'.repeat(1_100_000)}` as Hex },
    ]
    expect(readPacketLogs([...strange, good])).toHaveLength(1)
  })

  it('are asked for by four selectors, and one packet by client and sequence', () => {
    expect(new Set(PACKET_TOPICS).size).toBe(4)
    expect(log('SendPacket').topics).toEqual(packetTopics('send_packet', 'client-0', 7n))
    expect(packetTopics('write_acknowledgement', 'client-0', 7n)[0]).toBe(PACKET_TOPICS[1])
  })
})
