import { defineErrors } from '@causeway/primitives'

/**
 * Where in the bytes a check failed: the message type being read, the field number (0: none yet), the byte
 * offset.
 */
export type Place = Readonly<{ type: string; field: number; offset: number }>

const at = (place: Place): string => `${place.type}, field ${place.field}, byte ${place.offset}`

/**
 * Codespace `protocol`: bytes that are not what they claim. 1–9 bounds, 10–19 wire format, 20–29 fields,
 * 30–39 Any, 40–49 what is signed.
 */
export const errors = defineErrors('protocol', {
  oversize: [
    1,
    (d: { type: string; bytes: number; max: number }) => `${d.type}: ${d.bytes} bytes, at most ${d.max}`,
  ],
  tooDeep: [2, (d: Place & { max: number }) => `${at(d)}: messages nest deeper than ${d.max}`],
  tooManyFields: [3, (d: Place & { max: number }) => `${at(d)}: more than ${d.max} fields`],
  truncated: [10, (d: Place) => `${at(d)}: the value ends after its enclosing message`],
  badVarint: [11, (d: Place) => `${at(d)}: expected a minimal varint of at most 64 bits`],
  badTag: [12, (d: Place) => `${at(d)}: expected a field number from 1 to 536870911`],
  wrongWireType: [13, (d: Place & { wireType: number }) => `${at(d)}: wire type ${d.wireType} does not fit`],
  outOfRange: [14, (d: Place) => `${at(d)}: the number does not fit the field's type`],
  badUtf8: [15, (d: Place) => `${at(d)}: expected valid UTF-8`],
  unknownField: [20, (d: Place) => `${at(d)}: unknown field`],
  duplicateField: [21, (d: Place) => `${at(d)}: a second value for the field or its oneof`],
  notCanonical: [22, (d: Place) => `${at(d)}: expected the canonical encoding`],
  unknownTypeUrl: [
    30,
    (d: Place & { typeUrl: string }) => `${at(d)}: unknown type URL ${JSON.stringify(d.typeUrl)}`,
  ],
  unexpectedTypeUrl: [
    31,
    (d: { expected: string; typeUrl: string }) => `expected ${d.expected}, got ${JSON.stringify(d.typeUrl)}`,
  ],
  textTooLong: [
    40,
    (d: { length: number; max: number }) => `the text to sign has ${d.length} characters, at most ${d.max}`,
  ],
  notSignable: [
    41,
    (d: { typeUrl: string }) => `no wallet signs ${JSON.stringify(d.typeUrl)} in this sign mode`,
  ],
  badKey: [42, (d: { reason: string }) => `public key refused: ${d.reason}`],
})
