// What src/signing reads: the names of fields and of enumerated values, of every message that a transaction
// may hold and of what lies in them.
import { assert } from '@causeway/primitives'

/** The part of a FileDescriptorSet (as protobuf JSON) that the table is made of. */
export interface NamedImage {
  file: { package?: string; messageType?: Message[]; enumType?: Enum[] }[]
}

interface Message {
  name: string
  field?: { name: string; type: string; typeName?: string }[]
  nestedType?: Message[]
  enumType?: Enum[]
}

interface Enum {
  name: string
  value?: { name: string; number?: number }[]
}

const SIGNED: Readonly<Record<string, string>> = {
  TYPE_INT32: '/i',
  TYPE_INT64: '/i',
  TYPE_SINT32: '/z',
  TYPE_SINT64: '/z',
  TYPE_SFIXED32: '/i',
  TYPE_SFIXED64: '/i',
}

/**
 * The source of `message-names.ts`. Fields stand as in `message-fields.ts`, each as `name`, `name/i` (a
 * signed number in two's complement), `name/z` (zigzag) or `name/e.full.Enum`; an enumeration as
 * `number name …`.
 */
export function messageNamesSource(image: NamedImage): string {
  const messages = new Map<string, Message>()
  const enums = new Map<string, Enum>()
  for (const file of image.file) {
    for (const item of file.enumType ?? []) enums.set(`${file.package ?? ''}.${item.name}`, item)
    for (const item of file.messageType ?? []) collect(item, file.package ?? '', messages, enums)
  }
  const wanted = reachable(messages)
  const lines = [...wanted].sort().map((name) => `  '${name}': '${fieldsOf(name, messages)}',`)
  const named = [...enums].filter(([name]) => lines.some((line) => line.includes(`/e.${name}`)))
  return `// Written by libs/protocol/scripts/generate.ts. DO NOT EDIT.

/**
 * Names of the fields of every message that a transaction may hold; the grammar stands in
 * libs/protocol/scripts/message-names.ts.
 */
export const messageNames: Readonly<Record<string, string>> = {
${lines.join('\n')}
}

/** Names of enumerated values, as \`number name …\`. */
export const enumNames: Readonly<Record<string, string>> = {
${named
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, item]) => `  '${name}': '${valuesOf(item)}',`)
  .join('\n')}
}
`
}

function collect(message: Message, scope: string, messages: Map<string, Message>, enums: Map<string, Enum>) {
  const name = `${scope}.${message.name}`
  messages.set(name, message)
  for (const item of message.enumType ?? []) enums.set(`${name}.${item.name}`, item)
  for (const nested of message.nestedType ?? []) collect(nested, name, messages, enums)
}

/** Messages of transactions, which are named `Msg…`, and all that lie in them. */
function reachable(messages: ReadonlyMap<string, Message>): Set<string> {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    for (const { type, typeName } of messages.get(name)?.field ?? []) {
      if (type === 'TYPE_MESSAGE') visit((typeName ?? '').slice(1))
    }
  }
  for (const name of messages.keys()) if (/\.Msg\w+(?<!Response)$/.test(name)) visit(name)
  return seen
}

function fieldsOf(name: string, messages: ReadonlyMap<string, Message>): string {
  const message = messages.get(name)
  assert(message !== undefined, `${name} is in the image`)
  return (message.field ?? [])
    .map((field) => {
      assert(/^[a-z][a-z0-9_]*$/.test(field.name), `${name}.${field.name}: a name of a line`)
      const isFloat = field.type === 'TYPE_FLOAT' || field.type === 'TYPE_DOUBLE'
      assert(!isFloat, `${name}.${field.name}: a text has no floating point`)
      return field.type === 'TYPE_ENUM'
        ? `${field.name}/e${field.typeName ?? ''}`
        : `${field.name}${SIGNED[field.type] ?? ''}`
    })
    .join(' ')
}

function valuesOf({ value = [] }: Enum): string {
  return value.map(({ name, number = 0 }) => `${number} ${name}`).join(' ')
}
