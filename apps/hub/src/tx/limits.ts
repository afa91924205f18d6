/** Bytes of a memo, the Cosmos SDK's default. */
export const MEMO_BYTES_MAX = 256
/** Bytes of a transaction: a header of a large validator set and a batch of packets fit. */
export const TRANSACTION_BYTES_MAX = 1024 * 1024
/** Messages in a transaction. */
export const MESSAGES_MAX = 256
/** Gas that one transaction may ask for. */
export const TRANSACTION_GAS_MAX = 25_000_000
/** Bytes of a transaction that is only simulated, unpaid: a batch of packets with its client update fits. */
export const SIMULATION_BYTES_MAX = 256 * 1024
