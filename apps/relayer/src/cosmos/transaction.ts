import { SignMode } from '@causeway/protocol/cosmos/tx/signing/v1beta1/signing'
import { PubKey } from '@causeway/protocol/cosmos/crypto/secp256k1/keys'
import { AuthInfo, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import type { Wallet } from '../keys/wallet.ts'

/** What a signed transaction binds beside its messages. */
export interface TxTerms {
  readonly chainId: string
  readonly accountNumber: bigint
  readonly sequence: bigint
  readonly gasLimit: bigint
  readonly feeAmount: bigint
  readonly feeDenom: string
  readonly memo: string
}

/** Builds and signs a transaction (SIGN_MODE_DIRECT); returns the `TxRaw` bytes that are broadcast. */
export async function signTransaction(
  wallet: Wallet,
  messages: readonly Any[],
  terms: TxTerms,
): Promise<Uint8Array> {
  const bodyBytes = encodeBody(messages, terms.memo)
  const authInfoBytes = encodeAuthInfo(wallet, terms)
  const document = { bodyBytes, authInfoBytes, chainId: terms.chainId, accountNumber: terms.accountNumber }
  const signature = await wallet.sign(SignDoc.encode(document).finish())
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
}

/** The same transaction with an empty signature: simulation needs the shape, not the proof. */
export function simulatedTransaction(wallet: Wallet, messages: readonly Any[], sequence: bigint): Uint8Array {
  const terms = { sequence, gasLimit: 0n, feeAmount: 0n, feeDenom: '' }
  const authInfoBytes = encodeAuthInfo(wallet, terms)
  return TxRaw.encode({
    bodyBytes: encodeBody(messages, ''),
    authInfoBytes,
    signatures: [new Uint8Array()],
  }).finish()
}

function encodeBody(messages: readonly Any[], memo: string): Uint8Array {
  return TxBody.encode(TxBody.fromPartial({ messages: [...messages], memo })).finish()
}

function encodeAuthInfo(
  wallet: Wallet,
  terms: Pick<TxTerms, 'sequence' | 'gasLimit' | 'feeAmount' | 'feeDenom'>,
): Uint8Array {
  const publicKey = {
    typeUrl: '/cosmos.crypto.secp256k1.PubKey',
    value: PubKey.encode({ key: wallet.publicKey }).finish(),
  }
  const amount = terms.feeAmount > 0n ? [{ denom: terms.feeDenom, amount: terms.feeAmount.toString() }] : []
  return AuthInfo.encode(
    AuthInfo.fromPartial({
      signerInfos: [
        { publicKey, modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } }, sequence: terms.sequence },
      ],
      fee: { amount, gasLimit: terms.gasLimit },
    }),
  ).finish()
}
