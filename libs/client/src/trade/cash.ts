// What an account holds, moved: into cash and out of it, to other accounts, and back to its chain.
import {
  MsgConvertResponse,
  MsgRedeemResponse,
  MsgRedirectWithdrawalResponse,
  MsgWithdrawResponse,
} from '@causeway/protocol/causeway/cash/v1/tx'
import { addressBytes, holderText } from '../address.ts'
import { CASH_DIGITS, cashText, readInteger, toPositiveUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import { readAssets, readLines } from '../read/ledger.ts'
import type { AssetRow, LineRow } from '../read/ledger.ts'
import { messages } from '../transactions/messages.ts'
import type { SendOptions } from '../transactions/sender.ts'
import { accountOf, answerOf, send, sentOf } from './context.ts'
import type { Sent, TraderContext } from './context.ts'

/** Of which subaccount. Default: the trader's. */
export interface FromSubaccount extends SendOptions {
  readonly subaccount?: number
}

/** A withdrawal that the hub took. */
export interface SentWithdrawal extends Sent {
  /** Of the packet that has left; absent when all of it waits. */
  readonly sequence?: string
  /** Id of what waits for room in the line's hourly window; absent when nothing waits. */
  readonly waiting?: string
}

/** Where a withdrawal goes. */
export interface WithdrawalTerms {
  /** The line: its full path (`transfer/ethereum-0/0xa0…`), as `causeway.lines()` lists it; or … */
  readonly line?: string
  /** … a configured chain and the symbol of one of its tokens. */
  readonly chain?: string
  readonly token?: string
  /** In 1.0 of the token; `redeem`: of cash. */
  readonly amount: string
  /** The address on the line's chain. */
  readonly to: string
}

/** Money actions of a trader. They take a wallet, never a session key. */
export interface CashActions {
  /** Turns a balance of a stable token into cash, at min(1, price). */
  convert(
    terms: { readonly denom: string; readonly amount: string },
    options?: FromSubaccount,
  ): Promise<Sent & { readonly cash: string }>
  /** Pays cash out at par, over any line whose token the pool holds. */
  redeem(terms: WithdrawalTerms, options?: FromSubaccount): Promise<SentWithdrawal>
  /** Sends a token back to its chain. */
  withdraw(terms: WithdrawalTerms, options?: FromSubaccount): Promise<SentWithdrawal>
  /** Moves cash (`denom: 'cash'`) or a token to another account or subaccount (`cway1…/3`). */
  transfer(
    terms: { readonly to: string; readonly denom: string; readonly amount: string },
    options?: FromSubaccount,
  ): Promise<Sent>
  /** Takes back what waits in the queue. */
  cancelWithdrawal(id: string, options?: FromSubaccount): Promise<Sent>
  /** Moves what waits to the end of the queue of another line of the same token. */
  redirectWithdrawal(
    terms: Omit<WithdrawalTerms, 'amount'> & { readonly id: string },
    options?: FromSubaccount,
  ): Promise<SentWithdrawal>
  /** Opens an empty subaccount (not 0) as isolated, for good: one underlying, no recourse to the others. */
  openIsolated(subaccount: number, options?: SendOptions): Promise<Sent>
}

const PACKAGE = 'causeway.cash.v1'
const RECEIVER_LENGTH_MAX = 128

/** The money actions of a trader. */
export function cashActions(context: TraderContext): CashActions {
  const { hub } = context
  const holder = async ({ subaccount = context.subaccount }: FromSubaccount = {}) =>
    holderText(await accountOf(context), subaccount)
  return {
    async convert({ denom, amount }, options) {
      const { decimals } = await assetOf(context, denom)
      const units = toPositiveUnits(amount, decimals, 'amount').toString()
      const message = messages.convert({ holder: await holder(options), denom, amount: units })
      const included = await send(context, [message], options)
      const { cashE6 } = answerOf(included, `${PACKAGE}.MsgConvertResponse`, MsgConvertResponse)
      return { ...sentOf(included), cash: cashText(cashE6, 'cash') }
    },
    async redeem(terms, options) {
      const amountE6 = toPositiveUnits(terms.amount, CASH_DIGITS, 'amount').toString()
      const { line, receiver } = destinationOf(context, terms)
      const message = { holder: await holder(options), line, amountE6, receiver }
      const included = await send(context, [messages.redeem(message)], options)
      const answer = answerOf(included, `${PACKAGE}.MsgRedeemResponse`, MsgRedeemResponse)
      return { ...sentOf(included), ...departureOf(answer) }
    },
    async withdraw(terms, options) {
      const { line, receiver } = destinationOf(context, terms)
      const { decimals } = findLine(await readLines(hub), line)
      const amount = toPositiveUnits(terms.amount, decimals, 'amount').toString()
      const message = { holder: await holder(options), line, amount, receiver }
      const included = await send(context, [messages.withdraw(message)], options)
      const answer = answerOf(included, `${PACKAGE}.MsgWithdrawResponse`, MsgWithdrawResponse)
      return { ...sentOf(included), ...departureOf(answer) }
    },
    async transfer(terms, options) {
      return sentOf(
        await send(context, [await transferMessage(context, terms, await holder(options))], options),
      )
    },
    async cancelWithdrawal(id, options) {
      const message = messages.cancelWithdrawal({ holder: await holder(options), id: withdrawalId(id) })
      return sentOf(await send(context, [message], options))
    },
    async redirectWithdrawal({ id, ...to }, options) {
      const { line, receiver } = destinationOf(context, to)
      const message = { holder: await holder(options), id: withdrawalId(id), line, receiver }
      const included = await send(context, [messages.redirectWithdrawal(message)], options)
      const name = `${PACKAGE}.MsgRedirectWithdrawalResponse`
      return { ...sentOf(included), ...departureOf(answerOf(included, name, MsgRedirectWithdrawalResponse)) }
    },
    async openIsolated(subaccount, options) {
      const message = messages.openIsolated({ holder: await holder({ subaccount }) })
      return sentOf(await send(context, [message], options))
    },
  }
}

async function transferMessage(
  context: TraderContext,
  { to, denom, amount }: { readonly to: string; readonly denom: string; readonly amount: string },
  from: string,
) {
  checkHolder(to)
  if (denom === 'cash') {
    const amountE6 = toPositiveUnits(amount, CASH_DIGITS, 'amount').toString()
    return messages.transferCash({ from, to, amountE6 })
  }
  const { decimals } = await assetOf(context, denom)
  const units = toPositiveUnits(amount, decimals, 'amount').toString()
  return messages.send({ fromAddress: from, toAddress: to, amount: [{ denom, amount: units }] })
}

async function assetOf({ hub }: TraderContext, denom: string): Promise<AssetRow> {
  const found = (await readAssets(hub)).find((asset) => asset.denom === denom)
  if (found === undefined) throw errors.unknownToken({ token: denom, where: 'the hub' })
  return found
}

/** The line of a full path. Throws `client/24`. */
export function findLine(lines: readonly LineRow[], path: string): LineRow {
  const found = lines.find(({ denom }) => denom === path)
  if (found === undefined) throw errors.unknownToken({ token: path, where: 'the hub' })
  return found
}

function departureOf({ sequence, withdrawal }: { readonly sequence: bigint; readonly withdrawal: bigint }) {
  return {
    ...(sequence === 0n ? {} : { sequence: sequence.toString() }),
    ...(withdrawal === 0n ? {} : { waiting: withdrawal.toString() }),
  }
}

function checkHolder(text: string): void {
  const [address = '', number, ...rest] = text.split('/')
  addressBytes(address, 'to')
  const isPlain = number === undefined || /^[1-9][0-9]{0,4}$/.test(number)
  if (rest.length > 0 || !isPlain) throw errors.badArgument({ name: 'to', expected: 'cway1… or cway1…/3' })
}

/**
 * The line of a withdrawal, and the address there as its chain wants it. Throws `client/20`, `client/24`,
 * `client/25`.
 */
function destinationOf(
  { chains }: TraderContext,
  terms: Omit<WithdrawalTerms, 'amount'>,
): { readonly line: string; readonly receiver: string } {
  const { to } = terms
  if (typeof to !== 'string' || to === '' || to.length > RECEIVER_LENGTH_MAX) {
    throw errors.badArgument({ name: 'to', expected: 'an address on the line’s chain' })
  }
  // Vaults take lower-case hex only.
  const receiver = /^0x[0-9a-fA-F]{40}$/.test(to) ? to.toLowerCase() : to
  if (terms.line !== undefined) return { line: terms.line, receiver }
  const chain = chains.find(({ id }) => id === terms.chain)
  if (chain === undefined) throw errors.unknownCollateralChain({ chain: terms.chain ?? '' })
  const token = chain.tokens.find(({ symbol }) => symbol === terms.token)
  if (token === undefined) throw errors.unknownToken({ token: terms.token ?? '', where: chain.id })
  const base = 'denom' in token ? token.denom : 'mint' in token ? token.mint : token.address.toLowerCase()
  return { line: `transfer/${chain.hubClient}/${base}`, receiver }
}

function withdrawalId(id: string): bigint {
  const isId = typeof id === 'string' && /^[1-9][0-9]{0,19}$/.test(id)
  if (!isId) throw errors.badArgument({ name: 'id', expected: 'the number of a withdrawal, as text' })
  return readInteger(id, 'id')
}
