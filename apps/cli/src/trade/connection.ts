// Which hub, and who acts: the options that account, order and market share.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  connect,
  evmWallet,
  readClientConfig,
  sessionWallet,
  solanaKey,
  solanaWallet,
} from '@causeway/client'
import type { Causeway, ClientConfig, EvmWallet, SessionWallet, SolanaWallet, Trader } from '@causeway/client'
import { equalBytes, fromHex } from '@causeway/primitives'
import type { Command } from 'commander'
import { privateKeyToAccount } from 'viem/accounts'
import { errors } from './errors.ts'

/** What every command of a trader may be told. */
export interface Asked {
  readonly rpc?: string
  readonly chainId?: string
  readonly config?: string
  readonly key?: string
  readonly json?: true
  readonly subaccount?: string
  readonly session?: string
}

/** Where `npm start` tells clients of it. */
const DEFAULT_CONFIG = '.devnet/client.json'
const FILE_BYTES_MAX = 65_536

/** Adds the options that say which hub. */
export function withHubOptions(command: Command): Command {
  return command
    .option('--rpc <url>', 'RPC of a hub node, instead of the one that the configuration names')
    .option('--chain-id <id>', 'refuse a node of another chain; default: what the configuration says')
    .option('--config <file>', 'the hub, chains and keys of a client', DEFAULT_CONFIG)
    .option('--json', 'JSON instead of a table')
}

/** Adds the options that say which hub and who acts. */
export function withTraderOptions(command: Command): Command {
  return withHubOptions(command)
    .option('--key <file>', 'private key of an EVM wallet; default: the first key of the configuration')
    .option('--subaccount <number>', '0 to 65535', '0')
}

/** Connects, runs, closes. */
export async function withHub<T>(asked: Asked, run: (causeway: Causeway) => Promise<T>): Promise<T> {
  const config = readConfig(asked)
  const rpc = asked.rpc ?? config?.rpc
  if (rpc === undefined) throw errors.noHub({ path: DEFAULT_CONFIG })
  const chainId = asked.chainId ?? config?.chainId
  const causeway = await connect({
    rpc,
    ...(chainId === undefined ? {} : { chainId }),
    ...(config === undefined ? {} : { chains: config.chains }),
  })
  try {
    return await run(causeway)
  } finally {
    causeway.close()
  }
}

/** Connects and acts as the wallet whose key is named. */
export async function withTrader<T>(
  asked: Asked,
  run: (trader: Trader, causeway: Causeway) => Promise<T>,
): Promise<T> {
  const wallet = readWallet(asked)
  const options = {
    subaccount: wholeNumber('--subaccount', asked.subaccount ?? '0'),
    ...(asked.session === undefined ? {} : { session: readSession(asked.session) }),
  }
  return await withHub(asked, (causeway) => run(causeway.trader(wallet, options), causeway))
}

/** The address that a command is about: the one that is named, else the wallet's own. */
export function addressOf(asked: Asked, named: string | undefined): string {
  return named ?? readWallet(asked).address
}

/** The wallet of `--key`, or of the configuration's first EVM key. Throws `cli-trade/3` – `5`. */
export function readWallet(asked: Asked): EvmWallet {
  const path = asked.key ?? keyOfConfig(asked)
  if (path === undefined) throw errors.noKey()
  return readWalletFile(path)
}

/** The wallet that pays on Solana: of a named file, or of the configuration's first Solana key. */
export function readSolanaWallet(asked: Asked, named: string | undefined): SolanaWallet {
  const path = named ?? keyOfConfig(asked, 'solana')
  if (path === undefined) throw errors.noSolanaKey()
  return solanaWallet(solanaKey(readSolanaSeed(path)))
}

/** Solana-keygen's file, 32 bytes of the seed and then the key's, or the seed alone in hex. */
function readSolanaSeed(path: string): Uint8Array {
  const list = /^\[([\d,\s]{127,400})\]$/.exec(readText(path).trim())?.[1]
  if (list === undefined) return fromHex(readSecret(path).toLowerCase())
  requireClosed(path)
  const bytes = Uint8Array.from(list.split(',').map(Number))
  const seed = bytes.slice(0, 32)
  if (bytes.length !== 64 || !equalBytes(solanaKey(seed).publicKey, bytes.subarray(32)))
    throw errors.badSolanaKey({ path })
  return seed
}

/** The EVM wallet whose private key a file holds. Throws `cli-trade/1`, `4`, `5`. */
export function readWalletFile(path: string): EvmWallet {
  return evmWallet(accountOf(`0x${readSecret(path)}`, path))
}

/** The session key whose seed a file holds. Throws `cli-trade/1`, `4`, `5`. */
export function readSession(path: string): SessionWallet {
  return sessionWallet(readSecret(path))
}

function readSecret(path: string): string {
  const text = readText(path).trim()
  requireClosed(path)
  const [, digits] = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text) ?? []
  if (digits === undefined) throw errors.badKey({ path })
  return digits
}

/** A key that others may read is none. */
function requireClosed(path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode
  if (mode !== undefined && process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw errors.openKey({ path, mode: (mode & 0o777).toString(8) })
}

/** A number of 0 or more that a user wrote. Throws `cli-trade/8`. */
export function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw errors.badCount({ name, text })
  return Number(text)
}

/** Prints a result: as JSON, or as lines. */
export function show<T>({ json }: Asked, result: T, lines: (result: T) => readonly string[]): void {
  process.stdout.write(`${json ? JSON.stringify(result, undefined, 2) : lines(result).join('\n')}\n`)
}

function accountOf(key: `0x${string}`, path: string) {
  try {
    return privateKeyToAccount(key)
  } catch {
    throw errors.badKey({ path }) // zero, or beyond the curve's order
  }
}

function keyOfConfig(asked: Asked, wanted: 'evm' | 'solana' = 'evm'): string | undefined {
  const key = readConfig(asked)?.keys.find(({ kind }) => kind === wanted)
  return key && resolve(dirname(configPath(asked)), key.privateKeyFile)
}

function configPath({ config = DEFAULT_CONFIG }: Asked): string {
  return resolve(config)
}

/** The configuration, where there is one. Throws `cli-trade/1`. */
export function readConfig(asked: Asked): ClientConfig | undefined {
  const path = configPath(asked)
  const isDefault = asked.config === undefined || asked.config === DEFAULT_CONFIG
  if (isDefault && !existsSync(path)) return undefined
  const text = readText(path)
  try {
    return readClientConfig(JSON.parse(text))
  } catch (error) {
    throw errors.unreadable({ path, reason: error instanceof Error ? error.message : String(error) })
  }
}

function readText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length <= FILE_BYTES_MAX) return text
  } catch (error) {
    throw errors.unreadable({ path, reason: error instanceof Error ? error.message : String(error) })
  }
  throw errors.unreadable({ path, reason: `it is longer than ${FILE_BYTES_MAX} bytes` })
}
