// Protobuf by hand, for tests: an encoder of single fields, random messages made from the field table, and a
// second, slow opinion on what strict decoding accepts. None of it uses the code under test.
import fc from 'fast-check'
import { messageFields } from '../generated/message-fields.ts'

/** A field of the table, read again and differently. */
export interface WireField {
  number: number
  kind: string
  repeated: boolean
  oneof: string
  type: string
}

/** Fields of a message by name, ascending. */
export function fieldsOf(name: string): WireField[] {
  const source = messageFields[name]
  if (source === undefined) throw new Error(`no message ${name}`)
  return source
    .split(' ')
    .filter((token) => token !== '')
    .map((token) => {
      const [head = '', ...rest] = token.split('.')
      const [plain = '', oneof = ''] = head.split('~')
      const kind = plain.replace(/[\d*]/g, '')
      return { number: parseInt(plain), kind, repeated: plain.endsWith('*'), oneof, type: rest.join('.') }
    })
}

/** LEB128 of a number or of the 64 bits of a negative one. */
export function varint(value: bigint | number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}

/** A tag. */
export function tag(number: number, wireType: number): number[] {
  return varint((BigInt(number) << 3n) | BigInt(wireType))
}

/** A length-delimited field. */
export function delimited(number: number, contents: readonly number[] | Uint8Array): number[] {
  return [...tag(number, 2), ...varint(contents.length), ...contents]
}

/** Text as bytes. */
export function text(value: string): number[] {
  return [...Buffer.from(value, 'utf8')]
}

const wireTypes: Record<string, number> = { u: 0, w: 0, i: 0, b: 0, f: 5, d: 1, s: 2, y: 2, m: 2 }

/**
 * Whose canonical bytes a random message is made of. cosmjs-types writes every message-typed member whether
 * it was there or not, writes an empty packed list, and doesn't know two newer fields: the ML-DSA key of
 * CometBFT 0.38.26 and ICS-23's prehash_key_before_comparison.
 */
export type Dialect = 'ours' | 'cosmjs'

const unknownToCosmjs = new Set(['tendermint.crypto.PublicKey 4', 'cosmos.ics23.v1.ProofSpec 5'])

/** The canonical encoding of a random message. */
export function randomMessage(name: string, dialect: Dialect = 'ours', depth = 0): fc.Arbitrary<number[]> {
  const isKnown = (field: WireField) => dialect === 'ours' || !unknownToCosmjs.has(`${name} ${field.number}`)
  const fields = fieldsOf(name).filter(isKnown)
  const oneofs = new Map<string, fc.Arbitrary<number>>()
  for (const { oneof } of fields.filter((field) => field.oneof !== '')) {
    const members = fields.filter((field) => field.oneof === oneof).map((field) => field.number)
    oneofs.set(oneof, depth > 3 ? fc.constant(0) : fc.constantFrom(0, ...members))
  }
  const choice = fc.record(Object.fromEntries(oneofs))
  return choice.chain((chosen) => {
    const parts = fields.map((field) => {
      if (field.oneof !== '')
        return chosen[field.oneof] === field.number ? one(field, dialect, depth, true) : none
      return field.repeated ? many(field, dialect, depth) : one(field, dialect, depth, false)
    })
    return fc.tuple(...parts).map((encoded) => encoded.flat())
  })
}

const none = fc.constant<number[]>([])

function one(field: WireField, dialect: Dialect, depth: number, inOneof: boolean): fc.Arbitrary<number[]> {
  if (field.kind === 'm') {
    const message = contents(field, dialect, depth).map((bytes) => delimited(field.number, bytes))
    if (dialect === 'cosmjs' || inOneof) return message
    return depth > 3 ? none : fc.oneof(none, message)
  }
  const head = tag(field.number, wireTypes[field.kind]!)
  return contents(field, dialect, depth).map((bytes) => {
    const isDefault = ['s', 'y'].includes(field.kind) ? bytes.length === 0 : bytes.every((byte) => byte === 0)
    if (isDefault && !inOneof) return []
    return wireTypes[field.kind] === 2 ? delimited(field.number, bytes) : [...head, ...bytes]
  })
}

