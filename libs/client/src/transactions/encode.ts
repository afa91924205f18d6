// The bytes of a transaction: canonical, so that every sign mode binds all of it.
import { packSigningKey } from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import { AuthInfo, Fee, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { Signed, UnsignedTransaction } from '../wallets/wallet.ts'

/** Body and auth info of a transaction. */
export interface EncodedParts {
  readonly bodyBytes: Uint8Array
  readonly authInfoBytes: Uint8Array
}

/** Body and auth info as a key in a mode signs them; a simulation shows no key. */
export function encodeParts(
  transaction: UnsignedTransaction,
  { key, mode }: { readonly key: SigningKey | undefined; readonly mode: number },
): EncodedParts {
  const { messages, memo, timeoutHeight, gasLimit, order } = transaction
  const body = TxBody.fromPartial({ messages: [...messages], memo, timeoutHeight })
  const fee = Fee.fromPartial({ amount: transaction.fee === undefined ? [] : [transaction.fee], gasLimit })
  const info = {
    publicKey: key && packSigningKey(key),
    // Modes above 127 are the hub's own.
    modeInfo: { single: { mode: mode as 1 } },
    sequence: 'nonce' in order ? order.nonce : order.sequence,
  }
  const authInfo = AuthInfo.fromPartial({ signerInfos: [info], fee })
  return { bodyBytes: TxBody.encode(body).finish(), authInfoBytes: AuthInfo.encode(authInfo).finish() }
}

/** A signed transaction's bytes. */
export function encodeTransaction(transaction: UnsignedTransaction, signed: Signed): Uint8Array {
  return TxRaw.encode({ ...encodeParts(transaction, signed), signatures: [signed.signature] }).finish()
}

/** What a Cosmos wallet in direct mode, or a session key, signs. */
export function directSignBytes(
  transaction: UnsignedTransaction,
  how: Pick<Signed, 'key' | 'mode'>,
): Uint8Array {
  const { chainId, accountNumber } = transaction
  return SignDoc.encode({ ...encodeParts(transaction, how), chainId, accountNumber }).finish()
}
