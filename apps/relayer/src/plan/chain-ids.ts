/** The name of an EVM chain in configurations and client views. Spec: CAIP-2, namespace eip155. */
export function evmChainId(chainId: bigint): string {
  return `eip155:${chainId}`
}

/** The EIP-155 id in such a name; `undefined` for anything else. */
export function parseEvmChainId(name: string): bigint | undefined {
  const digits = /^eip155:([1-9]\d{0,18})$/.exec(name)?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

const BASE58_32 = /^solana:([1-9A-HJ-NP-Za-km-z]{32})$/

/**
 * The name of a cluster of Solana, by its genesis hash in base58. Spec: CAIP-2, namespace solana: the first
 * 32 characters.
 */
export function solanaChainId(genesisHash: string): string {
  return `solana:${genesisHash.slice(0, 32)}`
}

/** The first 32 characters of the genesis hash in such a name; `undefined` for anything else. */
export function parseSolanaChainId(name: string): string | undefined {
  return BASE58_32.exec(name)?.[1]
}
