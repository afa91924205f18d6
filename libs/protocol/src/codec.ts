import type { BinaryWriter } from '@bufbuild/protobuf/wire'
import { equalBytes } from '@causeway/primitives'

/** What every generated message exports beside its type. */
export interface Codec<T> {
  encode(message: T, writer?: BinaryWriter): { finish(): Uint8Array }
  decode(bytes: Uint8Array): T
}

/**
 * Whether `bytes` is exactly what our encoder writes for the same message: ascending fields, defaults left
 * out, packed numbers (ADR-027 of the Cosmos SDK asks it of TxRaw). Only for bytes that `decodeStrict` has
 * accepted.
 */
export function isCanonical<T>(codec: Codec<T>, bytes: Uint8Array): boolean {
  return equalBytes(codec.encode(codec.decode(bytes)).finish(), bytes)
}
