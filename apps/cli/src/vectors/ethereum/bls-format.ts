import { bls12_381 } from '@noble/curves/bls12-381.js'
import { utf8 } from '@causeway/primitives'
import { expectBytes, expectSame } from '../expectations.ts'
import { hasMembers, isObject, objectAt, textAt, type JsonObject } from '../json-shape.ts'
import type { VectorFormat } from '../vector-file.ts'
import { blstOperations, nobleOperations, type BlsOperations } from './bls-operations.ts'
import { hexAt, hexBytes, hexListAt } from './hex.ts'

const HASH_DOMAIN = 'QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_'

/**
 * BLS12-381 signatures as ethereum/bls12-381-tests have them: a file a case, its folder the operation. Each
 * is asked of the native library and of the reference; hashing to the curve only of the reference.
 */
export const blsFormat: VectorFormat = {
  name: 'bls12-381',
  recognise({ json, folders }) {
    if (!hasMembers(json, 'input', 'output')) return undefined
    const operation = folders.find((folder) => Object.hasOwn(OPERATIONS, folder))
    if (operation === 'hash_to_G2') return { cases: [{ name: 'noble', run: () => hashToCurve(json) }] }
    const check = operation === undefined ? undefined : OPERATIONS[operation]
    if (!check) return undefined
    return {
      cases: [blstOperations, nobleOperations].map((bls) => ({
        name: bls.name,
        run: () => check(bls, json),
      })),
    }
  },
}

type Check = (bls: BlsOperations, vector: JsonObject) => void

const OPERATIONS: Readonly<Record<string, Check>> = {
  hash_to_G2: () => undefined,
  sign: (bls, { input, output }) => {
    const { privkey, message } = hexMembers(input, 'privkey', 'message')
    expectOutput(() => bls.sign(privkey!, message!), output)
  },
  aggregate: (bls, { input, output }) => {
    expectOutput(() => bls.aggregate((input as string[]).map(hexBytes)), output)
  },
  verify: (bls, { input, output }) => {
    const { pubkey, message, signature } = hexMembers(input, 'pubkey', 'message', 'signature')
    expectSame('the verdict', bls.verify(pubkey!, message!, signature!), output)
  },
  fast_aggregate_verify: (bls, vector) => {
    const input = objectAt(vector, 'input')
    const keys = hexListAt(input, 'pubkeys')
    const verdict = bls.fastAggregateVerify(keys, hexAt(input, 'message'), hexAt(input, 'signature'))
    expectSame('the verdict', verdict, vector.output)
  },
  aggregate_verify: (bls, vector) => {
    const input = objectAt(vector, 'input')
    const [keys, messages] = [hexListAt(input, 'pubkeys'), hexListAt(input, 'messages')]
    expectSame('the verdict', bls.aggregateVerify(keys, messages, hexAt(input, 'signature')), vector.output)
  },
  batch_verify: (bls, vector) => {
    const input = objectAt(vector, 'input')
    const [keys, messages] = [hexListAt(input, 'pubkeys'), hexListAt(input, 'messages')]
    expectSame('the verdict', bls.batchVerify(keys, messages, hexListAt(input, 'signatures')), vector.output)
  },
  deserialization_G1: (bls, { input, output }) => {
    expectSame('the verdict', bls.decodesKey(hexMembers(input, 'pubkey').pubkey!), output)
  },
  deserialization_G2: (bls, { input, output }) => {
    expectSame('the verdict', bls.decodesSignature(hexMembers(input, 'signature').signature!), output)
  },
}

function hexMembers(input: unknown, ...names: readonly string[]): Record<string, Uint8Array> {
  if (!isObject(input)) throw new Error('the input is no object')
  return Object.fromEntries(names.map((name) => [name, hexAt(input, name)]))
}

/** `null` says that the operation must be refused. */
function expectOutput(attempt: () => Uint8Array, output: unknown): void {
  if (typeof output === 'string') return expectBytes('the output', attempt(), hexBytes(output))
  let made: Uint8Array
  try {
    made = attempt()
  } catch {
    return
  }
  throw new Error(`${made.length} bytes came out of what must be refused`)
}

function hashToCurve(vector: JsonObject): void {
  const message = utf8(textAt(objectAt(vector, 'input'), 'msg'))
  const { x, y } = bls12_381.G2.hashToCurve(message, { DST: HASH_DOMAIN }).toAffine()
  const output = objectAt(vector, 'output')
  const pair = (name: string) => textAt(output, name).split(',').map(BigInt)
  expectSame('x', [x.c0, x.c1].join(), pair('x').join())
  expectSame('y', [y.c0, y.c1].join(), pair('y').join())
}
