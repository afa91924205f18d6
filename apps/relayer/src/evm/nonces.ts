/** Hands out an account's nonces: the lowest that no transaction of this process is on its way with. */
export class Nonces {
  readonly #inFlight = new Set<bigint>()
  #confirmed: bigint | undefined

  /** The transaction count that a block told; lower ones are of endpoints that are behind. */
  noteConfirmed(count: bigint): void {
    if (this.#confirmed === undefined || count > this.#confirmed) this.#confirmed = count
    for (const nonce of this.#inFlight) if (nonce < this.#confirmed) this.#inFlight.delete(nonce)
  }

  /** Whether the account's count is known yet. */
  get isKnown(): boolean {
    return this.#confirmed !== undefined
  }

  /** Transactions of the account that are in blocks, as far as known. */
  get confirmed(): bigint {
    return this.#confirmed ?? 0n
  }

  /** Takes the next nonce. Gaps below transactions in the air are filled first: nothing above a gap moves. */
  take(): bigint {
    let nonce = this.confirmed
    while (this.#inFlight.has(nonce)) nonce += 1n
    this.#inFlight.add(nonce)
    return nonce
  }

  /** Forgets the count: a reorganisation may have lowered it. */
  forget(): void {
    this.#confirmed = undefined
  }

  /** Gives a nonce back: no node took its transaction, or nobody waits for it any more. */
  release(nonce: bigint): void {
    this.#inFlight.delete(nonce)
  }
}
