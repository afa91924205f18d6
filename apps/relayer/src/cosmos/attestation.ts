import { concatBytes, equalBytes, keccak256, NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { AttestationHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import {
  QueryAttestationRequest,
  QueryAttestationResponse,
  QueryAttestorSetRequest,
  QueryAttestorSetResponse,
} from '@causeway/protocol/causeway/attestation/v1/query'
import type { Any } from '@causeway/protocol/google/protobuf/any'

import type { AcceptedState, ClientSeed } from '../chain.ts'
import { RelayError } from '../errors.ts'
import type { ClientView, Head } from '../plan/view.ts'
import { abciQuery } from './abci-query.ts'
import type { CometPool } from './comet-pool.ts'

/** Type of the client messages of attestation clients. */
export const ATTESTATION_HEADER_TYPE = '/causeway.attestation.v1.AttestationHeader'

const QUERY = '/causeway.attestation.v1.Query'
/**
 * More rotations than this for one update means a client that was left alone for too long: a hub with epochs
 * of a day has 14 in a trusting period.
 */
const ROTATIONS_MAX = 256

/** The newest height that the hub's validators have attested. */
export async function newestAttested(pool: CometPool): Promise<Head> {
  const { height, attestation } = await queryHeader(pool, 0n)
  return { height, timeNanoseconds: (attestation?.timeSeconds ?? 0n) * NANOSECONDS_PER_SECOND }
}

/**
 * Attestations that bring a client to `height`: the last one of each set on the way, which names the set that
 * follows, and then the one that is wanted.
 */
export async function buildAttestationUpdates(
  pool: CometPool,
  client: Pick<ClientView, 'latestHeight'>,
  height: bigint,
): Promise<Any[]> {
  const updates: Any[] = []
  let known = client.latestHeight
  while (updates.length < ROTATIONS_MAX) {
    // What signs the height above the known one is what the client trusts.
    const { lastHeight } = await querySet(pool, known + 1n)
    if (lastHeight === 0n || lastHeight >= height) {
      return [...updates, toAny(await queryHeader(pool, height))]
    }
    updates.push(toAny(await queryHeader(pool, lastHeight)))
    known = lastHeight
  }
  const text = `more than ${ROTATIONS_MAX} rotations between ${client.latestHeight} and ${height}`
  throw new RelayError('client', 'later', text)
}

/**
 * Attestations that freeze a client which has accepted one that an endpoint contradicts; `accepted` newest
 * first. The false one may have been signed by a set that had left: then the client has to hear of the sets
 * since the last state that stands, each from the one before, until it knows the one whose word contradicts.
 * Heights that endpoints have no attestation of any more tell nothing.
 */
export async function findContradiction(pool: CometPool, accepted: readonly AcceptedState[]): Promise<Any[]> {
  let other: AttestationHeader | undefined
  for (const state of accepted) {
    const headers = await queryAllHeaders(pool, state.height)
    const contradiction = headers.find((header) => !isAccepted(header, state))
    if (other !== undefined && headers.length > 0 && contradiction === undefined) {
      const walk = await buildAttestationUpdates(pool, { latestHeight: state.height }, other.height)
      return [...walk.slice(0, -1), toAny(other)]
    }
    other = contradiction ?? other
  }
  return other === undefined ? [] : [toAny(other)]
}

/** Two different attestations of one height, if endpoints show them: a client that sees both freezes. */
export async function findDoubleAttestation(pool: CometPool, height: bigint): Promise<Any[]> {
  const headers = await queryAllHeaders(pool, height)
  const [first] = headers
  const other = headers.find((one) => first !== undefined && !isSame(first, one))
  return first === undefined || other === undefined ? [] : [toAny(first), toAny(other)]
}

/** What an attestation client starts from: the newest attestation, twice, as there is no other state. */
export async function makeAttestationSeed(pool: CometPool, chainId: string): Promise<ClientSeed> {
  const header = toAny(await queryHeader(pool, 0n))
  return { chainId, clientState: header, consensusState: header }
}

/** What each endpoint has of that height. */
async function queryAllHeaders(pool: CometPool, height: bigint): Promise<AttestationHeader[]> {
  const path = `${QUERY}/Attestation`
  const data = QueryAttestationRequest.encode({ height }).finish()
  const answers = await pool.callAll(async (client) => await client.abciQuery({ path, data, prove: false }))
  return answers.flatMap(({ code, value }) => {
    if (code !== undefined && code !== 0) return []
    const { header } = QueryAttestationResponse.decode(value)
    return header?.attestation === undefined || header.height !== height ? [] : [header]
  })
}

function isAccepted({ attestation }: AttestationHeader, { commitment, timeSeconds }: AcceptedState): boolean {
  if (attestation === undefined) return true
  const { appHash, nextSetHash } = attestation
  const own = keccak256(concatBytes(appHash, nextSetHash)).subarray(0, commitment.length)
  return attestation.timeSeconds === timeSeconds && equalBytes(own, commitment)
}

async function queryHeader(pool: CometPool, height: bigint): Promise<AttestationHeader> {
  const path = `${QUERY}/Attestation`
  const { header } = await abciQuery(pool, path, QueryAttestationRequest, QueryAttestationResponse, {
    height,
  })
  if (header?.attestation === undefined || (height !== 0n && header.height !== height)) {
    throw new RelayError('endpoint', 'later', `the hub gave no attestation of height ${height}`)
  }
  return header
}

async function querySet(pool: CometPool, height: bigint): Promise<QueryAttestorSetResponse> {
  const path = `${QUERY}/AttestorSet`
  return await abciQuery(pool, path, QueryAttestorSetRequest, QueryAttestorSetResponse, { height })
}

function isSame(one: AttestationHeader, other: AttestationHeader): boolean {
  const bytes = (header: AttestationHeader) =>
    AttestationHeader.encode({
      ...header,
      set: undefined,
      absentees: [],
      signature: new Uint8Array(),
    }).finish()
  return equalBytes(bytes(one), bytes(other))
}

function toAny(header: AttestationHeader): Any {
  return { typeUrl: ATTESTATION_HEADER_TYPE, value: AttestationHeader.encode(header).finish() }
}
