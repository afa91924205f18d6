import type { AccountState } from '@causeway/light-clients'
import { toBase58 } from '@causeway/primitives'
import type { Config } from './parameters.ts'
import { readConfig, readCount } from './parameters.ts'
import { invalidParams } from './rpc-error.ts'

/** Longer data is not written in base 58. Spec: agave `MAX_BASE58_BYTES`. */
const BASE58_BYTES_MAX = 128
const RENT_EXEMPT = (1n << 64n) - 1n

/** An account as requests ask for it. Data is never parsed: `jsonParsed` is answered in base 64. */
export function encodeAccount(account: AccountState, config: Config): unknown {
  return {
    data: encodeData(slice(account.data, config), config),
    executable: account.isExecutable,
    lamports: account.lamports,
    owner: toBase58(account.owner),
    rentEpoch: RENT_EXEMPT,
    space: account.data.length,
  }
}

/** Throws for an encoding that there is not. */
export function requireEncoding({ encoding }: Config): void {
  const known = [undefined, null, 'base58', 'base64', 'jsonParsed', 'binary']
  if (!known.includes(encoding as string)) throw invalidParams('an unknown encoding')
}

function encodeData(data: Uint8Array, config: Config): unknown {
  requireEncoding(config)
  const { encoding } = config
  if (encoding === 'base64' || encoding === 'jsonParsed')
    return [Buffer.from(data).toString('base64'), 'base64']
  if (data.length > BASE58_BYTES_MAX)
    throw invalidParams(
      'Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.',
    )
  return encoding === 'base58' ? [toBase58(data), 'base58'] : toBase58(data)
}

function slice(data: Uint8Array, { dataSlice }: Config): Uint8Array {
  if (dataSlice === undefined || dataSlice === null) return data
  const { offset, length } = readConfig(dataSlice)
  const from = Number(readCount(offset))
  return data.subarray(from, from + Number(readCount(length)))
}
