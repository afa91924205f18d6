import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fromHex, utf8 } from '@causeway/primitives'
import { FungibleTokenPacketData } from '@causeway/protocol/ibc/applications/transfer/v1/packet'
import { CARRY_EVERYTHING, filterReason } from './filter.ts'
import type { PacketFilter } from './filter.ts'
import { readTransfer } from './read-transfer.ts'
import { testWork } from './lane.fixture.ts'

const data = { denom: 'stake', amount: '100', sender: 'cosmos1sender', receiver: 'cway1receiver', memo: '' }
const payload = (encoding: string, value: Uint8Array) => ({
  sourcePort: 'transfer',
  destinationPort: 'transfer',
  version: 'ics20-1',
  encoding,
  value,
})
const protobuf = payload('application/x-protobuf', FungibleTokenPacketData.encode(data).finish())
const word = (value: bigint) => value.toString(16).padStart(64, '0')
const text = (value: string) =>
  word(BigInt(value.length)) +
  Buffer.from(value)
    .toString('hex')
    .padEnd(Math.ceil(value.length / 32) * 64, '0')
// abi.encode((denom, sender, receiver, amount, memo)): an offset to the tuple, its five words, then the
// strings
const abi = payload(
  'application/x-solidity-abi',
  fromHex(
    [32n, 160n, 224n, 288n, 100n, 352n].map(word).join('') +
      text('stake') +
      text('cosmos1sender') +
      text('cway1receiver') +
      text(''),
  ),
)
const packet = (one = protobuf) => ({ ...testWork().packet, payloads: [one] })
const rule = (fields: Partial<PacketFilter>): PacketFilter => ({ ...CARRY_EVERYTHING, ...fields })

describe('a filter', () => {
  it('lets everything through when it says nothing', () => {
    expect(filterReason(packet(payload('?', new Uint8Array(3))), CARRY_EVERYTHING)).toBeUndefined()
  })

  it('judges ports, denoms, senders and amounts', () => {
    expect(filterReason(packet(), rule({ ports: ['clearing'] }))).toBe('port transfer')
    expect(filterReason(packet(), rule({ denoms: ['other'] }))).toBe('denom stake')
    expect(filterReason(packet(), rule({ senders: ['cosmos1other'] }))).toBe('sender cosmos1sender')
    expect(filterReason(packet(), rule({ amountMinByDenom: new Map([['stake', 101n]]) }))).toBe(
      'amount 100 of stake',
    )
    const fits = rule({
      ports: ['transfer'],
      denoms: ['stake'],
      senders: ['cosmos1sender'],
      amountMinByDenom: new Map([['stake', 100n]]),
    })
    expect(filterReason(packet(), fits)).toBeUndefined()
  })

  it('refuses what it can not read once a rule depends on it', () => {
    expect(filterReason(packet(payload('application/json', utf8('{'))), rule({ denoms: ['stake'] }))).toBe(
      'not a readable transfer',
    )
  })
})

describe('a transfer is read', () => {
  const summary = { denom: 'stake', amount: 100n, sender: 'cosmos1sender' }
  it('in all three encodings', () => {
    expect(readTransfer(protobuf)).toEqual(summary)
    expect(readTransfer(payload('application/json', utf8(JSON.stringify(data))))).toEqual(summary)
    expect(readTransfer(abi)).toEqual(summary)
  })

  it('never throws, whatever the bytes', () => {
    const encodings = ['application/x-protobuf', 'application/json', 'application/x-solidity-abi']
    fc.assert(
      fc.property(fc.constantFrom(...encodings), fc.uint8Array({ maxLength: 400 }), (encoding, value) => {
        readTransfer(payload(encoding, value))
      }),
    )
  })
})
