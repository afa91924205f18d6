import { assert } from '@causeway/primitives'
import { messageFields } from '../generated/message-fields.ts'
import { enumNames, messageNames } from '../generated/message-names.ts'

/** One field of a message that a transaction may hold. */
export interface SigningField {
  readonly number: number
  readonly name: string
  /** As in `message-fields.ts`: u 64-bit, w uint32, i int32, b bool, f 4 and d 8 bytes, s, y, m. */
  readonly kind: string
  readonly repeated: boolean
  /** A member of a oneof: there is no telling its default from its absence, so it is shown only when set. */
  readonly isMember: boolean
  /** A signed number: two's complement or zigzag. */
  readonly sign: 'none' | 'complement' | 'zigzag'
  /** Of an enumerated field: names by number. */
  readonly names: ReadonlyMap<bigint, string> | undefined
  /** Of a message: its full name. */
  readonly typeName: string
}

const tables = new Map<string, readonly SigningField[]>()

/** Whether a message of this full name may stand in a transaction or inside a message that does. */
export function hasSigningFields(typeName: string): boolean {
  return Object.hasOwn(messageNames, typeName)
}

/** Fields of a message, ascending by number. */
export function signingFields(typeName: string): readonly SigningField[] {
  const known = tables.get(typeName)
  if (known !== undefined) return known
  assert(hasSigningFields(typeName), `${typeName} is not part of any transaction`)
  const kinds = words(messageFields[typeName] ?? '')
  const names = words(messageNames[typeName] ?? '')
  assert(kinds.length === names.length, `${typeName}: both tables are of one .proto`)
  const fields = kinds.map((kind, i) => signingField(kind, names[i]!))
  tables.set(typeName, fields)
  return fields
}

function signingField(kindToken: string, nameToken: string): SigningField {
  const match = /^(\d+)([a-z])(\*?)(~\d+)?(?:\.(.+))?$/.exec(kindToken)
  assert(match, `bad field table entry ${kindToken}`)
  const [, number, kind, repeated, oneof, typeName] = match
  const [name, mark = ''] = nameToken.split('/')
  return {
    number: Number(number),
    name: name!,
    kind: kind!,
    repeated: repeated === '*',
    isMember: oneof !== undefined,
    sign: mark === 'z' ? 'zigzag' : mark === 'i' || mark.startsWith('e.') ? 'complement' : 'none',
    names: mark.startsWith('e.') ? enumeration(mark.slice(2)) : undefined,
    typeName: typeName ?? '',
  }
}

function enumeration(typeName: string): ReadonlyMap<bigint, string> {
  const list = words(enumNames[typeName] ?? '')
  const names = new Map<bigint, string>()
  for (let i = 0; i < list.length; i += 2) names.set(BigInt(list[i]!), list[i + 1]!)
  return names
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ')
}
