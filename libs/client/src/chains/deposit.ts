/** What is deposited, for whom, and how long the relayers have. */
export interface DepositOrder {
  /** Base units. */
  readonly amount: bigint
  /** `cway1…`, or `cway1…/3`: who is credited on the hub. */
  readonly receiver: string
  /** Seconds since 1970: what the hub has not received by then comes back to the depositor. */
  readonly timeoutSeconds: bigint
}

/** A deposit that a block of its chain holds: the packet that relayers carry to the hub. */
export interface DepositPacket {
  readonly txHash: string
  readonly height: string
  readonly sequence: string
}
