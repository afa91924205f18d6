import { InvalidArgumentError } from 'commander'
import type { IndexerConfigInput } from '../config.ts'
import { OperatorError } from '../operator-error.ts'
import { startIndexer } from '../start-indexer.ts'
import type { StartOptions } from './indexer-command.ts'
import { parseChain, type ChainOption } from './parse-chain.ts'

/** Starts the indexer and stops it at SIGINT or SIGTERM. */
export async function start(options: StartOptions): Promise<void> {
  const indexer = await startIndexer(configOf(options))
  const stop = (): void => {
    indexer.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  console.log(`GraphQL: ${indexer.graphqlUrl}`)
}

/** The configuration that command-line options say. */
export function configOf(options: StartOptions): IndexerConfigInput {
  const {
    hubRpc,
    hubChainId,
    chain,
    evmChain,
    solanaChain,
    database,
    host,
    port,
    graphiql,
    introspection,
    corsOrigin,
    logLevel,
  } = options
  const hub = parseHub(hubChainId, hubRpc)
  return {
    hub,
    chains: chain,
    evmChains: evmChain,
    solanaChains: solanaChain,
    database,
    host,
    port,
    graphiql,
    introspection,
    corsOrigins: corsOrigin,
    logLevel,
  }
}

function parseHub(chainId: string, urls: string): ChainOption {
  try {
    return parseChain(`${chainId}=${urls}`)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw new OperatorError(
      '--hub-chain-id and --hub-rpc: expected an id of at most 50 characters, and url[,url…]',
    )
  }
}
