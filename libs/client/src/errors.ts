// Everything that this package throws, and what to do about it.
import { ProtocolError } from '@causeway/primitives'
import type { ErrorDetail } from '@causeway/primitives'
import { adviceFor } from './advice.ts'

/** Whether the same call may be made again: at once, after a while, or not without a change. */
export type Retry = 'now' | 'later' | 'never'

/** What became of a transaction that an error is about: it changed nothing, nobody knows, or it is done. */
export type Outcome = 'refused' | 'unknown' | 'done'

/** What an error knows beside its code and text. */
export interface ErrorFacts {
  /** What to do now, one sentence. */
  readonly advice: string
  readonly retry?: Retry
  readonly outcome?: Outcome
  /** Of the transaction, hex; `causeway.transaction(hash)` tells what became of it. */
  readonly txHash?: string
  readonly detail?: ErrorDetail
}

/**
 * An error of this package. `codespace` is `client` for what was found here (codes below), else that of the
 * hub, whose codes are listed in docs/hub.md.
 */
export class ClientError extends ProtocolError {
  readonly advice: string
  readonly retry: Retry
  readonly outcome: Outcome | undefined
  readonly txHash: string | undefined

  constructor(codespace: string, code: number, text: string, facts: ErrorFacts) {
    super(codespace, code, text, facts.detail)
    this.name = 'ClientError'
    this.advice = facts.advice
    this.retry = facts.retry ?? 'never'
    this.outcome = facts.outcome
    this.txHash = facts.txHash
  }
}

/** Whether an error is of this package. */
export function isClientError(error: unknown): error is ClientError {
  return error instanceof ClientError
}

/** Whether a node gave no answer or a useless one (`client/1` – `/3`): what it was asked may be done. */
export function isNodeFault(error: unknown): boolean {
  return isClientError(error) && error.codespace === 'client' && error.code <= 3
}

/** What the hub refused, in its own words, and what to do about it. */
export function hubRefusal(
  refused: { readonly codespace: string; readonly code: number; readonly log: string },
  about: { readonly txHash?: string } = {},
): ClientError {
  const { codespace, code } = refused
  const text = `${codespace}/${code}: ${refused.log.slice(0, 1_024)}`
  const { advice, retry } = adviceFor(codespace, code)
  const isTransaction = about.txHash !== undefined
  return new ClientError(codespace, code, text, {
    advice,
    retry,
    ...(isTransaction ? { outcome: 'refused' as const, txHash: about.txHash } : {}),
  })
}

type Row<Detail extends ErrorDetail> = readonly [
  code: number,
  text: (detail: Detail) => string,
  facts: Omit<ErrorFacts, 'detail'>,
]

function define<Detail extends ErrorDetail>(...[code, text, facts]: Row<Detail>) {
  return (detail: Detail, more: Partial<ErrorFacts> = {}) =>
    new ClientError('client', code, text(detail), { ...facts, ...more, detail })
}

const LATER = 'Try again in a while; if it stays so, ask who runs the node, or use another.'
const ARGUMENT = 'Correct the argument that is named.'

