import type { ListLine } from '@causeway/protocol/causeway/governance/v1/governance'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Parameters } from '../../block/parameters.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** Bonded stake with one validator. */
export interface OperatorStake {
  readonly operator: Uint8Array
  readonly stake: bigint
}

/** Whose stake votes. */
export interface StakeReader {
  /** Bonded stake of the validators that sign this height. */
  activeStake(context: ReadContext): readonly OperatorStake[]
  /** What an account has bonded, by validator. */
  stakeOf(context: ReadContext, delegator: Uint8Array): readonly OperatorStake[]
}

/** What is known of a client that can carry packets. */
export interface GovernedClient {
  readonly chainId: string
  /** The IBC contract on an EVM chain, else empty. */
  readonly contract: string
  readonly counterpartyClientId: string
  readonly counterpartyMerklePrefix: readonly Uint8Array[]
}

/** What governance needs of the rest of the chain. */
export interface GovernancePorts {
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
  /** Makes a line of what a client brings. Throws `ProtocolError`. */
  listLine(context: Context, line: Pick<ListLine, 'clientId' | 'base' | 'asset' | 'decimals'>): void
  /** Sends clearing kind 4 to a contract. Throws `ProtocolError`. */
  sendGovernanceCall(context: Context, clientId: string, target: Uint8Array, data: Uint8Array): void
}
