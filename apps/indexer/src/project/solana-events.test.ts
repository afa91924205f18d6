import { decodePacket, encodePacket } from '../../../../contracts/solana/src/core/packet-bytes.ts'
import { describe, expect, it } from 'vitest'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { fromHex, isProtocolError, toBase64, utf8 } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'
import { isCut, readCoreLines } from './solana-events.ts'

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

function line(kind: string, ...more: Uint8Array[]): string {
  return `Program data: ${[utf8(kind), encodePacket(packet), ...more].map(toBase64).join(' ')}`
}

function called(program: string, lines: readonly string[], depth = 1): string[] {
  return [`Program ${program} invoke [${depth}]`, ...lines, `Program ${program} success`]
}

function textOf(event: BlockEvent | undefined, key: string): string | undefined {
  return event?.attributes.find((attribute) => attribute.key === key)?.value
}

describe('lines of the core', () => {
  it.each(['send_packet', 'acknowledge_packet', 'timeout_packet'])(
    'tell %s with the whole packet',
    (kind) => {
      const [event, ...rest] = readCoreLines(called(CORE, [line(kind)]), CORE)
      expect(rest).toEqual([])
      expect(event?.type).toBe(kind)
      expect(Packet.decode(fromHex(textOf(event, 'encoded_packet_hex')!))).toEqual(packet)
      expect(textOf(event, 'packet_sequence')).toBe('7')
      expect(decodePacket(encodePacket(packet))).toEqual(packet)
    },
  )

  it('tell a receipt with what was answered', () => {
    const answer = utf8('{"result":"AQ=="}')
    const events = readCoreLines(called(CORE, [line('write_acknowledgement', answer)]), CORE)
    expect(events.map(({ type }) => type)).toEqual(['recv_packet', 'write_acknowledgement'])
    const encoded = fromHex(textOf(events[1], 'encoded_acknowledgement_hex')!)
    expect(Acknowledgement.decode(encoded).appAcknowledgements).toEqual([answer])
  })

  it('are those that stand directly in a call of the core', () => {
    const forged = line('send_packet')
    const logs = [
      forged,
      ...called(OTHER, [forged, `Program log: Program ${CORE} invoke [2]`, forged]),
      ...called(CORE, [...called(OTHER, [forged], 2), 'Program log: nothing']),
      ...called(OTHER, [...called(CORE, [line('timeout_packet')], 2), forged]),
    ]
    expect(readCoreLines(logs, CORE).map(({ type }) => type)).toEqual(['timeout_packet'])
  })

  it('that end too early are refused, and never stop the reader', () => {
    const whole = line('send_packet')
    const refusals = new Set<string>()
    for (let length = 'Program data: '.length; length < whole.length; length++) {
      try {
        readCoreLines(called(CORE, [whole.slice(0, length)]), CORE)
      } catch (error) {
        if (!isProtocolError(error)) throw error
        refusals.add(`${error.codespace}/${error.code}`)
      }
    }
    expect([...refusals]).toEqual(['indexer/4'])
  })

  it('may be missing where a node cut the log', () => {
    expect(isCut([...called(CORE, []), 'Log truncated'])).toBe(true)
    expect(isCut(called(CORE, ['Program log: Log truncated']))).toBe(false)
  })
})
