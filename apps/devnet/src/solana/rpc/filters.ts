import type { AccountState } from '@causeway/light-clients'
import { equalBytes, fromBase58 } from '@causeway/primitives'
import { readTokenAccount } from '../cluster/token-balances.ts'
import { readConfig, readCount, readList } from './parameters.ts'
import { invalidParams } from './rpc-error.ts'

const FILTERS_MAX = 4
const MEMCMP_BYTES_MAX = 128

/** Which accounts of a program are wanted: `filters` of a request, all of which must hold. */
export function readFilters(value: unknown): (account: AccountState) => boolean {
  if (value === undefined || value === null) return () => true
  const filters = readList(value, FILTERS_MAX, readFilter)
  return (account) => filters.every((filter) => filter(account))
}

function readFilter(value: unknown): (account: AccountState) => boolean {
  if (value === 'tokenAccountState') return (account) => readTokenAccount(account) !== undefined
  const { memcmp, dataSize } = readConfig(value)
  if (dataSize !== undefined) {
    const size = Number(readCount(dataSize))
    return ({ data }) => data.length === size
  }
  if (memcmp === undefined) throw invalidParams('an unknown filter')
  const { offset, bytes, encoding } = readConfig(memcmp)
  const at = Number(readCount(offset))
  const wanted = readBytes(bytes, encoding)
  return ({ data }) =>
    at + wanted.length <= data.length && equalBytes(data.subarray(at, at + wanted.length), wanted)
}

function readBytes(bytes: unknown, encoding: unknown): Uint8Array {
  if (typeof bytes !== 'string') throw invalidParams('bytes are expected')
  const decoded = encoding === 'base64' ? Uint8Array.from(Buffer.from(bytes, 'base64')) : fromBase58(bytes)
  if (!decoded || decoded.length > MEMCMP_BYTES_MAX) throw invalidParams('bytes of a filter')
  return decoded
}
