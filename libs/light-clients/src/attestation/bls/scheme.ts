/**
 * BLS12-381 of one implementation with signatures in G1 and keys in G2; points as `points.ts` says. Spec:
 * IETF BLS signatures draft 5, minimal signature size; RFC 9380 `BLS12381G1_XMD:SHA-256_SSWU_RO_`. Nothing
 * here throws for what a peer hands in.
 */
export interface BlsScheme {
  /** The key of a secret (32 bytes, big-endian, 0 < secret < r): a bug when it is none. */
  publicKey(secret: Uint8Array): Uint8Array
  /** The signature of a message under a domain separation tag. */
  sign(secret: Uint8Array, message: Uint8Array, domain: string): Uint8Array
  /** Whether bytes are a key: canonical, on the curve, in the subgroup, not the identity. */
  isKey(key: Uint8Array): boolean
  /**
   * Whether a signature is of all these keys together over one message (`FastAggregateVerify`). False for no
   * keys, for keys or a signature that are none, and for keys that add up to the identity.
   */
  verify(keys: readonly Uint8Array[], message: Uint8Array, domain: string, signature: Uint8Array): boolean
  /**
   * Sum of signatures. Nothing when there are none, one is no point of the curve, or the sum is the identity;
   * that the sum is in the subgroup is for `verify` to say.
   */
  addSignatures(signatures: readonly Uint8Array[]): Uint8Array | undefined
  /** Sum of keys. Nothing when there are none, one is no key, or the sum is the identity. */
  addKeys(keys: readonly Uint8Array[]): Uint8Array | undefined
  /** `key` less `keys`. Nothing when one is no key, or the difference is the identity. */
  subtractKeys(key: Uint8Array, keys: readonly Uint8Array[]): Uint8Array | undefined
}
