import type { Comet38Client } from '@cosmjs/tendermint-rpc'

import { utf8 } from '@causeway/primitives'
import { ETHEREUM_HEADER_TYPE_URL, SOLANA_HEADER_TYPE_URL } from '@causeway/light-clients'
import { packetAcknowledgementKey, packetCommitmentKey, packetReceiptKey } from '@causeway/messaging'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import { TxMsgData } from '@causeway/protocol/cosmos/base/abci/v1beta1/abci'
import { MsgCreateClientResponse } from '@causeway/protocol/ibc/core/client/v1/tx'
import { asRelayError, RelayError } from '../errors.ts'
import type { Wallet } from '../keys/wallet.ts'
import type { ClientView, Head } from '../plan/view.ts'
import { toOutcome } from '../outcome.ts'
import { packetId } from '../plan/work.ts'
import type { Work } from '../plan/work.ts'
import type { AcceptedState, Chain, Flight, Inclusion, Outcome } from '../chain.ts'
import { queryProof } from './abci-query.ts'
import {
  buildAttestationUpdates,
  findContradiction,
  findDoubleAttestation,
  makeAttestationSeed,
  newestAttested,
} from './attestation.ts'
import { queryBalance } from './account.ts'
import { makeClientSeed, revisionOf } from './client-seed.ts'
import type { ClientTerms } from './client-seed.ts'
import { buildClientUpdates, findEquivocation, lightBlockSource } from './client-updates.ts'
import { openCometPool } from './comet-pool.ts'
import type { CometPool } from './comet-pool.ts'
import { findPacketEvent, readBlockEvents } from './find-events.ts'
import type { GasSettings } from './gas.ts'
import { fetchLightBlock, readTime } from './light-block.ts'
import { createClient, packetMessages, registerCounterparty, updateClients } from './messages.ts'
import { queryClientView, queryOwnClients } from './client-view.ts'
import { queryCounterparty, queryPendingSequences, queryUnreceived, timestampNanoseconds } from './queries.ts'
import { Submitter } from './submitter.ts'
import { watchBlocks } from './wake.ts'

/** One Cosmos-type chain: CometBFT RPC, ABCI queries, SDK transactions. The hub is one of these. */
export interface CosmosChainOptions {
  readonly chainId: string
  readonly rpcUrls: readonly string[]
  readonly wallet: Wallet
  readonly gas: GasSettings
  readonly clientTerms: ClientTerms
  readonly pollMs: number
  readonly requestTimeoutMs: number
  readonly staleAfterMs: number
  readonly confirmTimeoutMs: number
  readonly memo: string
  readonly nowMs: () => number
}

const IBC_STORE = 'ibc'

