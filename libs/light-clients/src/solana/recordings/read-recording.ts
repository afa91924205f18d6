import { fromHex, isProtocolError } from '@causeway/primitives'
import type { BlockOpening } from '../alpenglow/block-opening.ts'
import { PROOF_NODE_BYTES } from '../alpenglow/shred-tree.ts'
import type { Certificate } from '../alpenglow/certificate.ts'
import type { HardFork } from '../bank/bank-hash.ts'
import type { Voter } from '../epoch-stakes.ts'
import type { AccountState } from '../lattice/account-state.ts'
import type { AccountWrite } from '../lattice/lattice-delta.ts'
import { LATTICE_HASH_BYTES } from '../lattice/lattice-hash.ts'
import {
  bad,
  items,
  jsonBytes,
  jsonBytesList,
  jsonKey,
  jsonKeys,
  jsonList,
  jsonObject,
  jsonUint,
  uintOf,
} from './json-members.ts'
import type { RecordingJson } from './json-members.ts'
import type { RecordedBlock, RecordedSet, RecordedSlot, RecordedVote, Recording } from './recording.ts'

/** Unpacks raw deflate into at most so many bytes; throws when it can't. */
export type Inflate = (packed: Uint8Array, size: number) => Uint8Array

const FORMAT = 'bridge-solana-lattice-1'
const BLS_KEY_HEX_LENGTH = 96

/** Whether a JSON value is a recording, by the format that it names. */
export function isRecording(json: unknown): boolean {
  return typeof json === 'object' && json !== null && (json as RecordingJson)['format'] === FORMAT
}

/** Reads a recording's JSON; members that it does not know are ignored. Throws `solana/80`. */
export function readRecording(value: unknown, inflate: Inflate): Recording {
  const json = jsonObject(value, 'the recording')
  if (!isRecording(json)) throw bad('format', `not ${FORMAT}`)
  const { kind } = json
  if (kind !== 'tower' && kind !== 'alpenglow') throw bad('kind', 'neither tower nor alpenglow')
  const states = jsonList(json, 'states', (state, name) => readState(state, name, inflate))
  const start = jsonObject(json['start'], 'start')
  const alpenglow = kind === 'alpenglow' ? jsonObject(json['alpenglow'], 'alpenglow') : undefined
  const accountsLtHash = latticeHash(start)
  return {
    kind,
    genesisHash: jsonKey(json, 'genesisHash'),
    slotsPerEpoch: slotsPerEpoch(json),
    hardForks: items({ hardForks: [], ...json }, 'hardForks').map(readHardFork),
    validatorSets: jsonList(json, 'validatorSets', readSet),
    start: { slot: jsonUint(start, 'slot'), bankHash: jsonKey(start, 'bankHash'), accountsLtHash },
    slots: jsonList(json, 'slots', (slot) => readSlot(slot, states)),
    votes: kind === 'tower' ? jsonList(json, 'votes', readVote) : [],
    shredVersion: alpenglow && Number(jsonUint(alpenglow, 'shredVersion')),
    blocks: alpenglow ? jsonList(alpenglow, 'blocks', readBlock) : [],
  }
}

function slotsPerEpoch(json: RecordingJson): bigint {
  const length = jsonUint(json, 'slotsPerEpoch')
  if (length === 0n) throw bad('slotsPerEpoch', 'zero')
  return length
}

/** A restart: its slot, or slot and count, as a pair or by name. */
function readHardFork(value: unknown): HardFork {
  if (Array.isArray(value))
    return { slot: uintOf(value[0], 'hardForks'), count: uintOf(value[1] ?? 1, 'hardForks') }
  if (typeof value !== 'object' || value === null) return { slot: uintOf(value, 'hardForks'), count: 1n }
  const json = value as RecordingJson
  return { slot: jsonUint(json, 'slot'), count: uintOf(json['count'] ?? json['number'] ?? 1, 'hardForks') }
}

function readSet(json: RecordingJson): RecordedSet {
  const voters = jsonList(json, 'voters', readVoter)
  return { epoch: jsonUint(json, 'epoch'), totalStake: jsonUint(json, 'totalStake'), voters }
}

/** Who votes by certificates has no authorised voter, and who votes by transactions may have no BLS key. */
function readVoter(json: RecordingJson): Voter {
  const voteAccount = jsonKey(json, 'votePubkey')
  const keyAt = (member: string) => (isAbsent(json[member]) ? voteAccount : jsonKey(json, member))
  return {
    voteAccount,
    node: keyAt('nodePubkey'),
    authorizedVoter: keyAt('authorizedVoter'),
    blsKey: isAbsent(json['blsPubkey']) ? undefined : blsKey(json['blsPubkey']),
    stake: jsonUint(json, 'stake'),
  }
}

function blsKey(value: unknown): Uint8Array {
  if (typeof value !== 'string' || value.length !== BLS_KEY_HEX_LENGTH)
    throw bad('blsPubkey', 'no 48 bytes in hex')
  try {
    return fromHex(value)
  } catch (error) {
    if (isProtocolError(error)) throw bad('blsPubkey', error.message)
    throw error
  }
}

