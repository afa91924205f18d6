import { toHexUpper } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import { GetTxRequest, GetTxResponse } from '@causeway/protocol/cosmos/tx/v1beta1/service'
import { AuthInfo, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { errors } from './query-errors.ts'

/** A transaction in a block, as the engine's index knows it. */
export interface IndexedTransaction {
  readonly height: bigint
  readonly bytes: Uint8Array
  readonly result: ExecTxResult
  /** RFC 3339. */
  readonly timestamp: string
}

/** Finds a transaction by its hash, 64 upper-case hex digits. */
export type TransactionLookup = (hash: string) => IndexedTransaction | undefined

/** Answers `GetTx`. Throws `query/18` or `query/22`. */
export function getTx(data: Uint8Array, find: TransactionLookup): Uint8Array {
  const { hash } = decodeStrict(GetTxRequest, 'cosmos.tx.v1beta1.GetTxRequest', data)
  if (!/^[0-9a-fA-F]{64}$/.test(hash))
    throw errors.invalidRequest({ reason: 'expected a hash of 64 hex digits' })
  const found = find(hash.toUpperCase())
  if (found === undefined) throw errors.notFound({ what: `transaction ${hash}` })
  const raw = TxRaw.decode(found.bytes)
  const { result } = found
  return GetTxResponse.encode({
    tx: {
      body: TxBody.decode(raw.bodyBytes),
      authInfo: AuthInfo.decode(raw.authInfoBytes),
      signatures: raw.signatures,
    },
    txResponse: {
      height: found.height,
      txhash: hash.toUpperCase(),
      codespace: result.codespace,
      code: result.code,
      data: toHexUpper(result.data),
      rawLog: result.log,
      logs: [],
      info: result.info,
      gasWanted: result.gasWanted,
      gasUsed: result.gasUsed,
      tx: { typeUrl: '/cosmos.tx.v1beta1.Tx', value: found.bytes },
      timestamp: found.timestamp,
      events: result.events,
    },
  }).finish()
}
