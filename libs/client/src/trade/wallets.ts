// Wallets and session keys of an account.
import { fromHex } from '@causeway/primitives'
import { packSigningKey, walletLinkText } from '@causeway/protocol'
import { errors } from '../errors.ts'
import { messages } from '../transactions/messages.ts'
import type { SendOptions } from '../transactions/sender.ts'
import type { SessionWallet } from '../wallets/session.ts'
import type { Wallet } from '../wallets/wallet.ts'
import { accountOf, send, sentOf } from './context.ts'
import type { Sent, TraderContext } from './context.ts'

/** Who may sign for an account. */
export interface WalletActions {
  /**
   * Joins another wallet to the account, for ever: both sign, and what the wallet's own account holds moves
   * here.
   * Its address names this account from then on. A trader whose own wallet was linked says which account it
   * means: the node's word is not enough. Throws `client/47`.
   */
  link(wallet: Wallet, options?: SendOptions & { readonly account?: string }): Promise<Sent>
  /** Lets a session key trade for the account, for so many seconds (90 days at most, default one day). */
  createSession(
    session: SessionWallet | { readonly publicKey: string },
    options?: SendOptions & { readonly seconds?: number },
  ): Promise<Sent & { readonly expirySeconds: number }>
  /** Ends a session key at once. */
  revokeSession(session: { readonly publicKey: string }, options?: SendOptions): Promise<Sent>
}

const CONSENT_SECONDS = 3_600
const SESSION_SECONDS = 86_400
const SESSION_SECONDS_MAX = 90 * 86_400

/** The wallet actions of a trader. */
export function walletActions(context: TraderContext): WalletActions {
  const { hub, accounts } = context
  const nowSeconds = () => Math.floor(hub.clock.now() / 1_000)
  return {
    async link(wallet, options) {
      const account = await accountOf(context)
      // What the wallet holds goes where it consents to: never where only the node says.
      if (account !== (options?.account ?? context.address)) throw errors.otherAccount({ told: account })
      const expiresSeconds = BigInt(nowSeconds() + CONSENT_SECONDS)
      const link = { chainId: hub.chainId, account, wallet: wallet.address, expiresSeconds }
      const consent = await wallet.signText(walletLinkText(link))
      const message = messages.linkWallet({
        account,
        walletKey: packSigningKey(consent.key),
        walletSignMode: consent.mode,
        walletSignature: consent.signature,
        expiresSeconds,
      })
      const sent = sentOf(await send(context, [message], options))
      accounts.forget(wallet.address)
      return sent
    },
    async createSession({ publicKey }, options = {}) {
      const { seconds = SESSION_SECONDS } = options
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > SESSION_SECONDS_MAX) {
        throw errors.badArgument({ name: 'seconds', expected: `1 to ${SESSION_SECONDS_MAX}` })
      }
      const account = await accountOf(context)
      const expirySeconds = nowSeconds() + seconds
      const message = { account, sessionKey: keyOf(publicKey), expiresSeconds: BigInt(expirySeconds) }
      return { ...sentOf(await send(context, [messages.createSession(message)], options)), expirySeconds }
    },
    async revokeSession({ publicKey }, options) {
      const message = { account: await accountOf(context), sessionKey: keyOf(publicKey) }
      return sentOf(await send(context, [messages.revokeSession(message)], options))
    },
  }
}

function keyOf(publicKey: string): Uint8Array {
  const isKey = typeof publicKey === 'string' && /^[0-9a-fA-F]{64}$/.test(publicKey)
  if (!isKey) throw errors.badArgument({ name: 'publicKey', expected: '64 hex digits' })
  return fromHex(publicKey.toLowerCase())
}
