// One wallet linked to another's account, on a hub of two traders.
import { packSigningKey, walletLinkText } from '@causeway/protocol'
import type { Any } from '@causeway/protocol'
import { message } from './messages.fixture.ts'
import { deliver } from './trading-hub.fixture.ts'
import type { TradingHub } from './trading-hub.fixture.ts'
import { aminoWallet } from './wallets.fixture.ts'
import type { TestWallet } from './wallets.fixture.ts'

/** Later than any test goes. */
export const LATE = 4_000_000_000n

/** The word of a wallet that it belongs to an account. */
export async function linkMessage(account: string, wallet: TestWallet): Promise<Any> {
  const link = { chainId: 'causeway-1', account, wallet: wallet.address, expiresSeconds: LATE }
  return message('causeway.accounts.v1.MsgLinkWallet', {
    account,
    walletKey: packSigningKey(wallet.key),
    walletSignMode: wallet.mode,
    walletSignature: await wallet.signText(walletLinkText(link)),
    expiresSeconds: LATE,
  })
}

/** The maker's account takes a wallet in, the taker's if none is named; the code. */
export async function link({ driver, maker }: TradingHub, name = 'taker'): Promise<string> {
  return deliver(driver, maker, await linkMessage(maker.address, await aminoWallet(name)))
}
