import { errors } from './transfer-errors.ts'

/**
 * * Reads a JSON object whose members are strings and bear the given names, each at most once. It never
 * recurses, so that no nesting can exhaust the stack. Throws `transfer/4` – `transfer/6`. Spec: RFC 8259.
 */
export function parseFlatJson(text: string, names: readonly string[]): ReadonlyMap<string, string> {
  const members = new Map<string, string>()
  let position = expect(text, skipSpace(text, 0), '{')
  if (text[position] !== '}') {
    for (;;) {
      const name = readString(text, position)
      if (!names.includes(name.value)) throw errors.unknownJsonMember({ name: name.value.slice(0, 40) })
      if (members.has(name.value)) throw errors.duplicateJsonMember({ name: name.value })
      const value = readString(text, expect(text, name.next, ':'))
      members.set(name.value, value.value)
      position = value.next
      if (text[position] !== ',') break
      position = skipSpace(text, position + 1)
    }
  }
  position = expect(text, position, '}')
  if (position !== text.length) throw errors.malformedJson({ offset: position, expected: 'the end' })
  return members
}

/** Reads a string literal and the white space after it. */
function readString(text: string, start: number): { value: string; next: number } {
  if (text[start] !== '"') throw errors.malformedJson({ offset: start, expected: 'a string' })
  let end = start + 1
  while (text[end] !== '"') end = skipCharacter(text, end)
  const value = JSON.parse(text.slice(start, end + 1)) as string
  if (!value.isWellFormed()) throw errors.malformedJson({ offset: start, expected: 'paired surrogates' })
  return { value, next: skipSpace(text, end + 1) }
}

function skipCharacter(text: string, position: number): number {
  const character = text[position]
  if (character === undefined || character < ' ') {
    throw errors.malformedJson({ offset: position, expected: 'a character of a string' })
  }
  if (character !== '\\') return position + 1
  const escape = text[position + 1] ?? ''
  if (escape !== '' && '"\\/bfnrt'.includes(escape)) return position + 2
  if (/^u[0-9a-fA-F]{4}$/.test(text.slice(position + 1, position + 6))) return position + 6
  throw errors.malformedJson({ offset: position, expected: 'an escape' })
}

function expect(text: string, position: number, character: string): number {
  if (text[position] !== character)
    throw errors.malformedJson({ offset: position, expected: `'${character}'` })
  return skipSpace(text, position + 1)
}

function skipSpace(text: string, start: number): number {
  let position = start
  while (position < text.length && ' \t\n\r'.includes(text[position]!)) position++
  return position
}
