// How values stand in a line of Text v1. The grammar is docs/signing.md.
import { sha256, toHex } from '@causeway/primitives'

/** Bytes that are shown whole; longer ones stand as their SHA-256 and length. */
export const BYTES_SHOWN_MAX = 96

/** A string: bare where that is printable and plain, else as JSON in ASCII. */
export function textOfString(value: string): string {
  return /^[!#-~](?:[ -~]*[!-~])?$/.test(value) ? value : quoted(value)
}

/** Bytes in hex, or their digest and length. */
export function textOfBytes(value: Uint8Array): string {
  if (value.length <= BYTES_SHOWN_MAX) return `0x${toHex(value)}`
  return `sha256 0x${toHex(sha256(value))} of ${value.length} bytes`
}

/** A whole number of 10^-decimals as a decimal without trailing zeros: 1,500,000 at 6 is `1.5`. */
export function textOfScaled(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
