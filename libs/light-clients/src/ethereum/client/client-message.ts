import type { Any } from '@causeway/protocol'
import { Header, Misbehaviour } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { LightClientUpdate } from '../consensus/containers.ts'
import { isFinalityUpdate, participantCount } from '../consensus/containers.ts'
import type { ChainConfig } from '../consensus/forks.ts'
import type { UpdateKind } from '../consensus/ssz-update.ts'
import { decodeLightClientUpdate } from '../consensus/ssz-update.ts'
import { errors } from '../errors.ts'
import { decode, requireFork, requireForkAt } from './decode.ts'
import { ETHEREUM_HEADER_TYPE_URL, ETHEREUM_MISBEHAVIOUR_TYPE_URL } from './type-urls.ts'

/** An update with next committee of at most 1,024 keys. */
const HEADER_BYTES_MAX = 65_536

/** A client message, decoded and sound by itself. */
export type ClientMessage =
  | { readonly kind: 'header'; readonly update: LightClientUpdate }
  | { readonly kind: 'misbehaviour'; readonly first: LightClientUpdate; readonly second: LightClientUpdate }

/**
 * Decodes a client message from outside: SSZ types of the attested header's fork, two thirds of the
 * committee, and an update that isn't optimistic finalises something. Throws `ethereum/7`–`/9`, `/12`, `/20`,
 * `/29`, `/30`.
 */
export function decodeClientMessage(config: ChainConfig, message: Any): ClientMessage {
  const typeName = message.typeUrl.slice(1)
  switch (message.typeUrl) {
    case ETHEREUM_HEADER_TYPE_URL:
      return {
        kind: 'header',
        update: readHeader(config, decode(Header, typeName, message.value, HEADER_BYTES_MAX)),
      }
    case ETHEREUM_MISBEHAVIOUR_TYPE_URL: {
      const { header1, header2 } = decode(Misbehaviour, typeName, message.value, 2 * HEADER_BYTES_MAX)
      if (!header1 || !header2) throw errors.invalidMisbehaviour({ reason: 'a header is missing' })
      return { kind: 'misbehaviour', first: readHeader(config, header1), second: readHeader(config, header2) }
    }
    default:
      throw errors.unknownType({ typeUrl: message.typeUrl.slice(0, 100) })
  }
}

function readHeader(config: ChainConfig, header: Header): LightClientUpdate {
  const fork = requireFork(header.fork)
  const { kind, bytes } = updateBytes(header)
  const update = decodeLightClientUpdate(kind, bytes, fork, config)
  requireForkAt(config, fork, update.attestedHeader.beacon.slot)
  const participants = participantCount(update.syncAggregate)
  const needed = Math.floor((2 * config.syncCommitteeSize + 2) / 3)
  if (participants < needed) throw errors.tooFewParticipants({ participants, needed })
  if (kind !== 'LightClientOptimisticUpdate' && (!isFinalityUpdate(update) || !update.finalizedHeader)) {
    throw errors.notFinal()
  }
  return update
}

function updateBytes(header: Header): { kind: UpdateKind; bytes: Uint8Array } {
  const given = [
    { kind: 'LightClientUpdate', bytes: header.update },
    { kind: 'LightClientFinalityUpdate', bytes: header.finalityUpdate },
    { kind: 'LightClientOptimisticUpdate', bytes: header.optimisticUpdate },
  ] as const
  const [only, ...more] = given.filter(({ bytes }) => bytes.length > 0)
  if (!only || more.length > 0) throw errors.malformed({ what: 'Header', reason: 'it must hold one update' })
  return only
}
