import { defineErrors } from '@causeway/primitives'

type Reason = { reason: string }

/**
 * Codespace `engine`. 1–19 configuration and genesis, 20–39 start and storage, 40–59 consensus, 60–79 mempool
 * and evidence, 80–99 what an RPC caller can cause. Append-only.
 */
export const errors = defineErrors('engine', {
  badGenesis: [1, (d: Reason) => `the genesis can't be used: ${d.reason}`],
  badTime: [2, (d: { text: string }) => `${d.text} is no RFC 3339 time`],
  badParams: [3, (d: Reason) => `invalid consensus parameters: ${d.reason}`],
  badValidatorKey: [4, (d: Reason) => `the validator key can't be used: ${d.reason}`],
  badSignState: [5, (d: Reason) => `the last sign state can't be used: ${d.reason}`],
  chainIdDiffers: [
    6,
    (d: { got: string; want: string }) => `the genesis is of chain ${d.got}, not of ${d.want}`,
  ],
  missingFile: [7, (d: { path: string }) => `${d.path} is missing`],
  badOptions: [8, (d: Reason) => `invalid options: ${d.reason}`],

  otherGenesis: [20, () => 'the stored chain was started from another genesis'],
  badRecord: [21, (d: { what: string }) => `the stored ${d.what} can't be read`],
  applicationAhead: [
    22,
    (d: { application: bigint; store: bigint }) =>
      `the application is at height ${d.application}, ahead of the block store at ${d.store}`,
  ],
  applicationTooLow: [
    23,
    (d: { application: bigint; base: bigint }) =>
      `the application is at height ${d.application}; blocks below ${d.base} are gone`,
  ],
  applicationDiffers: [
    24,
    (d: { height: bigint; what: string; stored: string; got: string }) =>
      `height ${d.height}: the application's ${d.what} is ${d.got}, the stored one is ${d.stored}`,
  ],
  homeInUse: [25, (d: { home: string }) => `another process uses ${d.home}`],

  heightRegression: [
    40,
    (d: { height: bigint; signed: bigint }) =>
      `won't sign at height ${d.height}: signed at ${d.signed} already`,
  ],
  conflictingVote: [41, (d: { height: bigint }) => `won't sign a second block at height ${d.height}`],
  tooFewKeys: [
    42,
    (d: { have: bigint; total: bigint }) =>
      `the local keys hold ${d.have} of ${d.total} power; more than 2/3 is needed`,
  ],
  proposalRejected: [
    43,
    (d: { height: bigint; rounds: number }) =>
      `the application refused ${d.rounds} proposals at height ${d.height}`,
  ],
  proposalTooLarge: [
    44,
    (d: { bytes: bigint; max: bigint }) =>
      `the prepared proposal has ${d.bytes} bytes of transactions, at most ${d.max}`,
  ],
  wrongResultCount: [
    45,
    (d: { results: number; transactions: number }) =>
      `${d.results} results for ${d.transactions} transactions`,
  ],
  badValidatorUpdate: [46, (d: Reason) => `invalid validator update: ${d.reason}`],
  voteExtensionRejected: [
    47,
    (d: { height: bigint }) => `a vote extension of height ${d.height} was refused`,
  ],
  voteExtensionTooLarge: [
    48,
    (d: { bytes: number; max: number }) => `a vote extension of ${d.bytes} bytes, max ${d.max}`,
  ],
  nodeHalted: [49, () => 'the node has halted'],
  appHashMissing: [
    50,
    (d: { height: bigint }) => `no answer of the application is stored for height ${d.height}`,
  ],

  txInCache: [60, () => 'tx already exists in cache'],
  txTooLarge: [
    61,
    (d: { max: number; actual: number }) => `Tx too large. Max size is ${d.max}, but got ${d.actual}`,
  ],
  mempoolFull: [
    62,
    (d: { txs: number; maxTxs: number; bytes: number; maxBytes: number }) =>
      `mempool is full: number of txs ${d.txs} (max: ${d.maxTxs}), ` +
      `total txs bytes ${d.bytes} (max: ${d.maxBytes})`,
  ],
  badEvidence: [63, (d: Reason) => `invalid evidence: ${d.reason}`],
  evidencePoolFull: [64, (d: { max: number }) => `${d.max} pieces of evidence are pending`],
  txExceedsBlock: [
    65,
    (d: { max: bigint; actual: number }) => `tx pre check: Tx size ${d.actual} is over ${d.max} of a block`,
  ],

  badQuery: [80, (d: { offset: number; reason: string }) => `offset ${d.offset}: ${d.reason}`],
  queryTooLong: [81, () => 'maximum query length exceeded'],
  queryTooWide: [82, (d: { max: number }) => `the query reads over ${d.max} index entries, narrow it`],
  notFound: [83, (d: { what: string }) => `${d.what} not found`],
  badParameter: [84, (d: { name: string; reason: string }) => `${d.name}: ${d.reason}`],
  heightNotPositive: [85, (d: { height: bigint }) => `height must be greater than 0, but got ${d.height}`],
  heightTooHigh: [
    86,
    (d: { height: bigint; latest: bigint }) =>
      `height ${d.height} must be less than or equal to the current blockchain height ${d.latest}`,
  ],
  heightTooLow: [
    87,
    (d: { height: bigint; base: bigint }) =>
      `height ${d.height} is not available, lowest height is ${d.base}`,
  ],
  pageOutOfRange: [
    88,
    (d: { pages: number; page: number }) => `page should be within [1, ${d.pages}] range, given ${d.page}`,
  ],
  tooManySubscribers: [89, (d: { max: number }) => `max_subscription_clients ${d.max} reached`],
  tooManySubscriptions: [90, (d: { max: number }) => `max_subscriptions_per_client ${d.max} reached`],
  alreadySubscribed: [91, () => 'already subscribed'],
  subscriptionNotFound: [92, () => 'subscription not found'],
  commitTimedOut: [93, () => 'timed out waiting for tx to be included in a block'],
  webSocketOnly: [94, () => 'subscriptions need a WebSocket'],
  busy: [95, (d: { what: string; max: number }) => `too many ${d.what}: at most ${d.max}`],
})