/** Codespace `client`. Append only: 1–19 the node, 20–39 arguments, 40–59 transactions, 60– others. */
export const errors = {
  unreachable: define<{ url: string; reason: string }>(1, (d) => `no answer from ${d.url}: ${d.reason}`, {
    advice: 'Check the address and that the node runs.',
    retry: 'later',
  }),
  badAnswer: define<{ what: string; reason: string }>(
    2,
    (d) => `the node's answer to ${d.what} can't be read: ${d.reason}`,
    { advice: 'This is not a hub that this version understands: use another node, or a newer client.' },
  ),
  rpc: define<{ method: string; code: number; reason: string }>(
    3,
    (d) => `the node refused ${d.method} (${d.code}): ${d.reason}`,
    { advice: LATER, retry: 'later' },
  ),
  otherChain: define<{ expected: string; got: string }>(
    4,
    (d) => `the node is of chain ${d.got}, not ${d.expected}`,
    { advice: 'Name the address of a node of the right chain.' },
  ),
  unknownChain: define<{ got: string; reason: string }>(
    5,
    (d) => `chain ${d.got} is no hub that this client can speak to: ${d.reason}`,
    { advice: 'Name the RPC address of a Causeway hub.' },
  ),
  closed: define<Record<string, never>>(6, () => 'the connection was closed', {
    advice: 'Call connect() again.',
  }),
  noWebSocket: define<Record<string, never>>(7, () => 'this JavaScript has no WebSocket', {
    advice: 'Pass one to connect(): { WebSocket }, for example that of the package ws.',
  }),
  badArgument: define<{ name: string; expected: string }>(20, (d) => `${d.name}: expected ${d.expected}`, {
    advice: ARGUMENT,
  }),
  unknownMarket: define<{ symbol: string }>(21, (d) => `there is no market ${d.symbol}`, {
    advice: 'List what is traded with causeway.markets(); an expired market is gone once it has paid out.',
  }),
  offGrid: define<{ name: string; value: string; step: string }>(
    22,
    (d) => `${d.name} ${d.value} is not a multiple of ${d.step}`,
    { advice: 'Round it to the market’s tick (prices) or lot (sizes).' },
  ),
  nothingOffered: define<{ symbol: string; side: string }>(
    23,
    (d) => `nobody ${d.side === 'buy' ? 'sells' : 'buys'} ${d.symbol} now, so there is no price to go by`,
    { advice: 'Name a limit: the order then waits in the book for somebody to meet it.', retry: 'later' },
  ),
  unknownToken: define<{ token: string; where: string }>(24, (d) => `${d.where} has no token ${d.token}`, {
    advice: 'Use a token that the configuration of that chain lists, or causeway.lines() of the hub.',
  }),
  unknownCollateralChain: define<{ chain: string }>(25, (d) => `no chain ${d.chain} is configured`, {
    advice: 'Give connect() the chain in `chains` (the devnet writes .devnet/client.json).',
  }),
  wrongWallet: define<{ needed: string; got: string }>(
    26,
    (d) => `this needs ${d.needed}, and the wallet is ${d.got}`,
    { advice: 'Make the trader with a wallet of that kind, or pass one to the call.' },
  ),
  otherKey: define<{ wallet: string; signed: string }>(
    40,
    (d) => `the wallet should sign as ${d.wallet} but signed as ${d.signed}`,
    { advice: 'Choose the right account in the wallet and try again.' },
  ),
  unknownOutcome: define<{ txHash: string; seconds: number; untilHeight: string }>(
    41,
    (d) =>
      `transaction ${d.txHash} was handed over, and stood in no block for ${d.seconds} s; ` +
      `it can still be included until height ${d.untilHeight}`,
    {
      advice:
        'Ask causeway.transaction(hash) until it is found or that height has passed: only then send again.',
      retry: 'never',
      outcome: 'unknown',
    },
  ),
  neverIncluded: define<{ txHash: string; untilHeight: string }>(
    42,
    (d) => `transaction ${d.txHash} was not included by height ${d.untilHeight}, and never will be`,
    { advice: 'Nothing has changed: send it again.', retry: 'now', outcome: 'refused' },
  ),
  cannotPay: define<{ account: string; denoms: string }>(
    43,
    (d) => `${d.account} has too little of what fees are paid in: ${d.denoms}`,
    { advice: 'Deposit first: what comes in pays fees, and trading is free with 100 cash or more.' },
  ),
  noAccount: define<{ address: string }>(44, (d) => `the hub has no account ${d.address}`, {
    advice: 'Deposit to this address: that creates its account. Then try again.',
    retry: 'later',
  }),
  walletRefused: define<{ reason: string }>(45, (d) => `the wallet did not sign: ${d.reason}`, {
    advice: 'Approve the request in the wallet.',
  }),
  sessionOnly: define<{ what: string }>(46, (d) => `a session key can't ${d.what}`, {
    advice: 'Make the trader with a wallet of the account: session keys only trade.',
  }),
  otherAccount: define<{ told: string }>(
    47,
    (d) => `the node says that this wallet signs for the account ${d.told}`,
    { advice: 'If that is yours, name it: link(wallet, { account }). If not, the node lies.' },
  ),
  dearFee: define<{ denom: string; amount: string }>(
    48,
    (d) => `the node asks a fee of ${d.amount} ${d.denom}, more than this client pays`,
    { advice: 'Use another node, or raise `feeMax` of connect() if that is what it costs.' },
  ),
  doneUnread: define<{ txHash: string; reason: string }>(
    49,
    (d) => `transaction ${d.txHash} is in a block, but what it did can't be read: ${d.reason}`,
    { advice: 'Don’t send it again: read portfolio() and orders().', outcome: 'done' },
  ),
  chainRefused: define<{ chain: string; reason: string }>(
    60,
    (d) => `chain ${d.chain} refused the transaction: ${d.reason}`,
    { advice: 'Check balance, allowance and fees there.', outcome: 'refused' },
  ),
  unproven: define<{ what: string; reason: string }>(61, (d) => `${d.what} is not proven: ${d.reason}`, {
    advice: 'Don’t rely on what this node says: ask another one, and check the trusted header.',
  }),
  noHeader: define<{ height: string }>(62, (d) => `the node has no header of height ${d.height} yet`, {
    advice: 'Wait for the next block: a state is proven by the header after it.',
    retry: 'later',
  }),
  badBook: define<{ market: string; reason: string }>(
    63,
    (d) => `the book of ${d.market} can't be followed: ${d.reason}`,
    { advice: 'A fresh snapshot is read by itself; if this repeats, use another node.', retry: 'now' },
  ),
  missedBlocks: define<{ from: string; to: string }>(
    65,
    (d) => `blocks ${d.from} to ${d.to} were missed while the connection was down`,
    { advice: 'Read what came of them from portfolio(), orders() or the indexer; new blocks go on coming.' },
  ),
  notSeen: define<{ chain: string; seconds: number }>(
    66,
    (d) => `the deposit was handed to ${d.chain} and stood in no block for ${d.seconds} s`,
    {
      advice: 'Look the transaction up there before depositing again: it may still be included.',
      outcome: 'unknown',
    },
  ),
  notCredited: define<{ sequence: string; client: string; seconds: number }>(
    64,
    (d) => `packet ${d.sequence} of ${d.client} did not reach the hub within ${d.seconds} s`,
    {
      advice: 'Wait on with awaitDeposit; when its time is over, relayers bring it back to who sent it.',
      retry: 'later',
    },
  ),
} as const
