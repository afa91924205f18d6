// Text v1: what EVM and Solana wallets show and sign. The grammar is docs/signing.md.
import { errors } from '../errors.ts'
import type { Any } from '../generated/google/protobuf/any.ts'
import { checkStrict } from '../strict/decode-strict.ts'
import { hasSigningFields } from './field-names.ts'
import { messageLines } from './message-text.ts'
import { textOfString } from './text-value.ts'

/** What a transaction's text is made of. */
export interface TransactionParts {
  readonly chainId: string
  /** Bech32 address of the account that acts. */
  readonly account: string
  /** Of an ordinary transaction its sequence, of one of trade messages its nonce in milliseconds. */
  readonly order: { readonly sequence: bigint } | { readonly nonce: bigint }
  readonly fee: { readonly denom: string; readonly amount: string } | undefined
  readonly gasLimit: bigint
  readonly memo: string
  /** 0 = none. */
  readonly timeoutHeight: bigint
  /** In canonical encoding. */
  readonly messages: readonly Any[]
}

/** The longest text that is signed: what every wallet's frame holds. */
export const TEXT_LENGTH_MAX = 32_768

/**
 * The text of a transaction: printable ASCII and LF, one meaning a text. Throws `protocol/…` for a message
 * that is unknown or not canonical, and `protocol/40` for a text that is too long.
 */
export function transactionText(parts: TransactionParts): string {
  const { chainId, account, order, fee, gasLimit, memo, timeoutHeight, messages } = parts
  const lines = [
    'Causeway transaction v1',
    `chain: ${textOfString(chainId)}`,
    `account: ${textOfString(account)}`,
    'nonce' in order ? `nonce: ${order.nonce}` : `sequence: ${order.sequence}`,
    fee === undefined ? 'fee: none' : `fee: ${textOfString(fee.amount)} ${textOfString(fee.denom)}`,
    `gas: ${gasLimit}`,
  ]
  if (memo !== '') lines.push(`memo: ${textOfString(memo)}`)
  if (timeoutHeight !== 0n) lines.push(`timeout height: ${timeoutHeight}`)
  for (const [i, message] of messages.entries()) {
    lines.push(`message ${i + 1} of ${messages.length}: ${message.typeUrl}`)
    for (const line of linesOf(message)) lines.push(line)
  }
  return bounded(lines)
}

/** What a wallet signs that agrees to be linked to an account. */
export interface WalletLinkParts {
  readonly chainId: string
  /** The account that takes the wallet in. */
  readonly account: string
  /** The wallet's own address. */
  readonly wallet: string
  readonly expiresSeconds: bigint
}

const LINK_EFFECT =
  "effect: what the wallet's own account holds moves to the account, " +
  'and its address names the account for ever'

/** The text by which a wallet agrees to be linked. */
export function walletLinkText({ chainId, account, wallet, expiresSeconds }: WalletLinkParts): string {
  return bounded([
    'Causeway wallet link v1',
    `chain: ${textOfString(chainId)}`,
    `account: ${textOfString(account)}`,
    `wallet: ${textOfString(wallet)}`,
    `expires: ${expiresSeconds}`,
    LINK_EFFECT,
  ])
}

function linesOf({ typeUrl, value }: Any): string[] {
  const name = typeUrl.slice(1)
  if (!typeUrl.startsWith('/') || !hasSigningFields(name)) {
    throw errors.notSignable({ typeUrl: typeUrl.slice(0, 128) })
  }
  checkStrict(name, value, { canonical: true, refuseNonCritical: true })
  return messageLines(name, value)
}

function bounded(lines: readonly string[]): string {
  const text = lines.join('\n')
  if (text.length > TEXT_LENGTH_MAX) throw errors.textTooLong({ length: text.length, max: TEXT_LENGTH_MAX })
  return text
}
