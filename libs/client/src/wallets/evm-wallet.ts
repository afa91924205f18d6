// Wallets of EVM chains: viem's local accounts and wallet clients (MetaMask and others behind them).
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hashTypedData, recoverPublicKey } from 'viem'
import type { Account, Hex, LocalAccount, WalletClient } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import { fromHex } from '@causeway/primitives'
import { EIP712_DOMAIN, EIP712_TYPES, SIGN_MODE, transactionText } from '@causeway/protocol'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { addressOf } from '../address.ts'
import { errors } from '../errors.ts'
import { walletRefusal } from './refusal.ts'
import type { Signed, Wallet } from './wallet.ts'

/** viem's local account, or a wallet client that holds one or asks a wallet. */
export type EvmSigner = LocalAccount | WalletClient

/** An EVM wallet; what pays deposits on its chains, too. */
export interface EvmWallet extends Wallet {
  readonly kind: 'evm'
  readonly nativeAddress: `0x${string}`
  /** What `evmWallet` was given. */
  readonly signer: EvmSigner
}

/**
 * A wallet of an EVM chain. It signs the readable text of a transaction as EIP-712 data, under a domain
 * without a chain id: on whichever chain the wallet is. Throws `client/20` for a client without an account.
 *
 *     evmWallet(privateKeyToAccount('0x…'))
 *     evmWallet(createWalletClient({ account, transport: custom(window.ethereum) }))
 */
export function evmWallet(signer: EvmSigner): EvmWallet {
  const account = accountOf(signer)
  const address = addressOf(fromHex(account.address.slice(2).toLowerCase()))
  const signText = (text: string) => signTyped(signer, account, text)
  return {
    kind: 'evm',
    address,
    nativeAddress: account.address,
    signer,
    sign: (transaction) => signText(transactionText(transaction)),
    signText,
  }
}

/** Whether a signer of viem signs by itself, without a wallet client. */
export function isLocalAccount(signer: EvmSigner): signer is LocalAccount {
  return 'address' in signer
}

function accountOf(signer: EvmSigner): Account {
  const account = isLocalAccount(signer) ? signer : signer.account
  if (account === undefined) {
    throw errors.badArgument({ name: 'wallet', expected: 'a wallet client that was made with an account' })
  }
  return account
}

async function signTyped(signer: EvmSigner, account: Account, text: string): Promise<Signed> {
  const typed = {
    domain: EIP712_DOMAIN,
    types: EIP712_TYPES,
    primaryType: 'Transaction',
    message: { text },
  } as const
  const hex = await walletRefusal(async () =>
    isLocalAccount(signer)
      ? await signer.signTypedData(typed)
      : await signer.signTypedData({ ...typed, account }),
  )
  const signature = withRecoveryByte(hex)
  const point = await walletRefusal(() => recoverPublicKey({ hash: hashTypedData(typed), signature }))
  const signed = publicKeyToAddress(point)
  if (signed.toLowerCase() !== account.address.toLowerCase()) {
    throw errors.otherKey({ wallet: account.address, signed })
  }
  const key = secp256k1.Point.fromBytes(fromHex(point.slice(2))).toBytes(true)
  return { key: { type: KeyType.KEY_TYPE_ETHEREUM, bytes: key }, mode: SIGN_MODE.eip712, signature }
}

/** r ‖ s ‖ v with v 27 or 28: some wallets write 0 or 1. Throws `client/45`. */
function withRecoveryByte(hex: Hex): Uint8Array {
  if (!/^0x[0-9a-fA-F]{130}$/.test(hex)) {
    throw errors.walletRefused({
      reason: 'it gave no signature of 65 bytes; contracts’ wallets can’t sign here',
    })
  }
  const signature = fromHex(hex.slice(2).toLowerCase())
  if (signature[64]! < 27) signature[64]! += 27
  return signature
}
