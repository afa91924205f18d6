import { toHex } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'

/** Tells that an account came to be. */
export function emitCreated(context: Context, account: string): void {
  context.emit('causeway.accounts.v1.created', { account })
}

/** Tells that a wallet now names an account. */
export function emitLinked(context: Context, account: string, wallet: string): void {
  context.emit('causeway.accounts.v1.linked', { account, wallet })
}

/** Tells of a session key: `created` or `revoked`. */
export function emitSession(
  context: Context,
  account: string,
  { sessionKey, change }: { readonly sessionKey: Uint8Array; readonly change: 'created' | 'revoked' },
): void {
  context.emit('causeway.accounts.v1.session', { account, session_key: toHex(sessionKey), change })
}
