import { equalBytes, fromBe64 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { EMPTY_LEAF, TREE_DEPTH, commitmentLeaf, pathRoot, taggedRoot } from './tree.ts'
import type { TreeKind, TreePath } from './tree.ts'

/** Tagged roots of a client's trees. */
export interface TreeRoots {
  readonly commitmentsRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
}

/** What a merkle path names. */
interface Place {
  readonly clientId: Uint8Array
  readonly entry: 'commitment' | 'receipt' | 'acknowledgement'
  readonly index: bigint
}

const ENTRIES = { 1: 'commitment', 2: 'receipt', 3: 'acknowledgement' } as const
const CLIENT_ID_BYTES_MIN = 8
const CLIENT_ID_BYTES_MAX = 64
const SUFFIX_BYTES = 9
const VALUE_BYTES = 32

/**
 * Throws unless a commitment or an acknowledgement has this value. A receipt's value is never proven: only
 * that there is none. Throws `solana/61`–`/63`. Path: client id ‖ 01 or 03 ‖ BE64(sequence).
 */
export function verifyCommitment(
  roots: TreeRoots,
  path: readonly Uint8Array[],
  value: Uint8Array,
  proof: TreePath,
): void {
  const place = readPath(path)
  if (place.entry === 'receipt') throw errors.badPath({ reason: 'a receipt has no value' })
  if (value.length !== VALUE_BYTES) throw errors.badPath({ reason: `a value of ${value.length} bytes` })
  requireLeaf(roots, place, commitmentLeaf(value), proof)
}

/** Throws `solana/61`–`/63` unless nothing was written under a path. */
export function verifyNoCommitment(roots: TreeRoots, path: readonly Uint8Array[], proof: TreePath): void {
  requireLeaf(roots, readPath(path), EMPTY_LEAF, proof)
}

function requireLeaf(roots: TreeRoots, place: Place, leaf: Uint8Array, proof: TreePath): void {
  const kind: TreeKind = place.entry === 'commitment' ? 'commitments' : 'receipts'
  const expected = kind === 'commitments' ? roots.commitmentsRoot : roots.receiptsRoot
  const root = taggedRoot(kind, place.clientId, pathRoot(place.index, leaf, proof))
  if (!equalBytes(root, expected)) throw errors.wrongRoot()
}

function readPath(path: readonly Uint8Array[]): Place {
  const [key] = path
  if (!key || path.length !== 1) throw errors.badPath({ reason: `a path of ${path.length} elements` })
  const idLength = key.length - SUFFIX_BYTES
  if (idLength < CLIENT_ID_BYTES_MIN || idLength > CLIENT_ID_BYTES_MAX)
    throw errors.badPath({ reason: `${key.length} bytes` })
  const entry = ENTRIES[key[idLength] as keyof typeof ENTRIES] as Place['entry'] | undefined
  if (!entry) throw errors.badPath({ reason: 'neither commitment, receipt nor acknowledgement' })
  const index = fromBe64(key, idLength + 1) - 1n
  if (index < 0n || index >= 1n << BigInt(TREE_DEPTH))
    throw errors.badPath({ reason: 'a sequence outside the tree' })
  return { clientId: key.subarray(0, idLength), entry, index }
}
