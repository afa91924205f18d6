import { be64, equalBytes, utf8 } from '@causeway/primitives'
import { CounterpartyInfo } from '@causeway/protocol/ibc/core/client/v2/counterparty'
import type { MsgRegisterCounterparty } from '@causeway/protocol/ibc/core/client/v2/tx'
import { nextSequenceSendKey } from '../commitments/store-keys.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { requireClientId } from '../identifiers.ts'
import { CLIENT_KEYS, openClientStore } from './client-store.ts'

const PREFIX_ELEMENTS_MAX = 16
const PREFIX_ELEMENT_BYTES_MAX = 256

/**
 * * Says once and for ever who stands at the other end of a client: only the account that created it may, and
 * from then on packets flow, the first with sequence 1. The caller has authenticated `message.signer`. Throws
 * `ibc/1`, `ibc/3`, `ibc/4`, `ibc/60`, `ibc/65`, `ibc/66`. Spec: ibc-go v10 `RegisterCounterparty`.
 */
export function registerCounterparty<Context extends MessagingContext<Context>>(
  context: Context,
  message: MsgRegisterCounterparty,
): void {
  // 1. Judge
  const { clientId, counterpartyClientId, counterpartyMerklePrefix, signer } = message
  requireClientId(clientId)
  requireClientId(counterpartyClientId)
  requireMerklePrefix(counterpartyMerklePrefix)
  const store = openClientStore(context.ibc, clientId)
  // 2. Authenticate
  const creator = store.get(CLIENT_KEYS.creator)
  if (creator === undefined) throw errors.clientNotFound({ clientId })
  if (!equalBytes(creator, utf8(signer))) throw errors.notClientCreator({ clientId })
  if (store.get(CLIENT_KEYS.counterparty) !== undefined) throw errors.counterpartyExists({ clientId })
  // 3. Write
  const counterparty = { merklePrefix: counterpartyMerklePrefix, clientId: counterpartyClientId }
  store.set(CLIENT_KEYS.counterparty, CounterpartyInfo.encode(counterparty).finish())
  context.ibc.set(nextSequenceSendKey(clientId), be64(1n))
}

function requireMerklePrefix(prefix: readonly Uint8Array[]): void {
  if (prefix.length === 0) throw errors.emptyMerklePrefix()
  const oversize = prefix.some((element) => element.length > PREFIX_ELEMENT_BYTES_MAX)
  if (prefix.length > PREFIX_ELEMENTS_MAX || oversize) throw errors.oversizeMerklePrefix()
}
