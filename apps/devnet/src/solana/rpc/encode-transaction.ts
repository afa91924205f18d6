import { toBase58 } from '@causeway/primitives'
import type { ProcessedTransaction, TokenBalance } from '../cluster/block.ts'
import type { ResolvedTransaction } from '../execution/message.ts'
import type { InnerInstruction, Outcome } from '../execution/virtual-machine.ts'
import { RpcError, UNSUPPORTED_VERSION, invalidParams } from './rpc-error.ts'
import type { Config } from './parameters.ts'

/** A transaction and what it did. */
export function encodeTransaction(processed: ProcessedTransaction, config: Config): Record<string, unknown> {
  const { transaction } = processed
  const { maxSupportedTransactionVersion: max } = config
  const isAsked = max !== undefined && max !== null
  if (transaction.version === 0 && !isAsked)
    throw new RpcError(
      UNSUPPORTED_VERSION,
      'Transaction version (0) is not supported by the requesting client. Please try the request again ' +
        'with the following configuration parameter: "maxSupportedTransactionVersion": 0',
    )
  return {
    meta: encodeMeta(processed, config),
    transaction: encodeWire(transaction, config),
    ...(isAsked && { version: transaction.version }),
  }
}

/** What a transaction did. */
export function encodeMeta(processed: ProcessedTransaction, { encoding }: Config): unknown {
  const { outcome, fee, before, after, transaction } = processed
  const { error, logs, computeUnits, inner } = outcome
  const { writable, readonly } = transaction.loaded
  return {
    err: error ?? null,
    status: statusOf(outcome),
    fee,
    preBalances: before.lamports,
    postBalances: after.lamports,
    preTokenBalances: before.tokens.map(encodeTokenBalance),
    postTokenBalances: after.tokens.map(encodeTokenBalance),
    innerInstructions: encoding === 'jsonParsed' ? parseInner(inner, transaction) : encodeInner(inner),
    logMessages: logs,
    rewards: [],
    computeUnitsConsumed: computeUnits,
    loadedAddresses: { writable: writable.map(toBase58), readonly: readonly.map(toBase58) },
    ...returnDataOf(outcome),
  }
}

/** The older form of a transaction's error. */
export function statusOf({ error }: Outcome): unknown {
  return error === undefined ? { Ok: null } : { Err: error }
}

/** What a program returned. */
export function returnDataOf({ returned }: Outcome): { returnData?: unknown } {
  if (!returned) return {}
  const data = [Buffer.from(returned.data).toString('base64'), 'base64']
  return { returnData: { programId: toBase58(returned.program), data } }
}

/** Instructions that programs called, by the message's instruction. */
function encodeInner(inner: Outcome['inner']): unknown[] {
  return byInstruction(inner, (each) => ({ ...each, data: toBase58(each.data) }))
}

/** The same with their accounts' names, as a simulation tells of them; none is understood further. */
export function parseInner(inner: Outcome['inner'], { allKeys }: ResolvedTransaction): unknown[] {
  const nameOf = (index: number) => toBase58(allKeys[index]!)
  return byInstruction(inner, ({ programIdIndex, accounts, data, stackHeight }) => ({
    ...{ programId: nameOf(programIdIndex), accounts: accounts.map(nameOf) },
    ...{ data: toBase58(data), stackHeight },
  }))
}

function byInstruction(inner: Outcome['inner'], encode: (each: InnerInstruction) => unknown): unknown[] {
  return inner.flatMap((instructions, index) =>
    instructions.length === 0 ? [] : [{ index, instructions: instructions.map(encode) }],
  )
}

/** An amount of a token as wallets show it. */
export function encodeAmount(amount: bigint, decimals: number): Record<string, unknown> {
  const digits = amount.toString().padStart(decimals + 1, '0')
  const [whole, fraction] = [
    digits.slice(0, digits.length - decimals),
    digits.slice(digits.length - decimals).replace(/0+$/, ''),
  ]
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return { amount: amount.toString(), decimals, uiAmount: Number(text), uiAmountString: text }
}

function encodeTokenBalance({ accountIndex, mint, owner, program, amount, decimals }: TokenBalance): unknown {
  return {
    accountIndex,
    mint: toBase58(mint),
    owner: toBase58(owner),
    programId: toBase58(program),
    uiTokenAmount: encodeAmount(amount, decimals),
  }
}

function encodeWire(transaction: ResolvedTransaction, { encoding }: Config): unknown {
  const { wire, signatures } = transaction
  switch (encoding ?? 'json') {
    case 'base64':
      return [Buffer.from(wire).toString('base64'), 'base64']
    case 'base58':
      return [toBase58(wire), 'base58']
    case 'json':
      return { signatures: signatures.map(toBase58), message: encodeMessage(transaction) }
    case 'jsonParsed':
      return { signatures: signatures.map(toBase58), message: encodeParsed(transaction) }
    default:
      throw invalidParams('an unknown encoding')
  }
}

function encodeMessage(transaction: ResolvedTransaction): unknown {
  const { header, keys, recentBlockhash, instructions, version, tables } = transaction
  return {
    header,
    accountKeys: keys.map(toBase58),
    recentBlockhash: toBase58(recentBlockhash),
    instructions: instructions.map(({ programIndex, accountIndexes, data }) => ({
      programIdIndex: programIndex,
      accounts: [...accountIndexes],
      data: toBase58(data),
      stackHeight: 1,
    })),
    ...(version === 0 && {
      addressTableLookups: tables.map(({ table, writable, readonly }) => ({
        accountKey: toBase58(table),
        writableIndexes: writable,
        readonlyIndexes: readonly,
      })),
    }),
  }
}

/** Instructions with their accounts' names; none is understood further. */
function encodeParsed(transaction: ResolvedTransaction): unknown {
  const { allKeys, keys, isWritable, recentBlockhash, instructions, header } = transaction
  return {
    accountKeys: allKeys.map((key, i) => ({
      pubkey: toBase58(key),
      signer: i < header.numRequiredSignatures,
      writable: isWritable[i],
      source: i < keys.length ? 'transaction' : 'lookupTable',
    })),
    recentBlockhash: toBase58(recentBlockhash),
    instructions: instructions.map(({ programIndex, accountIndexes, data }) => ({
      programId: toBase58(allKeys[programIndex]!),
      accounts: [...accountIndexes].map((index) => toBase58(allKeys[index]!)),
      data: toBase58(data),
      stackHeight: 1,
    })),
  }
}
