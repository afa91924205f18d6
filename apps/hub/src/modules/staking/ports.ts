import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { StakingParameterPorts } from './params.ts'

/** Whose BLS key it is said to be, and where. */
export interface PossessionClaim {
  readonly chainId: string
  /** 20 bytes. */
  readonly operator: Uint8Array
  /** 192 bytes. */
  readonly key: Uint8Array
}

/** The native token in the ledger. */
export interface StakeBank {
  balance(context: ReadContext, holder: Holder): bigint
  /** Moves a positive amount. Throws when the giver has less. */
  move(context: Context, from: Holder, to: Holder, amount: bigint): void
}

/** What bonding needs of the rest of the chain. */
export interface StakingPorts extends StakingParameterPorts {
  readonly addresses: AddressCodec
  readonly bank: StakeBank
  /** Bonded and leaving stake, and nothing else's. */
  readonly stakePool: Holder
  /** Rewards that were earned and not withdrawn yet. */
  readonly rewardPool: Holder
  readonly feeCollector: Holder
  /** Where slashed stake goes. */
  readonly insuranceFund: Holder
  /** Throws `ProtocolError` when what has just left a subaccount was needed there. */
  checkWithdrawal(context: Context, holder: Holder): void
  /** Whether a BLS key is one, and the operator has its secret. False for bytes that are none. */
  verifyPossession(claim: PossessionClaim, proof: Uint8Array): boolean
}

/** An account's cross-margin subaccount: stake comes from it and goes back to it. */
export function mainHolder(account: Uint8Array): Holder {
  return { account, subaccount: 0 }
}
