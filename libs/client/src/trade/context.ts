// What every action of a trader is made with.
import { checkSubaccount } from '../address.ts'
import type { CollateralChain } from '../chains/config.ts'
import type { MarketDirectory } from '../read/market-directory.ts'
import { unpackAny } from '@causeway/protocol'
import type { Any, Codec } from '@causeway/protocol'
import { isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { IncludedTransaction } from '../rpc/transactions.ts'
import type { Accounts } from '../transactions/accounts.ts'
import type { Hub } from '../transactions/hub.ts'
import type { TradeMessage } from '../transactions/messages.ts'
import type { SendOptions, Sender } from '../transactions/sender.ts'
import type { Message, Signer } from '../wallets/wallet.ts'

/** What actions are made with. */
export interface TraderContext {
  readonly hub: Hub
  readonly accounts: Accounts
  readonly sender: Sender
  readonly markets: MarketDirectory
  /** Where deposits come from. */
  readonly chains: readonly CollateralChain[]
  /** Signs everything but trade messages. */
  readonly wallet: Signer
  /** Signs trade messages: the session key, where there is one. */
  readonly trading: Signer
  /** An address that names the account. */
  readonly address: string
  /** Where actions go that name no subaccount. */
  readonly subaccount: number
}

/** So often a node is asked what a transaction did. */
const READS_MAX = 3

/** A transaction that a block holds and that did what it should. */
export interface Sent {
  readonly txHash: string
  readonly height: string
  readonly gasUsed: string
}

/** The account's own address. Throws `client/44`. */
export async function accountOf({ accounts, address }: TraderContext): Promise<string> {
  return (await accounts.resolve(address)).address
}

/** Who acts, as trade messages name it. Throws `client/20`, `client/44`. */
export async function acting(
  context: TraderContext,
  subaccount = context.subaccount,
): Promise<{ readonly signer: string; readonly subaccount: number }> {
  return { signer: await accountOf(context), subaccount: checkSubaccount(subaccount) }
}

/** Sends one trade message and waits for its block. */
export async function trade(
  context: TraderContext,
  message: TradeMessage,
  options?: SendOptions,
): Promise<IncludedTransaction> {
  return await context.sender.trade(context.trading, context.address, [message], options)
}

/** Sends messages that take a wallet, and waits for their block. */
export async function send(
  context: TraderContext,
  list: readonly Message[],
  options?: SendOptions,
): Promise<IncludedTransaction> {
  return await context.sender.send(context.wallet, context.address, list, options)
}

/** A transaction as actions give it. */
export function sentOf({ txHash, height, gasUsed }: IncludedTransaction): Sent {
  return { txHash, height: height.toString(), gasUsed: gasUsed.toString() }
}

/** The answer of a transaction's only message. Throws `client/49`. */
export function answerOf<T>(included: IncludedTransaction, typeName: string, codec: Codec<T>): T {
  const answer: Any | undefined = included.responses[0]
  try {
    if (answer === undefined)
      throw errors.badAnswer({ what: 'a transaction', reason: 'its answer is missing' })
    return unpackAny(codec, typeName, answer)
  } catch (error) {
    throw unread(included, error)
  }
}

/** What is read about a transaction that is done: whatever fails, nobody may think that it failed. */
export async function readAfter<T>(included: IncludedTransaction, read: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await read()
    } catch (error) {
      if (i === READS_MAX) throw unread(included, error)
    }
  }
}

function unread({ txHash }: IncludedTransaction, error: unknown): Error {
  if (!isProtocolError(error)) return error as Error
  return errors.doneUnread({ txHash, reason: error.message }, { txHash })
}
