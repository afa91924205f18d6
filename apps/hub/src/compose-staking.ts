// Stake and insurance joined to the ledger and the clients of a chain.
import { CLIENT_STATE_TYPE_URL, ETHEREUM_CLIENT_STATE_TYPE_URL } from '@causeway/light-clients'
import { CLIENT_KEYS, IBC_STORE_NAME, readClientStore } from '@causeway/messaging'
import { ClientState as EthereumState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { Any } from '@causeway/protocol/google/protobuf/any'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { Context, ReadContext } from './block/context.ts'
import type { Foundation } from './compose.ts'
import type { Holder } from './identifiers.ts'
import { LEDGER_STORE, assetIdOf, lines, readBalance } from './modules/ledger/state.ts'
import type { StakeBank, StakingPorts } from './modules/staking/ports.ts'
import { FEE_COLLECTOR, INSURANCE_FUND, REWARD_POOL, STAKE_POOL } from './named-accounts.ts'

/** What of a chain its staking is made with. */
export interface StakingParts {
  /** The native token. */
  readonly denom: string
  readonly checkWithdrawal: (context: Context, holder: Holder) => void
  readonly verifyPossession: StakingPorts['verifyPossession']
}

/** Joins staking to the ledger. */
export function stakingPorts(foundation: Foundation, parts: StakingParts): StakingPorts {
  const { denom, checkWithdrawal, verifyPossession } = parts
  return {
    addresses: foundation.addresses,
    bank: nativeBank(foundation, denom),
    stakePool: STAKE_POOL,
    rewardPool: REWARD_POOL,
    feeCollector: FEE_COLLECTOR,
    insuranceFund: INSURANCE_FUND,
    checkWithdrawal,
    verifyPossession,
    longestTrustingSeconds,
  }
}

/** The native token of a chain, by its name. */
export function nativeBank({ ledger }: Foundation, denom: string): StakeBank {
  return {
    balance(context, holder) {
      const store = context.store(LEDGER_STORE)
      const asset = assetIdOf(store, denom)
      return asset === undefined ? 0n : readBalance(store, holder, asset)
    },
    move: (context, from, to, amount) => ledger.move(context, from, to, ledger.asset(context, denom), amount),
  }
}

/** The longest that a client of a listed line trusts a header, in seconds; 0 without such a line. */
function longestTrustingSeconds(context: ReadContext): bigint {
  const listed = [...lines(context.store(LEDGER_STORE))].filter((line) => line.listed)
  let longest = 0n
  for (const client of new Set(listed.map((line) => line.client))) {
    const trusting = trustingSeconds(context, client)
    if (trusting > longest) longest = trusting
  }
  return longest
}

function trustingSeconds(context: ReadContext, client: string): bigint {
  const bytes = readClientStore(context.store(IBC_STORE_NAME), client).get(CLIENT_KEYS.clientState)
  const { typeUrl, value } = Any.decode(bytes ?? new Uint8Array(0))
  switch (typeUrl) {
    case CLIENT_STATE_TYPE_URL:
      return ClientState.decode(value).trustingPeriod?.seconds ?? 0n
    case ETHEREUM_CLIENT_STATE_TYPE_URL:
      return EthereumState.decode(value).trustingPeriod?.seconds ?? 0n
    default:
      return 0n
  }
}
