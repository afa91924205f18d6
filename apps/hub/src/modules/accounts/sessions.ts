// Session keys: an Ed25519 key that a program holds may sign trade messages, until it expires or is revoked.
import { equalBytes, toHex } from '@causeway/primitives'
import type { MsgCreateSessionKey, MsgRevokeSessionKey } from '@causeway/protocol/causeway/accounts/v1/tx'
import type { Context } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { NONCE_AGE_MS_MAX, highestNonce } from '../../tx/nonces.ts'
import { milliseconds } from './accounts.ts'
import { errors } from './errors.ts'
import { emitSession } from './events.ts'
import { ACCOUNTS_STORE, readNonces, readSession, sessions, writeNonces, writeSession } from './state.ts'

/** Session keys that an account has at a time. */
export const SESSIONS_MAX = 32
/** The longest that a session lasts. */
export const SESSION_SECONDS_MAX = 90n * 86_400n

/** Lets a key sign trade messages; of a known one it changes the expiry. Throws `accounts/1`, `/7`, `/8`. */
export function createSession(context: Context, addresses: AddressCodec, message: MsgCreateSessionKey): void {
  const account = addresses.decode(message.account)
  const { sessionKey, expiresSeconds } = message
  if (sessionKey.length !== 32) throw errors.badKey({ reason: 'expected the 32 bytes of an Ed25519 key' })
  const min = context.timeSeconds + 1n
  const max = context.timeSeconds + SESSION_SECONDS_MAX
  if (expiresSeconds < min || expiresSeconds > max) throw errors.badExpiry({ expiresSeconds, min, max })
  const others = prune(context, account).filter((key) => !equalBytes(key, sessionKey))
  if (others.length >= SESSIONS_MAX) throw errors.tooManySessions({ max: SESSIONS_MAX })
  writeSession(context.store(ACCOUNTS_STORE), { account, sessionKey }, { expiresSeconds })
  emitSession(context, message.account, { sessionKey, change: 'created' })
}

/** Takes a key back. Throws `accounts/9`. */
export function revokeSession(context: Context, addresses: AddressCodec, message: MsgRevokeSessionKey): void {
  const account = addresses.decode(message.account)
  const { sessionKey } = message
  const store = context.store(ACCOUNTS_STORE)
  if (sessionKey.length !== 32 || readSession(store, account, sessionKey) === undefined) {
    throw errors.noSession({ sessionKey: toHex(sessionKey.subarray(0, 32)) })
  }
  drop(context, account, sessionKey)
  emitSession(context, message.account, { sessionKey, change: 'revoked' })
}

/** Forgets expired keys; gives the others. */
function prune(context: Context, account: Uint8Array): Uint8Array[] {
  const live: Uint8Array[] = []
  for (const { sessionKey, session } of [...sessions(context.store(ACCOUNTS_STORE), account)]) {
    if (session.expiresSeconds > context.timeSeconds) live.push(sessionKey)
    else drop(context, account, sessionKey)
  }
  return live
}

/**
 * Forgets a key. Its nonces stay while one of them could be sent again: the same key may be created anew.
 */
function drop(context: Context, account: Uint8Array, sessionKey: Uint8Array): void {
  const store = context.store(ACCOUNTS_STORE)
  writeSession(store, { account, sessionKey }, undefined)
  const nonces = readNonces(store, account, sessionKey)
  if (nonces === undefined || highestNonce(nonces) >= milliseconds(context) - NONCE_AGE_MS_MAX) return
  writeNonces(store, { account, signer: sessionKey }, undefined)
}
