import type { Recovery } from '@causeway/messaging'
import type { Any, Height } from '@causeway/protocol'
import type {
  ExtendForks,
  ListLine,
  SetMarketStatus,
} from '@causeway/protocol/causeway/governance/v1/governance'
import type { Underlying } from '@causeway/protocol/causeway/markets/v1/markets'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Parameters } from '../../block/parameters.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** What is bonded with one validator, and the shares that it is divided into. */
export interface OperatorPool {
  readonly operator: Uint8Array
  readonly tokens: bigint
  readonly shares: bigint
}

/** Shares of one validator's pool that an account has. */
export interface DelegatedShares {
  readonly operator: Uint8Array
  readonly shares: bigint
}

/** Whose stake votes. */
export interface StakeReader {
  /** Pools of the validators that sign this height. */
  activePools(context: ReadContext): readonly OperatorPool[]
  /** What an account has bonded, by validator. */
  delegatedBy(context: ReadContext, delegator: Uint8Array): readonly DelegatedShares[]
}

/** What is known of a client that can carry packets. */
export interface GovernedClient {
  readonly chainId: string
  /** The IBC contract on an EVM chain, else empty. */
  readonly contract: string
  readonly counterpartyClientId: string
  readonly counterpartyMerklePrefix: readonly Uint8Array[]
  /** Whether a consensus state, at a height, is what the client began with. */
  beganWith(height: Height, consensusState: Any): boolean
  /**
   * What of the client is not as a client state says, apart from how far it is. Throws `ProtocolError` for
   * what is no state of such a client.
   */
  differenceFrom(clientState: Any): string | undefined
}

/** What governance does with lines. All throw `ledger/21` for one that there is not. */
export interface GovernedLines {
  /** The full path of a line that is named by it or by its voucher. */
  lineName(context: ReadContext, line: string): string
  /** Takes what a line has lost out of the books. Throws `ProtocolError`. */
  writeOff(context: Context, loss: { readonly line: string; readonly amount: bigint }): void
  /** Pauses a line for so many seconds; where `isLonger`, a longer pause stays. Throws `ProtocolError`. */
  pauseLine(
    context: Context,
    pause: { readonly line: string; readonly seconds: bigint; readonly isLonger: boolean },
  ): void
}

/** What governance needs of the rest of the chain. */
export interface GovernancePorts extends GovernedLines {
  readonly addresses: AddressCodec
  /** The native token. */
  readonly bank: {
    balance(context: ReadContext, holder: Holder): bigint
    move(context: Context, from: Holder, to: Holder, amount: bigint): void
  }
  readonly depositPool: Holder
  /** Where forfeited deposits go. */
  readonly insuranceFund: Holder
  /** Throws `ProtocolError` when what has just left a subaccount was needed there. */
  checkWithdrawal(context: Context, holder: Holder): void
  readonly stake: StakeReader
  /** What may be changed of a module; nothing when it declares nothing. */
  parametersOf(module: string): Parameters | undefined
  /** An Active client with its counterparty; nothing for any other. */
  openClient(context: ReadContext, clientId: string): GovernedClient | undefined
  /** How long a client trusts a header. */
  trustingSeconds(context: ReadContext, clientId: string): bigint
  /** For how long after it was signed a header's signers can be slashed for it here. */
  unbondingSeconds(context: ReadContext): bigint
  /** Notes how long the client of a listed line trusts a header. */
  trusts(context: Context, trust: { readonly clientId: string; readonly seconds: bigint }): void
  /** Whether a client has a listed line. */
  isListed(context: ReadContext, clientId: string): boolean
  /** Gives a dead client the state of an Active one. Throws `ProtocolError`. */
  recoverClient(context: Context, recovery: Recovery): void
  /** Deletes at most so many states of a dead client; true when none is left. Throws `ProtocolError`. */
  forgetDeadClient(context: Context, clientId: string, max: number): boolean
  /** Names forks to come; false where no client has to know them. Throws `ProtocolError`. */
  extendForks(context: Context, action: ExtendForks): boolean
  /** Makes a line of what a client brings. Throws `ProtocolError`. */
  listLine(context: Context, line: Pick<ListLine, 'clientId' | 'base' | 'asset' | 'decimals'>): void
  /** Absent on a chain without markets. What they refuse they throw, a `ProtocolError`. */
  readonly markets?: {
    /** Lists an underlying, or changes what is listed of it. */
    list(context: Context, underlying: Underlying): void
    setStatus(context: Context, change: SetMarketStatus): void
    /** Pauses a market that is open, for so many seconds. */
    pause(context: Context, market: bigint, seconds: bigint): void
  }
  /** Sends clearing kind 4 to a contract. Throws `ProtocolError`. */
  sendGovernanceCall(context: Context, clientId: string, target: Uint8Array, data: Uint8Array): void
}
