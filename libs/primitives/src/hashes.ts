import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js'
import { sha512 as nobleSha512 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'

/** SHA-512 of `bytes`. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return nobleSha512(bytes)
}

/** Keccak-256 (the padding before FIPS 202), as Ethereum uses it. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes)
}

/** RIPEMD-160 of `bytes`. */
export function ripemd160(bytes: Uint8Array): Uint8Array {
  return nobleRipemd160(bytes)
}
