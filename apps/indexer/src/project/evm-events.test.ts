import { encodeAbiParameters, encodeEventTopics, type AbiEvent, type Hex } from 'viem'
import { IbcCore } from '@causeway/contracts-evm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { fromHex, isProtocolError } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'
import { CLIENT_ADDED, SEND_PACKET, clientIdTopic, readClientAdded, readCoreLog } from './evm-events.ts'

const packet = {
  sequence: 7n,
  sourceClient: 'client-0',
  destClient: 'ethereum-1',
  timeoutTimestamp: 1_700_000_000n,
  payloads: [
    {
      sourcePort: 'transfer',
      destPort: 'transfer',
      version: 'ics20-1',
      encoding: 'application/x-solidity-abi',
      value: '0x0102' as Hex,
    },
  ],
}
const clients = {
  idOf: (topic: Hex) => (topic === clientIdTopic('client-0') ? 'client-0' : undefined),
  chainOf: (clientId: string) => (clientId === 'client-0' ? 'causeway-1' : undefined),
}

type EventName = 'SendPacket' | 'WriteAcknowledgement' | 'AckPacket' | 'TimeoutPacket' | `Client${string}`

/** A log as the contract would write it. */
function log(eventName: EventName, indexed: Record<string, unknown>, rest: readonly unknown[]) {
  const event = IbcCore.abi.find((item) => item.type === 'event' && item.name === eventName) as AbiEvent
  const topics = encodeEventTopics({ abi: [event], eventName, args: indexed })
  const inputs = event.inputs.filter((input) => input.indexed !== true)
  return { topics: topics as Hex[], data: encodeAbiParameters(inputs, rest) }
}

const named = { clientId: 'client-0', sequence: 7n }
const sent = log('SendPacket', named, [packet])
const updated = log('ClientUpdated', { clientId: 'client-0' }, [41n])
const added = log('ClientAdded', {}, [
  'client-0',
  { clientId: 'ethereum-1', merklePrefix: ['0x696263', '0x'] },
  '0x00000000000000000000000000000000000000aa',
])

function textOf(event: BlockEvent | undefined, key: string): string | undefined {
  return event?.attributes.find((attribute) => attribute.key === key)?.value
}

function refusal(run: () => unknown): string {
  try {
    run()
    return 'read'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}

describe('logs of the core', () => {
  it('send a packet', () => {
    const [event, ...rest] = readCoreLog(sent, clients)
    expect(rest).toEqual([])
    expect(event?.type).toBe('send_packet')
    expect(textOf(event, 'packet_source_client')).toBe('client-0')
    const decoded = Packet.decode(fromHex(textOf(event, 'encoded_packet_hex')!))
    expect(decoded).toMatchObject({
      sequence: 7n,
      destinationClient: 'ethereum-1',
      timeoutTimestamp: 1_700_000_000n,
    })
    expect(decoded.payloads[0]).toMatchObject({ destinationPort: 'transfer', value: Uint8Array.of(1, 2) })
    expect(sent.topics[0]).toBe(SEND_PACKET)
  })

  it('receive and acknowledge at once', () => {
    const events = readCoreLog(log('WriteAcknowledgement', named, [packet, ['0xaa', '0xbb']]), clients)
    expect(events.map(({ type }) => type)).toEqual(['recv_packet', 'write_acknowledgement'])
    const bytes = fromHex(textOf(events[1], 'encoded_acknowledgement_hex')!)
    expect(Acknowledgement.decode(bytes).appAcknowledgements).toEqual([
      Uint8Array.of(0xaa),
      Uint8Array.of(0xbb),
    ])
  })

  it.each([
    ['AckPacket', ['0x01'], 'acknowledge_packet'],
    ['TimeoutPacket', [], 'timeout_packet'],
  ] as const)('end a packet: %s', (name, more, type) => {
    const [event] = readCoreLog(log(name, named, [packet, ...more]), clients)
    expect(event?.type).toBe(type)
  })

  it('update and freeze a client, which a log names by a hash', () => {
    const [update] = readCoreLog(updated, clients)
    expect(update?.type).toBe('update_client')
    expect(textOf(update, 'client_id')).toBe('client-0')
    expect(textOf(update, 'consensus_heights')).toBe('1-41')
    const frozen = log('ClientFrozen', { clientId: 'client-0' }, [])
    expect(readCoreLog(frozen, clients)[0]?.type).toBe('client_misbehaviour')
    const nobody = { ...clients, idOf: () => undefined }
    expect(refusal(() => readCoreLog(updated, nobody))).toBe('indexer/5')
  })

  it('add a client, with its counterparty and the chain that it says it follows', () => {
    const [event] = readCoreLog(added, clients)
    expect(event?.type).toBe('client_added')
    expect(textOf(event, 'tracked_chain_id')).toBe('causeway-1')
    expect(textOf(event, 'counterparty_merkle_prefix')).toBe('696263,')
    expect(
      textOf(readCoreLog(added, { ...clients, chainOf: () => undefined })[0], 'tracked_chain_id'),
    ).toBeUndefined()
    expect(readClientAdded(added)).toMatchObject({ clientId: 'client-0' })
    expect(readClientAdded(sent)).toBeUndefined()
    expect(readClientAdded({ topics: [CLIENT_ADDED], data: '0x' })).toBeUndefined()
  })

  it('of other contracts and other kinds tell nothing', () => {
    expect(readCoreLog({ topics: [], data: '0x' }, clients)).toEqual([])
    const topics = encodeEventTopics({ abi: IbcCore.abi, eventName: 'Noop' }) as Hex[]
    expect(readCoreLog({ topics, data: '0x' }, clients)).toEqual([])
  })

  it('that are cut off or run on are refused, whatever their bytes', () => {
    expect(refusal(() => readCoreLog({ ...sent, data: '0x' }, clients))).toBe('indexer/4')
    expect(refusal(() => readCoreLog({ ...sent, topics: sent.topics.slice(0, 1) }, clients))).toBe(
      'indexer/4',
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(sent, updated, added), (bytes, base) => {
        const data: Hex = `0x${Buffer.from(bytes).toString('hex')}`
        expect(['read', 'indexer/4']).toContain(refusal(() => readCoreLog({ ...base, data }, clients)))
      }),
    )
  })
})
