import { DirectSecp256k1HdWallet, Registry } from '@cosmjs/proto-signing'
import type { GeneratedType } from '@cosmjs/proto-signing'
import { SigningStargateClient, StargateClient, defaultRegistryTypes } from '@cosmjs/stargate'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { HUB_CHAIN_ID } from '@causeway/hub'
import { MsgRedeem } from '@causeway/protocol/causeway/cash/v1/tx'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'

const REDEEM = '/causeway.cash.v1.MsgRedeem'
const FEE = { amount: [{ denom: 'ucway', amount: '1000' }], gas: '1000000' }

/** What one who withdraws needs. */
export interface WithdrawalTerms {
  readonly rpcUrl: string
  readonly mnemonic: string
  /** Over which cash leaves. */
  readonly line: string
  /** On the line's chain. */
  readonly receiver: string
}

/**
 * Withdrawals of cash from a hub that may lose what it was told: each is signed once, so it can be told
 * again as often as one likes.
 */
export class Withdrawals {
  readonly #terms: WithdrawalTerms
  readonly #wallet: DirectSecp256k1HdWallet
  readonly #signed: Uint8Array[] = []
  readonly amounts: bigint[] = []
  readonly address: string

  private constructor(terms: WithdrawalTerms, wallet: DirectSecp256k1HdWallet, address: string) {
    this.#terms = terms
    this.#wallet = wallet
    this.address = address
  }

  static async open(terms: WithdrawalTerms): Promise<Withdrawals> {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(terms.mnemonic, { prefix: 'cway' })
    return new Withdrawals(terms, wallet, (await wallet.getAccounts())[0]!.address)
  }

  /** Signs the next one; it is sent with `send`. */
  async add(amount: bigint): Promise<void> {
    const { line, receiver } = this.#terms
    const registry = new Registry(defaultRegistryTypes)
    registry.register(REDEEM, MsgRedeem as unknown as GeneratedType)
    const signer = await SigningStargateClient.offline(this.#wallet, { registry })
    const value = MsgRedeem.fromPartial({ holder: this.address, line, amountE6: `${amount}`, receiver })
    const numbers = { ...(await this.#numbers()), sequence: this.#signed.length, chainId: HUB_CHAIN_ID }
    const signed = await signer.sign(this.address, [{ typeUrl: REDEEM, value }], FEE, '', numbers)
    this.#signed.push(TxRaw.encode(TxRaw.fromPartial(signed)).finish())
    this.amounts.push(amount)
  }

  /** Tells the node all that is in no block; whether there was nothing to tell. Throws when no node answers. */
  async send(): Promise<boolean> {
    const { sequence } = await this.#numbers()
    const client = await Comet38Client.connect(this.#terms.rpcUrl)
    for (const tx of this.#signed.slice(sequence)) {
      // What it has already it refuses
      await client.broadcastTxSync({ tx }).catch(() => undefined)
    }
    client.disconnect()
    return sequence === this.#signed.length
  }

  async #numbers(): Promise<{ accountNumber: bigint; sequence: number }> {
    const client = await StargateClient.connect(this.#terms.rpcUrl)
    const numbers = await client.getSequence(this.address)
    client.disconnect()
    return numbers
  }
}
