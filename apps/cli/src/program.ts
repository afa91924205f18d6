import { Command } from 'commander'

interface Topic {
  readonly description: string
  readonly load: () => Promise<Command>
}

const topics: Readonly<Record<string, Topic>> = {
  devnet: {
    description: 'hub, zone, relayer and indexer on this machine, with a trader who deposits',
    load: async () => (await import('@causeway/devnet')).devnetCommand(),
  },
  hub: {
    description: 'run and inspect a hub node',
    load: async () => (await import('@causeway/hub')).hubCommand(),
  },
  feeder: {
    description: "read public tickers for a validator's votes: prices and volatility surfaces",
    load: async () => (await import('@causeway/feeder')).feederCommand(),
  },
  relayer: {
    description: 'carry packets and proofs between chains',
    load: async () => (await import('@causeway/relayer')).relayerCommand(),
  },
  indexer: {
    description: 'follow chains into SQL and serve GraphQL',
    load: async () => (await import('@causeway/indexer')).indexerCommand(),
  },
  account: {
    description: 'deposit, withdraw, and see what an account has',
    load: async () => (await import('./trade/account-command.ts')).accountCommand(),
  },
  order: {
    description: 'buy, sell, and see what rests in the books',
    load: async () => (await import('./trade/order-command.ts')).orderCommand(),
  },
  market: {
    description: 'what is traded, and what it costs',
    load: async () => (await import('./trade/market-command.ts')).marketCommand(),
  },
  liquidator: {
    description: 'a program that bids for accounts under liquidation',
    load: async () => (await import('./traders/liquidator-command.ts')).liquidatorCommand(),
  },
  'market-maker': {
    description: 'a program that quotes both sides',
    load: async () => (await import('./traders/market-maker-command.ts')).marketMakerCommand(),
  },
  margin: {
    description: 'what an account is required to hold, why, and what would change it',
    load: async () => (await import('./margin/command.ts')).marginCommand(),
  },
  vectors: {
    description: 'run public test vectors against this implementation',
    load: async () => (await import('./vectors/command.ts')).vectorsCommand(),
  },
}

/**
 * The command line. Only the topic that was asked for is loaded: `vectors` needs no database, `hub` no
 * GraphQL.
 * Without one, every topic is listed.
 */
export async function createProgram(wanted: string | undefined): Promise<Command> {
  const program = new Command('causeway')
  program.description('A settlement hub for derivatives whose collateral lives on many chains.')
  program.version('0.1.0').showHelpAfterError('(causeway --help lists what there is)')
  const topic = wanted === undefined ? undefined : topics[wanted]
  if (topic !== undefined) return program.addCommand(await topic.load())
  for (const [name, { description }] of Object.entries(topics)) program.command(name).description(description)
  return program
}
