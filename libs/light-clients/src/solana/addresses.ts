import { assert, fromBase58 } from '@causeway/primitives'

/** The vote program. */
export const VOTE_PROGRAM: Uint8Array = base58Key('Vote111111111111111111111111111111111111111')
/** The sysvar that holds slot, epoch and time; each slot rewrites it. */
export const CLOCK_SYSVAR: Uint8Array = base58Key('SysvarC1ock11111111111111111111111111111111')
/** What owns every sysvar. */
export const SYSVAR_OWNER: Uint8Array = base58Key('Sysvar1111111111111111111111111111111111111')
/** Bytes of a key, address or hash. */
export const KEY_BYTES = 32

/** A key or hash that stands in the source. */
function base58Key(text: string): Uint8Array {
  const bytes = fromBase58(text)
  assert(bytes?.length === 32, `${text} is no key`)
  return bytes
}
