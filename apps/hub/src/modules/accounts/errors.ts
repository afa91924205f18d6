import { defineErrors } from '@causeway/primitives'

/** Codespace `accounts`. Append only. */
export const errors = defineErrors('accounts', {
  badKey: [1, (d: { reason: string }) => `key refused: ${d.reason}`],
  linkedAlready: [
    2,
    (d: { wallet: string; account: string }) => `${d.wallet} is a wallet of ${d.account} already`,
  ],
  badConsent: [3, (d: { wallet: string }) => `${d.wallet} has not signed the link text for this account`],
  consentExpired: [
    4,
    (d: { expiresSeconds: bigint; timeSeconds: bigint }) =>
      `the wallet's word held until ${d.expiresSeconds}, it is ${d.timeSeconds}`,
  ],
  stillInUse: [
    5,
    (d: { wallet: string; what: string }) => `the account of ${d.wallet} still has ${d.what}: end that first`,
  ],
  tooManyWallets: [6, (d: { max: number }) => `an account has at most ${d.max} wallets`],
  tooManySessions: [7, (d: { max: number }) => `an account has at most ${d.max} session keys`],
  badExpiry: [
    8,
    (d: { expiresSeconds: bigint; min: bigint; max: bigint }) =>
      `expiry ${d.expiresSeconds} is not within ${d.min} to ${d.max}`,
  ],
  noSession: [9, (d: { sessionKey: string }) => `no session key ${d.sessionKey}`],
  notFound: [22, (d: { address: string }) => `account ${d.address} not found`],
})