/** Opens the adapter; nothing is asked of the chain yet. */
export function createCosmosChain(options: CosmosChainOptions): Chain {
  const { chainId, wallet, nowMs } = options
  const pool = openCometPool({
    urls: options.rpcUrls,
    requestTimeoutMs: options.requestTimeoutMs,
    staleAfterMs: options.staleAfterMs,
    nowMs,
  })
  const blocks = new Set<() => void>()
  const wake = () => {
    for (const tell of [...blocks]) tell()
  }
  const nextBlock = (waitMsMax: number) => waitForCall(blocks, waitMsMax)
  const submitter = new Submitter({ ...options, pool, nextBlock })
  return {
    chainId,
    merklePrefix: [utf8(IBC_STORE), new Uint8Array()],
    hostedClients: undefined,
    bindsCounterpartyAtCreation: false,
    signerAddress: wallet.address,
    ...followed(pool, options),
    head: () => queryHead(pool, chainId),
    watch: (onWake) =>
      watchBlocks(pool, options.pollMs, () => {
        wake()
        onWake()
      }),
    async packetEvents(from) {
      const events = await pool.call((client) => readBlockEvents(client, from))
      return { events, through: from }
    },
    pendingSequences: (clientId) => queryPendingSequences(pool, clientId),
    unreceivedSequences: (clientId, sequences) => queryUnreceived(pool, clientId, sequences),
    findPacketEvent: (type, clientId, sequence) => findPacketEvent(pool, type, clientId, sequence),
    clientView: (clientId) => queryClientView(pool, clientId),
    // Clients here keep roots that endpoints' headers are compared with as they come
    acceptedStates: async () => [],
    counterparty: (clientId) => queryCounterparty(pool, clientId),
    prove: (work, height) => prove(pool, work, height),
    async createClient(seed) {
      const { inclusion, data } = await sendOne(submitter, [createClient(seed, wallet.address)])
      const [response] = TxMsgData.decode(data).msgResponses
      const { clientId } = MsgCreateClientResponse.decode(response?.value ?? new Uint8Array())
      if (clientId === '')
        throw new RelayError('transaction', 'never', 'the chain did not tell the new client id')
      return { clientId, inclusion }
    },
    async registerCounterparty(clientId, counterparty) {
      return (await sendOne(submitter, [registerCounterparty(clientId, counterparty, wallet.address)]))
        .inclusion
    },
    submit: (flight) => submit(submitter, flight, wallet.address),
    blockTime: (height) => queryBlockTime(pool, height),
    ownClients: (followed) => queryOwnClients(pool, followed, wallet.address),
    async probe() {
      await pool.callAll((client) => readHead(pool, client, chainId))
      return pool.reports()
    },
    async balance() {
      const { denom } = options.gas.price
      return { denom, amount: await queryBalance(pool, wallet.address, denom) }
    },
  }
}

/** What clients of this chain are shown. */
function followed(
  pool: CometPool,
  { chainId, clientTerms }: CosmosChainOptions,
): Pick<Chain, 'proofWindow' | 'clientUpdates' | 'findMisbehaviour' | 'clientSeed'> {
  const revisionNumber = revisionOf(chainId)
  return {
    async proofWindow(clientType, head) {
      const newest = clientType === 'attestation' ? await newestAttested(pool) : head
      return { newest, oldestHeight: 0n, lag: 1n }
    },
    async clientUpdates(client, height) {
      if (client.clientType === 'attestation') return await buildAttestationUpdates(pool, client, height)
      const source = lightBlockSource(pool)
      return await buildClientUpdates(source, revisionNumber, client.latestHeight, height)
    },
    findMisbehaviour: (client, accepted) => findMisbehaviour(pool, revisionNumber, client, accepted),
    async clientSeed({ trustingPeriodSeconds, clientType }) {
      const terms = {
        ...clientTerms,
        ...(trustingPeriodSeconds === undefined ? {} : { trustingPeriodSeconds }),
      }
      if (clientType === 'attestation') return await makeAttestationSeed(pool, chainId)
      const { height } = await queryHead(pool, chainId)
      const block = await pool.call((client) => fetchLightBlock(client, height))
      return makeClientSeed(block, terms)
    },
  }
}

async function queryHead(pool: CometPool, chainId: string): Promise<Head> {
  return await pool.call((client) => readHead(pool, client, chainId))
}

async function readHead(pool: CometPool, client: Comet38Client, chainId: string): Promise<Head> {
  const { syncInfo, nodeInfo } = await client.status()
  if (nodeInfo.network !== chainId) {
    throw new RelayError(
      'endpoint',
      'later',
      `answered nonsense: chain ${nodeInfo.network} instead of ${chainId}`,
    )
  }
  const height = BigInt(syncInfo.latestBlockHeight)
  pool.noteHeight(client, height)
  return { height, timeNanoseconds: timestampNanoseconds(readTime(syncInfo.latestBlockTime)) }
}

/**
 * Compares what the client has accepted with what endpoints attest, and the newest header that all answering
 * endpoints have, where the client does not know it yet.
 */
