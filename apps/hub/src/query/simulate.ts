import { decodeStrict } from '@causeway/protocol'
import { SimulateRequest, SimulateResponse } from '@causeway/protocol/cosmos/tx/v1beta1/service'
import type { Tx } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { TxRaw, TxBody, AuthInfo } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { Chain } from '../block/chain.ts'
import { encodeResponses } from '../block/encode-responses.ts'
import { executeTransaction } from '../block/execute-transaction.ts'
import { SIMULATION_BYTES_MAX } from '../tx/limits.ts'
import { errors as txErrors } from '../tx/tx-errors.ts'
import { errors } from './query-errors.ts'

/**
 * Runs a transaction on top of what is being checked, unsigned and unpaid, and drops it. Nobody pays for the
 * work: it has bounds of its own, far below those of a transaction. Throws what the transaction would be
 * refused with, `tx/11` beyond 5,000,000 gas, `tx/21` beyond 256 KiB.
 */
export function simulate(chain: Chain, data: Uint8Array): Uint8Array {
  const request = decodeStrict(SimulateRequest, 'cosmos.tx.v1beta1.SimulateRequest', data)
  const bytes = bytesOf(request)
  if (bytes.length > SIMULATION_BYTES_MAX) {
    throw txErrors.tooLarge({ bytes: bytes.length, max: SIMULATION_BYTES_MAX })
  }
  const transaction = chain.transactions.decodeSimulation(bytes)
  const { latest } = chain
  const block = chain.nextBlock(latest.height + 1n, latest.timeNanoseconds)
  const options = { isSimulation: true, isValid: () => true }
  const outcome = executeTransaction(block, chain.check.above(), chain, transaction, options)
  if (outcome.error !== undefined) throw outcome.error
  return SimulateResponse.encode({
    gasInfo: { gasWanted: 0n, gasUsed: BigInt(outcome.gasUsed) },
    result: {
      data: encodeResponses(outcome.responses),
      log: '',
      events: [...outcome.events],
      msgResponses: [...outcome.responses],
    },
  }).finish()
}

function bytesOf({ tx, txBytes }: SimulateRequest): Uint8Array {
  if (txBytes.length > 0) return txBytes
  if (tx?.body === undefined || tx.authInfo === undefined) {
    throw errors.invalidRequest({ reason: 'expected tx_bytes or a whole tx' })
  }
  return encodeRaw(tx)
}

function encodeRaw(tx: Tx): Uint8Array {
  const bodyBytes = TxBody.encode(tx.body!).finish()
  const authInfoBytes = AuthInfo.encode(tx.authInfo!).finish()
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: tx.signatures }).finish()
}
