import { hubHeaderParameters, shortenAbsenteeProofs } from '@causeway/contracts-evm'
import { attestorSetHash } from '@causeway/light-clients'
import { equalBytes, NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { AttestationHeader } from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import {
  decodeEventLog,
  decodeFunctionResult,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  numberToHex,
} from 'viem'
import type { Hex } from 'viem'

import type { ClientSeed } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { RelayError } from '../errors.ts'
import type { ClientView } from '../plan/view.ts'
import { HUB_CLIENT_ABI } from './abi.ts'
import { asHex } from './contract-paths.ts'
import { isRevert } from './contract-reads.ts'
import type { EthApi } from './eth-api.ts'
import { findNewestLog } from './log-search.ts'

const STATUSES = ['Active', 'Frozen', 'Expired'] as const
const HEADER_TYPE = '/causeway.attestation.v1.AttestationHeader'

type ViewName = 'chainId' | 'status' | 'latestHeight' | 'TRUSTING_PERIOD_SECONDS'

/** Reads the hub's client that stands at `address`. Throws `RelayError`; config when it is no such client. */
export async function readHubClient(
  pool: EndpointPool<EthApi>,
  clientId: string,
  address: Hex,
): Promise<ClientView> {
  return await pool.call(async (api) => {
    const block = (await api.block('latest')).number
    const call = async (data: Hex) => await api.call({ to: address, data }, block)
    const read = async (name: ViewName) => {
      const answer = await call(encodeFunctionData({ abi: HUB_CLIENT_ABI, functionName: name }))
      return decodeFunctionResult({ abi: HUB_CLIENT_ABI, functionName: name, data: answer })
    }
    try {
      const names = ['chainId', 'status', 'latestHeight', 'TRUSTING_PERIOD_SECONDS'] as const
      const [chainId, status, height, period] = await Promise.all(names.map(read))
      const latestHeight = BigInt(height as bigint)
      const time = encodeFunctionData({
        abi: HUB_CLIENT_ABI,
        functionName: 'getTimestamp',
        args: [latestHeight],
      })
      return {
        ...{ clientId, clientType: 'attestation', revisionNumber: 0n, latestHeight },
        chainId: chainId as string,
        status: STATUSES[(status as readonly [number, bigint])[0]] ?? 'Unknown',
        latestTimeNanoseconds: BigInt(await call(time)) * NANOSECONDS_PER_SECOND,
        trustingPeriodNanoseconds: (period as bigint) * NANOSECONDS_PER_SECOND,
      }
    } catch (error) {
      if (isRevert(error)) throw notHubClient(clientId, error.message)
      if (error instanceof RelayError) throw error
      throw notHubClient(clientId, 'it answers otherwise') // viem can't read the answer
    }
  })
}

/** The header that a client message of the hub holds. Throws `RelayError` for messages of other clients. */
export function readAttestation({ typeUrl, value }: Any): AttestationHeader {
  if (typeUrl === HEADER_TYPE) return AttestationHeader.decode(value)
  throw new RelayError('config', 'never', `a contract's client takes no ${typeUrl}`)
}

/** The client message as the contract reads it. */
export function encodeHeader(header: AttestationHeader): Hex {
  const { attestation, set, absentees, signature } = requireWhole(header)
  const { leafRoot, count, totalPower, aggregateKey } = set
  const proofs = shortenAbsenteeProofs(
    absentees.map(({ proof }) => proof),
    equalBytes,
  )
  return encodeAbiParameters(hubHeaderParameters, [
    {
      attestation: writeAttestation(header.height, attestation),
      set: { count, totalPower, leafRoot: asHex(leafRoot), aggregateKey: asHex(aggregateKey) },
      absentees: absentees.map(({ index, power, key }, at) => ({
        ...{ index, power, key: asHex(key) },
        proof: (proofs[at] ?? []).map(asHex),
      })),
      signature: asHex(signature),
    },
  ])
}

/** Arguments of the client's constructor, from what `clientSeed` gave. */
export function constructorArguments(core: Hex, { chainId, clientState }: ClientSeed) {
  const header = readAttestation(clientState)
  const { attestation, set } = requireWhole(header)
  const trusted = writeAttestation(header.height, attestation)
  return [core, chainId, trusted, asHex(attestorSetHash(set))] as const
}

/**
 * The hash of the next set in the consensus state at a height, as the contract told it: proofs in a
 * transaction without update open the state with it.
 */
export async function findNextSetHash(
  pool: EndpointPool<EthApi>,
  client: Hex,
  height: bigint,
  fromBlock: bigint,
): Promise<Hex> {
  const [topic] = encodeEventTopics({ abi: HUB_CLIENT_ABI, eventName: 'ConsensusStateAccepted' })
  const topics = [topic ?? null, numberToHex(height, { size: 32 })] as (Hex | null)[]
  const log = await pool.find((api) => findNewestLog(api, { address: client, topics }, fromBlock))
  if (log === undefined) throw new RelayError('endpoint', 'later', `no event tells of height ${height}`)
  const { args } = decodeEventLog({
    abi: HUB_CLIENT_ABI,
    eventName: 'ConsensusStateAccepted',
    data: log.data,
    topics: [...log.topics] as [Hex, ...Hex[]],
  })
  return args.nextSetHash
}

function writeAttestation(height: bigint, attestation: NonNullable<AttestationHeader['attestation']>) {
  const { timeSeconds, appHash, nextSetHash } = attestation
  return { height, timeSeconds, appHash: asHex(appHash), nextSetHash: asHex(nextSetHash) }
}

function requireWhole({ attestation, set, ...rest }: AttestationHeader) {
  if (attestation !== undefined && set !== undefined) return { ...rest, attestation, set }
  throw new RelayError('endpoint', 'later', 'an attestation that lacks its content')
}

function notHubClient(clientId: string, why: string): RelayError {
  return new RelayError('config', 'never', `client ${clientId} is no client of a hub: ${why}`)
}
