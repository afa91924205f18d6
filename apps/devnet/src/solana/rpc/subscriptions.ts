import { equalBytes, toBase58 } from '@causeway/primitives'
import type { Block } from '../cluster/block.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { encodeAccount, requireEncoding } from './encode-account.ts'
import type { Request } from './answer.ts'
import { readFilters } from './filters.ts'
import {
  readAddress,
  readCommitment,
  readConfig,
  readList,
  readSignature,
  slotAt,
  withContext,
} from './parameters.ts'
import type { Commitment, Config } from './parameters.ts'
import { METHOD_NOT_FOUND, RpcError, invalidParams } from './rpc-error.ts'

const SUBSCRIPTIONS_MAX = 1_000

/** What a listener is told of. Blocks come in order, each when it has reached the listener's commitment. */
interface Subscription {
  readonly notification: string
  readonly commitment: Commitment
  /** Results to tell of a block; `ends`: nothing more is told afterwards. */
  onBlock(block: Block): { readonly results: readonly unknown[]; readonly ends?: boolean }
  /** What is known at once. */
  readonly atOnce?: unknown
}

/** The subscriptions of one connection. */
export class Subscriptions {
  readonly #cluster: Cluster
  readonly #send: (message: unknown) => void
  readonly #open = new Map<number, Subscription>()
  /** Blocks up to here were told, by commitment. */
  readonly #told: Record<Commitment, bigint>
  #next = 1
  readonly #stop: () => void

  constructor(cluster: Cluster, send: (message: unknown) => void) {
    this.#cluster = cluster
    this.#send = send
    this.#told = { processed: cluster.head.slot, confirmed: cluster.confirmed, finalized: cluster.rooted }
    const frozen = () => this.#tell('processed', cluster.head.slot)
    const confirmed = (slot: bigint) => this.#tell('confirmed', slot)
    const rooted = (slot: bigint) => this.#tell('finalized', slot)
    cluster.on('frozen', frozen).on('confirmed', confirmed).on('rooted', rooted)
    this.#stop = () => cluster.off('frozen', frozen).off('confirmed', confirmed).off('rooted', rooted)
  }

