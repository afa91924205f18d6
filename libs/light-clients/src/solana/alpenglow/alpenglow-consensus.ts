import type { EpochStakes } from '../epoch-stakes.ts'
import type { SettledBank } from '../tower/tower-consensus.ts'
import { alpenglowBlockId, footerBankHash } from './block-opening.ts'
import type { BlockOpening } from './block-opening.ts'
import { verifyFinalization } from './certificate.ts'
import type { Certificate, CertificateRules } from './certificate.ts'
import { rankMap } from './rank-map.ts'

/** Certificates of a slot, and the opening of the block that they name. */
export interface AlpenglowProof {
  readonly slot: bigint
  readonly notarize: Certificate
  /** Absent: the notarisation alone has four fifths. */
  readonly finalize: Certificate | undefined
  readonly block: BlockOpening
}

/** A finalised block: beside its bank hash, what was signed. */
export interface SettledBlock extends SettledBank {
  readonly blockId: Uint8Array
}

/** What a proof claims to show. Nothing is verified but the way from block id to bank hash. */
export function alpenglowClaim({ slot, block }: AlpenglowProof, shredVersion: number): SettledBlock {
  const bankHash = footerBankHash(block, slot, shredVersion)
  return { slot, blockId: alpenglowBlockId(block), bankHash, isFinal: true }
}

/** Verifies certificate → block id → footer → bank hash. Throws `solana/27`, `/30`–`/35`. */
export function verifyAlpenglowProof<Key>(
  proof: AlpenglowProof,
  stakes: EpochStakes,
  rules: Omit<CertificateRules<Key>, 'ranks'>,
): SettledBlock {
  const claim = alpenglowClaim(proof, rules.shredVersion)
  verifyFinalization({ ...proof, blockId: claim.blockId }, { ...rules, ranks: rankMap(stakes) })
  return claim
}
