import { closeSync, openSync, writeSync } from 'node:fs'

import { Bip39, Random } from '@cosmjs/crypto'
import type { Command } from 'commander'

import { fileFault } from '@causeway/primitives'
import { loadConfig } from '../config/load-config.ts'
import { ADDRESS_PREFIX } from '../config/schema.ts'
import { RelayError } from '../errors.ts'
import { makeKeystore } from '../keys/keystore.ts'
import { loadWallet } from '../keys/load-key.ts'
import { openWallet } from '../keys/wallet.ts'
import { openChains } from '../open-chains.ts'
import { guarded, toTable } from './io.ts'
import type { CommandIo } from './io.ts'

interface AddOptions {
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
  if (!ADDRESS_PREFIX.test(options.prefix)) {
    throw new RelayError('config', 'never', `--prefix ${options.prefix}: expected small letters, as in cway`)
  }
  const secret = options.fromEnv === undefined ? newMnemonic() : needEnv(options.fromEnv, io)
  const { address } = await openWallet(secret, options.prefix)
  const password = options.passwordEnv === undefined ? undefined : needEnv(options.passwordEnv, io)
  const text = password === undefined ? `${secret}\n` : await makeKeystore(secret, password)
  writePrivateFile(file, text)
  io.out(`${address}  (${password === undefined ? 'not encrypted' : 'encrypted'}, in ${file})`)
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
  for (const settings of config.chains) {
    const wallet = await loadWallet(settings.key, settings.addressPrefix, io.env).catch(
      (error: RelayError) => error,
    )
    if (wallet instanceof RelayError) {
      problems.push(`${settings.id}: ${wallet.message}`)
      continue
    }
    const chain = (await openChains({ chains: [settings] }, io.env, Date.now)).get(settings.id)
    const head = await chain?.head().catch((error: RelayError) => error)
    const reports = (await chain?.probe()) ?? []
    for (const one of reports) {
      io.out(
        `${settings.id}: ${one.url} ${one.isFresh ? `at ${one.height}` : 'does not answer or is behind'}`,
      )
      if (!one.isFresh) problems.push(`${settings.id}: endpoint ${one.url}`)
    }
    if (head === undefined || head instanceof RelayError) continue
    const skewSeconds = BigInt(Math.floor(Date.now() / 1000)) - head.timeNanoseconds / 1_000_000_000n
    if (skewSeconds > 60n || skewSeconds < -10n)
      problems.push(`${settings.id}: last block is ${skewSeconds} s from our clock`)
    const balance = await chain?.balance()
    io.out(`${settings.id}: ${wallet.address} holds ${balance?.amount}${balance?.denom}`)
    if (balance?.amount === 0n && settings.gasPrice.numerator > 0n)
      problems.push(`${settings.id}: the wallet is empty`)
  }
  if (problems.length === 0) return io.out('no problems')
  io.err(problems.join('\n'))
  io.exit(1)
}

function newMnemonic(): string {
  return Bip39.encode(Random.getBytes(32)).toString()
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
