import { compareDecimals, leadingDecimal } from './decimal.ts'
import { dateNanoseconds, timeNanoseconds } from './query.ts'
import type { Condition, Operand, Operator, Query } from './query.ts'

/** Attributes of what was published: composite key (`type.attribute`) to values. */
export type Attributes = ReadonlyMap<string, readonly string[]>

/** Whether every condition holds for some attribute. */
export function matches(query: Query, attributes: Attributes): boolean {
  if (attributes.size === 0) return false
  return query.every((condition) => {
    const values = attributes.get(condition.tag)
    if (values) return values.some((value) => matchesValue(condition, value))
    // A tag that is an event's type alone stands for the empty value: `transfer EXISTS`.
    return hasType(attributes, condition.tag) && matchesValue(condition, '')
  })
}

/** Whether a condition holds for a value. */
export function matchesValue({ operator, operand }: Condition, value: string): boolean {
  if (operator === 'EXISTS' || operand === undefined) return true
  if (operand.kind === 'text') {
    return operator === 'CONTAINS' ? value.includes(operand.text) : value === operand.text
  }
  const order = compareWith(operand, value)
  return order !== undefined && holds(operator, order)
}

function compareWith(operand: Operand, value: string): number | undefined {
  if (operand.kind === 'number') {
    const number = leadingDecimal(value)
    return number && compareDecimals(number, operand.number)
  }
  if (operand.kind === 'text') return undefined
  const time = operand.kind === 'date' ? dateNanoseconds(value) : timeNanoseconds(value)
  if (time === undefined) return undefined
  return time < operand.nanoseconds ? -1 : time > operand.nanoseconds ? 1 : 0
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return false
  }
}

function hasType(attributes: Attributes, tag: string): boolean {
  for (const key of attributes.keys()) {
    if (key.startsWith(`${tag}.`) && key.lastIndexOf('.') === tag.length) return true
  }
  return false
}
