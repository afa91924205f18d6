import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CommittedBatch } from '../follow/collect-batch.ts'
import type { IndexerMeta } from './indexer-meta.ts'

/** The indexer's metrics, in a registry of their own so that several indexers can live in one process. */
export class Metrics {
  readonly registry = new Registry()
  readonly #blocks: Counter<'chain'>
  readonly #rows: Counter<'chain'>
  readonly #problems: Counter<'chain'>
  readonly #requests: Histogram<'path' | 'code'>

  constructor(meta: () => IndexerMeta, subscriptions: () => number) {
    const registers = [this.registry]
    const counter = (name: string, help: string) =>
      new Counter({ name, help, labelNames: ['chain'] as const, registers })
    this.#blocks = counter('causeway_indexer_blocks_total', 'Blocks written.')
    this.#rows = counter('causeway_indexer_row_changes_total', 'Row changes written.')
    this.#problems = counter('causeway_indexer_unread_events_total', 'Events that could not be read.')
    this.#requests = new Histogram({
      name: 'causeway_indexer_request_seconds',
      help: 'Time to answer a request.',
      labelNames: ['path', 'code'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    })
    const chains = (
      name: string,
      help: string,
      value: (chain: IndexerMeta['chains'][number]) => number,
    ): void => {
      new Gauge({
        name,
        help,
        labelNames: ['chain'],
        registers,
        collect() {
          for (const chain of meta().chains) this.set({ chain: chain.chainId }, value(chain))
        },
      })
    }
    chains('causeway_indexer_height', 'Last indexed block.', ({ indexedHeight }) => Number(indexedHeight))
    chains('causeway_indexer_head_height', 'Newest block that an endpoint knows.', ({ headHeight }) =>
      Number(headHeight),
    )
    chains(
      'causeway_indexer_lag_seconds',
      'Since when the tables are not at the head.',
      (chain) => chain.lagSeconds,
    )
    chains('causeway_indexer_refused', '1 while an endpoint serves what does not verify.', ({ state }) =>
      state === 'REFUSED' ? 1 : 0,
    )
    new Gauge({
      name: 'causeway_indexer_subscriptions',
      help: 'Open subscriptions.',
      registers,
      collect() {
        this.set(subscriptions())
      },
    })
  }

  /** Counts a committed batch. */
  committed({ chainId: chain, blockCount, changes, problems }: CommittedBatch): void {
    this.#blocks.inc({ chain }, blockCount)
    this.#rows.inc({ chain }, changes.length)
    this.#problems.inc({ chain }, problems.length)
  }

  /** Measures an answered request. */
  answered(path: string, code: number, seconds: number): void {
    this.#requests.observe({ path, code: String(code) }, seconds)
  }
}
