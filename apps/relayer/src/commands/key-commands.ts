import { closeSync, openSync, writeSync } from 'node:fs'

import { Bip39, Random } from '@cosmjs/crypto'
import type { Command } from 'commander'

import { fileFault } from '@causeway/primitives'
import { loadConfig } from '../config/load-config.ts'
import { ADDRESS_PREFIX } from '../config/fields.ts'
import type { ChainConfig } from '../config/schema.ts'
import { RelayError } from '../errors.ts'
import { makeKeystore } from '../keys/keystore.ts'
import { makeKeystoreV3 } from '../keys/keystore-v3.ts'
import { openEvmKey } from '../keys/evm-wallet.ts'
import { openSolanaKey } from '../keys/solana-wallet.ts'
import { openWallet } from '../keys/wallet.ts'
import { openChains } from '../open-chains.ts'
import { guarded, toTable } from './io.ts'
import type { CommandIo } from './io.ts'

interface AddOptions {
  readonly type: string
  readonly prefix: string
  readonly fromEnv?: string
  readonly passwordEnv?: string
}

/** `keys add`, `keys list` and `doctor`: everything about wallets and whether they can pay. */
export function addKeyCommands(parent: Command, io: CommandIo): void {
  const keys = parent
    .command('keys')
    .description('fee wallets; secrets come from the environment or from key files')
  keys
    .command('add <file>')
    .description(
      'write a key file that only its owner can read, with a new mnemonic or one from the environment',
    )
    .option('--type <type>', 'cosmos, evm (an encrypted file is a keystore v3), or solana', 'cosmos')
    .option('--prefix <prefix>', 'address prefix, to show the address', 'cway')
    .option('--from-env <name>', 'take the mnemonic or hex key from this variable')
    .option('--password-env <name>', 'encrypt with the password in this variable')
    .action(guarded(io, (file: string, options: AddOptions) => add(file, options, io)))
  keys
    .command('list')
    .description('address and balance of each chain’s wallet')
    .option('-c, --config <file>', 'configuration file', 'relayer.yaml')
    .action(guarded(io, (options: { config: string }) => list(options.config, io)))
  parent
    .command('doctor')
    .description('check endpoints, clocks and wallets')
    .option('-c, --config <file>', 'configuration file', 'relayer.yaml')
    .action(guarded(io, (options: { config: string }) => doctor(options.config, io)))
}

async function add(file: string, options: AddOptions, io: CommandIo): Promise<void> {
  const { type, prefix, passwordEnv } = options
  if (type !== 'cosmos' && type !== 'evm' && type !== 'solana')
    throw new RelayError('config', 'never', `--type ${type}: cosmos, evm or solana`)
  if (!ADDRESS_PREFIX.test(prefix)) {
    throw new RelayError('config', 'never', `--prefix ${prefix}: expected small letters, as in cway`)
  }
  const make = type === 'solana' ? newSeed : newMnemonic
  const secret = options.fromEnv === undefined ? make() : needEnv(options.fromEnv, io)
  const password = passwordEnv === undefined ? undefined : needEnv(passwordEnv, io)
  const { address, text } =
    type === 'evm'
      ? await evmKeyFile(secret, password)
      : type === 'solana'
        ? await solanaKeyFile(secret, password)
        : await cosmosKeyFile(secret, prefix, password)
  writePrivateFile(file, text)
  io.out(`${address}  (${password === undefined ? 'not encrypted' : 'encrypted'}, in ${file})`)
}

async function cosmosKeyFile(secret: string, prefix: string, password: string | undefined) {
  const { address } = await openWallet(secret, prefix)
  return { address, text: password === undefined ? `${secret}\n` : await makeKeystore(secret, password) }
}

async function evmKeyFile(secret: string, password: string | undefined) {
  const { address, key } = openEvmKey(secret)
  return {
    address,
    text: password === undefined ? `${secret}\n` : await makeKeystoreV3(key, address, password),
  }
}

/** Not encrypted it is what solana-keygen writes, so that the tools of Solana read it, too. */
async function solanaKeyFile(secret: string, password: string | undefined) {
  const { address, text } = await openSolanaKey(secret)
  return { address, text: password === undefined ? `${text}\n` : await makeKeystore(text, password) }
}

async function list(path: string, io: CommandIo): Promise<void> {
  const config = loadConfig(path)
  const chains = await openChains(config, io.env, Date.now)
  const rows = await Promise.all(
    [...chains.values()].map(async (chain) => {
      const balance = await chain.balance().catch(() => undefined)
      const coins = balance === undefined ? 'unreadable' : `${balance.amount}${balance.denom}`
      return [chain.chainId, chain.signerAddress, coins]
    }),
  )
  io.out(toTable(['CHAIN', 'ADDRESS', 'BALANCE'], rows))
}

async function doctor(path: string, io: CommandIo): Promise<void> {
  const config = loadConfig(path)
  const problems: string[] = []
  for (const settings of config.chains) problems.push(...(await examine(settings, io)))
  if (problems.length === 0) return io.out('no problems')
  io.err(problems.join('\n'))
  io.exit(1)
}

/** Looks at one chain's endpoints, clock and wallet; says what is well and returns what is not. */
async function examine(settings: ChainConfig, io: CommandIo): Promise<string[]> {
  const { id } = settings
  const chains = await openChains({ chains: [settings] }, io.env, Date.now).catch(
    (error: RelayError) => error,
  )
  if (chains instanceof RelayError) return [`${id}: ${chains.message}`]
  const chain = chains.get(id)
  if (chain === undefined) return []
  const problems: string[] = []
  const head = await chain.head().catch((error: RelayError) => error)
  for (const one of await chain.probe()) {
    io.out(`${id}: ${one.url} ${one.isFresh ? `at ${one.height}` : 'does not answer or is behind'}`)
    if (!one.isFresh) problems.push(`${id}: endpoint ${one.url}`)
  }
  if (head instanceof RelayError) return [...problems, `${id}: ${head.message}`]
  const [early, late] = SKEW_SECONDS[settings.type]
  const skewSeconds = BigInt(Math.floor(Date.now() / 1000)) - head.timeNanoseconds / 1_000_000_000n
  if (skewSeconds > late || skewSeconds < early)
    problems.push(`${id}: last final block is ${skewSeconds} s from our clock`)
  const balance = await chain.balance()
  io.out(`${id}: ${chain.signerAddress} holds ${balance.amount}${balance.denom}`)
  const isFree = settings.type === 'cosmos' && settings.gasPrice.numerator === 0n
  if (balance.amount === 0n && !isFree) problems.push(`${id}: the wallet is empty`)
  return problems
}

/**
 * Seconds that the newest final block may be ahead of, and behind, our clock; Ethereum's is two epochs old,
 * Solana's clock is what its voters say.
 */
const SKEW_SECONDS = { cosmos: [-10n, 60n], evm: [-10n, 1_800n], solana: [-60n, 120n] } as const

function newMnemonic(): string {
  return Bip39.encode(Random.getBytes(32)).toString()
}

function newSeed(): string {
  return Buffer.from(Random.getBytes(32)).toString('hex')
}

function needEnv(name: string, io: CommandIo): string {
  const value = io.env[name]
  if (value === undefined || value.trim() === '')
    throw new RelayError('config', 'never', `${name} is not set`)
  return value.trim()
}

/** Never overwrites: a key that is gone is money that is gone. */
function writePrivateFile(path: string, text: string): void {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, text)
    closeSync(file)
  } catch (cause) {
    throw new RelayError('config', 'never', `${path} can't be written: ${fileFault(cause)}`)
  }
}