function readState(json: RecordingJson, name: string, inflate: Inflate): AccountState {
  if (typeof json['executable'] !== 'boolean') throw bad(`${name}.executable`, 'neither true nor false')
  return {
    lamports: jsonUint(json, 'lamports'),
    data: stateData(json, name, inflate),
    isExecutable: json['executable'],
    owner: jsonKey(json, 'owner'),
  }
}

function stateData(json: RecordingJson, name: string, inflate: Inflate): Uint8Array {
  if (json['deflated'] === undefined) return jsonBytes(json, 'data')
  const size = Number(jsonUint(json, 'size'))
  const data = inflate(jsonBytes(json, 'deflated'), size)
  if (data.length !== size) throw bad(`${name}.deflated`, `${data.length} bytes, not ${size}`)
  return data
}

function readSlot(json: RecordingJson, states: readonly AccountState[]): RecordedSlot {
  const stateAt = (write: RecordingJson, member: string): AccountState | undefined => {
    if (write[member] === null) return undefined
    const state = states[Number(jsonUint(write, member))]
    if (!state) throw bad(member, 'no state of that index')
    return state
  }
  const writes = jsonList(json, 'writes', (write): AccountWrite => ({
    pubkey: jsonKey(write, 'pubkey'),
    before: stateAt(write, 'old'),
    after: stateAt(write, 'new'),
  }))
  return {
    slot: jsonUint(json, 'slot'),
    parentSlot: jsonUint(json, 'parentSlot'),
    epoch: jsonUint(json, 'epoch'),
    bankHash: jsonKey(json, 'bankHash'),
    signatureCount: jsonUint(json, 'signatureCount'),
    lastBlockhash: jsonKey(json, 'lastBlockhash'),
    accountsLtHash: latticeHash(json),
    capitalization: isAbsent(json['capitalization']) ? undefined : jsonUint(json, 'capitalization'),
    writes,
    transactions: jsonBytesList(json, 'transactions'),
  }
}

function readVote(json: RecordingJson): RecordedVote {
  return {
    votedSlot: jsonUint(json, 'votedSlot'),
    landedSlot: isAbsent(json['landedSlot']) ? undefined : jsonUint(json, 'landedSlot'),
    bankHash: jsonKey(json, 'bankHash'),
    root: isAbsent(json['root']) ? undefined : jsonUint(json, 'root'),
    blockId: isAbsent(json['blockId']) ? undefined : jsonKey(json, 'blockId'),
    wire: jsonBytes(json, 'wire'),
  }
}

function readBlock(json: RecordingJson, name: string): RecordedBlock {
  const footerShreds = jsonBytesList(json, 'footerShreds')
  const [footerShred] = footerShreds
  if (!footerShred) throw bad(`${name}.footerShreds`, 'none')
  const fecSetRoots = jsonKeys(json, 'fecSetRoots')
  const opening: BlockOpening = {
    parentSlot: jsonUint(json, 'parentSlot'),
    parentBlockId: jsonKey(json, 'parentBlockId'),
    fecSetRoots: fecSetRoots.map((root) => root.subarray(0, PROOF_NODE_BYTES)),
    previousShred: jsonBytes(json, 'previousShred'),
    footerShred,
  }
  const certificate = jsonObject(json['certificate'], `${name}.certificate`)
  const inFooter = certificate['inFooterOfSlot']
  return {
    slot: jsonUint(json, 'slot'),
    blockId: jsonKey(json, 'blockId'),
    opening,
    fecSetRoots,
    footerShreds,
    footerSetProof: jsonBytesList(json, 'footerSetProof'),
    previousSetProof: jsonBytesList(json, 'previousSetProof'),
    ...readCertificates(certificate),
    inFooterOfSlot: isAbsent(inFooter) ? undefined : uintOf(inFooter, 'inFooterOfSlot'),
  }
}

/** The fast way is one certificate; the slow one stands beside the notarisation, each under its name. */
function readCertificates(json: RecordingJson): Pick<RecordedBlock, 'notarize' | 'finalize'> {
  const at = (member: string): Certificate => certificateOf(jsonObject(json[member], member))
  if (json['type'] === 'finalizeFast') return { notarize: certificateOf(json), finalize: undefined }
  if (json['type'] !== 'finalize') throw bad('certificate.type', 'neither finalizeFast nor finalize')
  const finalize = json['finalize'] === undefined ? certificateOf(json) : at('finalize')
  return { notarize: at('notarize'), finalize }
}

function certificateOf(json: RecordingJson): Certificate {
  return { signature: jsonBytes(json, 'signature'), bitmap: jsonBytes(json, 'bitmap') }
}

function latticeHash(json: RecordingJson): Uint8Array {
  const sum = jsonBytes(json, 'accountsLtHash')
  if (sum.length !== LATTICE_HASH_BYTES) throw bad('accountsLtHash', `${sum.length} bytes`)
  return sum
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined
}
