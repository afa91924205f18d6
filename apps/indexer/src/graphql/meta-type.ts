import type { ChainState } from '../follow/chain-status.ts'
import type { ChainMeta, IndexerMeta } from '../serve/indexer-meta.ts'
import type { Builder } from './builder.ts'

const states: Record<ChainState, { description: string }> = {
  STARTING: { description: 'No endpoint has answered yet.' },
  SYNCING: { description: 'Reading blocks that are already there.' },
  LIVE: { description: 'At the head.' },
  RETRYING: { description: 'The endpoint does not answer as it should.' },
  REFUSED: { description: 'The endpoint served something that does not verify.' },
  STOPPED: { description: 'Another process writes this chain.' },
}

/** Adds `Meta`. */
export function addMetaType(builder: Builder) {
  const state = builder.enumType('ChainState', { description: 'How following a chain goes.', values: states })
  const chain = builder.objectRef<ChainMeta>('ChainMeta').implement({
    description: 'How far the tables are with one chain.',
    fields: (t) => ({
      chainId: t.exposeString('chainId'),
      isHub: t.boolean({ resolve: ({ role }) => role === 'hub' }),
      state: t.field({ type: state, resolve: (row) => row.state }),
      indexedHeight: t.field({ type: 'UInt64', resolve: ({ indexedHeight }) => indexedHeight }),
      indexedTime: t.field({
        type: 'Time',
        nullable: true,
        resolve: ({ indexedHeight, indexedTimeNanoseconds }) =>
          indexedHeight === 0n ? null : indexedTimeNanoseconds,
      }),
      headHeight: t.field({ type: 'UInt64', resolve: ({ headHeight }) => headHeight }),
      lagBlocks: t.field({ type: 'UInt64', resolve: ({ lagBlocks }) => lagBlocks }),
      lagSeconds: t.float({
        description: 'Since when the tables are not known to be at the head.',
        resolve: ({ lagSeconds }) => lagSeconds,
      }),
      lastError: t.string({
        nullable: true,
        description: 'What kind of failure following met last, while it lasts.',
        resolve: ({ lastError }) => lastError?.kind ?? null,
      }),
    }),
  })
  return builder.objectRef<IndexerMeta>('Meta').implement({
    description: 'How the indexer stands.',
    fields: (t) => ({
      hubChainId: t.exposeString('hubChainId'),
      isLagging: t.exposeBoolean('isLagging'),
      lagSeconds: t.exposeFloat('lagSeconds'),
      chains: t.field({ type: [chain], resolve: ({ chains }) => [...chains] }),
    }),
  })
}
