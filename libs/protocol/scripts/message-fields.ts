// What src/strict reads: one line a message, made from buf's image (a FileDescriptorSet as JSON).
import { assert } from '@causeway/primitives'

/** The part of a FileDescriptorSet (as protobuf JSON) that the table is made of. */
export interface Image {
  file: { package?: string; messageType?: Message[] }[]
}

interface Message {
  name: string
  field?: Field[]
  nestedType?: Message[]
  options?: { mapEntry?: boolean }
}

interface Field {
  name: string
  number: number
  label: string
  type: string
  typeName?: string
  oneofIndex?: number
  proto3Optional?: boolean
}

const kinds: Readonly<Record<string, string>> = {
  TYPE_INT64: 'u',
  TYPE_UINT64: 'u',
  TYPE_SINT64: 'u',
  TYPE_UINT32: 'w',
  TYPE_SINT32: 'w',
  TYPE_INT32: 'i',
  TYPE_ENUM: 'i',
  TYPE_BOOL: 'b',
  TYPE_FIXED32: 'f',
  TYPE_SFIXED32: 'f',
  TYPE_FLOAT: 'f',
  TYPE_FIXED64: 'd',
  TYPE_SFIXED64: 'd',
  TYPE_DOUBLE: 'd',
  TYPE_STRING: 's',
  TYPE_BYTES: 'y',
  TYPE_MESSAGE: 'm',
}

/**
 * The source of `message-fields.ts`: for each message its fields as `number kind [*] [~oneof] [.type]`,
 * where the kind is u 64-bit varint, w uint32, i int32 or enum, b bool, f 4 bytes, d 8 bytes, s string, y
 * bytes, m message, and * repeated.
 */
export function messageFieldsSource(image: Image): string {
  const lines: string[] = []
  for (const file of image.file) {
    for (const message of file.messageType ?? []) collect(message, file.package ?? '', lines)
  }
  return `// Written by libs/protocol/scripts/generate.ts. DO NOT EDIT.

/**
 * Fields of every message by its full name; the grammar stands in libs/protocol/scripts/message-fields.ts.
 */
export const messageFields: Readonly<Record<string, string>> = {
${lines.sort().join('\n')}
}
`
}

function collect(message: Message, scope: string, lines: string[]): void {
  const name = `${scope}.${message.name}`
  const fields = message.field ?? []
  assert(!message.options?.mapEntry, `${name}: map fields have no deterministic encoding`)
  const numbers = fields.map((field) => field.number)
  const ascending = numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0))
  assert(ascending, `${name}: declare fields in ascending order; encoders write them as declared`)
  assert(fields.length <= 31, `${name}: strict decoding counts at most 31 fields in one bit set`)
  lines.push(`  '${name}': '${fields.map((field) => token(name, field)).join(' ')}',`)
  for (const nested of message.nestedType ?? []) collect(nested, name, lines)
}

function token(message: string, field: Field): string {
  const kind = kinds[field.type]
  assert(kind !== undefined, `${message}.${field.name}: ${field.type} is not supported`)
  const repeated = field.label === 'LABEL_REPEATED' ? '*' : ''
  const oneof = field.oneofIndex === undefined || field.proto3Optional ? '' : `~${field.oneofIndex}`
  return `${field.number}${kind}${repeated}${oneof}${kind === 'm' ? field.typeName : ''}`
}
