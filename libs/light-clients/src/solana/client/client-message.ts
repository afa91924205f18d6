import type { Any } from '@causeway/protocol'
import { Header, Misbehaviour } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import type {
  AlpenglowProof as AlpenglowMessage,
  ClientState,
  ConsensusProof,
  StateProof as StateProofMessage,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { alpenglowClaim } from '../alpenglow/alpenglow-consensus.ts'
import type { AlpenglowProof } from '../alpenglow/alpenglow-consensus.ts'
import type { StateProof } from '../bank/state-proof.ts'
import { errors } from '../errors.ts'
import { towerClaim } from '../tower/tower-consensus.ts'
import type { SettledBank, TowerProof } from '../tower/tower-consensus.ts'
import { decode } from './decode.ts'
import { SOLANA_HEADER_TYPE_URL, SOLANA_MISBEHAVIOUR_TYPE_URL } from './type-urls.ts'

/** What settles a bank hash, and which bank it claims to settle. */
export type Evidence = { readonly claim: SettledBank & { readonly blockId?: Uint8Array } } & (
  | { readonly kind: 'tower'; readonly proof: TowerProof }
  | { readonly kind: 'alpenglow'; readonly proof: AlpenglowProof; readonly shredVersion: number }
)

/** A header, decoded: nothing of it is verified. */
export interface DecodedHeader {
  readonly evidence: Evidence
  readonly state: StateProof
}

/** A client message, decoded. */
export type ClientMessage =
  | ({ readonly kind: 'header' } & DecodedHeader)
  | {
      readonly kind: 'misbehaviour'
      readonly epoch: bigint
      readonly first: Evidence
      readonly second: Evidence
    }

/** The largest block that the hub's engines allow. */
const HEADER_BYTES_MAX = 22_020_096
/** Evidence comes without accounts: two proofs of 8,192 votes. */
const MISBEHAVIOUR_BYTES_MAX = HEADER_BYTES_MAX

/** Decodes a client message from outside. Throws `solana/7`–`/9`, `/16`, `/20`, `/21`, `/33`–`/35`. */
export function decodeClientMessage(client: ClientState, message: Any): ClientMessage {
  const typeName = message.typeUrl.slice(1)
  switch (message.typeUrl) {
    case SOLANA_HEADER_TYPE_URL: {
      const { consensus, state } = decode(Header, typeName, message.value, { maxBytes: HEADER_BYTES_MAX })
      if (!consensus || !state) throw missing('Header')
      return { kind: 'header', evidence: readEvidence(client, consensus), state: readStateProof(state) }
    }
    case SOLANA_MISBEHAVIOUR_TYPE_URL: {
      const limits = { maxBytes: MISBEHAVIOUR_BYTES_MAX }
      const { epoch, first, second } = decode(Misbehaviour, typeName, message.value, limits)
      if (!first || !second) throw errors.invalidMisbehaviour({ reason: 'a proof is missing' })
      const [a, b] = [readEvidence(client, first), readEvidence(client, second)]
      return { kind: 'misbehaviour', epoch, first: a, second: b }
    }
    default:
      throw errors.unknownType({ typeUrl: message.typeUrl.slice(0, 100) })
  }
}

function readEvidence({ alpenglow: config }: ClientState, { tower, alpenglow }: ConsensusProof): Evidence {
  if (config) {
    if (!alpenglow || tower) throw errors.wrongConsensus({ expected: 'certificates' })
    const proof = readAlpenglowProof(alpenglow)
    const { shredVersion } = config
    return { kind: 'alpenglow', proof, shredVersion, claim: alpenglowClaim(proof, shredVersion) }
  }
  if (!tower || alpenglow) throw errors.wrongConsensus({ expected: 'votes' })
  return { kind: 'tower', proof: tower, claim: towerClaim(tower) }
}

function readAlpenglowProof({ slot, notarize, finalize, block }: AlpenglowMessage): AlpenglowProof {
  if (!notarize || !block) throw missing('AlpenglowProof')
  return { slot, notarize, finalize, block }
}

function readStateProof(message: StateProofMessage): StateProof {
  if (!message.parent) throw missing('StateProof')
  return { ...message, parent: message.parent }
}

function missing(what: string) {
  return errors.malformed({ what, reason: 'a part is missing' })
}
