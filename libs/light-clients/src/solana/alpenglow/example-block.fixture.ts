import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes, le64, sha256, utf8 } from '@causeway/primitives'
import type { ExampleCluster } from '../example-cluster.fixture.ts'
import { alpenglowBlockId } from './block-opening.ts'
import type { BlockOpening } from './block-opening.ts'
import type { Certificate } from './certificate.ts'
import { rankMap } from './rank-map.ts'
import { shredLeaf, shredTreeRoot } from './shred-tree.ts'

/** Shred version of the example blocks. */
export const SHRED_VERSION = 0xcabc

const SHREDS = 32
const PROOF_LENGTH = 6
const { longSignatures: bls } = bls12_381

export interface BlockWish {
  readonly slot: bigint
  readonly parentSlot: bigint
  readonly bankHash: Uint8Array
  readonly parentBlockId?: Uint8Array
  readonly shredVersion?: number
}

/** A block of three FEC sets: entries, the footer, and ticks. */
export interface ExampleBlock {
  readonly blockId: Uint8Array
  readonly opening: BlockOpening
  /** All data shreds, in order. */
  readonly shreds: readonly Uint8Array[]
}

export function exampleBlock(wish: BlockWish): ExampleBlock {
  const { slot, parentSlot, parentBlockId = sha256(utf8(`block ${parentSlot}`)) } = wish
  const sets = [0, 1, 2].map((set) =>
    fecSet(wish, set, (place) => {
      if (set === 1 && place === 0) return footer(wish.bankHash)
      return concatBytes(le64(1n), sha256(utf8(`entry ${slot} ${set} ${place}`)))
    }),
  )
  const shreds = sets.flatMap(({ data }) => data)
  const opening = {
    parentSlot,
    parentBlockId,
    fecSetRoots: sets.map(({ root }) => root.subarray(0, 20)),
    previousShred: shreds[SHREDS - 1]!,
    footerShred: shreds[SHREDS]!,
  }
  return { blockId: alpenglowBlockId(opening), opening, shreds }
}

/** The beginning of a block's footer, and some of what follows. */
export function footer(bankHash: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array(8), Uint8Array.of(1, 0, 0, 43, 0, 1), bankHash, new Uint8Array(10))
}

/** A certificate: the aggregate of what validators sign, by their ranks. */
export function exampleCertificate(
  cluster: ExampleCluster,
  payload: Uint8Array,
  ranks: readonly number[],
): Certificate {
  const { ranked } = rankMap(cluster.stakes())
  const message = bls.hash(payload, 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_')
  const signatures = ranks.map((rank) => {
    const { blsSecret } = cluster.validators.find(({ stake }) => stake === ranked[rank]!.stake)!
    return bls.sign(message, blsSecret)
  })
  return { signature: bls.aggregateSignatures(signatures).toBytes(), bitmap: bitmap(ranks) }
}

/** A bitmap in base 2 that ends with the highest rank. */
export function bitmap(ranks: readonly number[], bits = Math.max(...ranks) + 1): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits / 8))
  for (const rank of ranks) bytes[rank >> 3]! |= 1 << (rank & 7)
  return concatBytes(Uint8Array.of(0, bits & 0xff, bits >> 8), bytes)
}

export function notarizePayload(slot: bigint, id: Uint8Array, version = SHRED_VERSION): Uint8Array {
  return concatBytes(Uint8Array.of(1), le64(slot), id, Uint8Array.of(version & 0xff, version >> 8))
}

export function finalizePayload(slot: bigint, version = SHRED_VERSION): Uint8Array {
  return concatBytes(Uint8Array.of(2), le64(slot), Uint8Array.of(version & 0xff, version >> 8))
}

function fecSet(wish: BlockWish, set: number, dataAt: (place: number) => Uint8Array) {
  const unproven = Array.from({ length: SHREDS }, (_, place) => dataShred(wish, set, place, dataAt(place)))
  const code = unproven.map((_, i) => sha256(utf8(`code ${wish.slot} ${set} ${i}`)))
  const proofAt = 1203 - PROOF_LENGTH * 20
  const leaves = [...unproven.map((shred) => shredLeaf(shred.subarray(64, proofAt))), ...code]
  for (const [place, shred] of unproven.entries()) {
    let row: readonly Uint8Array[] = leaves
    for (let level = 0; level < PROOF_LENGTH; level++) {
      shred.set(row[(place >> level) ^ 1]!.subarray(0, 20), proofAt + 20 * level)
      row = Array.from({ length: row.length / 2 }, (_, i) => shredTreeRoot(row.slice(2 * i, 2 * i + 2)))
    }
  }
  return { root: shredTreeRoot(leaves), data: unproven }
}

/** A chained data shred whose proof is still empty. */
function dataShred(wish: BlockWish, set: number, place: number, data: Uint8Array): Uint8Array {
  const { slot, parentSlot, shredVersion = SHRED_VERSION } = wish
  const shred = new Uint8Array(1203)
  const view = new DataView(shred.buffer)
  shred.set(sha256(utf8(`signature ${slot} ${set} ${place}`)))
  shred[64] = 0x90 | PROOF_LENGTH
  view.setBigUint64(65, slot, true)
  view.setUint32(73, set * SHREDS + place, true)
  view.setUint16(77, shredVersion, true)
  view.setUint32(79, set * SHREDS, true)
  view.setUint16(83, Number(slot - parentSlot), true)
  shred[85] = place === SHREDS - 1 ? 0x7f : 0x3f
  view.setUint16(86, 88 + data.length, true)
  shred.set(data, 88)
  return shred
}
