import type { ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { EMPTY_BYTES } from '@causeway/primitives'

const NO_HASH = 0
const SHA256 = 1
const NO_PREFIX = 0
const VAR_PROTO = 1

/** Merkle proofs of cosmos/iavl trees. */
export const iavlSpec: ProofSpec = {
  leafSpec: {
    hash: SHA256,
    prehashKey: NO_HASH,
    prehashValue: SHA256,
    length: VAR_PROTO,
    prefix: Uint8Array.of(0),
  },
  innerSpec: {
    childOrder: [0, 1],
    childSize: 33, // a length byte and the hash
    minPrefixLength: 4,
    maxPrefixLength: 12,
    emptyChild: EMPTY_BYTES,
    hash: SHA256,
  },
  maxDepth: 0,
  minDepth: 0,
  prehashKeyBeforeComparison: false,
}

/** Merkle proofs of CometBFT's simple tree, as the multi-store commits to its stores. */
export const tendermintSpec: ProofSpec = {
  leafSpec: {
    hash: SHA256,
    prehashKey: NO_HASH,
    prehashValue: SHA256,
    length: VAR_PROTO,
    prefix: Uint8Array.of(0),
  },
  innerSpec: {
    childOrder: [0, 1],
    childSize: 32,
    minPrefixLength: 1,
    maxPrefixLength: 1,
    emptyChild: EMPTY_BYTES,
    hash: SHA256,
  },
  maxDepth: 0,
  minDepth: 0,
  prehashKeyBeforeComparison: false,
}

/** Merkle proofs of sparse Merkle trees (celestiaorg/smt). */
export const smtSpec: ProofSpec = {
  leafSpec: {
    hash: SHA256,
    prehashKey: SHA256,
    prehashValue: SHA256,
    length: NO_PREFIX,
    prefix: Uint8Array.of(0),
  },
  innerSpec: {
    childOrder: [0, 1],
    childSize: 32,
    minPrefixLength: 1,
    maxPrefixLength: 1,
    emptyChild: new Uint8Array(32),
    hash: SHA256,
  },
  maxDepth: 256,
  minDepth: 0,
  prehashKeyBeforeComparison: true,
}

/** Specs of a Cosmos SDK chain, lowest tree first: the module's IAVL store, then the multi-store. */
export const cosmosSpecs: readonly ProofSpec[] = [iavlSpec, tendermintSpec]

/**
 * Whether the IAVL prefix rules apply. As in Go, it compares what shapes the hashes and leaves out depth
 * limits, prefixes and the empty child.
 */
export function isIavl(spec: ProofSpec): boolean {
  const { leafSpec: leaf, innerSpec: inner } = spec
  if (!leaf || !inner) return false
  return (
    leaf.hash === SHA256 &&
    leaf.prehashKey === NO_HASH &&
    leaf.prehashValue === SHA256 &&
    leaf.length === VAR_PROTO &&
    inner.hash === SHA256 &&
    inner.minPrefixLength === 4 &&
    inner.maxPrefixLength === 12 &&
    inner.childSize === 33 &&
    inner.childOrder.length === 2
  )
}
