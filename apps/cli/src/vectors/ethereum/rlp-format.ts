import { decodeRlp, encodeRlp, minimalBytes, type RlpItem } from '@causeway/light-clients'
import { expectBytes, expectRefusal } from '../expectations.ts'
import { isTable, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorFormat } from '../vector-file.ts'
import { hexAt } from './hex.ts'

/** RLPTests of ethereum/tests: `in` ↔ `out`, or bytes that are VALID or INVALID. */
export const rlpFormat: VectorFormat = {
  name: 'rlp',
  recognise({ json }) {
    if (!isTable(json)) return undefined
    const vectors = Object.entries(json)
    if (!vectors.every(([, vector]) => 'in' in vector && typeof vector.out === 'string')) return undefined
    return { cases: vectors.map(([name, vector]) => ({ name, run: () => check(vector) })) }
  },
}

function check(vector: JsonObject): void {
  const encoded = hexAt(vector, 'out')
  if (vector.in === 'INVALID') return expectRefusal('it', () => decodeRlp(encoded))
  expectBytes('what was decoded, encoded', encodeRlp(decodeRlp(encoded)), encoded)
  if (vector.in !== 'VALID')
    expectBytes(`the encoding of ${textAt(vector, 'out')}`, encodeRlp(itemOf(vector.in)), encoded)
}

/** Texts are raw bytes, but for `#…`, which is a number in decimal. */
function itemOf(value: unknown): RlpItem {
  if (Array.isArray(value)) return value.map(itemOf)
  if (typeof value === 'number') return minimalBytes(BigInt(value))
  if (typeof value !== 'string') throw new Error('an item of an unknown kind')
  if (value.startsWith('#')) return minimalBytes(BigInt(value.slice(1)))
  return Uint8Array.from(value, (character) => character.codePointAt(0)!)
}
