// The inclusion list: critical transactions that more than a third of the power has held for two blocks stand
// in the state, and a block without them costs its proposer. Every number here is consensus, but the first
// two.
/** Blocks that a validator has held a transaction for when it names it. */
export const HELD_BLOCKS = 2n
/** Waiting transactions of the critical lanes that a vote looks at: those that pay most. */
export const LOOKED_AT_MAX = 1_000
/** Names of a vote that count. */
export const NAMES_MAX = 16
/** Bytes of transactions that a vote may carry. */
export const SERVED_BYTES_MAX = 4_096
/** Records at once. */
export const RECORDS_MAX = 64
/** From this block after the record on, a block without the transaction costs its proposer's reward. */
export const DEMANDED_AGE = 3n
/** Until before this one it is refused, if the state has the bytes. */
export const ACCEPTED_AGE = 5n
/** When a record ends. */
export const EXPIRY_AGE = 10n
/** Blocks whose critical transactions nobody demands again. */
export const WINDOW_BLOCKS = 100n
