// The encoding that every signature needs, without a general writer: half of its time would go there.
import { utf8, uvarint } from '@causeway/primitives'
import type { SignDoc } from '@causeway/protocol/cosmos/tx/v1beta1/tx'

/** What SIGN_MODE_DIRECT signs. */
export function encodeSignDoc(
  document: Pick<SignDoc, 'bodyBytes' | 'authInfoBytes' | 'chainId' | 'accountNumber'>,
): Uint8Array {
  const { bodyBytes, authInfoBytes, chainId, accountNumber } = document
  const parts = [...field(1, bodyBytes), ...field(2, authInfoBytes), ...field(3, utf8(chainId))]
  if (accountNumber !== 0n) parts.push(Uint8Array.of(0x20), uvarint(accountNumber))
  return joined(parts)
}

/** One allocation: the general `concatBytes` checks every part. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

function field(number: number, bytes: Uint8Array): Uint8Array[] {
  return bytes.length === 0 ? [] : [header(number, bytes.length), bytes]
}

/** Tag and length of a bytes field. */
function header(number: number, length: number): Uint8Array {
  const bytes = [number * 8 + 2]
  let rest = length
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
  return Uint8Array.from(bytes)
}
