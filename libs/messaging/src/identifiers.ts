import { U64_MAX } from '@causeway/primitives'
import { errors } from './errors.ts'

/** Shortest and longest client id, in characters (ibc-go's channel identifier limits, which IBC v2 kept). */
export const CLIENT_ID_LENGTH = { min: 8, max: 64 } as const

const CLIENT_ID = /^\w+([\w-]+\w)?-[0-9]{1,20}$/
const PORT_ID = /^[a-zA-Z0-9._+\-#[\]<>]{2,128}$/

/**
 * Whether a text is a client id: 8–64 characters `{type}-{N}` with N a u64. Spec: ibc-go 02-client
 * `ParseClientIdentifier`.
 */
export function isClientId(text: string): boolean {
  if (text.length < CLIENT_ID_LENGTH.min || text.length > CLIENT_ID_LENGTH.max) return false
  if (!CLIENT_ID.test(text)) return false
  return BigInt(text.slice(text.lastIndexOf('-') + 1)) <= U64_MAX
}

/** Passes a client id through. Throws `ibc/1`. */
export function requireClientId(text: string): string {
  if (!isClientId(text)) throw errors.invalidClientId({ clientId: text.slice(0, 80) })
  return text
}

/** `07-tendermint` of `07-tendermint-12`. Throws `ibc/1`. */
export function clientTypeOf(clientId: string): string {
  return requireClientId(clientId).slice(0, clientId.lastIndexOf('-'))
}

/** Whether a text is a port id: 2–128 characters of ICS-24's alphabet. */
export function isPortId(text: string): boolean {
  return PORT_ID.test(text)
}

/** Passes a port id through. Throws `ibc/2`. */
export function requirePortId(text: string): string {
  if (!isPortId(text)) throw errors.invalidPortId({ portId: text.slice(0, 140) })
  return text
}
