// Our own light client over a local cluster: headers of what its blocks hold, as a relayer would make them.
import { packAny } from '@causeway/protocol'
import {
  ClientState,
  ConsensusProof,
  ConsensusState,
  Header,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import {
  asChild,
  SOLANA_CLIENT_STATE_TYPE_URL,
  SOLANA_CONSENSUS_STATE_TYPE_URL,
  SOLANA_HEADER_TYPE_URL,
  createNativeSignatureVerifier,
  createSolanaClient,
  decodeVoteTransaction,
  encodeEpochStakes,
  blstScheme,
} from '@causeway/light-clients'
import type { LatticeXof } from '@causeway/light-clients'
import { memoryStore } from '../client-store.fixture.ts'
import type { Block } from './cluster/block.ts'
import type { Cluster } from './cluster/cluster.ts'
import { voterOf } from './cluster/recorder.ts'

/** What the client is told to look at: 32 bytes each. */
export interface FollowedAccounts {
  readonly ibcProgram: Uint8Array
  readonly rootAccount: Uint8Array
  readonly recorderProgram: Uint8Array
  readonly recorderAccount: Uint8Array
}

/** A light client that begins at a slot and is fed by hand. */
export function followCluster(cluster: Cluster, xof: LatticeXof, accounts: FollowedAccounts, start: Block) {
  const crypto = { verifySignatures: createNativeSignatureVerifier(), bls: blstScheme, latticeXof: xof }
  const client = createSolanaClient(crypto)
  const store = memoryStore()
  const context = () => ({
    timeNanoseconds: cluster.head.seconds * 1_000_000_000n,
    height: { revisionNumber: 1n, revisionHeight: 5n },
  })
  const state = ClientState.fromPartial({
    genesisHash: cluster.genesisHash,
    trustingPeriod: { seconds: 10_000n, nanos: 0 },
    maxClockDrift: { seconds: 5n, nanos: 0 },
    latestSlot: start.slot,
    latestEpoch: start.epoch,
    ...accounts,
  })
  const first = ConsensusState.fromPartial({
    bankHash: start.bankHash,
    timestampSeconds: start.seconds,
    epoch: start.epoch,
    epochStakes: encodeEpochStakes(start.epoch, cluster.stake, cluster.validators.map(voterOf)),
  })
  client.initialise(
    store,
    packAny(SOLANA_CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish()),
    packAny(SOLANA_CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(first).finish()),
    context(),
  )
  return {
    client,
    store,
    context,
    /** Shows the client a block; the slots that it took. */
    update(slot: bigint): bigint[] {
      const message = packAny(SOLANA_HEADER_TYPE_URL, Header.encode(headerOf(cluster, slot)).finish())
      client.verifyClientMessage(store, message, context())
      if (client.checkForMisbehaviour(store, message)) throw new Error('misbehaviour')
      return client.updateState(store, message, context()).map(({ revisionHeight }) => revisionHeight)
    },
  }
}

/** A block's header, by votes for the first later block that root it, if there are any. */
export function headerOf({ history }: Cluster, slot: bigint): Header {
  const block = history.block(slot)!
  const parent = history.block(block.parentSlot)!
  const votes = history.blocks.flatMap(({ transactions }) =>
    transactions
      .filter(({ isVote }) => isVote)
      .map(({ transaction: { wire } }) => ({ wire, ...decodeVoteTransaction(wire) })),
  )
  const voted = votes.find(({ towerSync }) => (towerSync.root ?? -1n) >= slot)?.towerSync.slot ?? slot
  const tower = {
    slot,
    bankHash: block.bankHash,
    votes: votes.filter(({ towerSync }) => towerSync.slot === voted).map(({ wire }) => wire),
    descendants: history.blocks.filter((each) => each.slot > slot && each.slot <= voted).map(asChild),
  }
  return Header.fromPartial({
    consensus: ConsensusProof.fromPartial({ tower }),
    state: {
      parent: {
        parentBankHash: parent.parentBankHash,
        signatureCount: parent.signatureCount,
        lastBlockhash: parent.lastBlockhash,
        accountsLtHash: parent.accountsLtHash,
      },
      grandparentSlot: parent.parentSlot,
      signatureCount: block.signatureCount,
      lastBlockhash: block.lastBlockhash,
      writes: block.writes.map((write) => ({ ...write })),
    },
  })
}
