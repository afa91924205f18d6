// JSON as RFC 8259 has it, more strictly: numbers stay the text that was sent, a key stands once in an
// object, nesting is bounded. `JSON.parse` would round a price to a double and let the last of two equal
// keys win.
import { errors } from '../errors.ts'

/** A number as the text wrote it. */
export class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A value of `parseStrictJson`. */
export type StrictJson =
  null | boolean | string | NumberText | readonly StrictJson[] | ReadonlyMap<string, StrictJson>

const DEPTH_MAX = 16
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const SPACE = /[ \t\n\r]*/y
const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

/** Reads a JSON text. Throws `feeder/1` for anything else, a key that comes twice and nesting beyond 16. */
export function parseStrictJson(text: string): StrictJson {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): StrictJson {
    if (depth > DEPTH_MAX) throw this.#error(`nested more than ${DEPTH_MAX} deep`)
    this.#match(SPACE)
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"') return this.#string()
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    const number = this.#match(NUMBER)
    if (number === undefined) throw this.#error('a value was expected')
    return new NumberText(number)
  }

  end(): void {
    this.#match(SPACE)
    if (this.#at !== this.#text.length) throw this.#error('the end was expected')
  }

  #object(depth: number): ReadonlyMap<string, StrictJson> {
    const members = new Map<string, StrictJson>()
    this.#at++
    if (this.#takes('}')) return members
    do {
      this.#match(SPACE)
      const key = this.#string()
      if (members.has(key)) throw this.#error(`the key ${JSON.stringify(key.slice(0, 40))} comes twice`)
      if (!this.#takes(':')) throw this.#error('":" was expected')
      members.set(key, this.value(depth + 1))
    } while (this.#takes(','))
    if (!this.#takes('}')) throw this.#error('"}" was expected')
    return members
  }

  #array(depth: number): readonly StrictJson[] {
    const items: StrictJson[] = []
    this.#at++
    if (this.#takes(']')) return items
    do items.push(this.value(depth + 1))
    while (this.#takes(','))
    if (!this.#takes(']')) throw this.#error('"]" was expected')
    return items
  }

  #string(): string {
    const quoted = this.#match(STRING)
    if (quoted === undefined) throw this.#error('a string was expected')
    // The pattern lets only JSON's own strings through, which this decodes.
    return JSON.parse(quoted) as string
  }

  #takes(character: string): boolean {
    this.#match(SPACE)
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #error(reason: string): Error {
    return errors.notJson({ at: this.#at, reason })
  }
}
