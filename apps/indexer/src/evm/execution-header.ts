// The header of an execution block: its members in the order in which forks have added them, hashed as the
// chain hashes them, so that an endpoint can't leave out or change anything that a light client's hash
// covers.
// Spec: yellow paper 4.4; EIP-1559, EIP-4895, EIP-4844, EIP-4788, EIP-7685.
import { encodeRlp, minimalBytes } from '@causeway/light-clients'
import { equalBytes, keccak256 } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import { bytesOf, objectOf, quantityOf } from './quantities.ts'
import type { ExecutionJson } from './quantities.ts'

/** What is used of a header whose hash was made from all of it. */
export type ExecutionHeader = {
  readonly number: bigint
  readonly hash: Uint8Array
  readonly parentHash: Uint8Array
  readonly stateRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  readonly logsBloom: Uint8Array
  readonly timestampSeconds: bigint
}

type Member = { readonly name: string; readonly bytes?: number }

const quantity = (name: string): Member => ({ name })
const fixed = (name: string, bytes: number): Member => ({ name, bytes })

const LONDON: readonly Member[] = [
  ...['parentHash', 'sha3Uncles'].map((name) => fixed(name, 32)),
  fixed('miner', 20),
  ...['stateRoot', 'transactionsRoot', 'receiptsRoot'].map((name) => fixed(name, 32)),
  fixed('logsBloom', 256),
  ...['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'].map(quantity),
]
const AFTER_EXTRA_DATA: readonly Member[] = [
  fixed('mixHash', 32),
  fixed('nonce', 8),
  quantity('baseFeePerGas'),
]
/** Shanghai, Cancun (three), Prague: each only when the ones before are there. */
const LATER: readonly Member[] = [
  fixed('withdrawalsRoot', 32),
  quantity('blobGasUsed'),
  quantity('excessBlobGas'),
  fixed('parentBeaconBlockRoot', 32),
  fixed('requestsHash', 32),
]
const EXTRA_DATA_BYTES_MAX = 32

/**
 * Reads a block of `eth_getBlockByNumber` or `eth_getBlockByHash`. Throws `EndpointError`: `malformed`, or
 * `wrong-header` when the members don't hash to the hash that is given.
 */
export function readExecutionHeader(answer: unknown): ExecutionHeader {
  const json = objectOf(answer, 'block')
  const extraData = bytesOf(json, 'extraData')
  if (extraData.length > EXTRA_DATA_BYTES_MAX) throw new EndpointError('malformed', 'extraData: too long')
  const items = [...encode(json, LONDON), extraData, ...encode(json, AFTER_EXTRA_DATA), ...later(json)]
  const hash = keccak256(encodeRlp(items))
  if (!equalBytes(hash, bytesOf(json, 'hash', 32))) {
    throw new EndpointError('wrong-header', 'the members of a block do not hash to its hash')
  }
  return {
    number: quantityOf(json, 'number'),
    hash,
    parentHash: bytesOf(json, 'parentHash', 32),
    stateRoot: bytesOf(json, 'stateRoot', 32),
    receiptsRoot: bytesOf(json, 'receiptsRoot', 32),
    logsBloom: bytesOf(json, 'logsBloom', 256),
    timestampSeconds: quantityOf(json, 'timestamp'),
  }
}

/**
 * Whether a block may have logs of a contract: the bloom filter has no false negatives. Spec: yellow paper
 * 4.3.1.
 */
export function mayHaveLogsOf(header: ExecutionHeader, address: Uint8Array): boolean {
  const hash = keccak256(address)
  return [0, 2, 4].every((at) => {
    const bit = ((hash[at]! << 8) | hash[at + 1]!) & 2047
    return (header.logsBloom[255 - (bit >> 3)]! & (1 << (bit & 7))) !== 0
  })
}

function later(json: ExecutionJson): Uint8Array[] {
  const present = LATER.findIndex(({ name }) => json[name] === undefined || json[name] === null)
  return encode(json, present < 0 ? LATER : LATER.slice(0, present))
}

function encode(json: ExecutionJson, members: readonly Member[]): Uint8Array[] {
  return members.map(({ name, bytes }) =>
    bytes === undefined ? minimalBytes(quantityOf(json, name)) : bytesOf(json, name, bytes),
  )
}
