import { parseDecimal } from '@causeway/primitives'

/** A signed decimal integer of an answer; empty is 0. Throws a `ProtocolError` for anything else. */
export function signed(text: string): bigint {
  if (text === '') return 0n
  return text.startsWith('-')
    ? -parseDecimal(text.slice(1), 'a signed amount')
    : parseDecimal(text, 'an amount')
}
