import { assert } from '@causeway/primitives'
import { signingFields } from './field-names.ts'
import type { SigningField } from './field-names.ts'
import { readFields, stringOf } from './read-fields.ts'
import type { RawValue } from './read-fields.ts'
import { textOfBytes, textOfScaled, textOfString } from './text-value.ts'

/**
 * The lines of one message of a transaction, from its canonical bytes: fields ascending by number, members of
 * nested messages by their path. Different bytes give different lines, up to SHA-256 of long `bytes`.
 */
export function messageLines(typeName: string, bytes: Uint8Array): string[] {
  const lines: string[] = []
  write(lines, '', typeName, bytes)
  return lines
}

/** How a number or a numeric string named `…_e9` stands: without the suffix, as a decimal. */
export function scaleOf({ name, names }: SigningField): { readonly name: string; readonly decimals: number } {
  const match = names === undefined ? /^(.+)_e(\d{1,2})$/.exec(name) : null
  return match === null ? { name, decimals: 0 } : { name: match[1]!, decimals: Number(match[2]) }
}

function write(lines: string[], path: string, typeName: string, bytes: Uint8Array): void {
  const fields = signingFields(typeName)
  const values = readFields(bytes, fields)
  for (const field of fields) {
    const list = values.get(field.number) ?? defaultsOf(field)
    for (const [i, value] of list.entries()) {
      writeValue(lines, path, field, { value, suffix: field.repeated ? `[${i}]` : '' })
    }
  }
}

/** What a field that is not on the wire means; nothing where its absence means nothing. */
function defaultsOf(field: SigningField): readonly RawValue[] {
  if (field.repeated || field.isMember || field.kind === 'm') return []
  return field.kind === 's' || field.kind === 'y' ? [new Uint8Array(0)] : [0n]
}

function writeValue(
  lines: string[],
  path: string,
  field: SigningField,
  { value, suffix }: { readonly value: RawValue; readonly suffix: string },
): void {
  const key = `${path}${field.name}${suffix}`
  if (field.kind === 'm') {
    assert(typeof value !== 'bigint', 'messages are bytes on the wire')
    const before = lines.length
    write(lines, `${key}.`, field.typeName, value)
    if (lines.length === before) lines.push(`${key}: {}`)
    return
  }
  const { name, decimals } = scaleOf(field)
  const scaled = decimals === 0 ? undefined : wholeOf(field, value)
  if (scaled !== undefined) lines.push(`${path}${name}${suffix}: ${textOfScaled(scaled, decimals)}`)
  else lines.push(`${key}: ${scalarText(field, value)}`)
}

function scalarText(field: SigningField, value: RawValue): string {
  if (field.kind === 's') return textOfString(stringOf(value))
  if (typeof value !== 'bigint') return textOfBytes(value)
  if (field.kind === 'b') return value === 0n ? 'false' : 'true'
  return field.names?.get(value) ?? value.toString()
}

/** The whole number that a scaled field holds; nothing for a string that isn't one. */
function wholeOf(field: SigningField, value: RawValue): bigint | undefined {
  if (typeof value === 'bigint') return field.kind === 'b' ? undefined : value
  if (field.kind !== 's') return undefined
  const text = stringOf(value)
  return /^(?:0|-?[1-9][0-9]{0,77})$/.test(text) ? BigInt(text) : undefined
}