  /** Answers a request that came over the connection. Throws `RpcError`. */
  handle({ method, params }: Request): unknown {
    if (method.endsWith('Unsubscribe')) {
      const [id] = params
      if (typeof id !== 'number' || !this.#open.delete(id)) throw invalidParams('Invalid subscription id.')
      return true
    }
    if (this.#open.size >= SUBSCRIPTIONS_MAX)
      throw invalidParams(`at most ${SUBSCRIPTIONS_MAX} subscriptions`)
    const subscription = subscribe(this.#cluster, method, params)
    const id = this.#next++
    this.#open.set(id, subscription)
    const { atOnce } = subscription
    if (atOnce !== undefined) {
      this.#open.delete(id)
      // After the answer, which names the subscription.
      queueMicrotask(() => this.#notify(id, subscription, atOnce))
    }
    return id
  }

  /** Tells nothing more. */
  close(): void {
    this.#stop()
    this.#open.clear()
  }

  #tell(commitment: Commitment, slot: bigint): void {
    const from = this.#told[commitment]
    this.#told[commitment] = slot
    const { blocks } = this.#cluster.history
    const reached = blocks.slice(-128).filter((block) => block.slot > from && block.slot <= slot)
    for (const block of reached)
      for (const [id, subscription] of [...this.#open]) {
        if (subscription.commitment !== commitment) continue
        const { results, ends } = subscription.onBlock(block)
        for (const result of results) this.#notify(id, subscription, result)
        if (ends) this.#open.delete(id)
      }
  }

  #notify(subscription: number, { notification }: Subscription, result: unknown): void {
    this.#send({ jsonrpc: '2.0', method: notification, params: { result, subscription } })
  }
}

function subscribe(cluster: Cluster, method: string, params: readonly unknown[]): Subscription {
  const config = readConfig(params[1])
  switch (method) {
    case 'slotSubscribe':
      return everyBlock('slotNotification', 'processed', ({ slot, parentSlot }) => ({
        parent: parentSlot,
        root: cluster.rooted,
        slot,
      }))
    case 'rootSubscribe':
      return everyBlock('rootNotification', 'finalized', ({ slot }) => slot)
    case 'signatureSubscribe':
      return signatureSubscription(cluster, readSignature(params[0]), readCommitment(config))
    case 'accountSubscribe':
      return accountSubscription(readAddress(params[0]), config)
    case 'programSubscribe':
      return programSubscription(readAddress(params[0]), config)
    case 'logsSubscribe':
      return logsSubscription(params[0], readCommitment(config))
    default:
      throw new RpcError(METHOD_NOT_FOUND, 'Method not found')
  }
}

function everyBlock(
  notification: string,
  commitment: Commitment,
  result: (block: Block) => unknown,
): Subscription {
  return { notification, commitment, onBlock: (block) => ({ results: [result(block)] }) }
}

/** Told once, when the transaction's block has reached the commitment. */
function signatureSubscription(cluster: Cluster, signature: string, commitment: Commitment): Subscription {
  const result = () => {
    const processed = cluster.history.status(signature)
    return processed && withContext(processed.slot, { err: processed.outcome.error ?? null })
  }
  const { slot } = cluster.history.status(signature) ?? {}
  const isReached = slot !== undefined && slot <= slotAt(cluster, commitment)
  return {
    notification: 'signatureNotification',
    commitment,
    ...(isReached && { atOnce: result() }),
    onBlock: ({ transactions }) => {
      const isThere = transactions.some((each) => each.signature === signature)
      return { results: isThere ? [result()] : [], ends: isThere }
    },
  }
}

function accountSubscription(address: Uint8Array, config: Config): Subscription {
  requireEncoding(config)
  return {
    notification: 'accountNotification',
    commitment: readCommitment(config),
    onBlock: ({ slot, writes }) => ({
      results: writes
        .filter(({ pubkey }) => equalBytes(pubkey, address))
        .map(({ after, before }) =>
          withContext(slot, encodeAccount(after ?? { ...before!, ...GONE }, config)),
        ),
    }),
  }
}

function programSubscription(program: Uint8Array, config: Config): Subscription {
  requireEncoding(config)
  const isWanted = readFilters(config['filters'])
  return {
    notification: 'programNotification',
    commitment: readCommitment(config),
    onBlock: ({ slot, writes }) => ({
      results: writes.flatMap(({ pubkey, after }) =>
        after && equalBytes(after.owner, program) && isWanted(after)
          ? [withContext(slot, { pubkey: toBase58(pubkey), account: encodeAccount(after, config) })]
          : [],
      ),
    }),
  }
}

/** An account that is gone. */
const GONE = { lamports: 0n, data: new Uint8Array(0), owner: new Uint8Array(32), isExecutable: false }

function logsSubscription(filter: unknown, commitment: Commitment): Subscription {
  const { mentioned, withVotes } = readLogsFilter(filter)
  return {
    notification: 'logsNotification',
    commitment,
    onBlock: ({ slot, transactions }) => ({
      results: transactions.flatMap(({ signature, outcome, isVote, transaction }) => {
        const isMentioned = !mentioned || transaction.allKeys.some((key) => equalBytes(key, mentioned))
        if (!isMentioned || (isVote && !withVotes)) return []
        return [withContext(slot, { signature, err: outcome.error ?? null, logs: outcome.logs })]
      }),
    }),
  }
}

function readLogsFilter(filter: unknown): { mentioned: Uint8Array | undefined; withVotes: boolean } {
  if (filter === 'all') return { mentioned: undefined, withVotes: false }
  if (filter === 'allWithVotes') return { mentioned: undefined, withVotes: true }
  const [mentioned] = readList(readConfig(filter)['mentions'], 1, readAddress)
  if (!mentioned) throw invalidParams('one address that is mentioned')
  return { mentioned, withVotes: true }
}
