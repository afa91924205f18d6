/** An account that is there from the beginning. */
export interface GenesisAccount {
  /** Base 58. */
  readonly address: string
  readonly lamports: bigint
  /** Program in base 58; default the system program. */
  readonly owner?: string
  readonly data?: Uint8Array
  readonly executable?: boolean
}

/** How a local cluster is made. */
export interface SolanaOptions {
  /** Keys and genesis are a function of it. */
  readonly seed: string
  /** Milliseconds between slots; `onDemand`: only `produceSlot` makes one. */
  readonly slot: 'onDemand' | number
  /** How many validators; default 4. */
  readonly validators?: number
  /** At least 32; default 432. */
  readonly slotsPerEpoch?: number
  /** Votes above a root: 31 in Solana's own tower, the default; fewer make slots final sooner. */
  readonly rootDepth?: number
  /** Programs that can't be changed, there from the beginning. */
  readonly programs?: readonly { readonly address: string; readonly elf: Uint8Array }[]
  readonly accounts?: readonly GenesisAccount[]
  /** The recorder of epoch stakes: what it records is put right (docs/solana-cluster.md). */
  readonly recorder?: { readonly program: string; readonly account: string }
  /** Where JSON-RPC listens; the WebSocket one above. Default: free ones. */
  readonly rpcPort?: number
  readonly streamPort?: number
  /** Unix seconds; default the machine's clock. */
  readonly now?: () => bigint
}
