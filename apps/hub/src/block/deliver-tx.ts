import { isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import type { BlockInfo } from './context.ts'
import { encodeResponses } from './encode-responses.ts'
import { executeTransaction } from './execute-transaction.ts'
import type { Layer } from './layer.ts'

/** A transaction of a block, or why its bytes are none. */
export type Decoded = Transaction | ProtocolError

/** Decodes a transaction of a block. */
export function decodeDelivered(chain: Chain, bytes: Uint8Array): Decoded {
  try {
    return chain.transactions.decode(bytes)
  } catch (error) {
    if (isProtocolError(error)) return error
    throw error
  }
}

/** Delivers one transaction into a block. Code, data, gas and codespace are consensus; the log is not. */
export function deliverTx(chain: Chain, block: BlockInfo, layer: Layer, decoded: Decoded): ExecTxResult {
  if (isProtocolError(decoded)) return refused(decoded, 0, 0, [])
  const options = { isValid: chain.signatures.isValid.bind(chain.signatures) }
  const outcome = executeTransaction(block, layer, chain, decoded, options)
  chain.transactions.remove(decoded.bytes, decoded.text)
  chain.admissions.remove(decoded)
  const events = [...outcome.events]
  if (outcome.error !== undefined) return refused(outcome.error, decoded.gasLimit, outcome.gasUsed, events)
  return {
    code: 0,
    data: encodeResponses(outcome.responses),
    log: '',
    info: '',
    gasWanted: BigInt(decoded.gasLimit),
    gasUsed: BigInt(outcome.gasUsed),
    events,
    codespace: '',
  }
}

/** The result of transaction 0: it is no transaction of anybody's. */
export function transactionZeroResult(): ExecTxResult {
  return {
    code: 0,
    data: new Uint8Array(0),
    log: '',
    info: '',
    gasWanted: 0n,
    gasUsed: 0n,
    events: [],
    codespace: '',
  }
}

function refused(
  error: ProtocolError,
  gasWanted: number,
  gasUsed: number,
  events: ExecTxResult['events'],
): ExecTxResult {
  return {
    code: error.code,
    data: new Uint8Array(0),
    log: error.message,
    info: '',
    gasWanted: BigInt(gasWanted),
    gasUsed: BigInt(gasUsed),
    events,
    codespace: error.codespace,
  }
}
