import { parseTime } from '../chain/time.ts'
import { errors } from '../errors.ts'
import { parseDecimal } from './decimal.ts'
import type { Decimal } from './decimal.ts'

/*
 * CometBFT's query language (v0.38 libs/pubsub/query/syntax):
 *
 *     query     = condition { "AND" condition }
 *     condition = tag ( "EXISTS" | "CONTAINS" text | "=" (text | scalar) | ("<" | "<=" | ">" | ">=") scalar )
 *     scalar    = number | "TIME" RFC3339 | "DATE" YYYY-MM-DD;   text = 'single quotes'
 */

/** A comparison of the query language. */
export type Operator = '=' | '<' | '<=' | '>' | '>=' | 'CONTAINS' | 'EXISTS'

/** What an event's attribute is compared with. Times are nanoseconds since 1970. */
export type Operand =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly number: Decimal }
  | { readonly kind: 'time' | 'date'; readonly text: string; readonly nanoseconds: bigint }

/** One condition on a composite key (`type.attribute`); `EXISTS` has no operand. */
export interface Condition {
  readonly tag: string
  readonly operator: Operator
  readonly operand?: Operand
}

/** All conditions have to hold. */
export type Query = readonly Condition[]

const QUERY_LENGTH_MAX = 512

/** Reads a query. Throws `engine/80`, `engine/81`. */
export function parseQuery(text: string): Query {
  if (Buffer.byteLength(text) > QUERY_LENGTH_MAX) throw errors.queryTooLong()
  const tokens = new Scanner(text)
  const conditions = [parseCondition(tokens)]
  while (!tokens.isAtEnd()) {
    if (tokens.word() !== 'AND') throw tokens.wrong('expected AND')
    conditions.push(parseCondition(tokens))
  }
  return conditions
}

function parseCondition(tokens: Scanner): Condition {
  const tag = tokens.word()
  if (tag === undefined || /^(AND|EXISTS|CONTAINS)$/.test(tag) || /^\d/.test(tag)) {
    throw tokens.wrong('expected a tag')
  }
  const operator = tokens.operator()
  if (operator === 'EXISTS') return { tag, operator }
  const operand = tokens.operand()
  const isText = operand.kind === 'text'
  if (operator === 'CONTAINS' ? !isText : isText && operator !== '=') {
    throw tokens.wrong(`${operator} does not take ${isText ? 'a text' : `a ${operand.kind}`}`)
  }
  return { tag, operator, operand }
}

class Scanner {
  private readonly text: string
  private offset = 0

  constructor(text: string) {
    this.text = text
  }

  isAtEnd(): boolean {
    this.take(/\s*/y)
    return this.offset === this.text.length
  }

  word(): string | undefined {
    this.take(/\s*/y)
    return this.take(/[\p{L}\p{Nd}_][\p{L}\p{Nd}._-]*/uy)
  }

  operator(): Operator {
    this.take(/\s*/y)
    const found = this.take(/<=|>=|<|>|=|CONTAINS(?![\p{L}\p{Nd}._-])|EXISTS(?![\p{L}\p{Nd}._-])/uy)
    if (found === undefined) throw this.wrong('expected an operator')
    return found as Operator
  }

  operand(): Operand {
    this.take(/\s*/y)
    const quoted = this.take(/'[^']*'/y)
    if (quoted !== undefined) return { kind: 'text', text: quoted.slice(1, -1) }
    if (this.take(/TIME /y) !== undefined) return this.time()
    if (this.take(/DATE /y) !== undefined) return this.date()
    const text = this.take(/\d+(\.\d*)?/y)
    const number = text === undefined ? undefined : parseDecimal(text.replace(/\.$/, ''))
    if (text === undefined || !number) throw this.wrong('expected a text, a number, a TIME or a DATE')
    return { kind: 'number', text, number }
  }

  wrong(reason: string): Error {
    return errors.badQuery({ offset: this.offset, reason })
  }

  private time(): Operand {
    const text = this.take(/[0-9T:Z+-]+/y) ?? ''
    const nanoseconds = timeNanoseconds(text)
    if (nanoseconds === undefined || !isYearInRange(text)) throw this.wrong('invalid TIME value')
    return { kind: 'time', text, nanoseconds }
  }

  private date(): Operand {
    const text = this.take(/[0-9-]+/y) ?? ''
    const nanoseconds = dateNanoseconds(text)
    if (nanoseconds === undefined || !isYearInRange(text)) throw this.wrong('invalid DATE value')
    return { kind: 'date', text, nanoseconds }
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset
    const match = pattern.exec(this.text)
    if (!match) return undefined
    this.offset += match[0].length
    return match[0]
  }
}

/** Nanoseconds of an RFC 3339 time, `undefined` when it is none. */
export function timeNanoseconds(text: string): bigint | undefined {
  try {
    const { seconds, nanos } = parseTime(text)
    return seconds * 1_000_000_000n + BigInt(nanos)
  } catch {
    return undefined
  }
}

/** Nanoseconds at which a day begins, `undefined` when it is none. */
export function dateNanoseconds(text: string): bigint | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? timeNanoseconds(`${text}T00:00:00Z`) : undefined
}

function isYearInRange(text: string): boolean {
  const year = Number(text.slice(0, 4))
  return year >= 1900 && year <= 2999
}
