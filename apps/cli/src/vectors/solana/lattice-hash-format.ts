import { LATTICE_HASH_BYTES, LatticeSum, latticeChecksum, nobleLatticeXof } from '@causeway/light-clients'
import { fromHex, utf8 } from '@causeway/primitives'
import { expectBytes, expectSame } from '../expectations.ts'
import { isListOf, isObject, textAt, type JsonObject } from '../json-shape.ts'
import { sectionCases } from '../sections.ts'
import type { VectorFormat } from '../vector-file.ts'

/** The lattice hash of texts, and sums and differences of them: published values of agave's `lt_hash.rs`. */
export const latticeHashFormat: VectorFormat = {
  name: 'lattice-hash',
  recognise({ json }) {
    if (!isObject(json) || !isListOf(json['recorded'], 'input_utf8', 'ltHash', 'checksum')) return undefined
    return {
      cases: [
        ...sectionCases(json, 'recorded', checkRecorded),
        ...sectionCases(json, 'derived', checkDerived),
      ],
    }
  },
}

const SUM_OR_DIFFERENCE = /^(.+) ([+-]) (.+)$/

function checkRecorded(row: JsonObject): void {
  const vector = vectorOf(textAt(row, 'input_utf8'))
  expectBytes('the lattice hash', vector, fromHex(textAt(row, 'ltHash')))
  expectBytes('the checksum', latticeChecksum(vector), fromHex(textAt(row, 'checksum')))
}

function checkDerived(row: JsonObject): void {
  const sum = derivedSum(textAt(row, 'operation'))
  expectBytes('the checksum', latticeChecksum(sum), fromHex(textAt(row, 'checksum')))
  const first: unknown = row['first8_u16']
  if (first === undefined) return
  if (!Array.isArray(first)) throw new Error('first8_u16 is no list')
  const lanes = first.map((_, i) => sum[2 * i]! | (sum[2 * i + 1]! << 8))
  expectSame('the first lanes', lanes.join(), first.join())
}

/** `identity`, `a + b` or `a - b`, where a and b are texts. */
function derivedSum(operation: string): Uint8Array {
  if (operation === 'identity') return new LatticeSum().toBytes()
  const [, left, sign, right] = SUM_OR_DIFFERENCE.exec(operation) ?? []
  if (left === undefined || right === undefined) throw new Error(`an operation that is unknown: ${operation}`)
  const sum = new LatticeSum(vectorOf(left))
  if (sign === '+') sum.add(vectorOf(right))
  else sum.subtract(vectorOf(right))
  return sum.toBytes()
}

function vectorOf(text: string): Uint8Array {
  const vector = nobleLatticeXof(utf8(text))
  expectSame('the length of a vector', vector.length, LATTICE_HASH_BYTES)
  return vector
}
