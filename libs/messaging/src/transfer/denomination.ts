import { sha256, toHexUpper, utf8 } from '@causeway/primitives'
import { isClientId, isPortId } from '../identifiers.ts'
import { errors } from './transfer-errors.ts'

/** The port of every transfer, at both ends. */
export const TRANSFER_PORT = 'transfer'
/** A full path, in characters. Vouchers are hashes, so that any number of hops within it costs the same. */
export const DENOMINATION_PATH_MAX = 32_768

/** One chain that a token came through: the port and client (or v1 channel) by which it arrived there. */
export interface Hop {
  readonly portId: string
  readonly channelId: string
}

/** A token by where it was made and how it came here; the last hop is first. */
export interface Denomination {
  readonly hops: readonly Hop[]
  readonly base: string
}

const BASE = /^[\x21-\x2e\x30-\x7e]{1,128}$/
const EVM_ADDRESS = /^0x[0-9a-f]{40}$/i

/**
 * * Reads a full path `port/client/…/base`. The base is 1–128 printable ASCII characters without "/", an EVM
 * address among them in lower case. Throws `transfer/20`. Spec: ibc-go v10 `ExtractDenomFromPath`.
 *
 * DIFFERS FROM SPEC: ibc-go takes a base with "/" on receive (it refuses to send one over IBC v2).
 */
export function parseDenomination(path: string): Denomination {
  if (path.length > DENOMINATION_PATH_MAX) throw malformed(`longer than ${DENOMINATION_PATH_MAX} characters`)
  const parts = path.split('/')
  const base = parts.pop()!
  if (!BASE.test(base)) throw malformed('the base is not 1–128 printable ASCII characters')
  if (EVM_ADDRESS.test(base) && base !== base.toLowerCase()) throw malformed('an EVM address is lower case')
  if (parts.length % 2 !== 0) throw malformed('a hop is a port and a client')
  const hops: Hop[] = []
  for (let i = 0; i < parts.length; i += 2) {
    const hop = { portId: parts[i]!, channelId: parts[i + 1]! }
    if (!isPortId(hop.portId) || !isClientId(hop.channelId)) throw malformed('a hop is a port and a client')
    hops.push(hop)
  }
  return { hops, base }
}

/** Full path of a denomination. */
export function denominationPath(denomination: Denomination): string {
  return [...denomination.hops.map((hop) => `${hop.portId}/${hop.channelId}/`), denomination.base].join('')
}

/** SHA-256 of a full path. */
export function denominationHash(path: string): Uint8Array {
  return sha256(utf8(path))
}

/**
 * What a bank calls the token: `ibc/` and the upper-case hash of its path, or the base itself where it was
 * made.
 */
export function voucherOf(path: string): string {
  return path.includes('/') ? `ibc/${toHexUpper(denominationHash(path))}` : path
}

/** Whether the token came in over this client last: sending it over the same client takes it back. */
export function cameOver(path: string, clientId: string): boolean {
  return path.startsWith(hopPrefix(clientId))
}

/** The path one hop further. Throws `transfer/20` when it grows too long. */
export function withHop(path: string, clientId: string): string {
  const longer = hopPrefix(clientId) + path
  if (longer.length > DENOMINATION_PATH_MAX)
    throw malformed(`longer than ${DENOMINATION_PATH_MAX} characters`)
  return longer
}

/** The path one hop back; only for one that `cameOver` the client. */
export function withoutHop(path: string, clientId: string): string {
  return path.slice(hopPrefix(clientId).length)
}

function hopPrefix(clientId: string): string {
  return `${TRANSFER_PORT}/${clientId}/`
}

function malformed(reason: string) {
  return errors.malformedDenomination({ reason })
}
