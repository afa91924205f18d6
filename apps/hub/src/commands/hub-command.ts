import { availableParallelism } from 'node:os'
import { isProtocolError, toHex } from '@causeway/primitives'
import { StorageFault } from '@causeway/state-tree'
import { Command, Option } from 'commander'
import { HUB_CHAIN_ID } from '../app.ts'
import type { GenesisBalance } from '../genesis/app-state.ts'
import type { SeededAsset } from '../modules/oracle/price-source.ts'
import { DEFAULT_HOME } from './home.ts'
import { initHome } from './init.ts'
import { checkHome, exportHome, signMissing } from './inspect.ts'
import { collectBalance, collectPrice, collectText, httpUrl, wholeNumber } from './options.ts'
import { startHub } from './start.ts'
import type { StartOptions } from './start.ts'

const GAS_PRICE_E9 = 25_000_000
const DAY_OF_BLOCKS = 86_400

/** `causeway hub …`. */
export function hubCommand(): Command {
  return new Command('hub')
    .description('run and inspect a hub node')
    .addCommand(initCommand())
    .addCommand(startCommand())
    .addCommand(exportCommand())
    .addCommand(invariantsCommand())
    .addCommand(signAttestationCommand())
}

function initCommand(): Command {
  return home(new Command('init'))
    .description("make a home directory: validators' keys and a genesis")
    .option('--chain-id <id>', 'chain id', HUB_CHAIN_ID)
    .option(
      '--validators <count>',
      'validators that sign in this home',
      wholeNumber('--validators', 1, 100),
      1,
    )
    .option(
      '--account <address=coin>',
      'balance at genesis, as cway1…=1000000ucway (repeatable)',
      collectBalance,
      [],
    )
    .option(
      '--gas-price-e9 <price>',
      'ucway per 10⁹ gas',
      wholeNumber('--gas-price-e9', 0, 1e15),
      GAS_PRICE_E9,
    )
    .option(
      '--operator <address>',
      "account that owns a validator's stake, in the validators' order (repeatable); others can't be moved",
      collectText,
      [],
    )
    .option(
      '--insurance <amount>',
      'ucway in the insurance fund',
      wholeNumber('--insurance', 0, Number.MAX_SAFE_INTEGER),
      0,
    )
    .action(
      (given: {
        home: string
        chainId: string
        validators: number
        account: GenesisBalance[]
        gasPriceE9: number
        operator: string[]
        insurance: number
      }) =>
        reporting(() => {
          const { account: accounts, operator: operators, ...rest } = given
          const [gasPriceE9, insurance] = [BigInt(given.gasPriceE9), BigInt(given.insurance)]
          initHome({ ...rest, accounts, operators, gasPriceE9, insurance })
          console.log(`made ${given.home}: chain ${given.chainId}, ${given.validators} validators`)
        }),
    )
}

interface StartFlags {
  readonly home: string
  readonly engine: StartOptions['engine']
  readonly blockTime: number
  readonly rpcHost: string
  readonly rpcPort: number
  readonly abciAddress: string
  readonly threads: number
  readonly keepVersions: number
  readonly simulatedPrice: SeededAsset[]
  readonly priceFeed?: string
  readonly record?: string
}

