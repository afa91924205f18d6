import { Bip39, EnglishMnemonic, Slip10, Slip10Curve, stringToPath } from '@cosmjs/crypto'
import { fromBase58, fromHex } from '@causeway/primitives'
import { Keypair } from '@solana/web3.js'
import type { PublicKey, VersionedTransaction } from '@solana/web3.js'

import { RelayError } from '../errors.ts'

/** Signs for one account. The secret stays in the closure: it can't be logged, inspected or serialised. */
export interface SolanaWallet {
  readonly publicKey: PublicKey
  /** Puts the account's signature into a transaction. */
  sign(transaction: VersionedTransaction): void
}

/** The path of Solana wallets, used unless the configuration names another. */
export const DEFAULT_SOLANA_HD_PATH = "m/44'/501'/0'/0'"

const KEY_BYTES = 64

/**
 * Opens a wallet from what solana-keygen writes (a JSON array of 64 bytes), the same in base58 as wallets
 * export it, a seed of 64 hex digits, or a mnemonic of 12 to 24 words. The text is never quoted in errors.
 */
export async function openSolanaWallet(
  secret: string,
  hdPath = DEFAULT_SOLANA_HD_PATH,
): Promise<SolanaWallet> {
  const pair = await readKeypair(secret.trim(), hdPath)
  return Object.freeze({
    publicKey: pair.publicKey,
    sign: (transaction: VersionedTransaction) => transaction.sign([pair]),
  })
}

/** The key as solana-keygen writes it, with its address: for a key file and nothing else. */
export async function openSolanaKey(secret: string): Promise<{ address: string; text: string }> {
  const pair = await readKeypair(secret.trim(), DEFAULT_SOLANA_HD_PATH)
  return { address: pair.publicKey.toBase58(), text: JSON.stringify([...pair.secretKey]) }
}

async function readKeypair(secret: string, hdPath: string): Promise<Keypair> {
  try {
    if (secret.startsWith('[')) return fromKey(Uint8Array.from(readBytes(JSON.parse(secret))))
    if (/^(0x)?[0-9a-fA-F]{64}$/.test(secret)) return Keypair.fromSeed(fromHex(secret.replace(/^0x/, '')))
    if (/^[1-9A-HJ-NP-Za-km-z]{80,90}$/.test(secret)) return fromKey(fromBase58(secret) ?? new Uint8Array())
    const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(secret.replace(/\s+/g, ' ')))
    const { privkey } = Slip10.derivePath(Slip10Curve.Ed25519, seed, stringToPath(hdPath))
    return Keypair.fromSeed(Uint8Array.from(privkey))
  } catch {
    const forms = 'what solana-keygen writes (64 numbers), base58 of it, 64 hex digits, or a mnemonic'
    throw new RelayError('config', 'never', `a key must be ${forms}`)
  }
}

function readBytes(value: unknown): number[] {
  const isBytes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((one) => Number.isInteger(one) && one >= 0 && one < 256)
  if (!isBytes(value)) throw new RangeError('no bytes')
  return value
}

/** Seed ‖ public key, which have to belong together. */
function fromKey(bytes: Uint8Array): Keypair {
  if (bytes.length !== KEY_BYTES) throw new RangeError('not 64 bytes')
  return Keypair.fromSecretKey(bytes)
}
