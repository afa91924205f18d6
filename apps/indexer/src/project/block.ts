/** An event as the application emitted it. */
export type BlockEvent = {
  readonly type: string
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
}

/** One transaction of a block with its result. */
export type BlockTransaction = {
  /** Upper-case hex of the SHA-256 of its bytes. */
  readonly hash: string
  readonly bytes: Uint8Array
  readonly code: number
  readonly codespace: string
  readonly gasUsed: bigint
  readonly events: readonly BlockEvent[]
}

/** One verified block with its results: all that projection sees of a chain. */
export type ChainBlock = {
  readonly chainId: string
  /** Whether this chain is the hub, whose own events are projected too. */
  readonly isHub: boolean
  readonly height: bigint
  /** The least height, as clients of this chain count, whose header proves what this block wrote. */
  readonly provableHeight: bigint
  /** False for a block that may still be reorganised away. */
  readonly isFinal: boolean
  readonly hash: string
  readonly timeNanoseconds: bigint
  readonly appHash: string
  readonly nextValidatorsHash: string
  readonly proposer: string
  readonly transactions: readonly BlockTransaction[]
  /** Events of the block outside its transactions. */
  readonly events: readonly BlockEvent[]
}

/** The place of an event: its block, and its transaction unless the block itself emitted it. */
export type EventPlace = { readonly block: ChainBlock; readonly transaction: BlockTransaction | undefined }
