import { concatBytes, merkleProofs, merkleRoot, sha256, utf8, uvarint } from '@causeway/primitives'

/**
 * App hash over stores in ascending order of their names: the Tendermint simple-Merkle root of
 * len-prefixed name ‖ len-prefixed sha256(root). Source: cosmossdk.io/store v1.1 internal/maps.
 */
export function storesRoot(names: readonly string[], roots: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(leavesOf(names, roots))
}

/** ICS-23 `CommitmentProof` (TendermintSpec) that a store has its root under the app hash. */
export function proveStore(
  names: readonly string[],
  roots: readonly Uint8Array[],
  store: number,
): Uint8Array {
  const { aunts, isLeft } = merkleProofs(leavesOf(names, roots)).proofs[store]!
  const path = aunts.map((aunt, i) => {
    const prefix = isLeft[i]! ? Uint8Array.of(1) : concatBytes(Uint8Array.of(1), aunt)
    const operation = [
      Uint8Array.of(0x08, 1),
      field(0x12, prefix),
      ...(isLeft[i]! ? [field(0x1a, aunt)] : []),
    ]
    return field(0x22, concatBytes(...operation))
  })
  // hash SHA256, prehash_value SHA256, length VAR_PROTO, prefix 00
  const leaf = Uint8Array.of(0x08, 1, 0x18, 1, 0x20, 1, 0x2a, 1, 0)
  const name = utf8(names[store]!)
  return field(0x0a, concatBytes(field(0x0a, name), field(0x12, roots[store]!), field(0x1a, leaf), ...path))
}

function leavesOf(names: readonly string[], roots: readonly Uint8Array[]): Uint8Array[] {
  return names.map((name, i) => {
    const key = utf8(name)
    return concatBytes(uvarint(key.length), key, Uint8Array.of(32), sha256(roots[i]!))
  })
}

function field(tag: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(tag), uvarint(bytes.length), bytes)
}
