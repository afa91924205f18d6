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
/** Bytes of a transaction of trade messages: a hundred quotes fit. */
export const TRADE_BYTES_MAX = 64 * 1024
/** Gas that a transaction of trade messages may ask for with each token that it costs. */
export const TRADE_GAS_MAX = 30_000
