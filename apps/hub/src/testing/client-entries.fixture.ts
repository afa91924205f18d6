import { createTendermintClient } from '@causeway/light-clients'
import {
  IBC_STORE_NAME,
  createClient,
  createLightClientRegistry,
  registerCounterparty,
} from '@causeway/messaging'
import { toHex, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { messagingContext } from '../block/messaging-context.ts'
import { createAddressCodec } from '../identifiers.ts'
import { ForeignChain } from './foreign-chain.fixture.ts'
import { memoryContext } from './memory-context.fixture.ts'
import { verifyExtensions } from './validators.fixture.ts'

/** The chain that the client of a genesis follows. */
export function zone(): ForeignChain {
  const genesisSeconds = memoryContext([IBC_STORE_NAME]).timeSeconds - 1n
  return new ForeignChain({ chainId: 'zone-7', kind: 'ed25519', validators: 1, genesisSeconds })
}

/** What the client of zone-7 begins with, or another client of it at another height. */
export function zoneStates(height = 1n): ReturnType<ForeignChain['clientStates']> {
  return zone().clientStates(height)
}

/**
 * The member `ibc` of a genesis with client `07-tendermint-0` of zone-7 and, unless a test wants otherwise,
 * its counterparty: what a line of a genesis needs. `trustingSeconds`: a client for each, in order.
 */
export function clientEntries(
  options: { withoutCounterparty?: boolean; trustingSeconds?: readonly bigint[] } = {},
): {
  entries: { key: string; value: string }[]
} & JsonValue {
  const context = memoryContext([IBC_STORE_NAME])
  const messaging = messagingContext(context)
  const lightClients = createLightClientRegistry([
    createTendermintClient({ verifySignatures: verifyExtensions }),
  ])
  const signer = createAddressCodec('cway').encode(new Uint8Array(20).fill(9))
  const counterpartyMerklePrefix = [utf8('ibc'), new Uint8Array(0)]
  const counterparty = { counterpartyClientId: '07-tendermint-0', counterpartyMerklePrefix }
  for (const seconds of options.trustingSeconds ?? [undefined]) {
    const states = zoneStates()
    const clientState = seconds === undefined ? states.clientState : trusting(states.clientState, seconds)
    const { clientId } = createClient(messaging, lightClients, { ...states, clientState, signer })
    if (options.withoutCounterparty !== true)
      registerCounterparty(messaging, { clientId, ...counterparty, signer })
  }
  const entries = [...context.store(IBC_STORE_NAME).iterate()]
  return { entries: entries.map(([key, value]) => ({ key: toHex(key), value: toHex(value) })) }
}

function trusting(packed: Any, seconds: bigint): Any {
  const state = ClientState.decode(packed.value)
  const value = ClientState.encode({ ...state, trustingPeriod: { seconds, nanos: 0 } }).finish()
  return { ...packed, value }
}
