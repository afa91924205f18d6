import { defineErrors } from './errors.ts'

/** Codespace `primitives`: malformed basic encodings. 1–9 text, 10–19 binary, 20–29 numbers. */
export const errors = defineErrors('primitives', {
  badHex: [1, (d: { length: number }) => `expected an even number of hex digits, got ${d.length} characters`],
  badUtf8: [2, () => 'expected valid UTF-8'],
  badBase64: [3, () => 'expected canonical padded base64'],
  badBech32: [
    4,
    (d: { expected: string; reason: string }) => `expected a ${d.expected}1… address: ${d.reason}`,
  ],
  badDecimal: [
    5,
    (d: { what: string }) => `${d.what}: expected an unsigned decimal integer without leading zeros`,
  ],
  truncated: [10, (d: { need: number; have: number }) => `expected ${d.need} bytes, ${d.have} are left`],
  varintOverlong: [11, () => 'expected a minimal varint of at most 64 bits'],
  outOfRange: [20, (d: { what: string; max: bigint }) => `${d.what}: expected 0 … ${d.max}`],
  divisionByZero: [21, () => 'expected a divisor other than zero'],
})
