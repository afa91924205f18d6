import { PublicKey, SystemProgram, ComputeBudgetProgram, Keypair, Transaction } from '@solana/web3.js'
import { concatBytes, fromBase58, toBase58 } from '@causeway/primitives'
import type { Cluster } from '../cluster/cluster.ts'
import { faucetKey } from '../cluster/genesis.ts'
import { feeOf } from '../execution/fee.ts'
import { Unloadable, resolveTransaction } from '../execution/message.ts'
import type { ResolvedTransaction } from '../execution/message.ts'
import type { TransactionError } from '../execution/transaction-error.ts'
import type { Outcome, PlacedAccount } from '../execution/virtual-machine.ts'
import { encodeAccount } from './encode-account.ts'
import { parseInner, returnDataOf } from './encode-transaction.ts'
import type { Methods } from './method.ts'
import {
  contextSlot,
  readAddress,
  readConfig,
  readCount,
  readList,
  readCommitment,
  withContext,
} from './parameters.ts'
import type { Config } from './parameters.ts'
import { PREFLIGHT_FAILURE, RpcError, SIGNATURE_FAILURE, describeError, invalidParams } from './rpc-error.ts'

const TRANSACTION_BYTES_MAX = 1_232
const BASE64_LENGTH_MAX = 1_644
const SIMULATED_ACCOUNTS_MAX = 256
/** Blocks for which a blockhash is good. */
const BLOCKHASH_BLOCKS = 150n
const AIRDROP_LAMPORTS_MAX = 1_000_000n * 1_000_000_000n

/** What runs transactions, and what is needed to make one. */
export const sendMethods: Methods = {
  sendTransaction: (cluster, [text, config]) => sendTransaction(cluster, text, readConfig(config)),
  simulateTransaction: (cluster, [text, config]) => simulateTransaction(cluster, text, readConfig(config)),
  getLatestBlockhash(cluster, [config]) {
    const slot = contextSlot(cluster, readConfig(config))
    const { blockhash, height } = cluster.history.blockUpTo(slot) ?? cluster.head
    return withContext(slot, {
      blockhash: toBase58(blockhash),
      lastValidBlockHeight: height + BLOCKHASH_BLOCKS,
    })
  },
  isBlockhashValid(cluster, [blockhash, config]) {
    const slot = contextSlot(cluster, readConfig(config))
    return withContext(slot, cluster.blockhashAge(readAddress(blockhash)) !== undefined)
  },
  getFeeForMessage(cluster, [text, config]) {
    const slot = contextSlot(cluster, readConfig(config))
    const message = readBase64(text, 'base64')
    const unsigned = resolve(cluster, unsignedWire(message))
    const isKnown = cluster.blockhashAge(unsigned.recentBlockhash) !== undefined
    return withContext(slot, isKnown ? feeOf(unsigned, unsigned.signatures.length) : null)
  },
  requestAirdrop: (cluster, [address, lamports]) =>
    airdrop(cluster, readAddress(address), readCount(lamports)),
}

function sendTransaction(cluster: Cluster, text: unknown, config: Config): string {
  const wire = readWire(text, config)
  const transaction = resolve(cluster, wire)
  const signature = toBase58(transaction.signatures[0]!)
  if (config['skipPreflight'] !== true) preflight(cluster, transaction, config)
  try {
    cluster.submit(wire)
  } catch (error) {
    // As a node does: what no block takes is dropped without a word once there was no preflight.
    if (!(error instanceof Unloadable)) throw error
  }
  return signature
}

function preflight(cluster: Cluster, transaction: ResolvedTransaction, config: Config): void {
  readCommitment({ commitment: config['preflightCommitment'] })
  const outcome = simulated(cluster, transaction, true)
  const { error } = outcome
  if (error === undefined) return
  if (error === 'SignatureFailure')
    throw new RpcError(SIGNATURE_FAILURE, 'Transaction signature verification failure')
  const message = `Transaction simulation failed: ${describeError(error)}`
  throw new RpcError(PREFLIGHT_FAILURE, message, { accounts: null, ...encodeOutcome(outcome) })
}

function simulateTransaction(cluster: Cluster, text: unknown, config: Config): unknown {
  const slot = contextSlot(cluster, config)
  const { sigVerify, replaceRecentBlockhash, accounts, innerInstructions } = config
  if (sigVerify === true && replaceRecentBlockhash === true)
    throw invalidParams('sigVerify may not be used with replaceRecentBlockhash')
  const { blockhash, height } = cluster.head
  const given = resolve(cluster, readWire(text, config))
  const transaction = replaceRecentBlockhash === true ? withBlockhash(cluster, given, blockhash) : given
  const outcome = simulated(cluster, transaction, sigVerify === true)
  if (outcome.error === 'SignatureFailure')
    throw new RpcError(SIGNATURE_FAILURE, 'Transaction signature verification failure')
  return withContext(slot, {
    ...encodeOutcome(outcome),
    accounts:
      accounts === undefined || accounts === null ? null : wanted(cluster, outcome, readConfig(accounts)),
    innerInstructions: innerInstructions === true ? parseInner(outcome.inner, transaction) : null,
    replacementBlockhash:
      replaceRecentBlockhash === true
        ? { blockhash: toBase58(blockhash), lastValidBlockHeight: height + BLOCKHASH_BLOCKS }
        : null,
    fee: feeOf(transaction, transaction.signatures.length),
  })
}

