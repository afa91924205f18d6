import { isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import { CheckTxType } from '@causeway/protocol/tendermint/abci/types'
import type { RequestCheckTx, ResponseCheckTx } from '@causeway/protocol/tendermint/abci/types'
import { authenticate, authenticationGas } from '../tx/authenticate.ts'
import { TOKENS_MAX } from '../tx/token-bucket.ts'
import type { Transaction } from '../tx/transaction.ts'
import { errors } from './block-errors.ts'
import type { Chain } from './chain.ts'
import { ExecutionContext } from './context.ts'
import { unlimitedGas } from './gas.ts'
import { laneIn } from './lanes.ts'
import type { Lane } from './lanes.ts'
import { isRedundant, relaysOf } from './redundant-relay.ts'

/**
 * Admits a transaction that can pay, verifies and comes in order after those admitted before it, unless it
 * only relays packets that are done or under way. Its messages are not run. What passes is remembered for
 * delivery.
 */
export function checkTx(chain: Chain, request: RequestCheckTx): ResponseCheckTx {
  let transaction: Transaction | undefined
  try {
    transaction = chain.transactions.decode(request.tx)
    const isNew = request.type === CheckTxType.NEW
    const lane = laneIn(chain.composition, chain.readLatest(), transaction)
    if (isNew) requireRoom(chain, transaction, lane)
    const relays = relaysOf(chain, transaction)
    if (isRedundant(chain, transaction, { relays, isNew })) throw errors.redundantRelay()
    authenticateNext(chain, transaction)
    chain.admissions.add(transaction, { lane, height: chain.latest.height, relays })
    return response(undefined, transaction, authenticationGas(transaction))
  } catch (error) {
    if (!isProtocolError(error)) throw error
    const isRecheck = request.type === CheckTxType.RECHECK
    if (transaction !== undefined) forget(chain, transaction, isRecheck)
    return response(error, transaction, 0)
  }
}

/** A copy of what waits takes no more room, and is refused for another reason. */
function requireRoom({ admissions }: Chain, transaction: Transaction, lane: Lane): void {
  if (admissions.has(transaction)) return
  if (!admissions.hasRoom(lane, transaction)) throw errors.laneFull({ lane })
  if (!admissions.hasTokens(transaction)) throw errors.tooManyWaiting({ tokens: TOKENS_MAX })
}

function authenticateNext(chain: Chain, transaction: Transaction): void {
  const { latest } = chain
  const block = chain.nextBlock(latest.height + 1n, latest.timeNanoseconds)
  const layer = chain.check.above()
  const context = new ExecutionContext(block, layer, unlimitedGas(), { isSilent: true })
  authenticate(context, chain.composition.authentication, transaction, {
    isValid: (checked, facts) => chain.signatures.isValid(checked, facts),
  })
  layer.writeInto(chain.check)
}

/**
 * A second copy of a waiting transaction is refused without a trace; one that fails its recheck is dropped.
 */
function forget(chain: Chain, transaction: Transaction, isRecheck: boolean): void {
  if (!isRecheck && chain.admissions.has(transaction)) return
  chain.admissions.remove(transaction)
  chain.transactions.remove(transaction.bytes, transaction.text)
}

function response(
  error: ProtocolError | undefined,
  transaction: Transaction | undefined,
  gasUsed: number,
): ResponseCheckTx {
  return {
    code: error?.code ?? 0,
    data: new Uint8Array(0),
    log: error?.message ?? '',
    info: '',
    gasWanted: BigInt(transaction?.gasLimit ?? 0),
    gasUsed: BigInt(gasUsed),
    events: [],
    codespace: error?.codespace ?? '',
  }
}
