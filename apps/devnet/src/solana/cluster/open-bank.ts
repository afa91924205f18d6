import { sha256Concat, le64 } from '@causeway/primitives'
import { applyWrites, bankHash } from '@causeway/light-clients'
import type { LatticeXof } from '@causeway/light-clients'
import {
  CLOCK,
  EPOCH_REWARDS,
  RECENT_BLOCKHASHES,
  SLOT_HASHES,
  SLOT_HISTORY,
  STAKE_HISTORY,
  SYSTEM_PROGRAM,
} from '../execution/well-known.ts'
import type { Block, ProcessedTransaction } from './block.ts'
import type { State } from './state.ts'
import {
  LAMPORTS_PER_SIGNATURE,
  addToSlotHistory,
  clockData,
  epochRewardsData,
  recentBlockhashesData,
  slotHashesData,
  stakeHistoryData,
} from './sysvars.ts'
import type { SlotHash } from './sysvars.ts'

/** What a bank knows of those before it. */
export interface Ancestry {
  readonly parent: Block
  /** Newest first, the parent's first. */
  readonly slotHashes: readonly SlotHash[]
  readonly blockhashes: readonly Uint8Array[]
  readonly genesisHash: Uint8Array
  readonly epochStartSeconds: bigint
  /** All stake. */
  readonly stake: bigint
}

/** A bank that takes transactions. */
export interface OpenBank {
  readonly slot: bigint
  readonly height: bigint
  readonly epoch: bigint
  readonly seconds: bigint
  readonly ancestry: Ancestry
  readonly transactions: ProcessedTransaction[]
}

/** Opens a bank on its parent: the sysvars that a bank writes before its transactions. */
export function openBank(
  state: State,
  ancestry: Ancestry,
  { slot, epoch, seconds }: { slot: bigint; epoch: bigint; seconds: bigint },
): OpenBank {
  const { parent, slotHashes, epochStartSeconds } = ancestry
  const height = parent.height + 1n
  const isNewEpoch = epoch !== parent.epoch
  state.writeData(
    CLOCK,
    clockData({ slot, epoch, seconds, epochStartSeconds: isNewEpoch ? seconds : epochStartSeconds }),
  )
  state.writeData(SLOT_HASHES, slotHashesData(slotHashes))
  if (isNewEpoch) {
    const ended = Array.from({ length: Number(epoch < 512n ? epoch : 512n) }, (_, i) => ({
      epoch: epoch - 1n - BigInt(i),
      stake: ancestry.stake,
    }))
    state.writeData(STAKE_HISTORY, stakeHistoryData(ended))
    state.writeData(EPOCH_REWARDS, epochRewardsData(height + 1n, parent.blockhash, true))
  } else if (state.account(EPOCH_REWARDS)!.data.at(-1) === 1) {
    state.writeData(EPOCH_REWARDS, epochRewardsData(height, parent.parentBlockhash, false))
  }
  return { slot, height, epoch, seconds, ancestry, transactions: [] }
}

/** Closes a bank: its leader is paid, the sysvars of its end are written, and its hash is taken. */
export function freezeBank(state: State, bank: OpenBank, leader: Uint8Array, xof: LatticeXof): Block {
  const { slot, height, epoch, seconds, transactions, ancestry } = bank
  const { parent } = ancestry
  const reward = leaderReward(transactions)
  const purse = state.account(leader) ?? {
    lamports: 0n,
    data: new Uint8Array(0),
    owner: SYSTEM_PROGRAM,
    isExecutable: false,
  }
  const leaderLamports = purse.lamports + reward
  if (reward > 0n) state.write(leader, { ...purse, lamports: leaderLamports })
  state.writeData(SLOT_HISTORY, addToSlotHistory(state.account(SLOT_HISTORY)!.data, parent.slot, slot))
  const signatures = transactions.flatMap(({ transaction }) => transaction.signatures)
  const blockhash = sha256Concat(parent.blockhash, le64(slot), sha256Concat(...signatures))
  state.writeData(
    RECENT_BLOCKHASHES,
    recentBlockhashesData([blockhash, ...ancestry.blockhashes], ancestry.genesisHash),
  )
  const writes = state.close()
  const fields = {
    parentBankHash: parent.bankHash,
    signatureCount: BigInt(signatures.length),
    lastBlockhash: blockhash,
    accountsLtHash: applyWrites(parent.accountsLtHash, writes, xof),
  }
  return {
    ...fields,
    slot,
    parentSlot: parent.slot,
    height,
    blockhash,
    parentBlockhash: parent.blockhash,
    bankHash: bankHash(fields, { slot, parentSlot: parent.slot }, []),
    epoch,
    seconds,
    writes,
    transactions,
    leader,
    reward,
    leaderLamports,
  }
}

/** Half of what signatures cost, and all that was paid above. */
function leaderReward(transactions: readonly ProcessedTransaction[]): bigint {
  return transactions.reduce((sum, { transaction, fee }) => {
    const base = LAMPORTS_PER_SIGNATURE * BigInt(transaction.signatures.length)
    const burnt = base / 2n
    return sum + (fee > burnt ? fee - burnt : 0n)
  }, 0n)
}
