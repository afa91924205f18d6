// Clients: created, updated, given a counterparty, frozen. What an event leaves out (the tracked chain, the
// trusting period, the counterparty) is read from the message that caused it.

import { decodeStrict, type Any } from '@causeway/protocol'
import { MsgCreateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { MsgRegisterCounterparty } from '@causeway/protocol/ibc/core/client/v2/tx'
import * as ethereum from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import * as solana from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { isProtocolError, toBase58, toHex } from '@causeway/primitives'
import type { ClientRow } from '../database/chain-entities.ts'
import { findText, parseHeightText, readText, storableText } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'

const CLIENT_STATE = '/ibc.lightclients.tendermint.v1.ClientState'
const ETHEREUM_CLIENT_STATE = '/causeway.lightclients.ethereum.v1.ClientState'
const SOLANA_CLIENT_STATE = '/causeway.lightclients.solana.v1.ClientState'
const CONSENSUS_STATE = '/ibc.lightclients.tendermint.v1.ConsensusState'
const CONSENSUS_HEIGHTS_LENGTH_MAX = 100_000
const CHAIN_ID_LENGTH_MAX = 128
const PREFIX_LENGTH_MAX = 4096
const HASH_BYTES = 32
const NANOSECONDS = 1_000_000_000n

/** What a client's own states say of it. */
export type DeclaredClient = Pick<
  ClientRow,
  | 'trackedChainId'
  | 'trustingPeriodSeconds'
  | 'initialRevisionHeight'
  | 'initialRoot'
  | 'initialNextValidatorsHash'
  | 'initialTimeNanoseconds'
>

/** Row changes of a client event; `messages` are those of its transaction. */
export function projectClientEvent(event: BlockEvent, place: EventPlace, messages: readonly Any[]): Change[] {
  switch (event.type) {
    case 'client_added':
      return added(event, place)
    case 'create_client':
      return created(event, place, messages)
    case 'update_client':
      return updated(event, place)
    case 'client_misbehaviour':
      return [clientChange(event, place, { frozen: true })]
    case 'recover_client':
      return recovered(event, place)
    default:
      return []
  }
}

/** Row changes of a transaction's messages that emit no event: the registration of counterparties. */
export function projectRegistrations(place: EventPlace, messages: readonly Any[]): Change[] {
  return messages.flatMap((message) => {
    if (message.typeUrl !== '/ibc.core.client.v2.MsgRegisterCounterparty') return []
    const { clientId, counterpartyClientId, counterpartyMerklePrefix } = decodeStrict(
      MsgRegisterCounterparty,
      'ibc.core.client.v2.MsgRegisterCounterparty',
      message.value,
    )
    const prefix = counterpartyMerklePrefix
      .map((element) => toHex(element))
      .join(',')
      .slice(0, PREFIX_LENGTH_MAX)
    const set = {
      counterpartyClientId: storableText(counterpartyClientId, 128),
      counterpartyMerklePrefix: prefix,
    }
    return [
      change('client', { chainId: place.block.chainId, clientId }, { clientType: typeOf(clientId) }, set),
    ]
  })
}

/**
 * What Tendermint, Ethereum and Solana client and consensus states declare; undefined when they are of
 * another type or can't be read.
 */
export function declaredBy(
  clientState: Any | undefined,
  consensusState: Any | undefined,
): DeclaredClient | undefined {
  try {
    if (clientState?.typeUrl === ETHEREUM_CLIENT_STATE) return declaredEthereum(clientState.value)
    if (clientState?.typeUrl === SOLANA_CLIENT_STATE) return declaredSolana(clientState.value)
    if (clientState?.typeUrl !== CLIENT_STATE) return undefined
    const state = decodeStrict(ClientState, CLIENT_STATE.slice(1), clientState.value)
    const consensus =
      consensusState?.typeUrl === CONSENSUS_STATE
        ? decodeStrict(ConsensusState, CONSENSUS_STATE.slice(1), consensusState.value)
        : undefined
    const { timestamp, root, nextValidatorsHash } = consensus ?? {}
    return {
      trackedChainId: storableText(state.chainId, CHAIN_ID_LENGTH_MAX),
      trustingPeriodSeconds: state.trustingPeriod?.seconds ?? 0n,
      initialRevisionHeight: consensus === undefined ? null : (state.latestHeight?.revisionHeight ?? 0n),
      initialRoot: root === undefined ? null : toHex(root.hash),
      initialNextValidatorsHash: nextValidatorsHash === undefined ? null : toHex(nextValidatorsHash),
      initialTimeNanoseconds:
        timestamp === undefined ? null : timestamp.seconds * NANOSECONDS + BigInt(timestamp.nanos),
    }
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

function created(event: BlockEvent, place: EventPlace, messages: readonly Any[]): Change[] {
  const message = messages[Number(findText(event, 'msg_index') ?? '0')]
  const decoded =
    message?.typeUrl === '/ibc.core.client.v1.MsgCreateClient'
      ? decodeStrict(MsgCreateClient, 'ibc.core.client.v1.MsgCreateClient', message.value)
      : undefined
  const set: Partial<ClientRow> = {
    ...declaredBy(decoded?.clientState, decoded?.consensusState),
    createdHeight: place.block.height,
    createdTransaction: place.transaction?.hash ?? null,
    createdTimeNanoseconds: place.block.timeNanoseconds,
  }
  return [
    clientChange(event, place, { ...set, ...lastUpdate(place) }),
    ...reached(event, place, 'consensus_height'),
  ]
}

function declaredEthereum(bytes: Uint8Array): DeclaredClient {
  const state = decodeStrict(ethereum.ClientState, ETHEREUM_CLIENT_STATE.slice(1), bytes)
  return {
    trackedChainId: `eip155:${state.chainId}`,
    trustingPeriodSeconds: state.trustingPeriod?.seconds ?? 0n,
    initialRevisionHeight: state.latestSlot,
    initialRoot: null,
    initialNextValidatorsHash: null,
    initialTimeNanoseconds: null,
  }
}

/** Spec: CAIP-2, namespace solana: the first 32 characters of the genesis hash. */
function declaredSolana(bytes: Uint8Array): DeclaredClient {
  const state = decodeStrict(solana.ClientState, SOLANA_CLIENT_STATE.slice(1), bytes)
  return {
    trackedChainId: `solana:${toBase58(state.genesisHash.subarray(0, HASH_BYTES)).slice(0, 32)}`,
    trustingPeriodSeconds: state.trustingPeriod?.seconds ?? 0n,
    initialRevisionHeight: state.latestSlot,
    initialRoot: null,
    initialNextValidatorsHash: null,
    initialTimeNanoseconds: null,
  }
}

/** A client of an EVM core: it stands with its counterparty from the beginning. */
function added(event: BlockEvent, place: EventPlace): Change[] {
  const chain = findText(event, 'tracked_chain_id')
  const set: Partial<ClientRow> = {
    ...(chain === undefined ? {} : { trackedChainId: storableText(chain, CHAIN_ID_LENGTH_MAX) }),
    counterpartyClientId: storableText(readText(event, 'counterparty_client_id'), 128),
    counterpartyMerklePrefix: readText(event, 'counterparty_merkle_prefix', PREFIX_LENGTH_MAX),
    createdHeight: place.block.height,
    createdTransaction: place.transaction?.hash ?? null,
    createdTimeNanoseconds: place.block.timeNanoseconds,
  }
  return [clientChange(event, place, { ...set, ...lastUpdate(place) })]
}

function updated(event: BlockEvent, place: EventPlace): Change[] {
  return [clientChange(event, place, lastUpdate(place)), ...reached(event, place, 'consensus_heights')]
}

function recovered(event: BlockEvent, place: EventPlace): Change[] {
  const clientId = readText(event, 'subject_client_id')
  const key = { chainId: place.block.chainId, clientId }
  return [change('client', key, { clientType: typeOf(clientId) }, { frozen: false })]
}

function reached(event: BlockEvent, { block, transaction }: EventPlace, key: string): Change[] {
  const clientId = readText(event, 'client_id')
  const heights = readText(event, key, CONSENSUS_HEIGHTS_LENGTH_MAX)
    .split(',')
    .filter((text) => text !== '')
  return heights.map((text) => {
    const { number, height } = parseHeightText(event, key, text)
    const id = { chainId: block.chainId, clientId, revisionNumber: number, revisionHeight: height }
    const { timeNanoseconds } = block
    return change('clientUpdate', id, {
      height: block.height,
      transaction: transaction?.hash ?? '',
      timeNanoseconds,
    })
  })
}

function clientChange(event: BlockEvent, place: EventPlace, set: Partial<ClientRow>): Change {
  const clientId = readText(event, 'client_id')
  const key = { chainId: place.block.chainId, clientId }
  return change('client', key, { clientType: readText(event, 'client_type') }, set)
}

function lastUpdate({ block, transaction }: EventPlace): Partial<ClientRow> {
  return {
    lastUpdateHeight: block.height,
    lastUpdateTransaction: transaction?.hash ?? null,
    lastUpdateTimeNanoseconds: block.timeNanoseconds,
  }
}

function typeOf(clientId: string): string {
  return clientId.slice(0, Math.max(0, clientId.lastIndexOf('-')))
}
