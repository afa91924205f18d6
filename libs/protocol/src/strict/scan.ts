// Walks protobuf bytes by a message's table without building anything: the same bytes, if they pass, decode
// without loss.
import { fromUtf8 } from '@causeway/primitives'
import type { Place } from '../errors.ts'
import { errors } from '../errors.ts'
import { isUtf8 } from './is-utf8.ts'
import type { FieldRule, MessageTable } from './message-table.ts'
import { Kind } from './message-table.ts'

/** Bounds of a scan, and what it may look into. */
export interface ScanRules {
  readonly maxDepth: number
  readonly maxFields: number
  readonly refuseNonCritical: boolean
  readonly canonical: boolean
  /**
   * The table of a type URL inside `google.protobuf.Any`; without this function Any values are opaque bytes.
   */
  readonly resolveAny: ((typeUrl: string) => MessageTable | undefined) | undefined
}

interface Scan {
  readonly bytes: Uint8Array
  readonly rules: ScanRules
  position: number
  fieldsLeft: number
  canonical: boolean
  table: MessageTable
  field: number
}

/** Throws a `protocol/…` error unless `bytes` is one well-formed message of this table. */
export function scan(bytes: Uint8Array, table: MessageTable, rules: ScanRules): void {
  const { maxFields: fieldsLeft, canonical } = rules
  const state: Scan = { bytes, rules, position: 0, fieldsLeft, canonical, table, field: 0 }
  scanMessage(state, table, bytes.length, 1)
}

function scanMessage(state: Scan, table: MessageTable, end: number, depth: number): void {
  const start = state.position
  let seen = 0
  let last = 0
  while (state.position < end) {
    state.table = table
    state.field = 0
    const tag = readUint32(state, end)
    const number = tag >>> 3
    state.field = number
    if (number === 0) throw errors.badTag(place(state))
    countField(state)
    const rule = number < table.fields.length ? table.fields[number] : undefined
    if (rule === undefined) {
      skipUnknown(state, number, tag & 7, end)
      continue
    }
    if ((seen & rule.excludes) !== 0) throw errors.duplicateField(place(state))
    seen |= rule.bit
    if (state.canonical) checkOrder(state, rule, tag, last)
    last = number
    if ((tag & 7) === rule.wireType) scanValue(state, rule, end, depth)
    else if (rule.packable && (tag & 7) === 2) scanPacked(state, rule, end)
    else throw errors.wrongWireType({ ...place(state), wireType: tag & 7 })
  }
  if (table.isAny && state.rules.resolveAny) scanAny(state, table, start, end, depth)
}

/** Canonical bytes have ascending fields, and repeated numbers packed in one piece. */
function checkOrder(state: Scan, rule: FieldRule, tag: number, last: number): void {
  const number = tag >>> 3
  const descends = number < last || (number === last && rule.packable)
  if (descends || (rule.packable && (tag & 7) !== 2)) throw errors.notCanonical(place(state))
}

function scanValue(state: Scan, rule: FieldRule, end: number, depth: number): void {
  if (rule.wireType !== 2) {
    const start = state.position
    scanNumber(state, rule.kind, end)
    if (state.canonical && rule.omitsDefault && isZero(state.bytes, start, state.position)) {
      throw errors.notCanonical(place(state))
    }
    return
  }
  const valueEnd = readLength(state, end)
  if (state.canonical && rule.omitsDefault && valueEnd === state.position) {
    throw errors.notCanonical(place(state))
  }
  if (rule.kind === Kind.message) {
    if (depth >= state.rules.maxDepth) throw errors.tooDeep({ ...place(state), max: state.rules.maxDepth })
    scanMessage(state, rule.message(), valueEnd, depth + 1)
  } else if (rule.kind === Kind.string && !isUtf8(state.bytes, state.position, valueEnd)) {
    throw errors.badUtf8(place(state))
  }
  state.position = valueEnd
}

function scanPacked(state: Scan, rule: FieldRule, end: number): void {
  const valueEnd = readLength(state, end)
  if (state.canonical && valueEnd === state.position) throw errors.notCanonical(place(state))
  while (state.position < valueEnd) {
    countField(state)
    scanNumber(state, rule.kind, valueEnd)
  }
}

