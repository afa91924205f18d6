import { concatBytes, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusal } from '../testing/refusal.fixture.ts'
import {
  ACKNOWLEDGEMENT_BYTES_MAX,
  ERROR_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  isErrorAcknowledgement,
  requireAcknowledgement,
} from './acknowledgement-commitment.ts'
import { merklePath } from './merkle-path.ts'
import { packetCommitment } from './packet-commitment.ts'
import type { CommittedPacket } from './packet-commitment.ts'
import {
  NEXT_CLIENT_SEQUENCE_KEY,
  clientPrefix,
  nextSequenceSendKey,
  packetAcknowledgementKey,
  packetCommitmentKey,
  packetReceiptKey,
} from './store-keys.ts'

const value = '{"denom":"uatom","amount":"1000000","sender":"sender","receiver":"receiver","memo":"memo"}'
const payload = {
  sourcePort: 'transfer',
  destinationPort: 'transfer',
  version: 'ics20-1',
  encoding: 'application/json',
  value: utf8(value),
}
const packet: CommittedPacket = {
  destinationClient: '07-tendermint-1',
  timeoutTimestamp: 100n,
  payloads: [payload],
}

describe('packetCommitment', () => {
  it('is the known value of the JSON payload', () => {
    expect(toHex(packetCommitment(packet))).toBe(
      'a096722aa6534040a0efbdae05765132a7b223ad306d6512f3734821bd046505',
    )
  })

  it('changes with every field, and no two fields can trade bytes', () => {
    const variants: CommittedPacket[] = [
      packet,
      { ...packet, destinationClient: '07-tendermint-2' },
      { ...packet, timeoutTimestamp: 101n },
      { ...packet, payloads: [] },
      { ...packet, payloads: [payload, payload] },
      ...(['sourcePort', 'destinationPort', 'version', 'encoding'] as const).map((field) => ({
        ...packet,
        payloads: [{ ...payload, [field]: `${payload[field]}x` }],
      })),
      { ...packet, payloads: [{ ...payload, version: 'ics20-1application', encoding: '/json' }] },
      { ...packet, payloads: [{ ...payload, value: utf8(`${value} `) }] },
    ]
    expect(new Set(variants.map((variant) => toHex(packetCommitment(variant)))).size).toBe(variants.length)
  })

  it('depends on the order of payloads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.uint8Array({ minLength: 1 }), (a, b) => {
        fc.pre(toHex(a) !== toHex(b))
        const of = (...values: Uint8Array[]) =>
          toHex(
            packetCommitment({ ...packet, payloads: values.map((bytes) => ({ ...payload, value: bytes })) }),
          )
        expect(of(a, b)).not.toBe(of(b, a))
        expect(of(a, b)).not.toBe(of(concatBytes(a, b)))
      }),
    )
  })

  it('takes timeouts of 64 bits only', () => {
    expect(refusal(() => packetCommitment({ ...packet, timeoutTimestamp: 2n ** 64n }))).toBe('primitives/20')
  })
})

describe('acknowledgementCommitment', () => {
  it('is the known values', () => {
    const of = (...acks: Uint8Array[]) => toHex(acknowledgementCommitment(acks))
    expect(of(utf8('some bytes'))).toBe('f03b4667413e56aaf086663267913e525c442b56fa1af4fa3f3dab9f37044c5b')
    expect(of(ERROR_ACKNOWLEDGEMENT)).toBe('e2fb30dfbf7abdeaca82d426534d2b3a9d5444dd2a87fa16d38b77ba1a13ced7')
    expect(toHex(ERROR_ACKNOWLEDGEMENT)).toMatch(/^4774d4a5.*511ab$/)
  })

  it.each([
    ['none', [], 'ibc/40'],
    ['an empty one', [utf8('a'), new Uint8Array(0)], 'ibc/41'],
    ['the error beside another', [utf8('a'), ERROR_ACKNOWLEDGEMENT], 'ibc/42'],
    ['the error twice', [ERROR_ACKNOWLEDGEMENT, ERROR_ACKNOWLEDGEMENT], 'ibc/42'],
    ['too many bytes', [new Uint8Array(ACKNOWLEDGEMENT_BYTES_MAX), utf8('a')], 'ibc/44'],
    ['one', [utf8('a')], 'accepted'],
    ['several', [utf8('a'), utf8('b')], 'accepted'],
    ['the error alone', [ERROR_ACKNOWLEDGEMENT], 'accepted'],
    ['as many bytes as fit', [new Uint8Array(ACKNOWLEDGEMENT_BYTES_MAX)], 'accepted'],
  ])('judges %s', (_name, acknowledgements, expected) => {
    expect(refusal(() => requireAcknowledgement(acknowledgements))).toBe(expected)
  })

  it('knows the error only alone', () => {
    expect(isErrorAcknowledgement([ERROR_ACKNOWLEDGEMENT])).toBe(true)
    expect(isErrorAcknowledgement([])).toBe(false)
    expect(isErrorAcknowledgement([utf8('a')])).toBe(false)
    expect(isErrorAcknowledgement([ERROR_ACKNOWLEDGEMENT, ERROR_ACKNOWLEDGEMENT])).toBe(false)
  })
})

describe('store keys', () => {
  it('are those of ibc-go, up to the greatest sequence', () => {
    expect(toHex(packetCommitmentKey('a', 2n ** 64n - 1n))).toBe('6101ffffffffffffffff')
    expect(toHex(packetReceiptKey('a', 1n))).toBe('61020000000000000001')
    expect(toHex(packetAcknowledgementKey('a', 256n))).toBe('61030000000000000100')
    expect(nextSequenceSendKey('07-tendermint-3')).toEqual(utf8('nextSequenceSend/07-tendermint-3'))
    expect(clientPrefix('07-tendermint-3')).toEqual(utf8('clients/07-tendermint-3/'))
    expect(NEXT_CLIENT_SEQUENCE_KEY).toEqual(utf8('nextClientSequence'))
  })

  it('refuse a sequence beyond 64 bits', () => {
    expect(refusal(() => packetCommitmentKey('a', 2n ** 64n))).toBe('primitives/20')
  })

  it('never meet for two clients or kinds', () => {
    const client = fc
      .tuple(fc.constantFrom('07-tendermint', 'ethereum', 'solana'), fc.nat())
      .map((x) => x.join('-'))
    const sequence = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })
    const kind = fc.constantFrom(packetCommitmentKey, packetReceiptKey, packetAcknowledgementKey)
    fc.assert(
      fc.property(fc.tuple(client, sequence, kind), fc.tuple(client, sequence, kind), (a, b) => {
        const same = a[0] === b[0] && a[1] === b[1] && a[2] === b[2]
        expect(toHex(a[2](a[0], a[1])) === toHex(b[2](b[0], b[1]))).toBe(same)
      }),
    )
  })
})

describe('merklePath', () => {
  it('appends to the last element and leaves the prefix alone', () => {
    const prefix = [utf8('ibc'), utf8('')]
    expect(merklePath(prefix, utf8('key'))).toEqual([utf8('ibc'), utf8('key')])
    expect(merklePath([utf8('')], utf8('key'))).toEqual([utf8('key')])
    expect(prefix).toEqual([utf8('ibc'), utf8('')])
  })

  it('refuses an empty prefix', () => {
    expect(refusal(() => merklePath([], utf8('key')))).toBe('ibc/3')
  })
})
