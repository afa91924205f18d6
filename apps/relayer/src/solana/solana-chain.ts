import { fromBase58, NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { packetAddress } from '@causeway/contracts-solana'
import type { Logger } from 'pino'

import type { Chain } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { nonsense } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'
import { watchPolled } from '../evm/watch.ts'
import type { SolanaWallet } from '../keys/solana-wallet.ts'
import { solanaChainId } from '../plan/chain-ids.ts'
import { StateCloser } from './close-states.ts'
import { createHubClient, findOwnClient } from './create-client.ts'
import type { PriorityLimits } from './fees.ts'
import {
  KnownClients,
  readAcceptedStates,
  readClock,
  readCounterparty,
  readHubClientView,
} from './hub-client.ts'
import type { ProgramAddresses } from './hub-client.ts'
import { HistoryFile } from './history-file.ts'
import { LookupTable } from './lookup-table.ts'
import { PacketHistory } from './packet-history.ts'
import { PatientPool } from './patient-pool.ts'
import type { SolanaProofSide } from './proof-side.ts'
import { readRoots, Receipts } from './receipts.ts'
import { StakeRecorder } from './record-stakes.ts'
import { SolanaApi } from './solana-api.ts'
import { submitFlight } from './solana-submit.ts'
import { SolanaSubmitter } from './submitter.ts'
import { createToucher } from './touch.ts'
import { Uploads } from './uploads.ts'

/** A cluster of Solana: JSON-RPC endpoints, a record stream, and the programs of the route. */
export interface SolanaChainOptions {
  /** CAIP-2: `solana:` and the first 32 characters of the genesis hash. */
  readonly chainId: string
  readonly rpcUrls: readonly string[]
  readonly programs: ProgramAddresses
  /** Our client of the core: `client-0`. */
  readonly clientId: string
  /** Chain id of the hub at the other end. */
  readonly hub: string
  /** What proves this cluster to others: opened when it is first asked for. */
  readonly openProofs: (history: PacketHistory, genesisHash: Uint8Array) => Promise<SolanaProofSide>
  readonly wallet: SolanaWallet
  readonly fees: PriorityLimits
  readonly unitsMax: number
  readonly unitsAdjustmentPerMille: bigint
  readonly pollMs: number
  readonly requestTimeoutMs: number
  readonly staleAfterMs: number
  readonly resendAfterMs: number
  readonly confirmTimeoutMs: number
  /** Whether it keeps the recorder's account of who votes next. */
  readonly recordsStakes: boolean
  readonly nowMs: () => number
  readonly log?: Logger | undefined
  /** Where final packet events are kept from one start to the next. */
  readonly historyFile?: string | undefined
  /** Where the address of the wallet's lookup table is. */
  readonly lookupsFile?: string | undefined
}

/** Slots that an endpoint may be behind the best one: a minute. */
const SLOTS_BEHIND_MAX = 150n
/** Most pending packets that one look takes in; the rest comes with the next. */
const PENDING_MAX = 20_000

/** Opens the adapter; nothing is asked of the cluster yet. Heights are slots. */
export function createSolanaChain(options: SolanaChainOptions): Chain {
  const { wallet, clientId, programs } = options
  const parts = openParts(options)
  const { pool, history, looked, submitter } = parts
  const reads = { pool, programs, hub: options.hub }
  return {
    chainId: options.chainId,
    merklePrefix: [new Uint8Array()],
    hostedClients: 'attestation',
    bindsCounterpartyAtCreation: true,
    signerAddress: wallet.publicKey.toBase58(),
    ...followed(parts),
    watch: (onWake) => watch(parts, options, onWake),
    async packetEvents(from, to) {
      return { events: await history.events(from, to), through: to }
    },
    pendingSequences: (client) => pendingSequences(parts, options, client),
    async unreceivedSequences(client, sequences) {
      requireOwn(options, client)
      await looked.refresh()
      return sequences.filter((sequence) => !looked.has(sequence))
    },
    async findPacketEvent(type, client, sequence) {
      requireOwn(options, client)
      return await history.find(type, sequence)
    },
    clientView: (client) => readHubClientView(reads, client),
    acceptedStates: (client, above) => readAcceptedStates(reads, client.clientId, client.latestHeight, above),
    counterparty: (client) => readCounterparty(reads, client),
    createClient: (seed, counterparty) =>
      createHubClient({ ...reads, submitter, clientId }, seed, counterparty),
    async registerCounterparty(client) {
      throw new RelayError('config', 'never', `the counterparty of ${client} is fixed since it was created`)
    },
    submit: (flight, onLanded) => submitFlight({ ...reads, ...parts }, flight, onLanded),
    makeProvable: createToucher(submitter, programs.core),
    ownClients: (followedId) => findOwnClient({ ...reads, clientId }, followedId, wallet.publicKey),
    async probe() {
      await pool.callAll((api) => probeEndpoint(pool, api, options.chainId))
      return pool.reports()
    },
    async balance() {
      const amount = await pool.call((api) => api.balance(wallet.publicKey))
      return { denom: 'lamports', amount }
    },
  }
}

/** What the adapter is put together from. */
interface SolanaParts {
  readonly pool: PatientPool
  readonly history: PacketHistory
  /** As flights count on them: with leaves that their next transactions will write. */
  readonly receipts: Receipts
  /** As they stand, for whoever looks while a flight is in the air. */
  readonly looked: Receipts
  readonly submitter: SolanaSubmitter
  readonly uploads: Uploads
  readonly lookups: LookupTable
  readonly states: StateCloser
  readonly clients: KnownClients
  readonly recorder: StakeRecorder
  readonly poll: ReturnType<typeof watchPolled>
  readonly proofs: LazyProofs
  /** Per client, the sequence below which every packet's life is known to be over, for good. */
  readonly finished: Map<string, bigint>
}

/** The proof side, opened when it is first asked for and closed with the last watcher. */
interface LazyProofs {
  get(): Promise<SolanaProofSide>
  /** The highest epoch whose set it can prove, 0 for none; `undefined`: it is not open. */
  provenEpoch(): Promise<bigint | undefined>
  close(): void
}

function openParts(options: SolanaChainOptions): SolanaParts {
  const { programs, clientId, nowMs, confirmTimeoutMs } = options
  const pool = new PatientPool({
    ...{ urls: options.rpcUrls, requestTimeoutMs: options.requestTimeoutMs, lagMax: SLOTS_BEHIND_MAX },
    ...{ staleAfterMs: options.staleAfterMs, nowMs },
    connect: (url, timeoutMs) => new SolanaApi(url, timeoutMs),
  })
  const poll = watchPolled(options.pollMs)
  const history = new PacketHistory(pool, programs.core, clientId, openHistoryFile(options))
  const submitter = new SolanaSubmitter({ ...options, pool, nextBlock: poll.next })
  const graceMs = 2 * confirmTimeoutMs
  const proofs = openLazily(
    async () => await options.openProofs(history, await readGenesis(pool, options.chainId)),
  )
  return {
    ...{ pool, poll, history, submitter },
    receipts: new Receipts(pool, history, programs.core, clientId),
    looked: new Receipts(pool, history, programs.core, clientId),
    lookups: new LookupTable({ pool, submitter, file: options.lookupsFile, log: options.log }),
    uploads: new Uploads({ pool, submitter, program: programs.upload, nowMs, graceMs }),
    states: new StateCloser({ pool, submitter, programs, hub: options.hub, nowMs }),
    recorder: new StakeRecorder({
      pool,
      submitter,
      recorder: programs.recorder,
      nowMs,
      provenEpoch: proofs.provenEpoch,
    }),
    proofs,
    clients: new KnownClients(),
    finished: new Map(),
  }
}

function openHistoryFile(options: SolanaChainOptions): HistoryFile | undefined {
  const { historyFile, chainId, programs, clientId, log } = options
  if (historyFile === undefined) return undefined
  return new HistoryFile(historyFile, `${chainId} ${programs.core.toBase58()} ${clientId}`, log)
}

function openLazily(open: () => Promise<SolanaProofSide>): LazyProofs {
  let opened: Promise<SolanaProofSide> | undefined
  return {
    get() {
      opened ??= open().catch((error: unknown) => {
        opened = undefined
        throw error
      })
      return opened
    },
    async provenEpoch() {
      return opened === undefined ? undefined : ((await opened).newestEpoch() ?? 0n)
    },
    close() {
      opened?.then((side) => side.close()).catch(() => {})
      opened = undefined
    },
  }
}

/** What clients of this cluster are shown. */
function followed({
  pool,
  proofs,
}: SolanaParts): Pick<
  Chain,
  'head' | 'blockTime' | 'proofWindow' | 'prove' | 'clientUpdates' | 'findMisbehaviour' | 'clientSeed'
> {
  return {
    head: () => readClock(pool, 'finalized'),
    async blockTime(height) {
      const seconds = await pool.call((api) => api.blockTime(height))
      if (seconds === undefined)
        throw new RelayError('endpoint', 'later', `no time is known of slot ${height}`)
      return seconds * NANOSECONDS_PER_SECOND
    },
    proofWindow: async (clientType, head) => await (await proofs.get()).proofWindow(clientType, head),
    prove: async (work, height) => await (await proofs.get()).prove(work, height),
    clientUpdates: async (client, height) => await (await proofs.get()).clientUpdates(client, height),
    findMisbehaviour: async (client, accepted) =>
      await (await proofs.get()).findMisbehaviour(client, accepted),
    clientSeed: async (wanted) => await (await proofs.get()).clientSeed(wanted),
  }
}

/** Wakes at each poll; beside it, the recorder's account is looked after. */
function watch(
  { poll, recorder, proofs }: SolanaParts,
  { recordsStakes }: SolanaChainOptions,
  onWake: () => void,
): { close(): void } {
  const watching = poll.watch(() => {
    if (recordsStakes) recorder.look().catch(() => {}) // the next look tries again
    onWake()
  })
  return {
    close() {
      watching.close()
      proofs.close()
    },
  }
}

/**
 * Sequences sent for good whose accounts stand even now. One that is gone never comes back, so what is
 * finished is read once.
 */
async function pendingSequences(
  { pool, finished }: SolanaParts,
  options: SolanaChainOptions,
  clientId: string,
): Promise<bigint[]> {
  requireOwn(options, clientId)
  const { core } = options.programs
  const { sent } = await readRoots(pool, core, clientId, 'finalized')
  const from = finished.get(clientId) ?? 1n
  const sequences = Array.from({ length: Number(sent + 1n - from) }, (_, index) => from + BigInt(index))
  const addresses = sequences.map((sequence) => packetAddress(core, clientId, sequence))
  const accounts = await pool.call((api) => api.accounts(addresses, 'confirmed'))
  const standing = sequences.filter((_, index) => accounts[index]?.owner.equals(core) === true)
  finished.set(clientId, standing[0] ?? sent + 1n)
  return standing.slice(0, PENDING_MAX)
}

/** The history is that of one client: the one of the configuration. */
function requireOwn({ clientId }: SolanaChainOptions, asked: string): void {
  if (asked === clientId) return
  throw new RelayError('config', 'never', `the configuration names ${clientId} on Solana, the route ${asked}`)
}

/** The genesis hash whose first characters the chain's name has. 32 bytes. */
async function readGenesis(pool: EndpointPool<SolanaApi>, chainId: string): Promise<Uint8Array> {
  return await pool.call(async (api) => {
    const text = await api.genesisHash()
    const bytes = fromBase58(text)
    if (solanaChainId(text) === chainId && bytes?.length === 32) return bytes
    throw nonsense(api.url, `chain ${solanaChainId(text)} instead of ${chainId}`)
  })
}

async function probeEndpoint(pool: EndpointPool<SolanaApi>, api: SolanaApi, chainId: string): Promise<void> {
  const [genesis, slot] = await Promise.all([api.genesisHash(), api.slot('finalized')])
  if (solanaChainId(genesis) !== chainId)
    throw nonsense(api.url, `chain ${solanaChainId(genesis)} instead of ${chainId}`)
  pool.noteHeight(api, slot)
}
