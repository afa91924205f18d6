import { hexToBytes, keccak256 } from 'viem'
import type { Hex } from 'viem'
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'

import { RelayError } from '../errors.ts'

/** A transaction to be signed. Spec: EIP-1559. */
export interface EvmTransaction {
  readonly chainId: bigint
  readonly nonce: bigint
  /** Absent: it creates a contract. */
  readonly to?: Hex
  readonly data: Hex
  readonly gas: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** Signs for one account. The secret stays in the closure: it can't be logged, inspected or serialised. */
export interface EvmWallet {
  /** With its checksum. */
  readonly address: Hex
  signTransaction(transaction: EvmTransaction): Promise<{ readonly raw: Hex; readonly hash: Hex }>
}

/** The path of Ethereum wallets, used unless the configuration names another. */
export const DEFAULT_EVM_HD_PATH = "m/44'/60'/0'/0/0"

/**
 * Opens a wallet from a mnemonic of 12 to 24 words, or 32 bytes of hex. The text is never quoted in errors.
 */
export function openEvmWallet(secret: string, hdPath = DEFAULT_EVM_HD_PATH): EvmWallet {
  const account = privateKeyToAccount(readPrivateKey(secret.trim(), hdPath))
  return Object.freeze({
    address: account.address,
    async signTransaction({ chainId, nonce, ...fields }: EvmTransaction) {
      const numbers = { chainId: Number(chainId), nonce: Number(nonce) }
      const raw = await account.signTransaction({ type: 'eip1559', ...numbers, ...fields })
      return { raw, hash: keccak256(raw) }
    },
  })
}

/** The key itself with its address, to be written into a key file and nowhere else. */
export function openEvmKey(secret: string): { readonly address: Hex; readonly key: Uint8Array } {
  const key = readPrivateKey(secret.trim(), DEFAULT_EVM_HD_PATH)
  return { address: privateKeyToAccount(key).address, key: hexToBytes(key) }
}

function readPrivateKey(secret: string, hdPath: string): Hex {
  try {
    if (/^(0x)?[0-9a-fA-F]{64}$/.test(secret)) {
      const key: Hex = `0x${secret.replace(/^0x/, '')}`
      privateKeyToAccount(key)
      return key
    }
    const words = secret.replace(/\s+/g, ' ')
    const key = mnemonicToAccount(words, { path: hdPath as `m/44'/60'/${string}` }).getHdKey().privateKey
    if (key === null) throw new Error('no private key')
    return `0x${Buffer.from(key).toString('hex')}`
  } catch {
    throw new RelayError('config', 'never', 'a key must be a mnemonic of 12 to 24 words or 64 hex digits')
  }
}

/** The 20 bytes of an address. */
export function addressBytes(address: Hex): Uint8Array {
  return hexToBytes(address)
}
