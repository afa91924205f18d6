import type { Codec } from './codec.ts'
import { errors } from './errors.ts'
import type { Any } from './generated/google/protobuf/any.ts'
import type { DecodeLimits } from './strict/decode-strict.ts'
import { decodeStrict } from './strict/decode-strict.ts'

/** A message in its envelope; the type URL starts with a slash: `/cosmos.bank.v1beta1.MsgSend`. */
export function packAny(typeUrl: string, value: Uint8Array): Any {
  return { typeUrl, value }
}

/**
 * Opens an envelope that must hold the named type, as strictly as `decodeStrict`. Throws `protocol/31` on
 * another type.
 */
export function unpackAny<T>(codec: Codec<T>, typeName: string, any: Any, limits: DecodeLimits = {}): T {
  if (any.typeUrl !== `/${typeName}`) {
    throw errors.unexpectedTypeUrl({ expected: `/${typeName}`, typeUrl: any.typeUrl.slice(0, 100) })
  }
  return decodeStrict(codec, typeName, any.value, limits)
}
