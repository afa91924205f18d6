// Headers, commits and validators as a node's RPC writes them, read for the light client.
import { EMPTY_BYTES } from '@causeway/primitives'
import { sortValidators } from '@causeway/light-clients/tendermint/validator-set'
import type { Timestamp } from '@causeway/protocol'
import type {
  BlockID,
  Commit,
  CommitSig,
  Header,
  SignedHeader,
} from '@causeway/protocol/tendermint/types/types'
import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { errors, isClientError } from '../errors.ts'
import type { Rpc } from '../rpc/json-rpc.ts'
import { base64At, heightAt, hexAt, listAt, membersOf, objectAt, textAt } from '../rpc/members.ts'
import type { Members } from '../rpc/members.ts'

/** A signed header, whole. */
export type WholeSignedHeader = SignedHeader & { readonly header: Header; readonly commit: Commit }

const WHAT = 'a header'
const VALIDATORS_MAX = 10_000
const PAGE = 100

/** The signed header of a height. Throws `client/62` when there is none yet. */
export async function readSignedHeader(rpc: Rpc, height: bigint): Promise<WholeSignedHeader> {
  let answer: Members
  try {
    answer = await rpc.call('commit', { height: height.toString() })
  } catch (error) {
    const isAhead = isClientError(error) && error.codespace === 'client' && error.code === 3
    throw isAhead ? errors.noHeader({ height: `${height}` }) : error
  }
  const signed = objectAt(answer, 'signed_header', WHAT)
  return {
    header: headerOf(objectAt(signed, 'header', WHAT)),
    commit: commitOf(objectAt(signed, 'commit', WHAT)),
  }
}

/** The validators of a height, in the order in which they are hashed. */
export async function readValidators(rpc: Rpc, height: bigint): Promise<ValidatorSet> {
  const validators: Validator[] = []
  for (let page = 1; ; page++) {
    const params = { height: height.toString(), page: `${page}`, per_page: `${PAGE}` }
    const answer = await rpc.call('validators', params)
    const found = listAt(answer, 'validators', 'validators', PAGE)
    validators.push(...found.map((each) => validatorOf(membersOf(each, 'validators'))))
    const total = heightAt(answer, 'total', 'validators')
    if (total > BigInt(VALIDATORS_MAX))
      throw errors.badAnswer({ what: 'validators', reason: 'there are too many' })
    if (BigInt(validators.length) >= total || found.length === 0) break
  }
  return { validators: sortValidators(validators), proposer: undefined, totalVotingPower: 0n }
}

function validatorOf(members: Members): Validator {
  const key = objectAt(members, 'pub_key', 'validators')
  const bytes = base64At(key, 'value', 'validators')
  const type = textAt(key, 'type', 'validators')
  if (type !== 'tendermint/PubKeyEd25519' && type !== 'tendermint/PubKeySecp256k1') {
    throw errors.badAnswer({ what: 'validators', reason: 'a key’s type is unknown' })
  }
  return {
    address: hexAt(members, 'address', 'validators'),
    pubKey: type === 'tendermint/PubKeyEd25519' ? { ed25519: bytes } : { secp256k1: bytes },
    votingPower: heightAt(members, 'voting_power', 'validators'),
    // Priorities are not hashed.
    proposerPriority: 0n,
  }
}

function headerOf(members: Members): Header {
  const version = objectAt(members, 'version', WHAT)
  const app = version['app'] === undefined ? 0n : heightAt(version, 'app', WHAT)
  return {
    version: { block: heightAt(version, 'block', WHAT), app },
    chainId: textAt(members, 'chain_id', WHAT),
    height: heightAt(members, 'height', WHAT),
    time: timeAt(members, 'time'),
    lastBlockId: blockIdAt(members, 'last_block_id'),
    lastCommitHash: hexAt(members, 'last_commit_hash', WHAT),
    dataHash: hexAt(members, 'data_hash', WHAT),
    validatorsHash: hexAt(members, 'validators_hash', WHAT),
    nextValidatorsHash: hexAt(members, 'next_validators_hash', WHAT),
    consensusHash: hexAt(members, 'consensus_hash', WHAT),
    appHash: hexAt(members, 'app_hash', WHAT),
    lastResultsHash: hexAt(members, 'last_results_hash', WHAT),
    evidenceHash: hexAt(members, 'evidence_hash', WHAT),
    proposerAddress: hexAt(members, 'proposer_address', WHAT),
  }
}

function commitOf(members: Members): Commit {
  return {
    height: heightAt(members, 'height', WHAT),
    round: Number(heightAt(members, 'round', WHAT)),
    blockId: blockIdAt(members, 'block_id'),
    signatures: listAt(members, 'signatures', WHAT, VALIDATORS_MAX).map((each) =>
      signatureOf(membersOf(each, WHAT)),
    ),
  }
}

function signatureOf(members: Members): CommitSig {
  const flag = Number(heightAt(members, 'block_id_flag', WHAT))
  const absent = {
    blockIdFlag: 1 as const,
    validatorAddress: EMPTY_BYTES,
    timestamp: undefined,
    signature: EMPTY_BYTES,
  }
  // Some writers leave a time in the place of an absent signature: nothing in it counts.
  if (flag === 1) return absent
  return {
    blockIdFlag: flag as CommitSig['blockIdFlag'],
    validatorAddress: hexAt(members, 'validator_address', WHAT),
    timestamp: timeAt(members, 'timestamp'),
    signature: base64At(members, 'signature', WHAT),
  }
}

function blockIdAt(members: Members, name: string): BlockID | undefined {
  if (members[name] === undefined || members[name] === null) return undefined
  const id = objectAt(members, name, WHAT)
  const parts = objectAt(id, 'parts', WHAT)
  const total = Number(heightAt(parts, 'total', WHAT))
  return { hash: hexAt(id, 'hash', WHAT), partSetHeader: { total, hash: hexAt(parts, 'hash', WHAT) } }
}

function timeAt(members: Members, name: string): Timestamp {
  const text = textAt(members, name, WHAT)
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
  const milliseconds = match === null ? NaN : Date.parse(`${match[1]}Z`)
  if (match === null || Number.isNaN(milliseconds)) {
    throw errors.badAnswer({ what: `${WHAT}, ${name}`, reason: 'expected a time' })
  }
  return { seconds: BigInt(milliseconds) / 1_000n, nanos: Number((match[2] ?? '').padEnd(9, '0')) }
}
