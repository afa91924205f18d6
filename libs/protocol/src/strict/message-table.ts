import { assert } from '@causeway/primitives'
import { messageFields } from '../generated/message-fields.ts'

/** Kinds of field as scanning tells them apart; numbers, which may come packed, are those below `string`. */
export const Kind = {
  varint64: 0,
  uint32: 1,
  int32: 2,
  bool: 3,
  fixed32: 4,
  fixed64: 5,
  string: 6,
  bytes: 7,
  message: 8,
} as const

const KIND_LETTERS = 'uwibfdsym'
const WIRE_TYPES: readonly number[] = [0, 0, 0, 0, 5, 1, 2, 2, 2]

/** What scanning knows of one field. */
export interface FieldRule {
  readonly kind: number
  readonly wireType: number
  readonly repeated: boolean
  /** A repeated number may also come packed, which is wire type 2. */
  readonly packable: boolean
  /** Encoders leave its default out. */
  readonly omitsDefault: boolean
  /** This field's bit in the set of fields seen. */
  readonly bit: number
  /** Bits of which none may be set before: its own and its oneof's; none for a repeated field. */
  readonly excludes: number
  /** The table of a nested message, looked up when it is first needed: types may be recursive. */
  readonly message: () => MessageTable
}

/** What scanning knows of one message; `fields` is indexed by field number. */
export interface MessageTable {
  readonly name: string
  readonly isAny: boolean
  readonly fields: readonly (FieldRule | undefined)[]
}

const tables = new Map<string, MessageTable>()

/** Whether a message of this full name was generated. The name may come from untrusted bytes. */
export function isMessageName(name: string): boolean {
  return Object.hasOwn(messageFields, name)
}

/** The table of a generated message, built once. */
export function messageTable(name: string): MessageTable {
  const known = tables.get(name)
  if (known) return known
  assert(isMessageName(name), `no message ${name} was generated`)
  const table = buildTable(name, messageFields[name] ?? '')
  tables.set(name, table)
  return table
}

function buildTable(name: string, source: string): MessageTable {
  const tokens = source === '' ? [] : source.split(' ').map(parseToken)
  const oneofBits = new Map<number, number>()
  for (const [index, { oneof }] of tokens.entries()) {
    if (oneof !== undefined) oneofBits.set(oneof, (oneofBits.get(oneof) ?? 0) | (1 << index))
  }
  const highest = tokens.reduce((most, token) => Math.max(most, token.number), 0)
  const fields = new Array<FieldRule | undefined>(highest + 1).fill(undefined)
  for (const [index, token] of tokens.entries()) {
    const bit = 1 << index
    const siblings = token.oneof === undefined ? bit : (oneofBits.get(token.oneof) ?? bit)
    const wireType = WIRE_TYPES[token.kind]
    assert(wireType !== undefined, `${name}: unknown kind of field ${token.number}`)
    fields[token.number] = {
      kind: token.kind,
      wireType,
      repeated: token.repeated,
      packable: token.repeated && token.kind < Kind.string,
      omitsDefault: !token.repeated && token.oneof === undefined && token.kind !== Kind.message,
      bit,
      excludes: token.repeated ? 0 : siblings,
      message: lazily(() => messageTable(token.typeName)),
    }
  }
  return { name, isAny: name === 'google.protobuf.Any', fields }
}

interface Token {
  number: number
  kind: number
  repeated: boolean
  oneof: number | undefined
  typeName: string
}

function parseToken(text: string): Token {
  const match = /^(\d+)([a-z])(\*?)(?:~(\d+))?(?:\.(.+))?$/.exec(text)
  assert(match, `bad field table entry ${text}`)
  const [, number, letter, star, oneof, typeName] = match
  return {
    number: Number(number),
    kind: KIND_LETTERS.indexOf(letter ?? ''),
    repeated: star === '*',
    oneof: oneof === undefined ? undefined : Number(oneof),
    typeName: typeName ?? '',
  }
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
