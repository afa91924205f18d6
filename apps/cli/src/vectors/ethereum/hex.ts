import { fromHex } from '@causeway/primitives'
import { listAt, textAt, type JsonObject } from '../json-shape.ts'

/** Bytes of 0x-hex; other text is taken as hex too. */
export function hexBytes(text: string): Uint8Array {
  return fromHex(text.startsWith('0x') ? text.slice(2) : text)
}

/** The member as bytes. */
export function hexAt(object: JsonObject, name: string): Uint8Array {
  return hexBytes(textAt(object, name))
}

/** The member as a list of byte strings. */
export function hexListAt(object: JsonObject, name: string): Uint8Array[] {
  return listAt(object, name).map((item) => hexBytes(String(item)))
}

/** A quantity of the JSON-RPC (0x and no leading zeros, `0x0` for zero) as a word of 32 bytes. */
export function quantityWord(text: string): Uint8Array {
  const digits = text.replace(/^0x/, '')
  if (digits.length > 64) throw new Error(`${text} exceeds 32 bytes`)
  return fromHex(digits.padStart(64, '0'))
}
