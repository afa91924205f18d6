import {
  InnerOp,
  LeafOp,
  type ExistenceProof,
  type ProofSpec,
} from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { base64At, integerAt, isObject, listAt, objectAt, type JsonObject } from './json-shape.ts'

/* ICS-23 messages as Go's encoding/json writes the protobuf structs: absent members are zero values. */

/** A leaf op. */
export function leafOp(json: JsonObject): LeafOp {
  return LeafOp.fromPartial({
    hash: numberAt(json, 'hash') as LeafOp['hash'],
    prehashKey: numberAt(json, 'prehash_key') as LeafOp['prehashKey'],
    prehashValue: numberAt(json, 'prehash_value') as LeafOp['prehashValue'],
    length: numberAt(json, 'length') as LeafOp['length'],
    prefix: base64At(json, 'prefix'),
  })
}

/** An inner op. */
export function innerOp(json: JsonObject): InnerOp {
  return InnerOp.fromPartial({
    hash: numberAt(json, 'hash') as InnerOp['hash'],
    prefix: base64At(json, 'prefix'),
    suffix: base64At(json, 'suffix'),
  })
}

/** An existence proof. */
export function existenceProof(json: JsonObject): ExistenceProof {
  const path = Array.isArray(json.path) ? listAt(json, 'path') : []
  return {
    key: base64At(json, 'key'),
    value: base64At(json, 'value'),
    leaf: isObject(json.leaf) ? leafOp(json.leaf) : undefined,
    path: path.map((op) => innerOp(isObject(op) ? op : {})),
  }
}

/** A proof spec. */
export function proofSpec(json: JsonObject): ProofSpec {
  return {
    leafSpec: isObject(json.leaf_spec) ? leafOp(json.leaf_spec) : undefined,
    innerSpec: isObject(json.inner_spec) ? innerSpec(objectAt(json, 'inner_spec')) : undefined,
    maxDepth: numberAt(json, 'max_depth'),
    minDepth: numberAt(json, 'min_depth'),
    prehashKeyBeforeComparison: json.prehash_key_before_comparison === true,
  }
}

function innerSpec(json: JsonObject): NonNullable<ProofSpec['innerSpec']> {
  return {
    childOrder: Array.isArray(json.child_order) ? listAt(json, 'child_order').map(Number) : [],
    childSize: numberAt(json, 'child_size'),
    minPrefixLength: numberAt(json, 'min_prefix_length'),
    maxPrefixLength: numberAt(json, 'max_prefix_length'),
    emptyChild: base64At(json, 'empty_child'),
    hash: numberAt(json, 'hash') as InnerOp['hash'],
  }
}

function numberAt(json: JsonObject, name: string): number {
  return Number(integerAt(json, name))
}
