import { AssertionError, isProtocolError } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { packAny } from '../any.ts'
import type { Codec } from '../codec.ts'
import { MsgSend } from '../generated/cosmos/bank/v1beta1/tx.ts'
import { CommitmentProof, InnerSpec } from '../generated/cosmos/ics23/v1/proofs.ts'
import { BaseAccount } from '../generated/cosmos/auth/v1beta1/auth.ts'
import { ModeInfo, TxBody, TxRaw } from '../generated/cosmos/tx/v1beta1/tx.ts'
import { Any } from '../generated/google/protobuf/any.ts'
import { Packet } from '../generated/ibc/core/channel/v2/packet.ts'
import { PartSetHeader, SignedHeader, Vote } from '../generated/tendermint/types/types.ts'
import { CanonicalVote } from '../generated/tendermint/types/canonical.ts'
import type { DecodeLimits } from './decode-strict.ts'
import { anyGeneratedType, checkStrict, decodeStrict } from './decode-strict.ts'
import { delimited, tag, text, varint } from './wire.fixture.ts'

const PACKET = 'ibc.core.channel.v2.Packet'

function refusal(name: string, bytes: readonly number[], limits: DecodeLimits = {}): string {
  try {
    checkStrict(name, Uint8Array.from(bytes), limits)
    return 'accepted'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}

function encoded<T>(codec: Codec<T>, message: T): number[] {
  return [...codec.encode(message).finish()]
}

const packet = Packet.fromPartial({
  sequence: 7n,
  sourceClient: '07-tendermint-0',
  destinationClient: 'client-1',
  timeoutTimestamp: 1_700_000_000n,
  payloads: [{ sourcePort: 'transfer', value: new Uint8Array([1, 2]) }],
})

describe('decodeStrict', () => {
  it('decodes what our encoder writes', () => {
    expect(decodeStrict(Packet, PACKET, Packet.encode(packet).finish())).toEqual(packet)
  })

  it('takes no bytes as the message of defaults', () => {
    expect(decodeStrict(Packet, PACKET, new Uint8Array())).toEqual(Packet.fromPartial({}))
  })

  it('takes fields in any order and defaults written out, unless canonical bytes are asked for', () => {
    const turned = Uint8Array.from([...delimited(2, text('a')), ...tag(1, 0), 5])
    expect(decodeStrict(Packet, PACKET, turned)).toMatchObject({ sequence: 5n, sourceClient: 'a' })
    expect(() => decodeStrict(Packet, PACKET, turned, { canonical: true })).toThrow('canonical')
    const zero = Uint8Array.from([...tag(1, 0), 0])
    expect(decodeStrict(Packet, PACKET, zero)).toEqual(Packet.fromPartial({}))
    expect(() => decodeStrict(Packet, PACKET, zero, { canonical: true })).toThrow('canonical')
  })

  it('treats a type name that was not generated as a bug', () => {
    expect(() => checkStrict('no.such.Message', new Uint8Array())).toThrow(AssertionError)
    expect(() => checkStrict('constructor', new Uint8Array())).toThrow(AssertionError)
  })

  it('says where it failed', () => {
    const bytes = Uint8Array.from(delimited(5, delimited(1, [0xff])))
    expect(() => checkStrict(PACKET, bytes)).toThrow(
      'ibc.core.channel.v2.Payload, field 1, byte 4: expected valid UTF-8',
    )
  })
})

describe('bounds', () => {
  it('refuses oversize before reading anything', () => {
    expect(refusal(PACKET, [0, 0, 0], { maxBytes: 2 })).toBe('protocol/1')
    expect(refusal(PACKET, [0, 0, 0], { maxBytes: 3 })).toBe('protocol/12')
    expect(refusal(PACKET, new Array<number>(1_048_577).fill(0))).toBe('protocol/1')
  })

  it('refuses nesting deeper than the limit', () => {
    const nested = (depth: number): number[] =>
      depth === 1 ? [] : delimited(2, delimited(2, nested(depth - 1)))
    const name = 'cosmos.tx.v1beta1.ModeInfo'
    expect(refusal(name, nested(16))).toBe('accepted')
    expect(refusal(name, nested(17))).toBe('protocol/2')
    expect(refusal(name, nested(2), { maxDepth: 3 })).toBe('accepted')
    expect(refusal(name, nested(2), { maxDepth: 2 })).toBe('protocol/2')
    expect(refusal(name, nested(17), { maxDepth: 100 })).toBe('accepted')
  })

  it('never lets nesting reach the decoder limit or the stack', () => {
    let deep: number[] = []
    for (let i = 0; i < 5_000; i++) deep = i < 60 ? delimited(2, delimited(2, deep)) : delimited(2, deep)
    expect(refusal('cosmos.tx.v1beta1.ModeInfo', deep, { maxDepth: 100 })).toMatch('protocol/')
    expect(() => checkStrict(PACKET, new Uint8Array(), { maxDepth: 101 })).toThrow(AssertionError)
    const atLimit = (depth: number): number[] =>
      depth === 1 ? [] : delimited(2, delimited(2, atLimit(depth - 1)))
    const bytes = Uint8Array.from(atLimit(50))
    expect(decodeStrict(ModeInfo, 'cosmos.tx.v1beta1.ModeInfo', bytes, { maxDepth: 100 }).multi).toBeDefined()
  })

  it('refuses more fields than the limit, nested and packed ones included', () => {
    const payloads = new Array<number[]>(10).fill(delimited(5, [])).flat()
    expect(refusal(PACKET, payloads, { maxFields: 10 })).toBe('accepted')
    expect(refusal(PACKET, payloads, { maxFields: 9 })).toBe('protocol/3')
    const packed = delimited(1, new Array<number>(10).fill(1))
    expect(refusal('cosmos.ics23.v1.InnerSpec', packed, { maxFields: 11 })).toBe('accepted')
    expect(refusal('cosmos.ics23.v1.InnerSpec', packed, { maxFields: 10 })).toBe('protocol/3')
    const bomb = new Array<number[]>(200_000).fill(delimited(5, [])).flat()
    expect(refusal(PACKET, bomb)).toBe('protocol/3')
  })
})

describe('wire format', () => {
  const cut = encoded(Packet, packet)

  it('refuses bytes cut anywhere but between fields', () => {
    const verdicts = cut.map((_, end) => refusal(PACKET, cut.slice(0, end)))
    const whole = [...verdicts.entries()].filter(([, verdict]) => verdict === 'accepted').map(([end]) => end)
    expect(whole).toEqual([0, 2, 19, 29, 35])
    expect(new Set(verdicts)).toEqual(new Set(['accepted', 'protocol/10']))
  })

  it('refuses trailing bytes', () => {
    expect(refusal(PACKET, [...cut, 0])).toBe('protocol/12')
    expect(refusal(PACKET, [...cut, 0xff])).toBe('protocol/10')
    expect(refusal(PACKET, delimited(5, [...delimited(1, text('a')), 0]))).toBe('protocol/12')
  })

  it('refuses a length that reaches past the enclosing message', () => {
    const payload = [...tag(5, 2), 3, ...tag(1, 2), 5, 0x61, 0x61, 0x61, 0x61, 0x61]
    expect(refusal(PACKET, payload)).toBe('protocol/10')
    expect(refusal(PACKET, [...tag(2, 2), ...varint(0xffffffff), 0x61])).toBe('protocol/10')
    expect(refusal(PACKET, [...tag(2, 2), ...varint(2n ** 32n), 0x61])).toBe('protocol/14')
  })

  it.each([
    ['over-long zero', [0x08, 0x80, 0x00], 'protocol/11'],
    ['over-long one', [0x08, 0x81, 0x80, 0x00], 'protocol/11'],
    ['over-long tag', [0x88, 0x00, 0x01], 'protocol/11'],
    ['over-long length', [0x12, 0x81, 0x00, 0x61], 'protocol/11'],
    ['more than 64 bits', [0x08, ...new Array<number>(9).fill(0xff), 0x02], 'protocol/11'],
    ['eleven bytes', [0x08, ...new Array<number>(10).fill(0xff), 0x01], 'protocol/11'],
    ['2^64 - 1', [0x08, ...varint(2n ** 64n - 1n)], 'accepted'],
    ['cut varint', [0x08, 0x80], 'protocol/10'],
    ['field number 0', [0x02, 0x00], 'protocol/12'],
    ['field number 2^29', [...varint(2n ** 32n), 0x00], 'protocol/14'],
    ['fixed64 for a varint', [...tag(1, 1), 0, 0, 0, 0, 0, 0, 0, 0], 'protocol/13'],
    ['fixed32 for a varint', [...tag(1, 5), 0, 0, 0, 0], 'protocol/13'],
    ['bytes for a varint', delimited(1, [1]), 'protocol/13'],
    ['a varint for text', [...tag(2, 0), 1], 'protocol/13'],
    ['a group for a message', [...tag(5, 3), ...tag(5, 4)], 'protocol/13'],
    ['an end without a group', tag(5, 4), 'protocol/13'],
    ['wire type 6', [...tag(1, 6), 0], 'protocol/13'],
    ['wire type 7', [...tag(1, 7), 0], 'protocol/13'],
  ])('%s', (_, bytes, verdict) => {
    expect(refusal(PACKET, bytes)).toBe(verdict)
  })

  it('refuses numbers that do not fit their field', () => {
    const total = 'tendermint.types.PartSetHeader'
    expect(refusal(total, [...tag(1, 0), ...varint(2n ** 32n - 1n)])).toBe('accepted')
    expect(refusal(total, [...tag(1, 0), ...varint(2n ** 32n)])).toBe('protocol/14')
    const round = 'tendermint.types.Commit'
    expect(refusal(round, [...tag(2, 0), ...varint(2n ** 31n - 1n)])).toBe('accepted')
    expect(refusal(round, [...tag(2, 0), ...varint(2n ** 31n)])).toBe('protocol/14')
    expect(refusal(round, [...tag(2, 0), ...varint(-1n)])).toBe('accepted')
    expect(refusal(round, [...tag(2, 0), ...varint(-(2n ** 31n))])).toBe('accepted')
    expect(refusal(round, [...tag(2, 0), ...varint(-(2n ** 31n) - 1n)])).toBe('protocol/14')
    expect(refusal(round, [...tag(2, 0), ...varint(2n ** 32n - 1n)])).toBe('protocol/14')
    const prove = 'tendermint.abci.RequestQuery'
    expect(refusal(prove, [...tag(4, 0), 1])).toBe('accepted')
    expect(refusal(prove, [...tag(4, 0), 2])).toBe('protocol/14')
    expect(refusal(prove, [...tag(4, 0), ...varint(300)])).toBe('protocol/14')
  })

  it('keeps every number that it accepts', () => {
    const most = Uint8Array.from([...tag(1, 0), ...varint(2n ** 32n - 1n)])
    expect(decodeStrict(PartSetHeader, 'tendermint.types.PartSetHeader', most).total).toBe(2 ** 32 - 1)
    const least = Uint8Array.from([...tag(3, 0), ...varint(-(2n ** 31n))])
    expect(decodeStrict(Vote, 'tendermint.types.Vote', least).round).toBe(-(2 ** 31))
    const fixed = Uint8Array.from([...tag(2, 1), 0, 0, 0, 0, 0, 0, 0, 0x80])
    expect(decodeStrict(CanonicalVote, 'tendermint.types.CanonicalVote', fixed).height).toBe(-(2n ** 63n))
    expect(refusal('tendermint.types.CanonicalVote', [...tag(2, 1), 0, 0, 0, 0, 0, 0, 0])).toBe('protocol/10')
  })

  it('takes repeated numbers packed or not, but whole', () => {
    const name = 'cosmos.ics23.v1.InnerSpec'
    const packed = Uint8Array.from(delimited(1, [0, 1]))
    const single = Uint8Array.from([...tag(1, 0), 0, ...tag(1, 0), 1])
    expect(decodeStrict(InnerSpec, name, packed).childOrder).toEqual([0, 1])
    expect(decodeStrict(InnerSpec, name, single).childOrder).toEqual([0, 1])
    expect(refusal(name, delimited(1, [0x80]))).toBe('protocol/10')
    expect(refusal(name, delimited(1, varint(2n ** 31n)))).toBe('protocol/14')
    expect(refusal(name, delimited(2, [1]))).toBe('protocol/13')
  })
})

describe('fields', () => {
  it('refuses unknown critical fields at any depth', () => {
    expect(refusal(PACKET, [...tag(6, 0), 1])).toBe('protocol/20')
    expect(refusal(PACKET, delimited(5, [...tag(6, 0), 1]))).toBe('protocol/20')
    expect(refusal(PACKET, [...tag(1023, 0), 1])).toBe('protocol/20')
    expect(refusal(PACKET, [...tag(2048, 0), 1])).toBe('protocol/20')
    expect(refusal(PACKET, [...tag(2 ** 29 - 1, 5), 0, 0, 0, 0])).toBe('accepted')
  })

  it('lets unknown fields with bit 11 pass if they are well-formed, unless told not to', () => {
    const values = [
      [...tag(1024, 0), 1],
      [...tag(2047, 1), ...new Array<number>(8).fill(0)],
      delimited(1500, [1, 2, 3]),
      [...tag(3072, 5), 0, 0, 0, 0],
    ]
    for (const bytes of values) {
      expect(refusal(PACKET, bytes)).toBe('accepted')
      expect(refusal(PACKET, bytes, { refuseNonCritical: true })).toBe('protocol/20')
      expect(refusal(PACKET, bytes.slice(0, -1))).toBe('protocol/10')
    }
    expect(refusal(PACKET, [...tag(1024, 3), ...tag(1024, 4)])).toBe('protocol/13')
    expect(refusal(PACKET, [...tag(1024, 0), 0x80, 0x00])).toBe('protocol/11')
  })

  it('refuses a second value for a singular field, even an equal one', () => {
    expect(refusal(PACKET, [...tag(1, 0), 1, ...tag(1, 0), 1])).toBe('protocol/21')
    expect(refusal(PACKET, [...delimited(2, []), ...delimited(2, [])])).toBe('protocol/21')
    expect(refusal(PACKET, [...delimited(5, []), ...delimited(5, [])])).toBe('accepted')
    const name = 'tendermint.types.SignedHeader'
    expect(refusal(name, [...delimited(1, []), ...delimited(1, [])])).toBe('protocol/21')
    expect(decodeStrict(SignedHeader, name, Uint8Array.from(delimited(1, []))).header).toBeDefined()
  })

  it('refuses two members of one oneof', () => {
    const name = 'cosmos.ics23.v1.CommitmentProof'
    expect(refusal(name, [...delimited(1, []), ...delimited(2, [])])).toBe('protocol/21')
    expect(refusal(name, [...delimited(2, []), ...delimited(1, [])])).toBe('protocol/21')
    const one = decodeStrict(CommitmentProof, name, Uint8Array.from(delimited(2, [])))
    expect([one.exist, one.nonexist !== undefined]).toEqual([undefined, true])
  })

  it('refuses text that is not UTF-8 and leaves bytes alone', () => {
    expect(refusal(PACKET, delimited(2, [0xc0, 0x80]))).toBe('protocol/15')
    expect(refusal(PACKET, delimited(5, delimited(5, [0xc0, 0x80])))).toBe('accepted')
  })

  it('keeps a byte-order mark: two encodings never become one text', () => {
    const bytes = Uint8Array.from(delimited(2, [0xef, 0xbb, 0xbf, 0x61]))
    expect(decodeStrict(Packet, PACKET, bytes).sourceClient).toBe('\ufeffa')
  })
})

describe('google.protobuf.Any', () => {
  const send = MsgSend.fromPartial({
    fromAddress: 'a',
    toAddress: 'b',
    amount: [{ denom: 'x', amount: '1' }],
  })
  const packed = packAny('/cosmos.bank.v1beta1.MsgSend', MsgSend.encode(send).finish())
  const body = (message: Any): number[] => encoded(TxBody, TxBody.fromPartial({ messages: [message] }))
  const name = 'cosmos.tx.v1beta1.TxBody'

  it('is opaque without a registry', () => {
    expect(refusal(name, body(packAny('/anything', new Uint8Array([0xff]))))).toBe('accepted')
  })

  it('is looked into with one', () => {
    expect(refusal(name, body(packed), { anyTypes: anyGeneratedType })).toBe('accepted')
    const dirty = packAny(packed.typeUrl, Uint8Array.from([...packed.value, ...tag(9, 0), 1]))
    expect(refusal(name, body(dirty), { anyTypes: anyGeneratedType })).toBe('protocol/20')
    const cut = packAny(packed.typeUrl, packed.value.subarray(0, 4))
    expect(refusal(name, body(cut), { anyTypes: anyGeneratedType })).toBe('protocol/10')
  })

  it('goes on behind the Any', () => {
    const after = [...body(packed), ...delimited(2, text('memo')), ...delimited(1, encoded(Any, packed))]
    expect(refusal(name, after, { anyTypes: anyGeneratedType })).toBe('accepted')
    expect(refusal(name, [...after, ...delimited(2, [])], { anyTypes: anyGeneratedType })).toBe('protocol/21')
  })

  it('is read whatever the order of its fields', () => {
    const turned = [...delimited(2, packed.value), ...delimited(1, text(packed.typeUrl))]
    expect(refusal(name, delimited(1, turned), { anyTypes: anyGeneratedType })).toBe('accepted')
    const dirty = [...delimited(2, [...tag(9, 0), 1]), ...delimited(1, text(packed.typeUrl))]
    expect(refusal(name, delimited(1, dirty), { anyTypes: anyGeneratedType })).toBe('protocol/20')
  })

  it.each([
    '',
    '/',
    'cosmos.bank.v1beta1.MsgSend',
    '//cosmos.bank.v1beta1.MsgSend',
    '/constructor',
    '/__proto__',
  ])('refuses the unknown type URL %j', (typeUrl) => {
    const bytes = body(packAny(typeUrl, new Uint8Array()))
    expect(refusal(name, bytes, { anyTypes: anyGeneratedType })).toBe('protocol/30')
  })

  it('refuses what the application leaves out of its registry', () => {
    const anyTypes = (typeUrl: string) => (typeUrl === '/a' ? 'cosmos.bank.v1beta1.MsgSend' : undefined)
    expect(refusal(name, body(packed), { anyTypes })).toBe('protocol/30')
    expect(refusal(name, body(packAny('/a', packed.value)), { anyTypes })).toBe('accepted')
  })

  it('counts as a level of nesting, however often Any is put into Any', () => {
    let any = packed
    for (let i = 0; i < 20; i++) any = packAny('/google.protobuf.Any', Any.encode(any).finish())
    expect(refusal(name, body(any), { anyTypes: anyGeneratedType, maxDepth: 24 })).toBe('accepted')
    expect(refusal(name, body(any), { anyTypes: anyGeneratedType, maxDepth: 23 })).toBe('protocol/2')
  })

  it('checks keys of accounts too', () => {
    const account = BaseAccount.fromPartial({ address: 'a', pubKey: packAny('/no.Key', new Uint8Array()) })
    const bytes = encoded(BaseAccount, account)
    expect(refusal('cosmos.auth.v1beta1.BaseAccount', bytes, { anyTypes: anyGeneratedType })).toBe(
      'protocol/30',
    )
  })
})

describe('canonical', () => {
  const refused = (name: string, bytes: number[]): string => refusal(name, bytes, { canonical: true })

  it('asks for packed numbers in one piece', () => {
    const name = 'cosmos.ics23.v1.InnerSpec'
    expect(refused(name, delimited(1, [0, 1]))).toBe('accepted')
    expect(refused(name, [...delimited(1, [0]), ...delimited(1, [1])])).toBe('protocol/22')
    expect(refused(name, [...tag(1, 0), 0])).toBe('protocol/22')
    expect(refused(name, delimited(1, []))).toBe('protocol/22')
  })

  it('keeps members of a oneof and messages that are empty', () => {
    expect(refused('tendermint.crypto.PublicKey', delimited(1, []))).toBe('accepted')
    expect(refused('tendermint.types.SignedHeader', delimited(1, []))).toBe('accepted')
    expect(refused(PACKET, delimited(2, []))).toBe('protocol/22')
    expect(refused('tendermint.types.CanonicalVote', [...tag(2, 1), 0, 0, 0, 0, 0, 0, 0, 0])).toBe(
      'protocol/22',
    )
  })

  it('leaves the contents of an Any to their encoder', () => {
    const turned = [...tag(4, 0), 5, ...delimited(2, text('a'))]
    const any = packAny('/ibc.core.channel.v2.Packet', Uint8Array.from(turned))
    const bytes = encoded(TxBody, TxBody.fromPartial({ messages: [any], memo: 'm' }))
    const limits = { canonical: true, anyTypes: anyGeneratedType }
    expect(refusal('cosmos.tx.v1beta1.TxBody', bytes, limits)).toBe('accepted')
    expect(refusal('cosmos.tx.v1beta1.TxBody', [...bytes, ...delimited(1, [])], limits)).toBe('protocol/22')
  })
})

describe('TxRaw', () => {
  it('is canonical in one form only (ADR-027)', () => {
    const raw = TxRaw.fromPartial({
      bodyBytes: new Uint8Array([1]),
      authInfoBytes: new Uint8Array([2]),
      signatures: [new Uint8Array([3])],
    })
    const name = 'cosmos.tx.v1beta1.TxRaw'
    const canonical = { canonical: true }
    expect(decodeStrict(TxRaw, name, TxRaw.encode(raw).finish(), canonical)).toEqual(raw)
    const turned = [...delimited(2, [2]), ...delimited(1, [1]), ...delimited(3, [3])]
    expect(() => decodeStrict(TxRaw, name, Uint8Array.from(turned), canonical)).toThrow('canonical')
    const ignorable = [...encoded(TxRaw, raw), ...tag(1024, 0), 1]
    expect(() => decodeStrict(TxRaw, name, Uint8Array.from(ignorable), canonical)).toThrow('canonical')
  })
})
