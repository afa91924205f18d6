import { TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { MsgCreateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { MsgRegisterCounterparty } from '@causeway/protocol/ibc/core/client/v2/tx'
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { utf8 } from '@causeway/primitives'
import type { BlockTransaction } from './block.ts'
import { event, transaction } from './scenario.fixture.ts'

type Message = { typeUrl: string; value: Uint8Array }

/** A transaction that creates a client of `chainId`. */
export function clientTransaction(clientId: string, chainId: string): BlockTransaction {
  const revision = chainId === 'causeway-1' ? 1n : 0n
  const clientState = ClientState.fromPartial({
    chainId,
    trustingPeriod: { seconds: 1_209_600n, nanos: 0 },
    latestHeight: { revisionNumber: revision, revisionHeight: 1n },
  })
  const consensusState = ConsensusState.fromPartial({
    timestamp: { seconds: 1_700_000_001n, nanos: 0 },
    root: { hash: new Uint8Array(32).fill(1) },
    nextValidatorsHash: new Uint8Array(32).fill(2),
  })
  const message = MsgCreateClient.encode({
    clientState: {
      typeUrl: '/ibc.lightclients.tendermint.v1.ClientState',
      value: ClientState.encode(clientState).finish(),
    },
    consensusState: {
      typeUrl: '/ibc.lightclients.tendermint.v1.ConsensusState',
      value: ConsensusState.encode(consensusState).finish(),
    },
    signer: 'anyone',
  }).finish()
  const attributes = {
    client_id: clientId,
    client_type: '07-tendermint',
    consensus_height: `${revision}-1`,
    msg_index: '0',
  }
  const bytes = encodeTransaction([{ typeUrl: '/ibc.core.client.v1.MsgCreateClient', value: message }])
  return transaction(`create ${clientId} ${chainId}`, [event('create_client', attributes)], bytes)
}

/** A transaction that registers a client's counterparty; it emits no event of its own. */
export function registerTransaction(clientId: string, counterpartyClientId: string): BlockTransaction {
  const message = MsgRegisterCounterparty.encode({
    clientId,
    counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
    counterpartyClientId,
    signer: 'anyone',
  }).finish()
  const bytes = encodeTransaction([
    { typeUrl: '/ibc.core.client.v2.MsgRegisterCounterparty', value: message },
  ])
  return transaction(`register ${clientId}`, [], bytes)
}

function encodeTransaction(messages: Message[]): Uint8Array {
  const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages })).finish()
  return TxRaw.encode({ bodyBytes, authInfoBytes: new Uint8Array(0), signatures: [] }).finish()
}
