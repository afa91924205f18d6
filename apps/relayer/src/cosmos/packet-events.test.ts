import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { toHex } from '@causeway/primitives'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { testWork } from '../plan/lane.fixture.ts'
import { readPacketEvents } from './packet-events.ts'

const { packet } = testWork({ sequence: 7n })
const acknowledgement = Acknowledgement.encode({ appAcknowledgements: [new Uint8Array([1])] }).finish()
const event = (type: string, fields: Record<string, string>) => ({
  type,
  attributes: Object.entries(fields).map(([key, value]) => ({ key, value })),
})
const hex = toHex(Packet.encode(packet).finish())

describe('packet events', () => {
  it('are read with their packet, height and acknowledgement', () => {
    const events = [
      event('transfer', { amount: '1stake' }),
      event('send_packet', { packet_sequence: '7', encoded_packet_hex: hex }),
      event('write_acknowledgement', {
        encoded_packet_hex: hex,
        encoded_acknowledgement_hex: toHex(acknowledgement),
      }),
    ]
    expect(readPacketEvents(events, 12n)).toEqual([
      { type: 'send_packet', height: 12n, packet, acknowledgement: undefined },
      { type: 'write_acknowledgement', height: 12n, packet, acknowledgement },
    ])
  })

  it('of channels v1, broken or absurd ones are left out', () => {
    const zero = toHex(Packet.encode({ ...packet, sequence: 0n }).finish())
    const events = [
      event('send_packet', { packet_data_hex: '00', packet_sequence: '1' }),
      event('send_packet', { encoded_packet_hex: 'zz' }),
      event('send_packet', { encoded_packet_hex: zero }),
      event('send_packet', { encoded_packet_hex: 'ff'.repeat(300_000) }),
      event('write_acknowledgement', { encoded_packet_hex: hex }),
    ]
    expect(readPacketEvents(events, 1n)).toEqual([])
  })

  it('never stop the relayer, whatever an endpoint sends', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 200 }), (text, bytes) => {
        readPacketEvents([event('send_packet', { encoded_packet_hex: text })], 1n)
        readPacketEvents([event('recv_packet', { encoded_packet_hex: toHex(bytes) })], 1n)
      }),
    )
  })
})
