import {
  clientAddress,
  decodeCoreClient,
  decodeHubClient,
  decodeHubState,
  hubStateAddress,
} from '@causeway/contracts-solana'
import type { CoreClientAccount, HubClientAccount, HubClientAddress } from '@causeway/contracts-solana'
import {
  concatBytes,
  equalBytes,
  keccak256,
  NANOSECONDS_PER_SECOND,
  sha256,
  toHex,
  utf8,
} from '@causeway/primitives'
import { SYSVAR_CLOCK_PUBKEY } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'

import type { AcceptedState, Counterparty } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { RelayError } from '../errors.ts'
import type { ClientView, Head } from '../plan/view.ts'
import type { Commitment, SolanaApi } from './solana-api.ts'

/** Addresses of the programs that a route goes by. */
export interface ProgramAddresses {
  readonly core: PublicKey
  readonly vault: PublicKey
  readonly hubClient: PublicKey
  readonly upload: PublicKey
  readonly recorder: PublicKey
}

/** What reading a client needs. */
export interface ClientReadPorts {
  readonly pool: EndpointPool<SolanaApi>
  readonly programs: ProgramAddresses
  /** Chain id of the hub: a client keeps its hash only. */
  readonly hub: string
}

/** A client of the core and how far its light client is, read in one slot. */
export interface ReadClient {
  readonly core: CoreClientAccount
  readonly state: HubClientAccount
  readonly address: HubClientAddress
  readonly nowSeconds: bigint
}

/** What of a client never changes. */
export type ClientPlaces = Pick<ReadClient, 'core' | 'address'>

/** Remembers where clients are: each is read once, and what it is checked by then holds for good. */
export class KnownClients {
  readonly #known = new Map<string, ClientPlaces>()

  /** Throws `RelayError` as `readClient` does. */
  async places(ports: ClientReadPorts, clientId: string): Promise<ClientPlaces> {
    const known = this.#known.get(clientId) ?? (await readClient(ports, clientId))
    this.#known.set(clientId, known)
    return known
  }
}

/** States that are read at once; a client that accepted more since the last look is compared in part. */
const STATES_MAX = 64
const CLOCK_TIME_AT = 32

/** The cluster's clock in the newest such slot: whole seconds, by what its voters say. */
export async function readClock(pool: EndpointPool<SolanaApi>, commitment: Commitment): Promise<Head> {
  return await pool.call(async (api) => {
    const [account] = await api.accounts([SYSVAR_CLOCK_PUBKEY], commitment)
    if (account === undefined || account.data.length !== 40)
      throw new RelayError('endpoint', 'now', `${api.url} answered nonsense: no clock`)
    const view = new DataView(account.data.buffer, account.data.byteOffset)
    const head = { height: view.getBigUint64(0, true), timeNanoseconds: secondsOf(view) }
    pool.noteHeight(api, head.height)
    return head
  })
}

/** Who a client is paired with; `undefined` when there is no such client. */
export async function readCounterparty(
  { pool, programs }: ClientReadPorts,
  clientId: string,
): Promise<Counterparty | undefined> {
  const [account] = await pool.call((api) =>
    api.accounts([clientAddress(programs.core, clientId)], 'confirmed'),
  )
  if (account === undefined || !account.owner.equals(programs.core)) return undefined
  const client = decodeCoreClient(account.data)
  return client && { clientId: client.counterparty, merklePrefix: [utf8('ibc'), new Uint8Array()] }
}

/**
 * Reads a client of the core and its light client, which has to be of the program that the configuration
 * names: another one could accept anything. Throws `RelayError`; config when it is no such client.
 */
export async function readClient({ pool, programs }: ClientReadPorts, clientId: string): Promise<ReadClient> {
  return await pool.call(async (api) => {
    const place = clientAddress(programs.core, clientId)
    const [account] = await api.accounts([place], 'confirmed')
    const core = account?.owner.equals(programs.core) === true ? decodeCoreClient(account.data) : undefined
    if (core === undefined)
      throw config(`client ${clientId} does not exist in the program ${programs.core.toBase58()}`)
    if (!core.lightProgram.equals(programs.hubClient))
      throw config(`client ${clientId} has another light client: ${core.lightProgram.toBase58()}`)
    const [light, clock] = await api.accounts([core.lightState, SYSVAR_CLOCK_PUBKEY], 'confirmed')
    const state = light?.owner.equals(core.lightProgram) === true ? decodeHubClient(light.data) : undefined
    if (state === undefined) throw config(`client ${clientId} is no client of a hub`)
    if (clock === undefined || clock.data.length !== 40)
      throw new RelayError('endpoint', 'now', `${api.url} answered nonsense: no clock`)
    const view = new DataView(clock.data.buffer, clock.data.byteOffset)
    const nowSeconds = view.getBigInt64(CLOCK_TIME_AT, true)
    return { core, state, nowSeconds, address: { program: core.lightProgram, client: core.lightState } }
  })
}

/** What of the hub a client on Solana knows. */
export async function readHubClientView(ports: ClientReadPorts, clientId: string): Promise<ClientView> {
  const { state, nowSeconds } = await readClient(ports, clientId)
  return {
    ...{ clientId, clientType: 'attestation', revisionNumber: 0n, latestHeight: state.latestHeight },
    chainId: followsHub(state, ports.hub) ? ports.hub : `sha256:${toHex(state.chainIdHash).slice(0, 40)}`,
    status: statusOf(state, nowSeconds),
    latestTimeNanoseconds: state.latestTimeSeconds * NANOSECONDS_PER_SECOND,
    trustingPeriodNanoseconds: state.trustingPeriodSeconds * NANOSECONDS_PER_SECOND,
  }
}

/** Whether a client is one of the hub with this chain id. */
export function followsHub(state: HubClientAccount, hub: string): boolean {
  return equalBytes(state.chainIdHash, sha256(utf8(hub)))
}

/**
 * States that a client has accepted in ascending order, newest first, down to the first at or below `above`:
 * each names the height that was the latest before it.
 */
export async function readAcceptedStates(
  ports: ClientReadPorts,
  clientId: string,
  latestHeight: bigint,
  above: bigint,
): Promise<AcceptedState[]> {
  const { address } = await readClient(ports, clientId)
  const states: AcceptedState[] = []
  let height = latestHeight
  while (states.length < STATES_MAX) {
    const [account] = await ports.pool.call((api) =>
      api.accounts([hubStateAddress(address, height)], 'confirmed'),
    )
    const state = account && decodeHubState(account.data)
    if (state === undefined) break // closed: nothing can contradict it any more
    const { appHash, nextSetHash, timeSeconds, previousHeight } = state
    const commitment = keccak256(concatBytes(appHash, nextSetHash)).subarray(0, 24)
    states.push({ height, timeSeconds, commitment })
    if (height <= above || previousHeight === 0n) break
    height = previousHeight
  }
  return states
}

/** Spec: `ClientState::status` of contracts/solana/crates/hub-state. */
function statusOf(state: HubClientAccount, nowSeconds: bigint): ClientView['status'] {
  if (state.frozenAtSeconds !== 0n) return 'Frozen'
  return nowSeconds >= state.latestTimeSeconds + state.trustingPeriodSeconds ? 'Expired' : 'Active'
}

function secondsOf(view: DataView): bigint {
  return view.getBigInt64(CLOCK_TIME_AT, true) * NANOSECONDS_PER_SECOND
}

function config(text: string): RelayError {
  return new RelayError('config', 'never', text)
}
