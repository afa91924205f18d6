import { ed25519 } from '@noble/curves/ed25519.js'
import type { ValidatorKeyJson } from '@causeway/hub'
import {
  HEADER_TYPE_URL,
  MISBEHAVIOUR_TYPE_URL,
  ZERO_TIME,
  hashHeader,
  voteSignBytes,
} from '@causeway/light-clients'
import { equalBytes, fromBase64, fromHex } from '@causeway/primitives'
import type { Any, Height } from '@causeway/protocol'
import { Header, Misbehaviour } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { Commit, CommitSig, Header as BlockHeader } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'

/** A client message of one header, taken apart. */
export interface OpenHeader {
  readonly header: BlockHeader
  readonly commit: Commit
  readonly validatorSet: ValidatorSet
  readonly trustedHeight: Height
  readonly trustedValidators: ValidatorSet
}

const PRECOMMIT = 2
const ABSENT = 1

/** Takes an honest client message apart. */
export function openHeader({ value }: Any): OpenHeader {
  const { signedHeader, validatorSet, trustedHeight, trustedValidators } = Header.decode(value)
  return {
    header: signedHeader!.header!,
    commit: signedHeader!.commit!,
    validatorSet: validatorSet!,
    trustedHeight: trustedHeight!,
    trustedValidators: trustedValidators!,
  }
}

/** Puts it together as it is. */
export function packHeader(parts: OpenHeader): Any {
  return { typeUrl: HEADER_TYPE_URL, value: Header.encode(messageOf(parts)).finish() }
}

/** Two headers as evidence of misbehaviour. */
export function packMisbehaviour(first: OpenHeader, second: OpenHeader): Any {
  const evidence = { clientId: '07-tendermint-0', header1: messageOf(first), header2: messageOf(second) }
  return { typeUrl: MISBEHAVIOUR_TYPE_URL, value: Misbehaviour.encode(evidence).finish() }
}

/** The header changed, and signed by these validators as if it were theirs. */
export function resign(
  parts: OpenHeader,
  changes: Partial<BlockHeader>,
  keys: readonly ValidatorKeyJson[],
): OpenHeader {
  const header = { ...parts.header, ...changes }
  const blockId = { ...parts.commit.blockId!, hash: hashHeader(header) }
  const commit = { ...parts.commit, height: header.height, blockId }
  const signatures = commit.signatures.map((one): CommitSig => {
    const key = keys.find(({ address }) => equalBytes(fromHex(address.toLowerCase()), one.validatorAddress))
    if (key === undefined) return one
    const vote = {
      type: PRECOMMIT,
      height: commit.height,
      round: commit.round,
      blockId,
      timestamp: one.timestamp,
    } as const
    return { ...one, signature: sign(key, voteSignBytes(header.chainId, vote)) }
  })
  return { ...parts, header, commit: { ...commit, signatures } }
}

/** The header changed and its hash with it, under the old signatures. */
export function rehash(parts: OpenHeader, changes: Partial<BlockHeader>): OpenHeader {
  return resign(parts, changes, [])
}

/** The commit with other signatures; the header stays. */
export function withSlots(
  parts: OpenHeader,
  change: (signatures: readonly CommitSig[]) => readonly CommitSig[],
): OpenHeader {
  return { ...parts, commit: { ...parts.commit, signatures: [...change(parts.commit.signatures)] } }
}

/** What a validator that didn't sign leaves in its slot. */
export function absentSignature(): CommitSig {
  const nothing = new Uint8Array()
  return { blockIdFlag: ABSENT, validatorAddress: nothing, timestamp: ZERO_TIME, signature: nothing }
}

function messageOf({ header, commit, validatorSet, trustedHeight, trustedValidators }: OpenHeader): Header {
  return { signedHeader: { header, commit }, validatorSet, trustedHeight, trustedValidators }
}

function sign(key: ValidatorKeyJson, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, fromBase64(key.priv_key.value).subarray(0, 32))
}
