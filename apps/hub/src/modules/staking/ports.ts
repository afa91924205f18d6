import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** Whose BLS key it is said to be, and where. */
export interface PossessionClaim {
  readonly chainId: string
  /** 20 bytes. */
  readonly operator: Uint8Array
  /** 192 bytes. */
  readonly key: Uint8Array
}

/** How long a client on this chain trusts a header. */
export interface Trust {
  readonly clientId: string
  readonly seconds: bigint
}

/** The native token in the ledger. */
export interface StakeBank {
  balance(context: ReadContext, holder: Holder): bigint
  /** Moves a positive amount. Throws when the giver has less. */
  move(context: Context, from: Holder, to: Holder, amount: bigint): void
}

/** What bonding needs of the rest of the chain. */
export interface StakingPorts {
  readonly addresses: AddressCodec
  readonly bank: StakeBank
  /** Bonded and leaving stake, and nothing else's. */
  readonly stakePool: Holder
  /** Rewards that were earned and not withdrawn yet. */
  readonly rewardPool: Holder
  readonly feeCollector: Holder
  /** Where slashed stake goes. */
  readonly insuranceFund: Holder
  /** Clients that have a listed line, and how long each trusts a header: read when a chain begins. */
  listedClients(context: ReadContext): Iterable<Trust>
  /** Throws `ProtocolError` when what has just left a subaccount was needed there. */
  checkWithdrawal(context: Context, holder: Holder): void
  /** Shares of an operator's pool have become somebody's, or ceased to be (then negative). */
  delegationChanged(
    context: Context,
    change: { readonly delegator: Uint8Array; readonly operator: Uint8Array; readonly shares: bigint },
  ): void
  /**
   * For how many blocks of the epoch that ends a validator gets no reward, by its consensus address in hex;
   * begins to count anew. Absent on a chain that demands nothing of proposers.
   */
  takeForfeits?(context: Context): ReadonlyMap<string, bigint>
  /** Whether a BLS key is one, and the operator has its secret. False for bytes that are none. */
  verifyPossession(claim: PossessionClaim, proof: Uint8Array): boolean
}

/** An account's cross-margin subaccount: stake comes from it and goes back to it. */
export function mainHolder(account: Uint8Array): Holder {
  return { account, subaccount: 0 }
}
