import { encodePacket } from '../../../../contracts/solana/src/core/packet-bytes.ts'
import { describe, expect, it } from 'vitest'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { concatBytes, fromHex, isProtocolError, toBase58, utf8 } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'
import { toBlockEvents } from './solana-events.ts'

const CORE = 'Core1111111111111111111111111111111111111111'
const OTHER = 'Other111111111111111111111111111111111111111'
const packet: Packet = {
  sequence: 7n,
  sourceClient: 'client-0',
  destinationClient: 'solana-1',
  timeoutTimestamp: 1_700_000_000n,
  payloads: [
    {
      sourcePort: 'transfer',
      destinationPort: 'transfer',
      version: 'ics20-1',
      encoding: 'application/x-solidity-abi',
      value: Uint8Array.of(1, 2, 3),
    },
  ],
}

const KINDS = ['send_packet', 'write_acknowledgement', 'acknowledge_packet', 'timeout_packet']

/** The core's call of itself. */
function event(kind: string, answer = new Uint8Array(), program = CORE) {
  const bytes = concatBytes(Uint8Array.of(9, KINDS.indexOf(kind)), encodePacket(packet), answer)
  return { program, data: toBase58(bytes) }
}

function textOf(event: BlockEvent | undefined, key: string): string | undefined {
  return event?.attributes.find((attribute) => attribute.key === key)?.value
}

describe('events of the core', () => {
  it.each(['send_packet', 'acknowledge_packet', 'timeout_packet'])(
    'tell %s with the whole packet',
    (kind) => {
      const [told, ...rest] = toBlockEvents([event(kind)], CORE)
      expect(rest).toEqual([])
      expect(told?.type).toBe(kind)
      expect(Packet.decode(fromHex(textOf(told, 'encoded_packet_hex')!))).toEqual(packet)
      expect(textOf(told, 'packet_sequence')).toBe('7')
    },
  )

  it('tell a receipt with what was answered', () => {
    const answer = Uint8Array.from(utf8('{"result":"AQ=="}'))
    const events = toBlockEvents([event('write_acknowledgement', answer)], CORE)
    expect(events.map(({ type }) => type)).toEqual(['recv_packet', 'write_acknowledgement'])
    const encoded = fromHex(textOf(events[1], 'encoded_acknowledgement_hex')!)
    expect(Acknowledgement.decode(encoded).appAcknowledgements).toEqual([answer])
  })

  it('are its calls of itself, and no other program’s of the same words', () => {
    const called = [
      event('send_packet', undefined, OTHER),
      { program: CORE, data: toBase58(Uint8Array.of(3, 0)) },
      event('timeout_packet'),
      { program: OTHER, data: 'not base58 at all: 0OIl' },
    ]
    expect(toBlockEvents(called, CORE).map(({ type }) => type)).toEqual(['timeout_packet'])
  })

  it('that end too early are refused, and never stop the reader', () => {
    const whole = event('send_packet')
    const refusals = new Set<string>()
    for (let length = 2; length < whole.data.length; length++) {
      try {
        toBlockEvents([{ program: CORE, data: whole.data.slice(0, length) }], CORE)
      } catch (error) {
        if (!isProtocolError(error)) throw error
        refusals.add(`${error.codespace}/${error.code}`)
      }
    }
    expect([...refusals]).toEqual(['indexer/4'])
  })
})
