import { readFileSync } from 'node:fs'
import { fromHex, toHex } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCodecs, cosmjsCodecs } from './codecs.fixture.ts'
import { decodeStrict } from './strict/decode-strict.ts'
import { messageFields } from './generated/message-fields.ts'
import { randomMessage } from './strict/wire.fixture.ts'

const codecs = await allCodecs()
const cosmjs = await cosmjsCodecs()

describe('generated codecs', () => {
  it('exist for every message of the field table', () => {
    expect([...codecs.keys()].sort()).toEqual(Object.keys(messageFields).sort())
  })

  it.each([...codecs.keys()])('%s: strict decoding and encoding give back any canonical bytes', (name) => {
    const codec = codecs.get(name)!
    const property = fc.property(randomMessage(name), (bytes) => {
      const message = decodeStrict(codec, name, Uint8Array.from(bytes), { canonical: true })
      expect([...codec.encode(message).finish()]).toEqual(bytes)
    })
    fc.assert(property, { numRuns: 10 })
  })
})

describe("Go's encoder", () => {
  const goldens = JSON.parse(readFileSync(new URL('../golden/messages.json', import.meta.url), 'utf8')) as {
    type: string
    hex: string
  }[]

  it('knows nearly all messages of ours', () => {
    const ours = Object.keys(messageFields).filter((name) => !/^(causeway|google)\./.test(name))
    const known = new Set(goldens.map((golden) => golden.type))
    expect(ours.filter((name) => !known.has(name))).toEqual(['ibc.applications.transfer.v1.DenomTrace'])
  })

  it.each(goldens)('$type: the same bytes', ({ type, hex }) => {
    const codec = codecs.get(type)!
    const message = decodeStrict(codec, type, fromHex(hex))
    expect(toHex(codec.encode(message).finish())).toBe(hex)
  })
})

describe('cosmjs-types', () => {
  it('knows most messages of ours', () => {
    expect([...cosmjs.keys()].filter((name) => codecs.has(name)).length).toBeGreaterThan(300)
  })

  // cosmjs-types 0.11 mistakes the client module's Params for the transfer module's.
  const mistaken = ['ibc.applications.transfer.v1.MsgUpdateParams']
  const same = [...cosmjs.keys()].filter((name) => codecs.has(name) && !mistaken.includes(name))

  it.each(same)('%s: the same bytes', (name) => {
    const property = fc.property(randomMessage(name, 'cosmjs'), (bytes) => {
      const theirs = cosmjs.get(name)!
      expect([...theirs.encode(theirs.decode(Uint8Array.from(bytes))).finish()]).toEqual(bytes)
      const ours = codecs.get(name)!
      expect([...ours.encode(ours.decode(Uint8Array.from(bytes))).finish()]).toEqual(bytes)
    })
    fc.assert(property, { numRuns: 10 })
  })
})
