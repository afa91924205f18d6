import { readFileSync, statSync } from 'node:fs'

import { fileFault } from '@causeway/primitives'
import { RelayError } from '../errors.ts'
import { openEvmWallet } from './evm-wallet.ts'
import type { EvmWallet } from './evm-wallet.ts'
import { isKeystoreV3, openKeystoreV3 } from './keystore-v3.ts'
import { openKeystore } from './keystore.ts'
import { openSolanaWallet } from './solana-wallet.ts'
import type { SolanaWallet } from './solana-wallet.ts'
import { openWallet } from './wallet.ts'
import type { Wallet } from './wallet.ts'

/** Where a chain's key comes from: an environment variable, or a file that only its owner can read. */
export interface KeySource {
  readonly env?: string | undefined
  readonly file?: string | undefined
  /** Environment variable that holds the password of an encrypted file. */
  readonly passwordEnv?: string | undefined
  readonly hdPath: string
}

const FILE_LENGTH_MAX = 64 * 1024

/** Opens the wallet of a Cosmos chain. Errors name the variable or file, never what is in it. */
export async function loadWallet(source: KeySource, prefix: string, env: NodeJS.ProcessEnv): Promise<Wallet> {
  return await openWallet(await loadSecret(source, env), prefix, source.hdPath)
}

/** Opens the wallet of an EVM chain. Errors name the variable or file, never what is in it. */
export async function loadEvmWallet(source: KeySource, env: NodeJS.ProcessEnv): Promise<EvmWallet> {
  return openEvmWallet(await loadSecret(source, env), source.hdPath)
}

/** Opens the wallet of a Solana cluster. Errors name the variable or file, never what is in it. */
export async function loadSolanaWallet(source: KeySource, env: NodeJS.ProcessEnv): Promise<SolanaWallet> {
  return await openSolanaWallet(await loadSecret(source, env), source.hdPath)
}

async function loadSecret(source: KeySource, env: NodeJS.ProcessEnv): Promise<string> {
  return source.file === undefined ? readEnv(source.env ?? '', env) : await readKeyFile(source, env)
}

function readEnv(name: string, env: NodeJS.ProcessEnv): string {
  const secret = env[name]
  if (secret === undefined || secret.trim() === '') throw config(`environment variable ${name} is not set`)
  return secret
}

/** What is wrong with a key file as it lies there; its secret is not opened. */
export function keyFileProblem(source: KeySource): string | undefined {
  if (source.file === undefined) return undefined
  try {
    readText(source, source.file)
    return undefined
  } catch (error) {
    if (error instanceof RelayError) return error.message
    throw error
  }
}

async function readKeyFile(source: KeySource, env: NodeJS.ProcessEnv): Promise<string> {
  const text = readText(source, source.file ?? '')
  if (!isKeystore(text)) return text
  const password = readEnv(source.passwordEnv ?? '', env)
  return isKeystoreV3(text) ? await openKeystoreV3(text, password) : await openKeystore(text, password)
}

function readText(source: KeySource, path: string): string {
  const text = readPrivateFile(path)
  if (isKeystore(text) && source.passwordEnv === undefined)
    throw config(`${path} is encrypted: set passwordEnv`)
  return text
}

function isKeystore(text: string): boolean {
  return text.trimStart().startsWith('{')
}

function readPrivateFile(path: string): string {
  try {
    const { mode, size } = statSync(path)
    if ((mode & 0o077) !== 0) throw config(`${path} can be read by others: chmod 600 it`)
    if (size > FILE_LENGTH_MAX) throw config(`${path} is too long for a key`)
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof RelayError) throw cause
    throw config(`${path} can't be read: ${fileFault(cause)}`)
  }
}

function config(text: string): RelayError {
  return new RelayError('config', 'never', text)
}
