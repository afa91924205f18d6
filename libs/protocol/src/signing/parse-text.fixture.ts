// Reads Text v1 back: what it finds is all that a signer can have meant.
import { assert, concatBytes, fromHex, utf8, uvarint } from '@causeway/primitives'
import type { SigningField } from './field-names.ts'
import { signingFields } from './field-names.ts'
import { scaleOf } from './message-text.ts'

/** Finds the bytes whose digest a line names. */
export type LongBytes = (line: string) => Uint8Array

/** A transaction as its text tells it. */
export interface ParsedText {
  readonly header: ReadonlyMap<string, string>
  readonly messages: readonly { readonly typeUrl: string; readonly value: Uint8Array }[]
}

type Entry = readonly [path: string, value: string]

/** Reads a text. Throws for one that the grammar does not make. */
export function parseText(text: string, longBytes: LongBytes): ParsedText {
  const lines = text.split('\n')
  assert(lines.shift() === 'Causeway transaction v1', 'the first line')
  const header = new Map<string, string>()
  const messages: { typeUrl: string; entries: Entry[] }[] = []
  for (const line of lines) {
    const at = line.indexOf(': ')
    const [key, value] = [line.slice(0, at), line.slice(at + 2)]
    if (/^message \d+ of \d+$/.test(key)) messages.push({ typeUrl: value, entries: [] })
    else if (messages.length > 0) messages.at(-1)!.entries.push([key, value])
    else {
      assert(!header.has(key), `${key} stands twice`)
      header.set(key, value)
    }
  }
  return {
    header,
    messages: messages.map(({ typeUrl, entries }) => ({
      typeUrl,
      value: encode(typeUrl.slice(1), entries, longBytes),
    })),
  }
}

/** Reads a string value. */
export function parseString(value: string): string {
  return value.startsWith('"') ? (JSON.parse(value) as string) : value
}

function encode(typeName: string, entries: readonly Entry[], longBytes: LongBytes): Uint8Array {
  const parts: Uint8Array[] = []
  let used = 0
  for (const field of signingFields(typeName)) {
    const groups = new Map<string, Entry[]>()
    for (const [path, value] of entries) {
      const [, name, index = '', rest = ''] = /^([a-z0-9_]+)(\[\d+\])?(?:\.(.+))?$/.exec(path) ?? []
      if (name !== field.name && name !== scaleOf(field).name) continue
      used += 1
      const group = groups.get(index) ?? []
      groups.set(index, group)
      group.push([rest === '' ? name! : rest, value])
    }
    const values = [...groups.values()].map((group) => encodeValue(field, group, longBytes))
    parts.push(...framed(field, values))
  }
  assert(used === entries.length, 'every line is a field of its message')
  return concatBytes(...parts)
}

function encodeValue(field: SigningField, group: readonly Entry[], longBytes: LongBytes): Uint8Array {
  const [name, text] = group[0]!
  if (field.kind === 'm') {
    const isEmpty = group.length === 1 && name === field.name && text === '{}'
    return encode(field.typeName, isEmpty ? [] : group, longBytes)
  }
  assert(group.length === 1, `${field.name} has one line`)
  const isScaled = name !== field.name
  if (field.kind === 's') return utf8(isScaled ? unscaled(field, text).toString() : parseString(text))
  if (field.kind === 'y') return text.startsWith('0x') ? fromHex(text.slice(2)) : longBytes(text)
  return encodeNumber(field, isScaled ? unscaled(field, text) : numberOf(field, text))
}

function numberOf(field: SigningField, text: string): bigint {
  if (field.kind === 'b') return text === 'true' ? 1n : 0n
  const named = [...(field.names ?? [])].find(([, name]) => name === text)
  return named?.[0] ?? BigInt(text)
}

function unscaled(field: SigningField, text: string): bigint {
  const [whole, fraction = ''] = text.replace('-', '').split('.')
  const value = BigInt(whole! + fraction.padEnd(scaleOf(field).decimals, '0'))
  return text.startsWith('-') ? -value : value
}

function encodeNumber(field: SigningField, value: bigint): Uint8Array {
  if (field.kind === 'f' || field.kind === 'd') {
    const width = field.kind === 'f' ? 4 : 8
    const unsigned = BigInt.asUintN(8 * width, value)
    return Uint8Array.from({ length: width }, (_, i) => Number((unsigned >> BigInt(8 * i)) & 255n))
  }
  return uvarint(BigInt.asUintN(64, field.sign === 'zigzag' ? (value << 1n) ^ (value >> 63n) : value))
}

function framed(field: SigningField, values: readonly Uint8Array[]): Uint8Array[] {
  const isBytes = 'sym'.includes(field.kind)
  const wireType = isBytes ? 2 : field.kind === 'f' ? 5 : field.kind === 'd' ? 1 : 0
  const tag = (type: number) => uvarint(field.number * 8 + type)
  const delimited = (value: Uint8Array) => [tag(2), uvarint(value.length), value]
  if (field.repeated && !isBytes) return values.length === 0 ? [] : delimited(concatBytes(...values))
  return values.flatMap((value) => {
    const isDefault = value.length === 0 || (!isBytes && value.every((byte) => byte === 0))
    if (isDefault && !field.repeated && !field.isMember && field.kind !== 'm') return []
    return isBytes ? delimited(value) : [tag(wireType), value]
  })
}
