// Who acts in a simulation: an account with its first wallet, a session key, and wallets that were linked to
// it. Signs with native libraries, which give the same bytes and cost a tenth.
import secp256k1 from 'secp256k1'
import sodium from 'sodium-native'
import { concatBytes, sha256, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { packSigningKey } from '@causeway/protocol'
import { Fee, SignDoc, TxBody, TxRaw, AuthInfo } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { Wallet } from '../testing/wallet.fixture.ts'
import type { SignOptions } from '../testing/wallet.fixture.ts'

/** An Ed25519 key pair. */
export interface Pair {
  readonly publicKey: Uint8Array
  readonly secret: Buffer
}

/** The pair of a name. */
export function pairOf(name: string): Pair {
  return pairOfSeed(sha256(utf8(`simulated ${name}`)))
}

/** The pair of 32 bytes. */
export function pairOfSeed(seed: Uint8Array): Pair {
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES)
  const secret = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES)
  sodium.crypto_sign_seed_keypair(publicKey, secret, Buffer.from(seed))
  return { publicKey: Uint8Array.from(publicKey), secret }
}

/** Signs with Ed25519. */
export function signWith({ secret }: Pair, message: Uint8Array): Uint8Array {
  const signature = Buffer.alloc(sodium.crypto_sign_BYTES)
  sodium.crypto_sign_detached(signature, Buffer.from(message), secret)
  return Uint8Array.from(signature)
}

/** Signs a digest with secp256k1, low S. */
export function signDigest(secret: Uint8Array, digest: Uint8Array): Uint8Array {
  return secp256k1.ecdsaSign(digest, secret).signature
}

/** One account and who signs for it. */
export class Actor extends Wallet {
  readonly name: string
  readonly session: Pair
  /** Until when the session key holds; 0 where it was never made. */
  sessionExpirySeconds = 0n
  /** Whether the account has ended in another. */
  isAbsorbed = false
  /** Cosmos wallets whose accounts ended in this one: they may sign for it. */
  readonly linked: Wallet[] = []
  #lastNonce = 0n

  constructor(name: string) {
    super(`simulated ${name}`)
    this.name = name
    this.session = pairOf(`session of ${name}`)
  }

  /** A nonce that wasn't used, near a block's time. */
  nonce(timeNanoseconds: bigint): bigint {
    const now = timeNanoseconds / 1_000_000n
    this.#lastNonce = this.#lastNonce >= now ? this.#lastNonce + 1n : now
    return this.#lastNonce
  }

  override sign(messages: readonly Any[], options: SignOptions = {}): Uint8Array {
    return this.signBy(this, messages, options)
  }

  /** By one of its wallets. */
  signBy(wallet: Wallet, messages: readonly Any[], options: SignOptions = {}): Uint8Array {
    const sequence = options.sequence ?? this.sequence++
    const { bodyBytes, authInfoBytes } = wallet.parts(messages, sequence, options)
    const document = this.#document(bodyBytes, authInfoBytes, options)
    const signature = signDigest(wallet.secret, sha256(document))
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
  }

  /** By the session key: trade messages by a nonce, others as they come. */
  signBySession(messages: readonly Any[], options: SignOptions & { sequence: bigint }): Uint8Array {
    const key = packSigningKey({ type: 'session', bytes: this.session.publicKey })
    const fee = Fee.fromPartial({ amount: options.fee ?? [], gasLimit: options.gasLimit ?? 30_000n })
    const info = { publicKey: key, modeInfo: { single: { mode: 1 as const } }, sequence: options.sequence }
    const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [...messages] })).finish()
    const authInfoBytes = AuthInfo.encode(AuthInfo.fromPartial({ signerInfos: [info], fee })).finish()
    const signature = signWith(this.session, this.#document(bodyBytes, authInfoBytes, options))
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish()
  }

  #document(bodyBytes: Uint8Array, authInfoBytes: Uint8Array, options: SignOptions): Uint8Array {
    const { chainId = this.chainId, accountNumber = this.accountNumber } = options
    return SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish()
  }
}

/** Bytes that look like anything, from a name. */
export function noise(name: string, length: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (let i = 0; i * 32 < length; i++) parts.push(sha256(utf8(`${name} ${i}`)))
  return concatBytes(...parts).slice(0, length)
}
