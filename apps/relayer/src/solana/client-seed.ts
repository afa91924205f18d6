import { SOLANA_CLIENT_STATE_TYPE_URL, SOLANA_CONSENSUS_STATE_TYPE_URL } from '@causeway/light-clients'
import type { HardFork } from '@causeway/light-clients'
import { ClientState, ConsensusState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'

import type { ClientSeed } from '../chain.ts'
import type { Bank } from './bank/bank.ts'

/** Terms of a new client of this cluster, and the accounts that it reads. Keys and hashes have 32 bytes. */
export interface SolanaClientTerms {
  readonly genesisHash: Uint8Array
  readonly hardForks: readonly HardFork[]
  readonly trustingPeriodSeconds: bigint
  readonly maxClockDriftSeconds: bigint
  readonly ibcProgram: Uint8Array
  readonly rootAccount: Uint8Array
  readonly recorderProgram: Uint8Array
  readonly recorderAccount: Uint8Array
}

/** States of a `solana` client that starts by trusting a bank and the validators of its epoch. */
export function makeSolanaSeed(
  chainId: string,
  terms: SolanaClientTerms,
  { slot, epoch, bankHash, timeSeconds }: Bank,
  epochStakes: Uint8Array,
): ClientSeed {
  const { genesisHash, hardForks, ibcProgram, rootAccount, recorderProgram, recorderAccount } = terms
  const clientState = ClientState.encode({
    genesisHash,
    hardForks: hardForks.map((fork) => ({ ...fork })),
    trustingPeriod: { seconds: terms.trustingPeriodSeconds, nanos: 0 },
    maxClockDrift: { seconds: terms.maxClockDriftSeconds, nanos: 0 },
    ...{ ibcProgram, rootAccount, recorderProgram, recorderAccount },
    alpenglow: undefined,
    latestSlot: slot,
    latestEpoch: epoch,
    isFrozen: false,
  })
  const none = new Uint8Array(0)
  const consensusState = ConsensusState.encode({
    ...{ bankHash, timestampSeconds: timeSeconds, epoch, epochStakes },
    ...{ commitmentsRoot: none, receiptsRoot: none },
  })
  return {
    chainId,
    clientState: { typeUrl: SOLANA_CLIENT_STATE_TYPE_URL, value: clientState.finish() },
    consensusState: { typeUrl: SOLANA_CONSENSUS_STATE_TYPE_URL, value: consensusState.finish() },
  }
}
