import {
  applyInner,
  applyLeaf,
  checkExistence,
  checkLeafAgainst,
  existenceRoot,
  hashWith,
  leftSiblingsAreEmpty,
  rightSiblingsAreEmpty,
} from '@causeway/light-clients'
import { fromHex, utf8 } from '@causeway/primitives'
import { expectBytes, expectRefusal, expectSame } from '../expectations.ts'
import { existenceProof, innerOp, leafOp, proofSpec } from '../ics23-json.ts'
import {
  base64At,
  hasMembers,
  integerAt,
  isListOf,
  isTable,
  objectAt,
  textAt,
  type JsonObject,
} from '../json-shape.ts'
import type { VectorFormat } from '../vector-file.ts'

type Check = (vector: JsonObject) => void

/** ICS-23's tables of single operations (`Test*.json`), told apart by the members of their entries. */
export const ics23TableFormat: VectorFormat = {
  name: 'ics23-operations',
  recognise({ json }) {
    if (isListOf(json, 'Op', 'Spec', 'IsLeft', 'IsRight')) {
      return { cases: json.map((vector, i) => ({ name: `#${i}`, run: () => checkEmptyBranch(vector) })) }
    }
    if (!isTable(json)) return undefined
    const entries = Object.entries(json)
    const check = checkOf(entries.map(([, vector]) => vector))
    return check && { cases: entries.map(([name, vector]) => ({ name, run: () => check(vector) })) }
  },
}

function checkOf(vectors: readonly JsonObject[]): Check | undefined {
  const all = (...names: string[]) => vectors.every((vector) => hasMembers(vector, ...names))
  if (all('Op', 'Key', 'Value', 'IsErr')) return checkLeafOperation
  if (all('Op', 'Child', 'IsErr')) return checkInnerOperation
  if (all('Proof', 'IsErr', 'Expected')) return checkExistenceRoot
  if (all('Proof', 'Spec', 'Err')) return checkAgainstSpec
  if (all('Leaf', 'Spec', 'IsErr')) return checkLeafSpec
  if (all('HashOp', 'ExpectedHash')) return checkHash
  return undefined
}

const checkLeafOperation: Check = (vector) => {
  const leaf = leafOp(objectAt(vector, 'Op'))
  expectBytesOrRefusal(vector, () => applyLeaf(leaf, base64At(vector, 'Key'), base64At(vector, 'Value')))
}

const checkInnerOperation: Check = (vector) => {
  const op = innerOp(objectAt(vector, 'Op'))
  expectBytesOrRefusal(vector, () => applyInner(op, base64At(vector, 'Child')))
}

const checkExistenceRoot: Check = (vector) => {
  const proof = existenceProof(objectAt(vector, 'Proof'))
  expectBytesOrRefusal(vector, () => existenceRoot(proof))
}

const checkAgainstSpec: Check = (vector) => {
  const proof = existenceProof(objectAt(vector, 'Proof'))
  const spec = proofSpec(objectAt(vector, 'Spec'))
  if (textAt(vector, 'Err') === '') checkExistence(spec, proof)
  else expectRefusal('the proof', () => checkExistence(spec, proof))
}

const checkLeafSpec: Check = (vector) => {
  const leaf = leafOp(objectAt(vector, 'Leaf'))
  const spec = leafOp(objectAt(vector, 'Spec'))
  if (vector.IsErr === true) expectRefusal('the leaf', () => checkLeafAgainst(leaf, spec))
  else checkLeafAgainst(leaf, spec)
}

const checkHash: Check = (vector) => {
  const preimage = utf8(textAt(vector, Object.hasOwn(vector, 'Preimage') ? 'Preimage' : 'PreImage'))
  const got = hashWith(Number(integerAt(vector, 'HashOp')), preimage)
  expectBytes('the hash', got, fromHex(textAt(vector, 'ExpectedHash')))
}

const checkEmptyBranch: Check = (vector) => {
  const op = innerOp(objectAt(vector, 'Op'))
  const inner = proofSpec(objectAt(vector, 'Spec')).innerSpec
  if (!inner) throw new Error('the spec has no inner spec')
  expectSame('left siblings empty', leftSiblingsAreEmpty(inner, op), vector.IsLeft)
  expectSame('right siblings empty', rightSiblingsAreEmpty(inner, op), vector.IsRight)
}

function expectBytesOrRefusal(vector: JsonObject, compute: () => Uint8Array): void {
  if (vector.IsErr === true) expectRefusal('the operation', compute)
  else expectBytes('the result', compute(), base64At(vector, 'Expected'))
}
