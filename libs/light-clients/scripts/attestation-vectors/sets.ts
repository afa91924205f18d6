import type { JsonValue } from '@causeway/primitives'
import { leafHash } from '@causeway/primitives'
import { attestorLeaf, attestorProofs } from '../../src/attestation/attestor-set.ts'
import { ALONE, FOUR, HUNDRED, THREE, TWENTY, UNEQUAL, hex, setJson } from './cast.ts'
import type { CastSet } from './cast.ts'

/** Sets with every leaf, proof and hash. */
export function setVectors(): JsonValue {
  return {
    what: 'leaf = H(00 | BE32(index) | key | BE64(power)), inner = H(01 | left | right), set hash',
    sets: [ALONE, THREE, FOUR, UNEQUAL, TWENTY, HUNDRED].map(setCase),
  }
}

function setCase({ name, attestors, set, hash }: CastSet): JsonValue {
  const proofs = attestorProofs(attestors)
  return {
    name,
    attestors: attestors.map((attestor, index) => ({
      index,
      secret: hex(attestor.secret),
      key: hex(attestor.key),
      power: attestor.power.toString(),
      leafHash: hex(leafHash(attestorLeaf(index, attestor))),
      proof: proofs[index]!.map((sibling) => hex(sibling)),
    })),
    set: setJson(set),
    setHash: hex(hash),
  }
}
