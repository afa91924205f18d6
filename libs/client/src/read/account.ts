// An account: its wallets, its session keys, what it may still do for free.
import { toHex } from '@causeway/primitives'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { fromUnits } from '../decimal.ts'
import { askAccount } from '../transactions/accounts.ts'
import type { Hub } from '../transactions/hub.ts'

/** An account as the hub tells it. */
export interface AccountRow {
  /** Its own address, which messages name. */
  readonly account: string
  readonly number: string
  readonly sequence: string
  /** All wallets that may sign, the first included. */
  readonly wallets: readonly { readonly address: string; readonly kind: string; readonly publicKey: string }[]
  readonly sessions: readonly { readonly publicKey: string; readonly expirySeconds: number }[]
  /** Trade messages that cost nothing now, where the account is worth 100 cash. */
  readonly freeTransactions: string
  readonly height: string
}

const KINDS: Readonly<Record<number, string>> = {
  [KeyType.KEY_TYPE_COSMOS]: 'cosmos',
  [KeyType.KEY_TYPE_ETHEREUM]: 'evm',
  [KeyType.KEY_TYPE_SOLANA]: 'solana',
}

/** The account that an address names. Throws `client/44`. */
export async function readAccount(hub: Hub, address: string): Promise<AccountRow> {
  const answer = await askAccount(hub, address)
  return {
    account: answer.account,
    number: answer.number.toString(),
    sequence: answer.sequence.toString(),
    wallets: answer.wallets.map((wallet) => ({
      address: wallet.address,
      // The key type of a wallet that never signed is not known.
      kind: wallet.publicKey.length === 0 ? 'unknown' : (KINDS[wallet.keyType] ?? 'unknown'),
      publicKey: toHex(wallet.publicKey),
    })),
    sessions: answer.sessions.map(({ sessionKey, expiresSeconds }) => ({
      publicKey: toHex(sessionKey),
      expirySeconds: Number(expiresSeconds),
    })),
    freeTransactions: fromUnits(answer.millitokens, 3),
    height: answer.height.toString(),
  }
}