/** A number must be minimal and fit its field, so that decoding keeps all of it. */
function scanNumber(state: Scan, numberKind: number, end: number): void {
  if (numberKind === Kind.fixed32) return skip(state, 4, end)
  if (numberKind === Kind.fixed64) return skip(state, 8, end)
  const start = state.position
  const length = skipVarint(state, end)
  if (numberKind === Kind.varint64) return
  const { bytes } = state
  const fits =
    numberKind === Kind.bool
      ? length === 1 && bytes[start]! <= 1
      : numberKind === Kind.uint32
        ? length < 5 || (length === 5 && bytes[start + 4]! <= 0x0f)
        : length < 5 || (length === 5 && bytes[start + 4]! <= 0x07) || isNegativeInt32(bytes, start, length)
  if (!fits) throw errors.outOfRange(place(state))
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false
  return true
}

/** A negative int32 is sign-extended to 64 bits: ten bytes with bits 31 to 63 all set. */
function isNegativeInt32(bytes: Uint8Array, start: number, length: number): boolean {
  if (length !== 10 || (bytes[start + 4]! & 0x78) !== 0x78) return false
  for (let i = start + 5; i < start + 9; i++) if (bytes[i] !== 0xff) return false
  return true
}

/** Cosmos's rule: an unknown field whose number has bit 11 set is not critical and may be ignored. */
function skipUnknown(state: Scan, number: number, wireType: number, end: number): void {
  const critical = ((number >> 10) & 1) === 0
  if (critical || state.rules.refuseNonCritical) throw errors.unknownField(place(state))
  if (state.canonical) throw errors.notCanonical(place(state))
  if (wireType === 0) skipVarint(state, end)
  else if (wireType === 1) skip(state, 8, end)
  else if (wireType === 2) state.position = readLength(state, end)
  else if (wireType === 5) skip(state, 4, end)
  else throw errors.wrongWireType({ ...place(state), wireType })
}

/** Looks into an Any whose own fields have passed: `type_url` 1 and `value` 2, each at most once. */
function scanAny(state: Scan, table: MessageTable, start: number, end: number, depth: number): void {
  let typeUrl = ''
  let valueStart = end
  let valueEnd = end
  state.position = start
  while (state.position < end) {
    const tag = readUint32(state, end)
    const number = tag >>> 3
    if (number > 2) {
      skipUnknown(state, number, tag & 7, end)
      continue
    }
    const fieldEnd = readLength(state, end)
    if (number === 1) typeUrl = fromUtf8(state.bytes.subarray(state.position, fieldEnd))
    else [valueStart, valueEnd] = [state.position, fieldEnd]
    state.position = fieldEnd
  }
  const inner = state.rules.resolveAny?.(typeUrl)
  state.table = table
  state.field = inner === undefined ? 1 : 2
  if (inner === undefined) {
    throw errors.unknownTypeUrl({ ...place(state), typeUrl: typeUrl.slice(0, 100) })
  }
  if (depth >= state.rules.maxDepth) throw errors.tooDeep({ ...place(state), max: state.rules.maxDepth })
  const { canonical } = state
  state.position = valueStart
  state.canonical = false
  scanMessage(state, inner, valueEnd, depth + 1)
  state.canonical = canonical
  state.position = end
}

function countField(state: Scan): void {
  if (--state.fieldsLeft < 0) throw errors.tooManyFields({ ...place(state), max: state.rules.maxFields })
}

function skip(state: Scan, length: number, end: number): void {
  if (length > end - state.position) throw errors.truncated(place(state))
  state.position += length
}

/** Reads a length and returns where the value ends; the position is then at its start. */
function readLength(state: Scan, end: number): number {
  const length = readUint32(state, end)
  if (length > end - state.position) throw errors.truncated(place(state))
  return state.position + length
}

function readUint32(state: Scan, end: number): number {
  const { bytes } = state
  const start = state.position
  if (start < end && bytes[start]! < 0x80) {
    state.position = start + 1
    return bytes[start]!
  }
  const length = skipVarint(state, end)
  if (length > 5 || (length === 5 && bytes[start + 4]! > 0x0f)) throw errors.outOfRange(place(state))
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 128 + (bytes[start + i]! & 0x7f)
  return value
}

/** Steps over a minimal varint of at most 64 bits and returns its length. */
function skipVarint(state: Scan, end: number): number {
  const { bytes } = state
  const start = state.position
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte >= 0x80) {
      if (i - start === 9) throw errors.badVarint(place(state))
      continue
    }
    const length = i - start + 1
    if ((byte === 0 && length > 1) || (length === 10 && byte > 1)) throw errors.badVarint(place(state))
    state.position = i + 1
    return length
  }
  throw errors.truncated(place(state))
}

function place(state: Scan): Place {
  return { type: state.table.name, field: state.field, offset: state.position }
}