function startCommand(): Command {
  const engines = ['embedded', 'cometbft-socket']
  return home(new Command('start'))
    .description('run the node until Ctrl-C')
    .addOption(new Option('--engine <engine>', 'who makes blocks').choices(engines).default('embedded'))
    .option(
      '--block-time <ms>',
      'embedded: time between blocks',
      wholeNumber('--block-time', 1, 600_000),
      1_000,
    )
    .option('--rpc-host <host>', "embedded: interface of CometBFT's RPC", '127.0.0.1')
    .option(
      '--rpc-port <port>',
      'embedded: port of the RPC, 0 for a free one',
      wholeNumber('--rpc-port', 0, 65_535),
      26_657,
    )
    .option('--abci-address <address>', 'cometbft-socket: where to listen', 'tcp://127.0.0.1:26658')
    .option(
      '--threads <count>',
      'threads that verify signatures',
      wholeNumber('--threads', 0, 64),
      defaultThreads(),
    )
    .option(
      '--keep-versions <count>',
      'committed heights that stay provable',
      wholeNumber('--keep-versions', 1, 1e9),
      DAY_OF_BLOCKS,
    )
    .option(
      '--simulated-price <asset=price>',
      'SIMULATED oracle price to move around (repeatable)',
      collectPrice,
      [],
    )
    .option(
      '--price-feed <url>',
      'a feeder on this machine: its prices and surfaces',
      httpUrl('--price-feed'),
    )
    .option('--record <file>', 'record FinalizeBlock requests and results, to be replayed')
    .action((flags: StartFlags) => reporting(() => run(flags)))
}

async function run(flags: StartFlags): Promise<void> {
  const { blockTime: blockTimeMs, simulatedPrice: simulatedPrices, record, keepVersions, ...rest } = flags
  let end: (error?: unknown) => void = () => undefined
  const ended = new Promise<unknown>((resolve) => (end = resolve))
  const hub = await startHub({
    ...rest,
    ...(record === undefined ? {} : { recordPath: record }),
    blockTimeMs,
    simulatedPrices,
    keepVersions: BigInt(keepVersions),
    log: (line) => console.log(line),
    onFatal: (error) => end(error ?? new Error('the node halted')),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end())
  // What fails between blocks, as a read of the index, ends the node in order too.
  process.once('uncaughtException', (error) => end(error))
  const fatal = await ended
  await hub.stop()
  if (fatal !== undefined) throw fatal
}

function exportCommand(): Command {
  return home(new Command('export'))
    .description('print a genesis of another chain with the state at a height')
    .requiredOption('--chain-id <id>', 'of the other chain: never this one’s, or stake is slashed')
    .option(
      '--height <height>',
      'a kept height; the last one by default',
      wholeNumber('--height', 1, Number.MAX_SAFE_INTEGER),
    )
    .action((given: { home: string; chainId: string; height?: number }) =>
      reporting(() => {
        const height = given.height === undefined ? undefined : BigInt(given.height)
        console.log(JSON.stringify(exportHome(given.home, given.chainId, height), undefined, 2))
      }),
    )
}

function signAttestationCommand(): Command {
  return home(new Command('sign-attestation'))
    .description("sign a height that this home's validators have not signed; prints what anybody may submit")
    .requiredOption(
      '--height <height>',
      'the last height of a set',
      wholeNumber('--height', 1, Number.MAX_SAFE_INTEGER),
    )
    .action((given: { home: string; height: number }) =>
      reporting(() => {
        const signatures = signMissing(given.home, BigInt(given.height)).map(({ index, signature }) => ({
          index,
          signature: toHex(signature),
        }))
        console.log(JSON.stringify({ height: given.height.toString(), signatures }, undefined, 2))
      }),
    )
}

function invariantsCommand(): Command {
  return home(new Command('invariants'))
    .description(
      'check the database: value conserved, escrow covered, packets and prices sane; exits 1 when broken',
    )
    .action((given: { home: string }) =>
      reporting(() => {
        const { height, broken } = checkHome(given.home)
        for (const sentence of broken) console.log(sentence)
        console.log(
          broken.length === 0
            ? `height ${height}: all invariants hold`
            : `height ${height}: ${broken.length} broken`,
        )
        if (broken.length > 0) process.exitCode = 1
      }),
    )
}

function home(command: Command): Command {
  return command.option('--home <dir>', 'home directory', DEFAULT_HOME)
}

function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1)
}

/** What the operator got wrong is one line; a bug keeps its stack. */
async function reporting(action: () => void | Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    if (isProtocolError(error)) console.error(`${error.codespace}/${error.code}: ${error.message}`)
    else if (error instanceof StorageFault) console.error(error.message)
    else throw error
    process.exitCode = 1
  }
}
