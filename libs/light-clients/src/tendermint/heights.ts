import type { Height } from '@causeway/protocol'
import { U64_MAX, be64, concatBytes, fromBe64 } from '@causeway/primitives'
import { errors } from './errors.ts'

const REVISION_FORMAT = /^[^\n]*[^\n-]-[1-9][0-9]*$/

/** The height of nothing; also the frozen height of a client that isn't. */
export const ZERO_HEIGHT: Height = { revisionNumber: 0n, revisionHeight: 0n }

/** Order of heights: by revision, then by height. */
export function compareHeights(a: Height, b: Height): -1 | 0 | 1 {
  if (a.revisionNumber !== b.revisionNumber) return a.revisionNumber < b.revisionNumber ? -1 : 1
  if (a.revisionHeight === b.revisionHeight) return 0
  return a.revisionHeight < b.revisionHeight ? -1 : 1
}

/** `{revision}-{height}`, as store keys have it. */
export function heightText(height: Height): string {
  return `${height.revisionNumber}-${height.revisionHeight}`
}

/** Revision and height as 16 big-endian bytes: their order is the heights' order. */
export function heightBytes(height: Height): Uint8Array {
  return concatBytes(be64(height.revisionNumber), be64(height.revisionHeight))
}

/** Reads `heightBytes`. */
export function heightFromBytes(bytes: Uint8Array): Height {
  return { revisionNumber: fromBe64(bytes, 0), revisionHeight: fromBe64(bytes, 8) }
}

/** Whether a chain id ends in a revision: `{name}-{number}`. */
export function hasRevision(chainId: string): boolean {
  return REVISION_FORMAT.test(chainId)
}

/** The revision at the end of a chain id; 0 without one. Throws `07-tendermint/2` above 2⁶⁴ − 1. */
export function revisionOf(chainId: string): bigint {
  if (!hasRevision(chainId)) return 0n
  const revision = BigInt(chainId.slice(chainId.lastIndexOf('-') + 1))
  if (revision > U64_MAX) throw errors.invalidChainId({ reason: 'its revision exceeds 64 bits' })
  return revision
}

/** The chain id with another revision; one without a revision stays as it is. */
export function withRevision(chainId: string, revision: bigint): string {
  return hasRevision(chainId) ? `${chainId.slice(0, chainId.lastIndexOf('-'))}-${revision}` : chainId
}
