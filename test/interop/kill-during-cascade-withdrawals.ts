import { DirectSecp256k1HdWallet, Registry } from '@cosmjs/proto-signing'
import type { GeneratedType } from '@cosmjs/proto-signing'
import { SigningStargateClient, StargateClient, defaultRegistryTypes } from '@cosmjs/stargate'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { HUB_CHAIN_ID } from '@causeway/hub'
import { sha256 } from '@causeway/primitives'
import { MsgWithdraw } from '@causeway/protocol/causeway/cash/v1/tx'
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'

const WITHDRAW = '/causeway.cash.v1.MsgWithdraw'
const FEE = { amount: [{ denom: 'ucway', amount: '1000' }], gas: '1000000' }

/** What one who withdraws needs. */
export interface WithdrawalTerms {
  readonly rpcUrl: string
  readonly mnemonic: string
  /** Over which tokens leave. */
  readonly line: string
  /** On the line's chain. */
  readonly receiver: string
}

/** Signed once; what the hub said of it, once it is in a block. */
interface Attempt {
  readonly amount: bigint
  readonly tx: Uint8Array
  code?: number
}

/**
 * Withdrawals of tokens from a hub that may lose what it was told: each is signed for one place in the
 * account's sequence, so it can be told again as often as one likes.
 */
export class Withdrawals {
  readonly #terms: WithdrawalTerms
  readonly #wallet: DirectSecp256k1HdWallet
  readonly #attempts: Attempt[] = []
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

  /** One more, of an amount that no other has; `send` sends it. */
  async add(amount: bigint): Promise<void> {
    await this.#attempt(amount)
    this.amounts.push(amount)
  }

  /**
   * Tells the node all that is in no block, and again what a block refused (nothing leaves while insurance
   * lacks money); whether all have left. Throws when no node answers.
   */
  async send(): Promise<boolean> {
    const { sequence } = await this.#numbers()
    const client = await Comet38Client.connect(this.#terms.rpcUrl)
    try {
      for (const attempt of this.#attempts.slice(0, sequence).filter(({ code }) => code === undefined)) {
        const { result } = await client.tx({ hash: sha256(attempt.tx) })
        if (result.code !== 0) await this.#attempt(attempt.amount)
        attempt.code = result.code
      }
      // What it has already it refuses
      for (const { tx } of this.#attempts.slice(sequence))
        await client.broadcastTxSync({ tx }).catch(() => undefined)
    } finally {
      client.disconnect()
    }
    return sequence === this.#attempts.length
  }

  async #attempt(amount: bigint): Promise<void> {
    const { line, receiver } = this.#terms
    const registry = new Registry(defaultRegistryTypes)
    registry.register(WITHDRAW, MsgWithdraw as unknown as GeneratedType)
    const signer = await SigningStargateClient.offline(this.#wallet, { registry })
    const value = MsgWithdraw.fromPartial({ holder: this.address, line, amount: `${amount}`, receiver })
    const { accountNumber } = await this.#numbers()
    const numbers = { accountNumber, sequence: this.#attempts.length, chainId: HUB_CHAIN_ID }
    const signed = await signer.sign(this.address, [{ typeUrl: WITHDRAW, value }], FEE, '', numbers)
    this.#attempts.push({ amount, tx: TxRaw.encode(TxRaw.fromPartial(signed)).finish() })
  }

  async #numbers(): Promise<{ accountNumber: bigint; sequence: number }> {
    const client = await StargateClient.connect(this.#terms.rpcUrl)
    const numbers = await client.getSequence(this.address)
    client.disconnect()
    return numbers
  }
}
