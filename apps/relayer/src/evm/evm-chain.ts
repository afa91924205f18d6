import { addressBytes } from '../keys/evm-wallet.ts'
import type { EvmWallet } from '../keys/evm-wallet.ts'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { hexToBytes } from 'viem'
import type { Hex } from 'viem'

import type { Chain, EventPage, PacketEvent } from '../chain.ts'
import { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { nonsense } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'
import { evmChainId } from '../plan/chain-ids.ts'
import { BeaconApi } from './beacon-api.ts'
import { BeaconFollower } from './beacon-follower.ts'
import { slotAt, slotTimeSeconds } from './beacon-network.ts'
import { makeEthereumSeed } from './client-seed.ts'
import type { EthereumClientTerms } from './client-seed.ts'
import { createHubClient, findOwnClients } from './contract-clients.ts'
import { ContractReads } from './contract-reads.ts'
import { EthApi } from './eth-api.ts'
import { submitFlight } from './evm-submit.ts'
import type { FeeLimits } from './fees.ts'
import { buildHeaderUpdates, buildMisbehaviour } from './header-updates.ts'
import { readAcceptedStates } from './accepted-states.ts'
import { findNextSetHash, readHubClient } from './hub-client.ts'
import { findNewestLog, requireSameBlock, searchLogs } from './log-search.ts'
import { packetTopics, PACKET_TOPICS, readPacketLogs } from './packet-logs.ts'
import type { PacketLog } from './packet-logs.ts'
import { proveWork } from './storage-proof.ts'
import { EvmSubmitter } from './submitter.ts'
import { mapLimited } from '../worker/concurrency.ts'
import { watchPolled } from './watch.ts'

/** An EVM chain with a beacon chain: execution JSON-RPC, Beacon API, and the IBC contract on it. */
export interface EvmChainOptions {
  readonly chainId: bigint
  readonly rpcUrls: readonly string[]
  readonly beaconUrls: readonly string[]
  /** The IBC core. */
  readonly contract: Hex
  /** The block that created it: events are looked for from there. */
  readonly fromBlock: bigint
  /** Root of a finalised beacon block that is trusted; without it, what the best endpoint says at first. */
  readonly checkpoint: Uint8Array | undefined
  readonly wallet: EvmWallet
  readonly fees: FeeLimits
  readonly gasMax: bigint
  readonly gasAdjustmentPerMille: bigint
  readonly confirmations: bigint
  readonly clientTerms: Omit<EthereumClientTerms, 'contract'>
  readonly pollMs: number
  readonly requestTimeoutMs: number
  readonly staleAfterMs: number
  readonly replaceAfterMs: number
  readonly confirmTimeoutMs: number
  readonly nowMs: () => number
}

/** Slots that a beacon endpoint's finality may be behind the best: two epochs of mainnet. */
const SLOTS_BEHIND_MAX = 64n
const BLOCKS_AT_ONCE = 8

/** Opens the adapter; nothing is asked of the chain yet. Heights are beacon slots. */
export function createEvmChain(options: EvmChainOptions): Chain {
  const { wallet, contract, fromBlock } = options
  const parts = openParts(options)
  const { pool, beacons, follower, reads, submitter, poll } = parts
  const clients = new Map<string, Hex>()
  const clientAddress = async (clientId: string) => {
    const address = clients.get(clientId) ?? (await reads.client(clientId))
    clients.set(clientId, address)
    return address
  }
  const nextSetHash = async (clientId: string, height: bigint) =>
    hexToBytes(await findNextSetHash(pool, await clientAddress(clientId), height, fromBlock))
  return {
    chainId: evmChainId(options.chainId),
    merklePrefix: [new Uint8Array()],
    hostedClients: 'attestation',
    bindsCounterpartyAtCreation: true,
    signerAddress: wallet.address,
    ...followed(parts, options),
    watch: (onWake) => poll.watch(onWake),
    packetEvents: (from, to) => readPacketEvents(parts, options, from, to),
    async pendingSequences(clientId) {
      const { execution } = await follower.newest()
      return await reads.pendingSequences(clientId, execution.blockNumber)
    },
    unreceivedSequences: (clientId, sequences) => reads.unreceivedSequences(clientId, sequences),
    async findPacketEvent(type, clientId, sequence) {
      const filter = { address: contract, topics: packetTopics(type, clientId, sequence) }
      const log = await pool.find(async (api) => {
        const found = await findNewestLog(api, filter, fromBlock)
        return found && (await timeLogs(api, readPacketLogs([found])))[0]
      })
      return log && (await placeEvents(follower, [log]))[0]
    },
    clientView: async (clientId) => await readHubClient(pool, clientId, await clientAddress(clientId)),
    acceptedStates: async (client, above) =>
      await readAcceptedStates(pool, await clientAddress(client.clientId), client.latestHeight, above),
    counterparty: (clientId) => reads.counterparty(clientId),
    createClient: (seed, counterparty) =>
      createHubClient({ ...options, pool, submitter }, seed, counterparty),
    async registerCounterparty(clientId) {
      throw new RelayError('config', 'never', `the counterparty of ${clientId} is fixed since it was created`)
    },
    submit: (flight) => submitFlight({ contract, reads, submitter, nextSetHash }, flight),
    ownClients: (followed) => findOwnClients({ ...options, pool }, followed),
    async probe() {
      await Promise.all([
        follower.compare(),
        pool.callAll((api) => probeExecution(pool, api, options.chainId)),
      ])
      return [...pool.reports(), ...beacons.reports()]
    },
    async balance() {
      return { denom: 'wei', amount: await pool.call((api) => api.balance(wallet.address)) }
    },
  }
}

/** What clients of this chain are shown. */
function followed(
  { pool, follower }: EvmParts,
  { contract, clientTerms }: EvmChainOptions,
): Pick<
  Chain,
  'head' | 'blockTime' | 'proofWindow' | 'prove' | 'clientUpdates' | 'findMisbehaviour' | 'clientSeed'
> {
  return {
    async head() {
      const { slot, execution } = await follower.newest()
      return { height: slot, timeNanoseconds: execution.timestamp * NANOSECONDS_PER_SECOND }
    },
    // Nodes drop state within two epochs or so: proofs are made at the newest finalised header only.
    proofWindow: async (_, head) => ({ newest: head, oldestHeight: head.height, lag: 0n }),
    async blockTime(height) {
      return slotTimeSeconds(await follower.network(), height) * NANOSECONDS_PER_SECOND
    },
    async prove(work, height) {
      const header = follower.header(height)
      if (header === undefined) throw new RelayError('endpoint', 'now', `slot ${height} is not in memory`)
      return await proveWork(pool, contract, work, header.execution)
    },
    async clientUpdates(client, height) {
      if (client.beaconRoot !== undefined) await follower.anchor(client.beaconRoot)
      const header = follower.header(height)
      if (header === undefined) throw new RelayError('endpoint', 'now', `slot ${height} is not in memory`)
      const network = await follower.network()
      return await buildHeaderUpdates(network, client, header.update, (period) =>
        follower.committeeUpdate(period),
      )
    },
    async findMisbehaviour() {
      const network = await follower.network()
      return buildMisbehaviour(network, await follower.compare())
    },
    clientSeed({ trustingPeriodSeconds }) {
      const own = trustingPeriodSeconds === undefined ? {} : { trustingPeriodSeconds }
      return makeEthereumSeed(follower, { ...clientTerms, ...own, contract: addressBytes(contract) })
    },
  }
}

/** What the adapter is put together from. */
interface EvmParts {
  readonly pool: EndpointPool<EthApi>
  readonly beacons: EndpointPool<BeaconApi>
  readonly follower: BeaconFollower
  readonly reads: ContractReads
  readonly submitter: EvmSubmitter
  readonly poll: ReturnType<typeof watchPolled>
}

function openParts(options: EvmChainOptions): EvmParts {
  const { chainId, checkpoint, requestTimeoutMs, staleAfterMs, nowMs } = options
  const common = { requestTimeoutMs, staleAfterMs, nowMs }
  const pool = new EndpointPool({
    ...{ ...common, urls: options.rpcUrls },
    connect: (url, timeoutMs) => new EthApi(url, timeoutMs),
  })
  const beacons = new EndpointPool({
    ...{ ...common, urls: options.beaconUrls, lagMax: SLOTS_BEHIND_MAX },
    connect: (url, timeoutMs) => new BeaconApi(url, timeoutMs),
  })
  const poll = watchPolled(options.pollMs)
  return {
    pool,
    beacons,
    poll,
    follower: new BeaconFollower({ pool: beacons, chainId, checkpoint, nowMs }),
    reads: new ContractReads(pool, options.contract),
    submitter: new EvmSubmitter({ ...options, pool, nextBlock: poll.next }),
  }
}

/**
 * Events of finalised blocks only: an endpoint that has another block there, or none, is passed over. The one
 * that has the block is the one whose events count.
 */
async function readPacketEvents(
  parts: EvmParts,
  { contract }: EvmChainOptions,
  from: bigint,
  to: bigint,
): Promise<EventPage> {
  const { follower, pool } = parts
  const filter = { address: contract, topics: [PACKET_TOPICS] }
  const end = follower.header(to) ?? (await follower.newest())
  const last = end.execution.blockNumber
  // At most one block a slot: without the header before, a few blocks too many are read, which does no harm.
  const before = follower.header(from - 1n)?.execution.blockNumber ?? last - (end.slot - from + 1n)
  const first = before + 1n > 0n ? before + 1n : 0n
  if (first > last) return { events: [], through: end.slot }
  const hash = `0x${Buffer.from(end.execution.blockHash).toString('hex')}`
  const logs = await pool.call(async (api) => {
    await requireSameBlock(api, last, hash)
    return await timeLogs(api, readPacketLogs(await searchLogs(api, filter, first, last)))
  })
  return { events: await placeEvents(follower, logs), through: end.slot }
}

/** An event, and when its block was made. */
type TimedLog = PacketLog & { readonly timeSeconds: bigint }

async function timeLogs(api: EthApi, logs: readonly PacketLog[]): Promise<TimedLog[]> {
  const times = new Map<bigint, bigint>()
  await mapLimited([...new Set(logs.map((log) => log.blockNumber))], BLOCKS_AT_ONCE, async (number) => {
    times.set(number, (await api.block(number)).timeSeconds)
  })
  return logs.map((log) => ({ ...log, timeSeconds: times.get(log.blockNumber)! }))
}

/** Tells the slot of each event's block by its time; what is not final yet is above the finalised slot. */
async function placeEvents(follower: BeaconFollower, logs: readonly TimedLog[]): Promise<PacketEvent[]> {
  if (logs.length === 0) return []
  const [network, { slot: final, execution }] = [await follower.network(), await follower.newest()]
  return logs.map(({ blockNumber, timeSeconds, ...event }) => {
    const slot = slotAt(network, timeSeconds)
    if (blockNumber <= execution.blockNumber) return { ...event, height: slot < final ? slot : final }
    return { ...event, height: slot > final ? slot : final + 1n }
  })
}

async function probeExecution(pool: EndpointPool<EthApi>, api: EthApi, chainId: bigint): Promise<void> {
  const [own, { number }] = await Promise.all([api.chainId(), api.block('latest')])
  if (own !== chainId) throw nonsense(api.url, `chain ${own} instead of ${chainId}`)
  pool.noteHeight(api, number)
}
