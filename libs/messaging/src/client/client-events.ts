import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import type { Event } from '../context.ts'

const MODULE: Event = { type: 'message', attributes: [{ key: 'module', value: 'ibc_client' }] }

/** `{revision}-{height}`, as ibc-go writes a height. */
export function heightText(height: Height): string {
  return `${height.revisionNumber}-${height.revisionHeight}`
}

/** Spec: ibc-go v10 02-client `create_client`. */
export function createClientEvents(clientId: string, clientType: string, height: Height): Event[] {
  return [
    { type: 'create_client', attributes: [...names(clientId, clientType), consensusHeight(height)] },
    MODULE,
  ]
}

/** Spec: ibc-go v10 02-client `update_client`. */
export function updateClientEvents(
  clientId: string,
  clientType: string,
  heights: readonly Height[],
): Event[] {
  const [first] = heights
  const attributes = [
    ...names(clientId, clientType),
    first === undefined ? { key: 'consensus_height', value: '' } : consensusHeight(first),
    { key: 'consensus_heights', value: heights.map(heightText).join(',') },
  ]
  return [{ type: 'update_client', attributes }, MODULE]
}

/** Spec: ibc-go v10 02-client `client_misbehaviour`. */
export function misbehaviourEvents(clientId: string, clientType: string): Event[] {
  return [{ type: 'client_misbehaviour', attributes: names(clientId, clientType) }, MODULE]
}

/** Spec: ibc-go v10 02-client `recover_client`; with the substitute, which ibc-go leaves out. */
export function recoverClientEvents(clientId: string, clientType: string, substituteId: string): Event[] {
  const attributes = [
    { key: 'subject_client_id', value: clientId },
    { key: 'client_type', value: clientType },
    { key: 'substitute_client_id', value: substituteId },
  ]
  return [{ type: 'recover_client', attributes }, MODULE]
}

function names(clientId: string, clientType: string) {
  return [
    { key: 'client_id', value: clientId },
    { key: 'client_type', value: clientType },
  ]
}

function consensusHeight(height: Height) {
  return { key: 'consensus_height', value: heightText(height) }
}
