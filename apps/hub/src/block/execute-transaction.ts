import { assert, isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { authenticate, authenticationGas } from '../tx/authenticate.ts'
import type { AuthenticationOptions } from '../tx/authenticate.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import { ExecutionContext } from './context.ts'
import type { BlockInfo } from './context.ts'
import { GasMeter, unlimitedGas } from './gas.ts'
import type { Layer } from './layer.ts'
import type { Signer } from './module.ts'

/** What became of a transaction. */
export interface Outcome {
  readonly error: ProtocolError | undefined
  readonly responses: readonly Any[]
  readonly events: readonly Event[]
  readonly gasUsed: number
}

/**
 * Runs a transaction on a layer: authentication first, whose fee and sequence stay even when the messages
 * fail; then the messages, all or none. Only a `ProtocolError` is an outcome: anything else is a bug and
 * stops the node.
 */
export function executeTransaction(
  block: BlockInfo,
  layer: Layer,
  chain: Pick<Chain, 'composition'>,
  transaction: Transaction,
  options: AuthenticationOptions,
): Outcome {
  const gas = new GasMeter(transaction.gasLimit)
  let signer: Signer | undefined
  const paid = inLayer(block, layer, unlimitedGas(), (context) => {
    gas.consume(authenticationGas(transaction))
    signer = authenticate(context, chain.composition.authentication, transaction, options)
  })
  if (paid.error !== undefined) return { error: paid.error, responses: [], events: [], gasUsed: gas.used }
  let responses: Any[] = []
  const ran = inLayer(block, layer, gas, (context) => {
    assert(signer !== undefined, 'a transaction was authenticated before its messages run')
    responses = runMessages(context, chain, transaction, signer)
  })
  return {
    error: ran.error,
    responses: ran.error === undefined ? responses : [],
    events: paid.events.concat(ran.events),
    gasUsed: gas.used,
  }
}

/**
 * Runs the messages of a transaction that was authenticated on a layer, and leaves the layer as it is; tells
 * whether they held good.
 */
export function tryMessages(
  block: BlockInfo,
  layer: Layer,
  chain: Pick<Chain, 'composition'>,
  { transaction, gas }: { readonly transaction: Transaction; readonly gas: GasMeter },
): boolean {
  const ran = inLayer(block, layer.above(), gas, (context) => {
    gas.consume(authenticationGas(transaction))
    const { signer, isTrade, sequence, key } = transaction
    const nonce = isTrade ? sequence : undefined
    runMessages(context, chain, transaction, { account: signer, isSession: key?.type === 'session', nonce })
  })
  return ran.error === undefined
}

function runMessages(
  context: ExecutionContext,
  chain: Pick<Chain, 'composition'>,
  transaction: Transaction,
  signer: Signer,
): Any[] {
  const sender = chain.composition.addresses.encode(transaction.signer)
  return transaction.actions.map((action, index) => {
    const first = context.events.length
    context.emit('message', { action: action.typeUrl, sender })
    const value = action.execute(context, signer)
    const msgIndex = { key: 'msg_index', value: index.toString(), index: false }
    for (let i = first; i < context.events.length; i++) context.events[i]!.attributes.push(msgIndex)
    return { typeUrl: `${action.typeUrl}Response`, value }
  })
}

/**
 * Runs on a layer above: what it wrote and told stays when it returns, and is dropped when it throws a
 * `ProtocolError`.
 */
function inLayer(
  block: BlockInfo,
  layer: Layer,
  gas: GasMeter,
  run: (context: ExecutionContext) => void,
): { error: ProtocolError | undefined; events: Event[] } {
  const above = layer.above()
  const context = new ExecutionContext(block, above, gas)
  try {
    run(context)
  } catch (error) {
    if (isProtocolError(error)) return { error, events: [] }
    throw error
  }
  above.writeInto(layer)
  return { error: undefined, events: context.events }
}
