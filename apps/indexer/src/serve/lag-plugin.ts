import { Kind, type DocumentNode, type ExecutionResult } from 'graphql/index.js'
import type { Plugin } from 'graphql-yoga'
import { queryError } from '../read/query-errors.ts'
import type { IndexerMeta } from './indexer-meta.ts'

/**
 * Every answer says at which hub block it stands; past the bound there is an error instead of old or missing
 * data.
 */
export function lagPlugin(meta: () => IndexerMeta): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const before = meta()
      if (before.isRefusing && !asksOnlyMeta(args.document)) {
        const error = queryError('LAGGING', 'the tables are too far behind the hub: see _meta')
        setResultAndStopExecution({ errors: [error], extensions: standing(before) })
        return undefined
      }
      return {
        onExecuteDone({ result, setResult }) {
          if (!isSingle(result)) return
          setResult({ ...result, extensions: { ...result.extensions, ...standing(before) } })
        },
      }
    },
  }
}

function standing({ hubChainId, chains, isLagging, lagSeconds }: IndexerMeta): Record<string, unknown> {
  const hub = chains.find(({ chainId }) => chainId === hubChainId)
  const lagging = chains
    .filter((chain) => chain.lagSeconds === lagSeconds && isLagging)
    .map(({ chainId }) => chainId)
  return {
    indexer: {
      hubHeight: String(hub?.indexedHeight ?? 0n),
      isLagging,
      ...(isLagging ? { lagSeconds, lagging } : {}),
    },
  }
}

function asksOnlyMeta(document: DocumentNode): boolean {
  return document.definitions.every(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.selectionSet.selections.every(
        (selection) =>
          selection.kind === Kind.FIELD && /^(_meta|__schema|__type|__typename)$/.test(selection.name.value),
      ),
  )
}

function isSingle(result: unknown): result is ExecutionResult {
  return typeof result === 'object' && result !== null && !(Symbol.asyncIterator in result)
}
