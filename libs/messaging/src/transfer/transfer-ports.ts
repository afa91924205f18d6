import type { KeyValueStore } from '../store.ts'

/** One movement of tokens on this chain, and why it happens. */
export interface TokenMovement {
  /** Why: a transfer goes out, one comes in, or one that went out is refunded. */
  readonly purpose: 'send' | 'receive' | 'timeout' | 'error'
  /** Our own client: tokens are escrowed, and a hub's lines are kept, by client. */
  readonly clientId: string
  /**
   * Full path of the token as this chain knows it: the own token is its base, one from elsewhere begins with
   * a hop.
   */
  readonly denomination: string
  readonly amount: bigint
  /**
   * The local account, in the words of the packet: its sender when it goes out or is refunded, else its
   * receiver.
   */
  readonly account: string
  /** The account at the other end. */
  readonly counterpartyAccount: string
  readonly memo: string
  readonly sequence: bigint
  readonly payloadIndex: number
}

/**
 * * Who keeps the tokens. Each method does all of its movement or throws a `ProtocolError` and does nothing.
 *
 * A plain zone keeps balances by `voucherOf(denomination)` and one escrow account a client (`escrowAddress`).
 * A hub that keeps *lines* = (client, full path) maps `mint` to a credit (balance and `escrowed` grow) and
 * `burn` to a withdrawal (both shrink, `escrowed` never below 0); `escrow` and `release` move only what the
 * hub itself made. A refund (`purpose` `timeout` or `error`) undoes its send, even where a new transfer would
 * be refused: a frozen line, a closed door.
 */
export interface Bank<Context> {
  /** Locks what did not come over this client, so that the other end can mint it. */
  escrow(context: Context, movement: TokenMovement): void
  /** Unlocks what comes back; refuses more than this client's escrow holds, whatever the peer claims. */
  release(context: Context, movement: TokenMovement): void
  /** Makes a claim on what the other end holds in escrow. */
  mint(context: Context, movement: TokenMovement): void
  /** Destroys such a claim. */
  burn(context: Context, movement: TokenMovement): void
  /** All of a token that the account could send now, for `MsgTransfer` of 2²⁵⁶ − 1. */
  spendable(context: Context, account: string, denomination: string): bigint
}

/** Which accounts this chain knows. */
export interface TransferAccounts<Context> {
  /** Refuses a text that isn't exactly one of this chain's accounts, or that may not receive. */
  requireReceiver(context: Context, receiver: string): void
  /** Refuses a sender that the authenticated signer does not own, or that may not send. */
  requireSender(context: Context, sender: string, signer: string): void
}

/** What the chain at the other end of a client takes, where that is less than what ICS-20 allows. */
export interface TransferPeer {
  /** The one encoding that it reads. */
  readonly encoding: string
  /** Refuses a receiver that could never be paid there. */
  requireReceiver(receiver: string): void
}

/** What transfers need of their host chain. */
export interface TransferPorts<Context> {
  readonly bank: Bank<Context>
  readonly accounts: TransferAccounts<Context>
  /** Where full paths are kept by their hash: the store `transfer` of this transaction. */
  denominations(context: Context): KeyValueStore
  /** What the chain behind our client takes; nothing where it takes all that ICS-20 allows. */
  peer?(clientId: string): TransferPeer | undefined
}
