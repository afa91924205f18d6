import { Bip39, EnglishMnemonic, Secp256k1, Slip10, Slip10Curve, stringToPath } from '@cosmjs/crypto'
import { fromHex, ripemd160, sha256, toBech32 } from '@causeway/primitives'
import { RelayError } from '../errors.ts'

/**
 * Signs for one account. The secret never leaves the closure: it can't be logged, inspected or serialised.
 */
export interface Wallet {
  readonly address: string
  /** Compressed secp256k1, 33 bytes. */
  readonly publicKey: Uint8Array
  /** r ‖ s over sha256(bytes), low s. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** The path of the Cosmos ecosystem, used unless the configuration names another. */
export const DEFAULT_HD_PATH = "m/44'/118'/0'/0/0"

/**
 * Opens a wallet from a secret: a mnemonic of 12 to 24 words, or 32 bytes of hex. The text is never quoted
 * in errors.
 */
export async function openWallet(secret: string, prefix: string, hdPath = DEFAULT_HD_PATH): Promise<Wallet> {
  const privateKey = await readPrivateKey(secret.trim(), hdPath)
  const pair = await Secp256k1.makeKeypair(privateKey)
  const publicKey = Secp256k1.compressPubkey(pair.pubkey)
  return Object.freeze({
    address: toBech32(prefix, ripemd160(sha256(publicKey))),
    publicKey,
    async sign(bytes: Uint8Array) {
      const signature = await Secp256k1.createSignature(sha256(bytes), pair.privkey)
      return new Uint8Array([...signature.r(32), ...signature.s(32)])
    },
  })
}

async function readPrivateKey(secret: string, hdPath: string): Promise<Uint8Array> {
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(secret)) return fromHex(secret.replace(/^0x/, ''))
  try {
    const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(secret.replace(/\s+/g, ' ')))
    return Slip10.derivePath(Slip10Curve.Secp256k1, seed, stringToPath(hdPath)).privkey
  } catch {
    throw new RelayError('config', 'never', 'a key must be a mnemonic of 12 to 24 words or 64 hex digits')
  }
}
