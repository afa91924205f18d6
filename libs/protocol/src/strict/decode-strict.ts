import { assert } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { Codec } from '../codec.ts'
import type { MessageTable } from './message-table.ts'
import { isMessageName, messageTable } from './message-table.ts'
import { scan } from './scan.ts'

/** What bytes from outside may cost, and how far their meaning is checked. */
export interface DecodeLimits {
  /** Default 1,048,576. */
  readonly maxBytes?: number
  /**
   * Nested messages including the outermost, and the contents of an Any as one more; default 32, at most
   * 100.
   */
  readonly maxDepth?: number
  /** Fields and packed elements in all, nested ones included: bounds memory; default 100,000. */
  readonly maxFields?: number
  /** Also refuse unknown fields that Cosmos's bit 11 marks as ignorable; default false. */
  readonly refuseNonCritical?: boolean
  /**
   * Also refuse what `isCanonical` refuses, but without encoding anything; values inside an Any may be;
   * default false.
   */
  readonly canonical?: boolean
  /**
   * Which message a type URL inside `google.protobuf.Any` stands for; the value is then checked like the
   * rest and an unknown URL is refused. Without it Any values are opaque.
   */
  readonly anyTypes?: (typeUrl: string) => string | undefined
}

/** The limits that hold where the caller names none. */
export const DEFAULT_LIMITS = { maxBytes: 1_048_576, maxDepth: 32, maxFields: 100_000 } as const

/**
 * Decodes bytes from outside, and only if nothing in them could be lost, doubled or ignored: throws a
 * `protocol/…` error on oversize, deep nesting, cut or trailing bytes, a wrong or group wire type, a varint
 * longer than it need be, a number outside its field's type, invalid UTF-8, a repeated singular field, two
 * members of one oneof, and unknown critical fields. Field order and defaults written out are left alone
 * unless `canonical` is asked for. `bytes` fields are views of the input.
 *
 *     const raw = decodeStrict(TxRaw, 'cosmos.tx.v1beta1.TxRaw', bytes, { maxBytes: 262_144 })
 */
export function decodeStrict<T>(
  codec: Codec<T>,
  typeName: string,
  bytes: Uint8Array,
  limits: DecodeLimits = {},
): T {
  checkStrict(typeName, bytes, limits)
  return codec.decode(bytes)
}

/** The check of `decodeStrict` alone: for bytes whose decoding is not needed now. */
export function checkStrict(typeName: string, bytes: Uint8Array, limits: DecodeLimits = {}): void {
  const { maxBytes, maxDepth, maxFields } = { ...DEFAULT_LIMITS, ...limits }
  assert(maxDepth <= 100, 'the generated decoders stop at 100 nested messages')
  if (bytes.length > maxBytes) throw errors.oversize({ type: typeName, bytes: bytes.length, max: maxBytes })
  const { anyTypes, refuseNonCritical = false, canonical = false } = limits
  const resolveAny = anyTypes && ((typeUrl: string) => anyTable(anyTypes, typeUrl))
  scan(bytes, messageTable(typeName), { maxDepth, maxFields, refuseNonCritical, canonical, resolveAny })
}

/**
 * Names the generated message of a type URL such as `/cosmos.bank.v1beta1.MsgSend`: an `anyTypes` that knows
 * all of them. An application passes a narrower one, made from the messages that it handles.
 */
export function anyGeneratedType(typeUrl: string): string | undefined {
  const name = typeUrl.slice(1)
  return typeUrl.startsWith('/') && isMessageName(name) ? name : undefined
}

function anyTable(
  anyTypes: (typeUrl: string) => string | undefined,
  typeUrl: string,
): MessageTable | undefined {
  const name = anyTypes(typeUrl)
  return name === undefined ? undefined : messageTable(name)
}
