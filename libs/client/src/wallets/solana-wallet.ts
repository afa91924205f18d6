// Wallets of Solana: whatever signs bytes with an Ed25519 key.
import { ed25519 } from '@noble/curves/ed25519.js'
import { toBase58, utf8 } from '@causeway/primitives'
import { SIGN_MODE, solanaMessage, solanaWrapping, transactionText, walletAddress } from '@causeway/protocol'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { addressOf } from '../address.ts'
import { errors } from '../errors.ts'
import { walletRefusal } from './refusal.ts'
import type { Signed, Wallet } from './wallet.ts'

/** What a Solana wallet offers: `signMessage` of a wallet adapter, or a key pair's signature. */
export interface SolanaSigner {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Signs bytes; gives the 64 bytes of the signature. */
  signMessage(message: Uint8Array): Promise<Uint8Array> | Uint8Array
  /**
   * Signs a transaction in wire format, which comes and goes whole: for deposits on Solana. A wallet adapter:
   * `Transaction.from(bytes)`, `signTransaction`, `serialize()`.
   */
  signTransaction?(transaction: Uint8Array): Promise<Uint8Array> | Uint8Array
}

/** A Solana wallet. */
export interface SolanaWallet extends Wallet {
  readonly kind: 'solana'
  /** Signs a transaction of Solana, in wire format. Throws `client/26` where its signer can't. */
  signTransaction(transaction: Uint8Array): Promise<Uint8Array>
}

/**
 * How the text is wrapped before it is signed (docs/signing.md): `text`, what browsers' wallets take; the
 * others
 * for Ledgers and tools that sign off-chain messages.
 */
export type SolanaForm = 'text' | 'cli' | 'v0' | 'v1'

const MODES: Readonly<Record<SolanaForm, number>> = {
  text: SIGN_MODE.solanaText,
  cli: SIGN_MODE.solanaCli,
  v0: SIGN_MODE.solanaV0,
  v1: SIGN_MODE.solanaV1,
}

/**
 * A wallet of Solana. Throws `client/20` for a key of another length.
 *
 *     solanaWallet({ publicKey: adapter.publicKey.toBytes(), signMessage: (m) => adapter.signMessage(m) })
 */
export function solanaWallet(signer: SolanaSigner, form: SolanaForm = 'text'): SolanaWallet {
  const { publicKey } = signer
  const mode = MODES[form]
  const wrapping = mode === undefined ? undefined : solanaWrapping(mode)
  if (mode === undefined || wrapping === undefined) {
    throw errors.badArgument({ name: 'form', expected: Object.keys(MODES).join(', ') })
  }
  if (!(publicKey instanceof Uint8Array) || publicKey.length !== 32) {
    throw errors.badArgument({ name: 'publicKey', expected: 'the 32 bytes of an Ed25519 key' })
  }
  const key = { type: KeyType.KEY_TYPE_SOLANA, bytes: Uint8Array.from(publicKey) } as const
  const address = addressOf(walletAddress(key, (bytes) => bytes))
  const signText = async (text: string): Promise<Signed> => {
    const message = solanaMessage(utf8(text), key.bytes, wrapping)
    const signature = Uint8Array.from(await walletRefusal(async () => await signer.signMessage(message)))
    if (!holds(signature, message, key.bytes)) {
      throw errors.otherKey({ wallet: toBase58(key.bytes), signed: 'somebody else, or something else' })
    }
    return { key, mode, signature }
  }
  return {
    kind: 'solana',
    address,
    nativeAddress: toBase58(key.bytes),
    sign: (transaction) => signText(transactionText(transaction)),
    signText,
    async signTransaction(transaction) {
      if (signer.signTransaction === undefined)
        throw errors.wrongWallet({ needed: 'a wallet that signs transactions of Solana', got: 'solana' })
      return Uint8Array.from(await signer.signTransaction(transaction))
    },
  }
}

function holds(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey)
  } catch {
    return false
  }
}
