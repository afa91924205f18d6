/** The name of an EVM chain in configurations and client views. Spec: CAIP-2, namespace eip155. */
export function evmChainId(chainId: bigint): string {
  return `eip155:${chainId}`
}

/** The EIP-155 id in such a name; `undefined` for anything else. */
export function parseEvmChainId(name: string): bigint | undefined {
  const digits = /^eip155:([1-9]\d{0,18})$/.exec(name)?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}