type Simulated = Outcome & { readonly accounts: readonly PlacedAccount[] }

/** What a transaction would do in the open bank. */
function simulated(cluster: Cluster, transaction: ResolvedTransaction, isVerifying: boolean): Simulated {
  const refused = (error: TransactionError): Simulated => ({
    error,
    logs: [],
    computeUnits: 0,
    returned: undefined,
    inner: [],
    accounts: [],
  })
  const { wire, version, signatures, recentBlockhash } = transaction
  const outcome = cluster.state.machine.simulate(wire, version, isVerifying)
  if (outcome.error === 'SignatureFailure') return outcome
  if (cluster.blockhashAge(recentBlockhash) === undefined) return refused('BlockhashNotFound')
  if (cluster.history.status(toBase58(signatures[0]!))) return refused('AlreadyProcessed')
  return outcome
}

function encodeOutcome(outcome: Outcome): Record<string, unknown> {
  const { error, logs, computeUnits } = outcome
  return { err: error ?? null, logs, unitsConsumed: computeUnits, returnData: null, ...returnDataOf(outcome) }
}

/** The accounts that were asked for, as they would be after it. */
function wanted(cluster: Cluster, outcome: Simulated, { addresses, encoding }: Config): unknown {
  const asked = readList(addresses, SIMULATED_ACCOUNTS_MAX, readAddress)
  return asked.map((address) => {
    const key = toBase58(address)
    const after = outcome.accounts.find((each) => toBase58(each.address) === key)
    const account = after ? after.account : cluster.state.account(address)
    return account && account.lamports > 0n
      ? encodeAccount(account, { encoding: encoding ?? 'base64' })
      : null
  })
}

function resolve(cluster: Cluster, wire: Uint8Array): ResolvedTransaction {
  try {
    return resolveTransaction(wire, (address) => cluster.state.account(address))
  } catch (error) {
    if (error instanceof Unloadable) throw invalidParams(`invalid transaction: ${describeError(error.error)}`)
    throw error
  }
}

function readWire(text: unknown, { encoding }: Config): Uint8Array {
  const wire = readBase64(text, encoding)
  if (wire.length > TRANSACTION_BYTES_MAX)
    throw invalidParams(`decoded solana_transaction too large: ${wire.length} bytes (max: 1232 bytes)`)
  return wire
}

function readBase64(text: unknown, encoding: unknown): Uint8Array {
  if (typeof text !== 'string') throw invalidParams('a transaction is expected')
  if (encoding !== 'base64') return readBase58(text)
  if (text.length > BASE64_LENGTH_MAX)
    throw invalidParams(`base64 encoded too large: ${text.length} bytes (max: encoded/raw 1644/1232)`)
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  if (Buffer.from(bytes).toString('base64') !== text) throw invalidParams('invalid base64 encoding')
  return bytes
}

/** Only what is short: everything that speaks to a node sends transactions in base 64. */
function readBase58(text: string): Uint8Array {
  const bytes = fromBase58(text)
  if (!bytes) throw invalidParams('invalid base58 encoding; send base64')
  return bytes
}

/** A message with as many empty signatures as it needs. */
function unsignedWire(message: Uint8Array): Uint8Array {
  const required = message[(message[0] ?? 0) >= 0x80 ? 1 : 0] ?? 0
  if (required > 12) throw invalidParams('more signatures than a transaction has room for')
  return concatBytes(Uint8Array.of(required), new Uint8Array(64 * required), message)
}

function withBlockhash(
  cluster: Cluster,
  { wire, message, keys, version }: ResolvedTransaction,
  blockhash: Uint8Array,
): ResolvedTransaction {
  const lengthBytes = keys.length < 0x80 ? 1 : 2
  const at = wire.length - message.length + (version === 0 ? 1 : 0) + 3 + lengthBytes + 32 * keys.length
  const replaced = Uint8Array.from(wire)
  replaced.set(blockhash, at)
  return resolve(cluster, replaced)
}

let airdrops = 0

function airdrop(cluster: Cluster, to: Uint8Array, lamports: bigint): string {
  if (lamports > AIRDROP_LAMPORTS_MAX) throw invalidParams('too many lamports')
  const faucet = Keypair.fromSeed(faucetKey(cluster.seed).secret)
  const transfer = { fromPubkey: faucet.publicKey, toPubkey: new PublicKey(to), lamports }
  const recentBlockhash = toBase58(cluster.head.blockhash)
  const transaction = new Transaction({ feePayer: faucet.publicKey, recentBlockhash })
  // A number of units of its own keeps two airdrops of one slot apart.
  const units = 10_000 + (airdrops++ % 100_000)
  transaction.add(ComputeBudgetProgram.setComputeUnitLimit({ units }), SystemProgram.transfer(transfer))
  transaction.sign(faucet)
  const { signature } = cluster.submit(Uint8Array.from(transaction.serialize()))
  return signature
}