async function findMisbehaviour(
  pool: CometPool,
  revisionNumber: bigint,
  client: ClientView,
  accepted: readonly AcceptedState[],
): Promise<readonly Any[]> {
  const contradiction = await findContradiction(pool, accepted)
  if (contradiction.length > 0) return contradiction
  const heights = pool.reports().flatMap(({ height }) => (height > 0n ? [height] : []))
  if (heights.length < 2) return []
  const height = heights.reduce((lowest, one) => (one < lowest ? one : lowest))
  if (client.latestHeight >= height) return []
  if (client.clientType === 'attestation') return await findDoubleAttestation(pool, height)
  return await findEquivocation(pool, revisionNumber, client.clientId, client.latestHeight, height)
}

async function queryBlockTime(pool: CometPool, height: bigint): Promise<bigint> {
  return await pool.call(async (client) => {
    const { header } = await client.commit(Number(height))
    return timestampNanoseconds(readTime(header.time))
  })
}

/** Proofs are queried one block below the header that verifies them. */
async function prove(pool: CometPool, work: Work, height: bigint): Promise<Uint8Array> {
  const { sourceClient, destinationClient, sequence } = work.packet
  const key = {
    recv: () => packetCommitmentKey(sourceClient, sequence),
    ack: () => packetAcknowledgementKey(destinationClient, sequence),
    timeout: () => packetReceiptKey(destinationClient, sequence),
  }[work.kind]()
  const { value, proof } = await queryProof(pool, IBC_STORE, key, height - 1n)
  const isPresent = value.length > 0
  if (isPresent === (work.kind === 'timeout')) {
    const state = isPresent ? 'was received' : 'has nothing to prove'
    throw new RelayError('redundant', 'later', `packet ${packetId(work.packet)} ${state} (${work.kind})`)
  }
  return proof
}

/**
 * A sync committee costs the hub more than two million gas, and a slot of Solana as much again: such updates
 * travel alone, each in a block before the next. The last of an Ethereum client's goes with the messages; a
 * Solana client's is too large for that. Where one fails, nothing behind it is sent.
 */
async function submit(submitter: Submitter, flight: Flight, signer: string): Promise<readonly Outcome[]> {
  const updates = updateClients(flight.clientId, flight.updates, signer)
  const batches = flight.batches.length > 0 ? flight.batches : [[]]
  const worksOf = (index: number) => (batches[index] ?? []).map((one) => one.work)
  const alone = updates.slice(0, countAlone(flight))
  for (const update of alone) {
    const [receipt] = await submitter.send([update], [[]])
    if (receipt === undefined || receipt.error === undefined) continue
    return batches.map((_, index) => toOutcome(receipt, worksOf(index)))
  }
  const receipts = await submitter.send(
    updates.slice(alone.length),
    batches.map((works) => packetMessages(works, signer)),
  )
  return receipts.map((receipt, index) => toOutcome(receipt, worksOf(index)))
}

/** Updates that go before everything else, in transactions of their own. */
function countAlone({ updates, batches }: Flight): number {
  const [first] = updates
  if (first?.typeUrl === ETHEREUM_HEADER_TYPE_URL) return updates.length - 1
  if (first?.typeUrl !== SOLANA_HEADER_TYPE_URL) return 0
  return batches.length > 0 ? updates.length : updates.length - 1
}

async function sendOne(submitter: Submitter, messages: Parameters<Submitter['send']>[0]) {
  const [receipt] = await submitter.send([], [messages])
  const error = receipt?.error ?? receipt?.refused.get(0)
  if (error !== undefined) throw asRelayError(error)
  const inclusion: Inclusion | undefined = receipt?.inclusion
  if (receipt === undefined || inclusion === undefined)
    throw new RelayError('transaction', 'later', 'nothing was sent')
  return { inclusion, data: receipt.data }
}

async function waitForCall(listeners: Set<() => void>, waitMsMax: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      listeners.delete(finish)
      resolve()
    }
    const timer = setTimeout(finish, waitMsMax)
    listeners.add(finish)
  })
}
