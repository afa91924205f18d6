import type { AccountState, Transaction } from '@causeway/light-clients'
import { decodeTransaction } from '@causeway/light-clients'
import { equalBytes, isProtocolError } from '@causeway/primitives'
import type { TransactionError } from './transaction-error.ts'
import { TABLE_PROGRAM } from './well-known.ts'

/** A transaction with every account that it names. */
export interface ResolvedTransaction extends Transaction {
  readonly wire: Uint8Array
  /** Static keys, then those that tables bring: writable ones first. */
  readonly allKeys: readonly Uint8Array[]
  readonly isWritable: readonly boolean[]
  readonly loaded: { readonly writable: readonly Uint8Array[]; readonly readonly: readonly Uint8Array[] }
  readonly header: MessageHeader
  readonly tables: readonly TableLookup[]
}

/** How many keys of a message have which role. */
export interface MessageHeader {
  readonly numRequiredSignatures: number
  readonly numReadonlySignedAccounts: number
  readonly numReadonlyUnsignedAccounts: number
}

/** Keys that a message takes from a table. */
export interface TableLookup {
  readonly table: Uint8Array
  readonly writable: readonly number[]
  readonly readonly: readonly number[]
}

/** A transaction that can't be run at all. */
export class Unloadable extends Error {
  readonly error: TransactionError
  constructor(error: TransactionError) {
    super(JSON.stringify(error))
    this.error = error
  }
}

const TABLE_HEADER_BYTES = 56

/** Decodes a transaction and looks up its tables. Throws `Unloadable`. */
export function resolveTransaction(
  wire: Uint8Array,
  account: (address: Uint8Array) => AccountState | undefined,
): ResolvedTransaction {
  const transaction = decoded(wire)
  const { keys, message, version } = transaction
  const header = headerOf(message, version)
  const tables = version === 0 ? readLookups(transaction) : []
  const loaded = { writable: [] as Uint8Array[], readonly: [] as Uint8Array[] }
  for (const lookup of tables) {
    const addresses = tableAddresses(account(lookup.table))
    const at = (index: number) => {
      const key = addresses.subarray(32 * index, 32 * index + 32)
      if (key.length !== 32) throw new Unloadable('InvalidAddressLookupTableIndex')
      return key
    }
    loaded.writable.push(...lookup.writable.map(at))
    loaded.readonly.push(...lookup.readonly.map(at))
  }
  const { numRequiredSignatures: signed } = header
  const isWritable = [
    ...keys.map((_, i) =>
      i < signed
        ? i < signed - header.numReadonlySignedAccounts
        : i < keys.length - header.numReadonlyUnsignedAccounts,
    ),
    ...loaded.writable.map(() => true),
    ...loaded.readonly.map(() => false),
  ]
  const allKeys = [...keys, ...loaded.writable, ...loaded.readonly]
  return { ...transaction, wire, allKeys, isWritable, loaded, header, tables }
}

function decoded(wire: Uint8Array): Transaction {
  try {
    return decodeTransaction(wire)
  } catch (error) {
    if (isProtocolError(error)) throw new Unloadable('SanitizeFailure')
    throw error
  }
}

function headerOf(message: Uint8Array, version: 'legacy' | 0): MessageHeader {
  const at = version === 0 ? 1 : 0
  return {
    numRequiredSignatures: message[at]!,
    numReadonlySignedAccounts: message[at + 1]!,
    numReadonlyUnsignedAccounts: message[at + 2]!,
  }
}

/** The tables stand at the message's end; what stands before has been decoded, so its length is known. */
function readLookups({ message, keys, instructions }: Transaction): TableLookup[] {
  const compact = (value: number) => (value < 0x80 ? 1 : value < 0x4000 ? 2 : 3)
  let at = 1 + 3 + compact(keys.length) + 32 * keys.length + 32 + compact(instructions.length)
  for (const { accountIndexes, data } of instructions)
    at += 1 + compact(accountIndexes.length) + accountIndexes.length + compact(data.length) + data.length
  const length = () => {
    const low = message[at++]!
    return low < 0x80 ? low : (low & 0x7f) | (message[at++]! << 7) // fewer than 1,232 bytes: two are enough
  }
  const indexes = () => {
    const count = length()
    const list = [...message.subarray(at, at + count)]
    at += count
    return list
  }
  return Array.from({ length: length() }, () => {
    const table = message.subarray(at, at + 32)
    at += 32
    return { table, writable: indexes(), readonly: indexes() }
  })
}

function tableAddresses(account: AccountState | undefined): Uint8Array {
  if (!account) throw new Unloadable('AddressLookupTableNotFound')
  if (!equalBytes(account.owner, TABLE_PROGRAM)) throw new Unloadable('InvalidAddressLookupTableOwner')
  if (account.data.length < TABLE_HEADER_BYTES) throw new Unloadable('InvalidAddressLookupTableData')
  return account.data.subarray(TABLE_HEADER_BYTES)
}
