import { Command, InvalidArgumentError } from 'commander'
import type { IndexerConfigInput } from '../config.ts'
import {
  parseChain,
  parseEvmChain,
  parseSolanaChain,
  type ChainOption,
  type EvmChainOption,
  type SolanaChainOption,
} from './parse-chain.ts'
import { rebuild } from './rebuild.ts'
import { reporting } from './reporting.ts'
import { start } from './start.ts'
import { status } from './status.ts'

/** Options of `start` and `rebuild`, as commander gives them. */
export type StartOptions = {
  hubRpc: string
  hubChainId: string
  chain: ChainOption[]
  evmChain: EvmChainOption[]
  solanaChain: SolanaChainOption[]
  database: string
  host: string
  port: number
  graphiql: boolean
  introspection: boolean
  corsOrigin: string[]
  logLevel: NonNullable<IndexerConfigInput['logLevel']>
}

/** The command `indexer` of the command line. */
export function indexerCommand(): Command {
  const command = new Command('indexer').description(
    'follows the hub and the connected chains; serves GraphQL',
  )
  withSource(command.command('start').description('follow and serve until it is stopped'))
    .option('--host <address>', 'address to listen on', env('INDEXER_HOST', '127.0.0.1'))
    .option(
      '--port <number>',
      'port to listen on, 0 for a free one',
      parsePort,
      fromEnv('INDEXER_PORT', '8080', parsePort),
    )
    .option('--graphiql', 'serve the GraphiQL page', env('INDEXER_GRAPHIQL', '') === 'true')
    .option('--no-introspection', 'refuse introspection queries')
    .option('--cors-origin <origin...>', 'origins that browsers may ask from', ['*'])
    .action(reporting((options: StartOptions) => start(options)))
  withSource(
    command.command('rebuild').description('empty the tables, read everything again, print the checksums'),
  )
    .option('--yes', 'really empty the tables')
    .action(reporting((options: StartOptions & { yes?: boolean }) => rebuild(options)))
  command
    .command('status')
    .description('how far a running indexer is')
    .argument('[url]', 'its base URL', env('INDEXER_URL', 'http://127.0.0.1:8080'))
    .action(reporting((url: string) => status(url)))
  return command
}

function withSource(command: Command): Command {
  return command
    .requiredOption('--hub-rpc <urls>', 'RPC URLs of the hub, comma-separated', process.env.INDEXER_HUB_RPC)
    .option('--hub-chain-id <id>', 'chain id of the hub', env('INDEXER_HUB_CHAIN_ID', 'causeway-1'))
    .option(
      '--chain <id=urls[@height:hash]>',
      'a connected chain: its id, RPC URLs, and a trusted block; may be repeated',
      collectChain,
      fromEnv('INDEXER_CHAINS', '', (text) => text.split(' ').filter(Boolean).map(parseChain)),
    )
    .option(
      '--evm-chain <id=rpcs;beacons;core@block[:root]>',
      'a connected EVM chain: execution and consensus URLs, the IBC core, the block that deployed it',
      collectEvmChain,
      fromEnv('INDEXER_EVM_CHAINS', '', (text) => text.split(' ').filter(Boolean).map(parseEvmChain)),
    )
    .option(
      '--solana-chain <id=rpcs;core@slot>',
      'a connected Solana cluster: RPC URLs, the IBC core, the slot that deployed it',
      collectSolanaChain,
      fromEnv('INDEXER_SOLANA_CHAINS', '', (text) => text.split(' ').filter(Boolean).map(parseSolanaChain)),
    )
    .option(
      '--database <where>',
      'postgres://…, a directory, or memory',
      process.env.DATABASE_URL ?? '.causeway/indexer',
    )
    .option('--log-level <level>', 'silent, error, warn, info or debug', env('INDEXER_LOG_LEVEL', 'info'))
}

function env(name: string, otherwise: string): string {
  return process.env[name] ?? otherwise
}

/** What a variable says in place of an option; a wrong one is named like an option. */
function fromEnv<Value>(name: string, otherwise: string, parse: (text: string) => Value): Value {
  try {
    return parse(env(name, otherwise))
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw new InvalidArgumentError(`the variable ${name}: ${error.message}`)
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('not a port')
  return port
}

function collectChain(text: string, chains: ChainOption[]): ChainOption[] {
  return [...chains, parseChain(text)]
}

function collectEvmChain(text: string, chains: EvmChainOption[]): EvmChainOption[] {
  return [...chains, parseEvmChain(text)]
}

function collectSolanaChain(text: string, chains: SolanaChainOption[]): SolanaChainOption[] {
  return [...chains, parseSolanaChain(text)]
}
