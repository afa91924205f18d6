import { secp256k1 } from '@noble/curves/secp256k1.js'
import { rawSecp256k1PubkeyToRawAddress } from '@cosmjs/amino'
import { HUB_CHAIN_ID, createAddressCodec } from '@causeway/hub'
import { sha256, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { MsgCancelWithdrawal } from '@causeway/protocol/causeway/cash/v1/tx'
import { MsgSend } from '@causeway/protocol/cosmos/bank/v1beta1/tx'
import { PubKey } from '@causeway/protocol/cosmos/crypto/secp256k1/keys'
import { AuthInfo, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'

const GAS_LIMIT = 200_000n

/** A wallet of a test that signs transactions of lanes 3 and 4. */
export interface CriticalSender {
  readonly address: string
  /** Any message, for a fee. */
  sign(message: Any): Uint8Array
  /** Lane 3; it fails when it runs, since there is no such withdrawal, and is paid for. */
  critical(): Uint8Array
  /** Lane 4: a token to itself. */
  ordinary(): Uint8Array
  /** Whether it signed a transaction. */
  isOwn(tx: Uint8Array): boolean
}

/** Makes one; `accountNumber` is that of the genesis. */
export function criticalSender(name: string, accountNumber: bigint): CriticalSender {
  const secret = sha256(utf8(`critical sender ${name}`))
  const publicKey = secp256k1.getPublicKey(secret, true)
  const address = createAddressCodec('cway').encode(rawSecp256k1PubkeyToRawAddress(publicKey))
  const typed = {
    typeUrl: '/cosmos.crypto.secp256k1.PubKey',
    value: PubKey.encode({ key: publicKey }).finish(),
  }
  const signed = new Set<string>()
  let sequence = 0n
  const sign = (message: Any): Uint8Array => {
    const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [message] })).finish()
    const info = { publicKey: typed, modeInfo: { single: { mode: 1 as const } }, sequence: sequence++ }
    const fee = { amount: [{ denom: 'ucway', amount: '5000' }], gasLimit: GAS_LIMIT }
    const authInfoBytes = AuthInfo.encode(AuthInfo.fromPartial({ signerInfos: [info], fee })).finish()
    const document = SignDoc.encode({ bodyBytes, authInfoBytes, chainId: HUB_CHAIN_ID, accountNumber })
    const signature = secp256k1.sign(document.finish(), secret, { prehash: true, lowS: true })
    const tx = TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
    signed.add(Buffer.from(tx).toString('hex'))
    return tx
  }
  return {
    address,
    sign,
    critical: () =>
      sign({
        typeUrl: '/causeway.cash.v1.MsgCancelWithdrawal',
        value: MsgCancelWithdrawal.encode({ holder: address, id: 999n }).finish(),
      }),
    ordinary: () =>
      sign({
        typeUrl: '/cosmos.bank.v1beta1.MsgSend',
        value: MsgSend.encode({
          fromAddress: address,
          toAddress: address,
          amount: [{ denom: 'ucway', amount: '1' }],
        }).finish(),
      }),
    isOwn: (tx) => signed.has(Buffer.from(tx).toString('hex')),
  }
}
