import { packAny, type Any } from '@causeway/protocol'
import {
  ClientState,
  CommitmentProof,
  ConsensusProof,
  ConsensusState,
  Header,
  Misbehaviour,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import type { StateProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { be64, concatBytes, sha256, toHex, utf8 } from '@causeway/primitives'
import { blstScheme } from '../../ethereum/bls/blst-scheme.ts'
import { memoryStore } from '../../ethereum/client/example-client.fixture.ts'
import type { ClientContext } from '../../light-client.ts'
import { createNativeSignatureVerifier } from '../../tendermint/native-signatures.ts'
import {
  SHRED_VERSION,
  exampleBlock,
  exampleCertificate,
  finalizePayload,
  notarizePayload,
} from '../alpenglow/example-block.fixture.ts'
import { EMPTY_FRONTIER } from '../commitments/frontier.ts'
import { encodeRootAccount } from '../commitments/root-account.ts'
import { createSparseTree } from '../commitments/sparse-tree.ts'
import { commitmentLeaf, taggedRoot } from '../commitments/tree.ts'
import { ExampleCluster, GENESIS_SECONDS, exampleAccount } from '../example-cluster.fixture.ts'
import type { Changes, ClusterWish, ExampleBank } from '../example-cluster.fixture.ts'
import { rememberingXof } from '../lattice/remembering-xof.fixture.ts'
import { exampleAddress } from '../wire.fixture.ts'
import { createSolanaClient } from './client.ts'
import {
  SOLANA_CLIENT_STATE_TYPE_URL,
  SOLANA_CONSENSUS_STATE_TYPE_URL,
  SOLANA_HEADER_TYPE_URL,
  SOLANA_MISBEHAVIOUR_TYPE_URL,
} from './type-urls.ts'

export const IBC_PROGRAM = exampleAddress('ibc program')
export const ROOT_ACCOUNT = exampleAddress('root account')
export const RECORDER_PROGRAM = exampleAddress('recorder program')
export const RECORDER_ACCOUNT = exampleAddress('recorder account')
/** The client's id on Solana. */
export const COUNTERPARTY = utf8('client-12')
/** Where the example client starts. */
export const START_SLOT = 40n

const CRYPTO = { verifySignatures: createNativeSignatureVerifier(), bls: blstScheme }

/** A client over a cluster whose banks are made one by one, and everything to feed it. */
export function exampleClient(wish: ClusterWish = {}, consensus: 'tower' | 'alpenglow' = 'tower') {
  const cluster = new ExampleCluster(wish)
  const client = createSolanaClient({ ...CRYPTO, latticeXof: rememberingXof })
  const store = memoryStore()
  const start = cluster.bank(cluster.genesis, START_SLOT)
  const at = (slot: bigint, more: Partial<ClientContext> = {}): ClientContext => ({
    timeNanoseconds: (GENESIS_SECONDS + slot) * 1_000_000_000n,
    height: { revisionNumber: 1n, revisionHeight: 5n },
    ...more,
  })
  const clientState = (change: Partial<ClientState> = {}) =>
    ClientState.fromPartial({
      genesisHash: cluster.genesis.lastBlockhash,
      hardForks: cluster.hardForks.map((fork) => ({ ...fork })),
      trustingPeriod: { seconds: 200n, nanos: 0 },
      maxClockDrift: { seconds: 5n, nanos: 0 },
      ibcProgram: IBC_PROGRAM,
      rootAccount: ROOT_ACCOUNT,
      recorderProgram: RECORDER_PROGRAM,
      recorderAccount: RECORDER_ACCOUNT,
      ...(consensus === 'alpenglow' && { alpenglow: { shredVersion: SHRED_VERSION } }),
      latestSlot: START_SLOT,
      latestEpoch: start.epoch,
      ...change,
    })
  const consensusState = (change: Partial<ConsensusState> = {}) =>
    ConsensusState.fromPartial({
      bankHash: start.bankHash,
      timestampSeconds: GENESIS_SECONDS + START_SLOT,
      epoch: start.epoch,
      epochStakes: cluster.stakesBytes(start.epoch),
      ...change,
    })
  const settled = (bank: ExampleBank, options?: ProofWish) =>
    consensus === 'tower' ? towerProof(cluster, bank, options) : alpenglowProof(cluster, bank, options)
  const header = (bank: ExampleBank, options?: ProofWish) =>
    Header.fromPartial({ consensus: settled(bank, options), state: stateMessage(cluster, bank) })
  return {
    cluster,
    client,
    store,
    start,
    at,
    clientState,
    consensusState,
    settled,
    voted: (bank: ExampleBank, voters?: readonly number[]) =>
      settled(bank, { isFinal: false, ...(voters && { voters }) }),
    header,
    message: (bank: ExampleBank, options?: ProofWish) => headerMessage(header(bank, options)),
    open: (change: Partial<ClientState> = {}, first: Partial<ConsensusState> = {}) =>
      client.initialise(
        store,
        clientStateMessage(clientState(change)),
        consensusStateMessage(consensusState(first)),
        at(START_SLOT),
      ),
    submit(message: Any, now: bigint) {
      client.verifyClientMessage(store, message, at(now))
      if (client.checkForMisbehaviour(store, message)) {
        client.updateStateOnMisbehaviour(store, message)
        return 'frozen'
      }
      return client.updateState(store, message, at(now)).map(({ revisionHeight }) => revisionHeight)
    },
  }
}

export interface ProofWish {
  /** Which validators vote; default all. */
  readonly voters?: readonly number[]
  /** Whether it is final; default true. */
  readonly isFinal?: boolean
  /** Alpenglow: with a vote to finalise; default the fast way. */
  readonly isSlow?: boolean
}

function towerProof(cluster: ExampleCluster, bank: ExampleBank, wish: ProofWish = {}): ConsensusProof {
  return ConsensusProof.fromPartial({ tower: cluster.towerProof(bank, wish.voters, wish.isFinal) })
}

function alpenglowProof(cluster: ExampleCluster, bank: ExampleBank, wish: ProofWish = {}): ConsensusProof {
  const ranks = [...(wish.voters ?? cluster.validators.keys())]
  const { blockId, opening } = exampleBlock({
    slot: bank.slot,
    parentSlot: bank.parent!.slot,
    bankHash: bank.bankHash,
  })
  const notarize = exampleCertificate(cluster, notarizePayload(bank.slot, blockId), ranks)
  const finalize = wish.isSlow ? exampleCertificate(cluster, finalizePayload(bank.slot), ranks) : undefined
  return ConsensusProof.fromPartial({
    alpenglow: {
      slot: bank.slot,
      notarize,
      ...(finalize && { finalize }),
      block: { ...opening, fecSetRoots: [...opening.fecSetRoots] },
    },
  })
}

function stateMessage(cluster: ExampleCluster, bank: ExampleBank): StateProof {
  const proof = cluster.stateProof(bank)
  return { ...proof, writes: proof.writes.map((write) => ({ ...write })) }
}

/** A header in its envelope. */
export function headerMessage(header: Header): Any {
  return packAny(SOLANA_HEADER_TYPE_URL, Header.encode(header).finish())
}

/** Misbehaviour in its envelope. */
export function misbehaviourMessage(epoch: bigint, first: ConsensusProof, second: ConsensusProof): Any {
  const bytes = Misbehaviour.encode(Misbehaviour.fromPartial({ epoch, first, second })).finish()
  return packAny(SOLANA_MISBEHAVIOUR_TYPE_URL, bytes)
}

/** A client state in its envelope. */
export function clientStateMessage(state: ClientState): Any {
  return packAny(SOLANA_CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish())
}

/** A consensus state in its envelope. */
export function consensusStateMessage(state: ConsensusState): Any {
  return packAny(SOLANA_CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(state).finish())
}

/** The recorder's account, with the set of an epoch. */
export function recorded(bytes: Uint8Array, owner = RECORDER_PROGRAM): Changes {
  return new Map([[toHex(RECORDER_ACCOUNT), exampleAccount(bytes, owner)]])
}

/** A client's packets on Solana: what was sent, what was received, and the root account. */
export function exampleCommitments(sent: readonly bigint[], received: readonly bigint[]) {
  const [commitments, receipts] = [createSparseTree(), createSparseTree()]
  for (const sequence of sent) commitments.set(sequence - 1n, commitmentLeaf(commitmentOf(sequence)))
  for (const sequence of received) receipts.set(sequence - 1n, commitmentLeaf(commitmentOf(sequence)))
  const data = (touches = 0n) =>
    encodeRootAccount(
      {
        touches,
        sent: BigInt(sent.length),
        commitmentsRoot: taggedRoot('commitments', COUNTERPARTY, commitments.root()),
        receiptsRoot: taggedRoot('receipts', COUNTERPARTY, receipts.root()),
      },
      EMPTY_FRONTIER.nodes,
    )
  const proofOf = (tree: typeof commitments, sequence: bigint) => {
    const { present, siblings } = tree.prove(sequence - 1n)
    return CommitmentProof.encode(CommitmentProof.fromPartial({ present, siblings: [...siblings] })).finish()
  }
  return {
    changes: (touches = 0n, owner = IBC_PROGRAM): Changes =>
      new Map([[toHex(ROOT_ACCOUNT), exampleAccount(data(touches), owner)]]),
    proveSent: (sequence: bigint) => proofOf(commitments, sequence),
    proveReceived: (sequence: bigint) => proofOf(receipts, sequence),
  }
}

/** What was committed to under a sequence. */
export function commitmentOf(sequence: bigint): Uint8Array {
  return sha256(utf8(`commitment ${sequence}`))
}

/** A merkle path: 1 commitment, 2 receipt, 3 acknowledgement. */
export function pathOf(entry: 1 | 2 | 3, sequence: bigint): Uint8Array[] {
  return [concatBytes(COUNTERPARTY, Uint8Array.of(entry), be64(sequence))]
}
