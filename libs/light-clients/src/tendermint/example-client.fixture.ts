import type { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { Header } from '@causeway/protocol/tendermint/types/types'
import type { ClientContext, ClientStore } from '../light-client.ts'
import { createTendermintClient } from './client.ts'
import {
  GENESIS_NANOSECONDS,
  SECOND,
  equalSet,
  exampleClientState,
  exampleHeader,
  exampleMessage,
  exampleStore,
  packClientState,
  packConsensusState,
  packHeader,
} from './example-chain.fixture.ts'
import { createNativeSignatureVerifier } from './native-signatures.ts'

/** The client under test. */
export const client = createTendermintClient({ verifySignatures: createNativeSignatureVerifier() })
/** The validators of the chain that it follows. */
export const set = equalSet(4)
/** The height that it starts at. */
export const START = 10n

/** The host's block at so many seconds after the chain's genesis. */
export function at(seconds: bigint): ClientContext {
  return {
    timeNanoseconds: GENESIS_NANOSECONDS + seconds * SECOND,
    height: { revisionNumber: 0n, revisionHeight: seconds },
  }
}

/** A store with a client that trusts the header at `START`. */
export function trustingClient(change: Partial<ClientState> = {}, header = exampleHeader(START, set)) {
  const store = exampleStore()
  const state = packClientState(exampleClientState(START, change))
  client.initialise(store, state, packConsensusState(header), at(20n))
  return store
}

/** Verifies and stores a header as a host does. */
export function update(store: ClientStore, header: Header, context: ClientContext, trustedHeight = START) {
  const message = packHeader(exampleMessage(header, set, trustedHeight, set))
  client.verifyClientMessage(store, message, context)
  if (!client.checkForMisbehaviour(store, message)) return client.updateState(store, message, context)
  client.updateStateOnMisbehaviour(store, message)
  return []
}
