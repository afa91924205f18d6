// An account of the order flow that signs with its session key whatever the flood needs.
import { createPrivateKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { createAddressCodec } from '@causeway/hub'
import type { OrderFlow } from '@causeway/hub'
import { sha256, utf8 } from '@causeway/primitives'
import { packSigningKey } from '@causeway/protocol'
import type { Any } from '@causeway/protocol'
import { MsgCancelOrder, MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { AuthInfo, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'

const E9 = 1_000_000_000n
const LOT_E9 = E9 / 10n
const [LOWEST_E9, HIGHEST_E9] = [E9 / 100n, 10_000_000n * E9]
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')
const CHAIN_ID = 'causeway-1'

/** What a free trade transaction may ask for with each of its tokens: a block has room for 1,666. */
export const FLOOD_GAS = 30_000n
/** Orders in a transaction of junk: blocks are full of what they may take, and CheckTx is no bottleneck. */
export const JUNK_ORDERS = 100

type Position = ReturnType<OrderFlow['holding']>['positions'][number]

/** One of the accounts, by its number in the flow. */
export class FloodTrader {
  readonly address: string
  readonly #index: number
  readonly #flow: OrderFlow
  readonly #key: KeyObject
  readonly #publicKey: Any
  #nonce: bigint
  #cancelled = 0
  /** What junk says, whose signer only counts on. */
  #orders: Uint8Array | undefined
  #reducing: Uint8Array | undefined

  constructor(flow: OrderFlow, index: number, nowMilliseconds: bigint) {
    const seed = sha256(utf8(`flow session ${index}`))
    this.address = createAddressCodec('cway').encode(flow.holding(index).holder.account)
    this.#index = index
    this.#flow = flow
    this.#key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' })
    this.#publicKey = packSigningKey({ type: 'session', bytes: ed25519.getPublicKey(seed) })
    this.#nonce = nowMilliseconds
  }

  /** Orders of one lot that fill at once or go, in markets of its own, far from the middle. */
  junk(): Uint8Array {
    this.#orders ??= bodyOf(
      this.#some(({ market, sizeE9 }) => {
        const isBuy = sizeE9 > 0n
        return { market, isBuy, limitE9: isBuy ? LOWEST_E9 : HIGHEST_E9 }
      }),
    )
    return this.#sign(this.#orders, JUNK_ORDERS)
  }

  /** Would take lots off positions, at prices that nobody pays. */
  junkReducing(): Uint8Array {
    this.#reducing ??= bodyOf(
      this.#some(({ market, sizeE9 }) => {
        const isBuy = sizeE9 < 0n
        return { market, isBuy, reduceOnly: true, limitE9: isBuy ? LOWEST_E9 : HIGHEST_E9 }
      }),
    )
    return this.#sign(this.#reducing, JUNK_ORDERS)
  }

  /** Takes a lot off a position, at any price of the day. */
  reduce(): Uint8Array {
    const { positions } = this.#flow.holding(this.#index)
    const { market, sizeE9 } = positions[Number(this.#nonce % BigInt(positions.length))]!
    const isBuy = sizeE9 < 0n
    const limitE9 = isBuy ? HIGHEST_E9 : LOWEST_E9
    return this.#sign(bodyOf([this.#order({ market, isBuy, reduceOnly: true, limitE9 })]), 1)
  }

  /** Cancels the next order of this account that rests since genesis; nothing when there is none left. */
  cancelNext(): Uint8Array | undefined {
    const { accounts, resting = 0 } = this.#flow.options
    const orderId = BigInt(this.#index + this.#cancelled * accounts + 1)
    if (orderId > BigInt(resting)) return undefined
    this.#cancelled += 1
    const value = MsgCancelOrder.encode(
      MsgCancelOrder.fromPartial({ signer: this.address, orderId }),
    ).finish()
    return this.#sign(bodyOf([{ typeUrl: '/causeway.markets.v1.MsgCancelOrder', value }]), 1)
  }

  #some(terms: (position: Position) => Partial<MsgPlaceOrder>): Any[] {
    const { positions } = this.#flow.holding(this.#index)
    return Array.from({ length: JUNK_ORDERS }, (_, i) => this.#order(terms(positions[i % positions.length]!)))
  }

  #order(terms: Partial<MsgPlaceOrder>): Any {
    const plain = { signer: this.address, sizeE9: LOT_E9, type: 1, timeInForce: 2 }
    const value = MsgPlaceOrder.encode(MsgPlaceOrder.fromPartial({ ...plain, ...terms })).finish()
    return { typeUrl: '/causeway.markets.v1.MsgPlaceOrder', value }
  }

  #sign(bodyBytes: Uint8Array, tokens: number): Uint8Array {
    const info = {
      publicKey: this.#publicKey,
      modeInfo: { single: { mode: 1 as const } },
      sequence: this.#nonce++,
    }
    const fee = { amount: [], gasLimit: FLOOD_GAS * BigInt(tokens) }
    const authInfoBytes = AuthInfo.encode(AuthInfo.fromPartial({ signerInfos: [info], fee })).finish()
    const accountNumber = BigInt(this.#index + 1)
    const document = SignDoc.encode({ bodyBytes, authInfoBytes, chainId: CHAIN_ID, accountNumber })
    const signature = sign(null, document.finish(), this.#key)
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
  }
}

function bodyOf(messages: Any[]): Uint8Array {
  return TxBody.encode(TxBody.fromPartial({ messages })).finish()
}
