// Keys of the three kinds of wallet and of sessions, and what an address is made of.
import { concatBytes, isProtocolError, keccak256, ripemd160, sha256, utf8 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { KeyType } from '../generated/causeway/accounts/v1/accounts.ts'
import { EthPubKey, SolanaPubKey } from '../generated/causeway/crypto/v1/keys.ts'
import { PubKey as Ed25519PubKey } from '../generated/cosmos/crypto/ed25519/keys.ts'
import { PubKey as Secp256k1PubKey } from '../generated/cosmos/crypto/secp256k1/keys.ts'
import type { Any } from '../generated/google/protobuf/any.ts'
import { decodeStrict } from '../strict/decode-strict.ts'

/** A key as a transaction shows it: of a wallet, or of a session. */
export interface SigningKey {
  readonly type: KeyType | 'session'
  /** 33 bytes compressed secp256k1, or 32 bytes Ed25519. */
  readonly bytes: Uint8Array
}

const KINDS = [
  { type: KeyType.KEY_TYPE_COSMOS, name: 'cosmos.crypto.secp256k1.PubKey', codec: Secp256k1PubKey },
  { type: KeyType.KEY_TYPE_ETHEREUM, name: 'causeway.crypto.v1.EthPubKey', codec: EthPubKey },
  { type: KeyType.KEY_TYPE_SOLANA, name: 'causeway.crypto.v1.SolanaPubKey', codec: SolanaPubKey },
  { type: 'session', name: 'cosmos.crypto.ed25519.PubKey', codec: Ed25519PubKey },
] as const
const SOLANA_PREFIX = utf8('solana')

/** Reads a public key. Throws `protocol/42`. */
export function readSigningKey({ typeUrl, value }: Any): SigningKey {
  const kind = KINDS.find(({ name }) => typeUrl === `/${name}`)
  if (kind === undefined)
    throw errors.badKey({ reason: `unknown type ${JSON.stringify(typeUrl.slice(0, 128))}` })
  let bytes: Uint8Array
  try {
    bytes = decodeStrict(kind.codec, kind.name, value, { canonical: true, refuseNonCritical: true }).key
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badKey({ reason: error.message })
  }
  const isCompressed = bytes.length === 33 && (bytes[0] === 2 || bytes[0] === 3)
  if (isSecp256k1(kind.type) ? !isCompressed : bytes.length !== 32) {
    const form = isSecp256k1(kind.type) ? '33 bytes of a compressed key' : '32 bytes of an Ed25519 key'
    throw errors.badKey({ reason: `expected the ${form}` })
  }
  return { type: kind.type, bytes }
}

/** A public key in its envelope. */
export function packSigningKey({ type, bytes }: SigningKey): Any {
  const kind = KINDS.find((candidate) => candidate.type === type)!
  return { typeUrl: `/${kind.name}`, value: kind.codec.encode({ key: bytes }).finish() }
}

/**
 * The 20-byte address of a wallet; `uncompressed` gives the 64 bytes of a secp256k1 point from its 33.
 * Throws what `uncompressed` throws for a key off the curve.
 */
export function walletAddress(
  key: { readonly type: KeyType; readonly bytes: Uint8Array },
  uncompressed: (compressed: Uint8Array) => Uint8Array,
): Uint8Array {
  if (key.type === KeyType.KEY_TYPE_COSMOS) return ripemd160(sha256(key.bytes))
  if (key.type === KeyType.KEY_TYPE_ETHEREUM) return keccak256(uncompressed(key.bytes)).slice(12)
  return sha256(concatBytes(SOLANA_PREFIX, key.bytes)).slice(0, 20)
}

function isSecp256k1(type: SigningKey['type']): boolean {
  return type === KeyType.KEY_TYPE_COSMOS || type === KeyType.KEY_TYPE_ETHEREUM
}
