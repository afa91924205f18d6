// Stake and insurance joined to the ledger and the clients of a chain.
import {
  CLIENT_STATE_TYPE_URL,
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  SOLANA_CLIENT_STATE_TYPE_URL,
} from '@causeway/light-clients'
import { CLIENT_KEYS, IBC_STORE_NAME, readClientStore } from '@causeway/messaging'
import { ClientState as EthereumState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { ClientState as SolanaState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { Any } from '@causeway/protocol/google/protobuf/any'
import type { Duration } from '@causeway/protocol'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { Context, ReadContext } from './block/context.ts'
import type { Foundation } from './compose.ts'
import type { Holder } from './identifiers.ts'
import { delegationChanged } from './modules/governance/tally.ts'
import type { ClientOpened } from './modules/ibc/opened-client.ts'
import { openListedLines } from './modules/ledger/listings.ts'
import { LEDGER_STORE, assetIdOf, lines, listings, readBalance } from './modules/ledger/state.ts'
import type { StakeBank, StakingPorts, Trust } from './modules/staking/ports.ts'
import type { Staking } from './modules/staking/staking.ts'
import { FEE_COLLECTOR, INSURANCE_FUND, REWARD_POOL, STAKE_POOL } from './named-accounts.ts'

/** What of a chain its staking is made with. */
export interface StakingParts {
  /** The native token. */
  readonly denom: string
  readonly checkWithdrawal: (context: Context, holder: Holder) => void
  readonly verifyPossession: StakingPorts['verifyPossession']
  readonly takeForfeits?: NonNullable<StakingPorts['takeForfeits']>
}

/** Joins staking to the ledger. */
export function stakingPorts(foundation: Foundation, parts: StakingParts): StakingPorts {
  const { denom, checkWithdrawal, verifyPossession, takeForfeits } = parts
  return {
    addresses: foundation.addresses,
    bank: nativeBank(foundation, denom),
    stakePool: STAKE_POOL,
    rewardPool: REWARD_POOL,
    feeCollector: FEE_COLLECTOR,
    insuranceFund: INSURANCE_FUND,
    checkWithdrawal,
    verifyPossession,
    ...(takeForfeits === undefined ? {} : { takeForfeits }),
    listedClients,
    delegationChanged,
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

/** Clients that have a listed line. */
function* listedClients(context: ReadContext): Iterable<Trust> {
  const listed = [...lines(context.store(LEDGER_STORE))].filter((line) => line.listed)
  for (const clientId of new Set(listed.map((line) => line.client)))
    yield { clientId, seconds: trustingSeconds(context, clientId) }
}

/** Makes lines of what is listed for a client, and notes how long that client trusts a header. */
export function listedLinesOpener(staking: Pick<Staking, 'trusts'>): ClientOpened<Context> {
  return (context, client) => {
    const [listing] = listings(context.store(LEDGER_STORE), client.creator, client)
    if (listing === undefined) return
    openListedLines(context, client)
    const { clientId } = client
    staking.trusts(context, { clientId, seconds: trustingSeconds(context, clientId) })
  }
}

/** How long a client trusts a header, in seconds, rounded up. */
export function trustingSeconds(context: ReadContext, client: string): bigint {
  const bytes = readClientStore(context.store(IBC_STORE_NAME), client).get(CLIENT_KEYS.clientState)
  const { typeUrl, value } = Any.decode(bytes ?? new Uint8Array(0))
  switch (typeUrl) {
    case CLIENT_STATE_TYPE_URL:
      return secondsOf(ClientState.decode(value).trustingPeriod)
    case ETHEREUM_CLIENT_STATE_TYPE_URL:
      return secondsOf(EthereumState.decode(value).trustingPeriod)
    case SOLANA_CLIENT_STATE_TYPE_URL:
      return secondsOf(SolanaState.decode(value).trustingPeriod)
    default:
      return 0n
  }
}

function secondsOf(duration: Duration | undefined): bigint {
  return duration === undefined ? 0n : duration.seconds + (duration.nanos > 0 ? 1n : 0n)
}