function many(field: WireField, dialect: Dialect, depth: number): fc.Arbitrary<number[]> {
  const packs = wireTypes[field.kind] !== 2
  const minLength = packs && dialect === 'cosmjs' ? 1 : 0
  if (depth > 3 && minLength === 0) return none
  const elements = fc.array(contents(field, dialect, depth), { minLength, maxLength: 2 })
  if (!packs) return elements.map((all) => all.flatMap((bytes) => delimited(field.number, bytes)))
  return elements.map((all) => (all.length === 0 ? [] : delimited(field.number, all.flat())))
}

function contents(field: WireField, dialect: Dialect, depth: number): fc.Arbitrary<number[]> {
  if (field.kind === 'm') return randomMessage(field.type, dialect, depth + 1)
  if (field.kind === 's') return fc.string({ unit: 'binary', maxLength: 12 }).map(text)
  if (field.kind === 'y') return fc.uint8Array({ maxLength: 20 }).map((bytes) => [...bytes])
  if (field.kind === 'b') return fc.boolean().map((value) => [value ? 1 : 0])
  if (field.kind === 'w') return fc.nat(0xffffffff).map(varint)
  if (field.kind === 'i') return fc.integer().map(varint)
  if (field.kind === 'u') return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(varint)
  const width = field.kind === 'f' ? 4 : 8
  return fc.uint8Array({ minLength: width, maxLength: width }).map((bytes) => [...bytes])
}

/** The second opinion: whether these bytes are one well-formed message without anything to lose. */
export function isWellFormed(name: string, bytes: readonly number[]): boolean {
  const fields = fieldsOf(name)
  const seen = new Set<string>()
  let rest = bytes
  while (rest.length > 0) {
    const head = takeVarint(rest)
    if (head === undefined || head.value < 8n || head.value >= 2n ** 32n) return false
    const number = Number(head.value >> 3n)
    const wireType = Number(head.value & 7n)
    const value = takeValue(wireType, head.rest)
    if (value === undefined) return false
    rest = value.rest
    const field = fields.find((candidate) => candidate.number === number)
    if (field === undefined) {
      if ((number & 1024) === 0) return false
      continue
    }
    const key = field.oneof === '' ? `field ${number}` : `oneof ${field.oneof}`
    if (!field.repeated && seen.has(key)) return false
    seen.add(key)
    if (!fits(field, wireType, value.contents)) return false
  }
  return true
}

function fits(field: WireField, wireType: number, contents: readonly number[]): boolean {
  const own = wireTypes[field.kind]
  if (wireType !== own) {
    if (wireType !== 2 || !field.repeated || own === 2) return false
    let rest = contents
    while (rest.length > 0) {
      const element = takeValue(own!, rest)
      if (element === undefined || !fits(field, own!, element.contents)) return false
      rest = element.rest
    }
    return true
  }
  if (field.kind === 'm') return isWellFormed(field.type, contents)
  if (field.kind === 's')
    return Buffer.from(Buffer.from(contents).toString('utf8')).equals(Buffer.from(contents))
  if (own !== 0) return true
  const { value } = takeVarint(contents)!
  if (field.kind === 'b') return value < 2n
  if (field.kind === 'w') return value < 2n ** 32n
  if (field.kind === 'i') return BigInt.asUintN(64, BigInt.asIntN(32, value)) === value
  return true
}

interface Taken {
  contents: readonly number[]
  rest: readonly number[]
}

function takeValue(wireType: number, bytes: readonly number[]): Taken | undefined {
  if (wireType === 0) {
    const taken = takeVarint(bytes)
    return taken && { contents: bytes.slice(0, bytes.length - taken.rest.length), rest: taken.rest }
  }
  if (wireType === 1 || wireType === 5) return takeBytes(bytes, wireType === 1 ? 8 : 4)
  const length = wireType === 2 ? takeVarint(bytes) : undefined
  return length && takeBytes(length.rest, Number(length.value))
}

function takeBytes(bytes: readonly number[], length: number): Taken | undefined {
  if (length > bytes.length) return undefined
  return { contents: bytes.slice(0, length), rest: bytes.slice(length) }
}

function takeVarint(bytes: readonly number[]): { value: bigint; rest: readonly number[] } | undefined {
  const length = bytes.findIndex((byte) => byte < 128) + 1
  if (length === 0 || length > 10) return undefined
  const value = bytes.slice(0, length).reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n)
  if (value >= 2n ** 64n || varint(value).length !== length) return undefined
  return { value, rest: bytes.slice(length) }
}
