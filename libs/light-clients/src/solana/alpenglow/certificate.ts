import { concatBytes, equalBytes, le64 } from '@causeway/primitives'
import type { BlsScheme } from '../../ethereum/bls/verify-sync-aggregate.ts'
import type { Charge } from '../../light-client.ts'
import { errors } from '../errors.ts'
import type { RankMap } from './rank-map.ts'
import { signersIn } from './signer-bitmap.ts'

/** An aggregate of votes: BLS12-381, keys in G1, signatures in G2. */
export interface Certificate {
  /** 96 bytes, compressed. */
  readonly signature: Uint8Array
  /** Who signed, by rank. */
  readonly bitmap: Uint8Array
}

/**
 * What finalises a block: four fifths that notarised it, or three fifths that did and three fifths that
 * voted to finalise its slot.
 */
export interface Finalization {
  readonly slot: bigint
  readonly blockId: Uint8Array
  readonly notarize: Certificate
  /** Absent: the fast way. */
  readonly finalize: Certificate | undefined
}

/** Whose certificates are judged, and who checks their signatures. */
export interface CertificateRules<Key> {
  readonly ranks: RankMap
  readonly shredVersion: number
  readonly bls: BlsScheme<Key>
  readonly charge?: Charge | undefined
}

const NOTARIZE = 1
const FINALIZE = 2
const KEY_BYTES = 48
const INFINITY = Uint8Array.from({ length: KEY_BYTES }, (_, i) => (i === 0 ? 0xc0 : 0))

/**
 * Verifies that a block is final. Throws `solana/27`, `/30`, `/32`. Spec: Alpenglow white paper 2.4; agave
 * `votor-messages`.
 */
export function verifyFinalization<Key>(
  { slot, blockId, notarize, finalize }: Finalization,
  rules: CertificateRules<Key>,
): void {
  const version = Uint8Array.of(rules.shredVersion & 0xff, rules.shredVersion >> 8)
  const notarizePayload = concatBytes(Uint8Array.of(NOTARIZE), le64(slot), blockId, version)
  verifyCertificate(notarize, notarizePayload, { vote: 'notarize', fifths: finalize ? 3n : 4n }, rules)
  if (!finalize) return
  const finalizePayload = concatBytes(Uint8Array.of(FINALIZE), le64(slot), version)
  verifyCertificate(finalize, finalizePayload, { vote: 'finalize', fifths: 3n }, rules)
}

function verifyCertificate<Key>(
  { signature, bitmap }: Certificate,
  payload: Uint8Array,
  { vote, fifths }: { vote: string; fifths: bigint },
  { ranks, bls, charge }: CertificateRules<Key>,
): void {
  const signers = signersIn(bitmap, ranks.ranked.length).map((rank) => ranks.ranked[rank]!)
  const stake = signers.reduce((sum, voter) => sum + voter.stake, 0n)
  const total = ranks.totalStake
  if (5n * stake < fifths * total) throw errors.tooLittleStake({ stake, total, needed: `${fifths} fifths` })
  charge?.('blsKey', signers.length)
  charge?.('blsAggregate', 1)
  const keys: Key[] = []
  for (const { blsKey } of signers) {
    const key = equalBytes(blsKey, INFINITY) ? undefined : bls.decodeKey(blsKey)
    if (key === undefined) throw errors.wrongCertificate({ vote })
    keys.push(key)
  }
  if (!bls.fastAggregateVerify(keys, payload, signature)) throw errors.wrongCertificate({ vote })
}
