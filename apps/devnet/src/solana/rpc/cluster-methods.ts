import { toBase58 } from '@causeway/primitives'
import type { Cluster } from '../cluster/cluster.ts'
import type { Methods } from './method.ts'
import {
  API_VERSION,
  contextSlot,
  readAddress,
  readCommitment,
  readConfig,
  readCount,
  readList,
  slotAt,
} from './parameters.ts'
import { invalidParams } from './rpc-error.ts'

const FEATURE_SET = 0
const SLOTS_OF_FEES = 150
const ADDRESSES_MAX = 128
const LEADERS_MAX = 5_000n

/** Methods about the cluster itself: slots, epochs, who votes. */
export const clusterMethods: Methods = {
  getHealth: () => 'ok',
  getVersion: () => ({ 'solana-core': API_VERSION, 'feature-set': FEATURE_SET }),
  getGenesisHash: ({ genesisHash }) => toBase58(genesisHash),
  getIdentity: ({ validators }) => ({ identity: toBase58(validators[0]!.identity.publicKey) }),
  getSlot: (cluster, [config]) => contextSlot(cluster, readConfig(config)),
  getBlockHeight: (cluster, [config]) => heightAt(cluster, contextSlot(cluster, readConfig(config))),
  getEpochInfo(cluster, [config]) {
    const absoluteSlot = contextSlot(cluster, readConfig(config))
    return {
      absoluteSlot,
      blockHeight: heightAt(cluster, absoluteSlot),
      epoch: cluster.epochOf(absoluteSlot),
      slotIndex: absoluteSlot % cluster.slotsPerEpoch,
      slotsInEpoch: cluster.slotsPerEpoch,
      transactionCount: cluster.history.transactionCount,
    }
  },
  getEpochSchedule: ({ slotsPerEpoch }) => ({
    slotsPerEpoch,
    leaderScheduleSlotOffset: slotsPerEpoch,
    warmup: false,
    firstNormalEpoch: 0,
    firstNormalSlot: 0,
  }),
  getTransactionCount: ({ history }) => history.transactionCount,
  getFirstAvailableBlock: ({ history }) => history.oldest.slot,
  minimumLedgerSlot: ({ history }) => history.oldest.slot,
  getSlotLeader(cluster, [config]) {
    return toBase58(cluster.leader(slotAt(cluster, readCommitment(readConfig(config)))).identity.publicKey)
  },
  getSlotLeaders(cluster, [from, count]) {
    const [first, limit] = [readCount(from), readCount(count)]
    if (limit > LEADERS_MAX) throw invalidParams(`Invalid limit; max ${LEADERS_MAX}`)
    return Array.from({ length: Number(limit) }, (_, i) =>
      toBase58(cluster.leader(first + BigInt(i)).identity.publicKey),
    )
  },
  getVoteAccounts: (cluster, [config]) => voteAccounts(cluster, readConfig(config)),
  getMinimumBalanceForRentExemption: ({ state }, [bytes]) =>
    state.machine.rentExemption(Number(readCount(bytes))),
  getRecentPrioritizationFees({ history }, [addresses]) {
    if (addresses !== undefined) readList(addresses, ADDRESSES_MAX, readAddress)
    // No block is ever full: what it takes to be in one is nothing.
    return history.blocks.slice(-SLOTS_OF_FEES).map(({ slot }) => ({ slot, prioritizationFee: 0 }))
  },
}

/** The height of the newest block up to a slot; the open bank's beyond. */
export function heightAt({ history, open }: Cluster, slot: bigint): bigint {
  return slot >= open.slot ? open.height : (history.blockUpTo(slot)?.height ?? 0n)
}

function voteAccounts({ validators }: Cluster, { votePubkey }: Readonly<Record<string, unknown>>): unknown {
  const wanted = votePubkey === undefined ? undefined : toBase58(readAddress(votePubkey))
  const current = validators.map((validator) => ({
    votePubkey: toBase58(validator.voteAccount),
    nodePubkey: toBase58(validator.identity.publicKey),
    activatedStake: validator.stake,
    epochVoteAccount: true,
    commission: 0,
    lastVote: validator.lastVote ?? 0n,
    rootSlot: validator.root ?? 0n,
    epochCredits: [],
  }))
  return {
    current: current.filter((each) => wanted === undefined || each.votePubkey === wanted),
    delinquent: [],
  }
}
