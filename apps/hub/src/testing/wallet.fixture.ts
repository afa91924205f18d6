import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import { PubKey } from '@causeway/protocol/cosmos/crypto/secp256k1/keys'
import { SignMode } from '@causeway/protocol/cosmos/tx/signing/v1beta1/signing'
import { AuthInfo, Fee, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { addressOfKey } from '../modules/accounts/accounts.ts'
import { createAddressCodec } from '../identifiers.ts'

/** How a test transaction differs from the plain one. */
export interface SignOptions {
  sequence?: bigint
  accountNumber?: bigint
  chainId?: string
  gasLimit?: bigint
  fee?: { denom: string; amount: string }[]
  body?: Partial<TxBody>
  authInfo?: Partial<AuthInfo>
  withoutKey?: boolean
  mode?: SignMode
}

/** Whom a test signs for. */
export class Wallet {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
  readonly id: Uint8Array
  readonly address: string
  accountNumber = 1n
  sequence = 0n
  chainId: string

  constructor(name: string, prefix = 'cway', chainId = 'causeway-1') {
    this.secret = sha256(utf8(`test wallet ${name}`))
    this.publicKey = secp256k1.getPublicKey(this.secret, true)
    this.id = addressOfKey({ type: 0, bytes: this.publicKey })!
    this.address = createAddressCodec(prefix).encode(this.id)
    this.chainId = chainId
  }

  /** Signs messages; counts the sequence unless one is given. */
  sign(messages: readonly Any[], options: SignOptions = {}): Uint8Array {
    const sequence = options.sequence ?? this.sequence++
    const { bodyBytes, authInfoBytes } = this.parts(messages, sequence, options)
    const chainId = options.chainId ?? this.chainId
    const accountNumber = options.accountNumber ?? this.accountNumber
    const document = SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish()
    const signature = secp256k1.sign(document, this.secret, { prehash: true, lowS: true })
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
  }

  /** Body and auth info, unsigned. */
  parts(messages: readonly Any[], sequence: bigint, options: SignOptions = {}) {
    const key = {
      typeUrl: '/cosmos.crypto.secp256k1.PubKey',
      value: PubKey.encode({ key: this.publicKey }).finish(),
    }
    const fee = Fee.fromPartial({
      amount: options.fee ?? [{ denom: 'ucway', amount: '5000' }],
      gasLimit: options.gasLimit ?? 200_000n,
    })
    const body = { ...TxBody.fromPartial({}), messages: [...messages], ...options.body }
    const info = {
      publicKey: options.withoutKey === true ? undefined : key,
      modeInfo: { single: { mode: options.mode ?? SignMode.SIGN_MODE_DIRECT } },
      sequence,
    }
    const authInfo = { ...AuthInfo.fromPartial({ signerInfos: [info], fee }), ...options.authInfo }
    return { bodyBytes: TxBody.encode(body).finish(), authInfoBytes: AuthInfo.encode(authInfo).finish() }
  }
}

/** A MsgSend in its envelope. */
export function send(from: string, to: string, amount: string, denom = 'ucway'): Any {
  const message = { fromAddress: from, toAddress: to, amount: [{ denom, amount }] }
  return { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: MsgSend.encode(message).finish() }
}
