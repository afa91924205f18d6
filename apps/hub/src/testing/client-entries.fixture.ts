import { createTendermintClient } from '@causeway/light-clients'
import {
  IBC_STORE_NAME,
  createClient,
  createLightClientRegistry,
  registerCounterparty,
} from '@causeway/messaging'
import { toHex, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
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
 * its counterparty: what a line of a genesis needs.
 */
export function clientEntries(options: { withoutCounterparty?: boolean } = {}): {
  entries: { key: string; value: string }[]
} & JsonValue {
  const context = memoryContext([IBC_STORE_NAME])
  const messaging = messagingContext(context)
  const lightClients = createLightClientRegistry([
    createTendermintClient({ verifySignatures: verifyExtensions }),
  ])
  const signer = createAddressCodec('cway').encode(new Uint8Array(20).fill(9))
  const { clientId } = createClient(messaging, lightClients, { ...zoneStates(), signer })
  const counterpartyMerklePrefix = [utf8('ibc'), new Uint8Array(0)]
  const counterparty = { counterpartyClientId: '07-tendermint-0', counterpartyMerklePrefix }
  if (options.withoutCounterparty !== true)
    registerCounterparty(messaging, { clientId, ...counterparty, signer })
  const entries = [...context.store(IBC_STORE_NAME).iterate()]
  return { entries: entries.map(([key, value]) => ({ key: toHex(key), value: toHex(value) })) }
}
