// What every transaction passes before its messages run: who signs, in which order, and the fee.
import { equalBytes, mulDivCeil, toBase64 } from '@causeway/primitives'
import type { Account } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { Context, ReadContext } from '../block/context.ts'
import { GAS } from '../block/gas.ts'
import type { AddressCodec, Holder } from '../identifiers.ts'
import type { SignerFacts } from './signatures.ts'
import type { FeeCoin, Transaction } from './transaction.ts'
import { errors } from './tx-errors.ts'

/** What authentication needs of the modules. */
export interface AuthenticationPorts {
  readonly addresses: AddressCodec
  findAccount(context: ReadContext, id: Uint8Array): Account | undefined
  /** Counts the transaction and remembers the key. */
  advance(context: Context, id: Uint8Array, account: Account, publicKey: Uint8Array): void
  addressOfKey(publicKey: Uint8Array): Uint8Array
  /** Empty: gas is free. */
  gasPrices(context: ReadContext): readonly { readonly denom: string; readonly priceE9: bigint }[]
  /** What the holder can pay with; 0 for an unknown denomination. */
  spendable(context: ReadContext, holder: Holder, denom: string): bigint
  /** Moves the fee to the fee collector. */
  payFee(context: Context, holder: Holder, fee: FeeCoin): void
}

/** How far a transaction is judged. */
export interface AuthenticationOptions {
  /** Whether the signature holds; a simulation passes a function that says yes. */
  isValid(transaction: Transaction, facts: SignerFacts): boolean
  /** A simulation asks for neither a fee nor a key. */
  readonly isSimulation?: boolean
}

const E9 = 1_000_000_000n

/**
 * Gas of everything that comes before the messages: a flat count, so that it is the same in a simulation,
 * which pays no fee, and in delivery.
 */
export function authenticationGas(transactionBytes: number): number {
  return GAS.transaction + GAS.transactionByte * transactionBytes + GAS.signature
}

/**
 * Takes the fee and counts the sequence, or throws `tx/*` leaving the caller to drop what was written: a
 * transaction that does not pass costs nobody anything.
 */
export function authenticate(
  context: Context,
  ports: AuthenticationPorts,
  transaction: Transaction,
  options: AuthenticationOptions,
): void {
  const { signer } = transaction
  // 1. Judge against the block
  if (transaction.timeoutHeight !== 0n && transaction.timeoutHeight < context.height) {
    throw errors.timedOut({ timeoutHeight: transaction.timeoutHeight, height: context.height })
  }
  // 2. Replay
  const account = ports.findAccount(context, signer)
  if (account === undefined) throw errors.unknownAccount({ address: ports.addresses.encode(signer) })
  if (transaction.sequence !== account.sequence) {
    throw errors.wrongSequence({ expected: account.sequence, got: transaction.sequence })
  }
  // 3. The fee before the dear check
  const address = ports.addresses.encode(signer)
  if (options.isSimulation !== true) requireFee(context, ports, transaction)
  if (transaction.fee !== undefined) takeFee(context, ports, transaction.signer, transaction.fee)
  // 4. Authenticate
  const publicKey = keyOf(ports, transaction, account, options.isSimulation === true)
  const facts = { publicKey, chainId: context.chainId, accountNumber: account.number }
  if (!options.isValid(transaction, facts)) {
    const { chainId } = context
    throw errors.badSignature({ accountNumber: account.number, sequence: account.sequence, chainId })
  }
  // 5. Write and tell
  ports.advance(context, signer, account, publicKey)
  const fee = transaction.fee === undefined ? '' : `${transaction.fee.amount}${transaction.fee.denom}`
  context.emit('tx', { fee, fee_payer: address })
  context.emit('tx', { acc_seq: `${address}/${transaction.sequence}` })
  context.emit('tx', {}, { signature: toBase64(transaction.signature) })
}

/** The key that signs: the one shown, which must be the account's, or the one remembered. */
function keyOf(
  ports: AuthenticationPorts,
  transaction: Transaction,
  account: Account,
  isSimulation: boolean,
): Uint8Array {
  const known = account.publicKey.length > 0 ? account.publicKey : undefined
  const shown = transaction.publicKey ?? known
  if (shown === undefined) {
    if (isSimulation) return account.publicKey
    throw errors.badPublicKey({ reason: 'the account has not shown its key yet' })
  }
  const isTheirs =
    known === undefined ? equalBytes(ports.addressOfKey(shown), transaction.signer) : equalBytes(shown, known)
  if (!isTheirs) throw errors.badPublicKey({ reason: 'it is not the key of the signer' })
  return shown
}

function requireFee(context: Context, ports: AuthenticationPorts, transaction: Transaction): void {
  const prices = ports.gasPrices(context)
  if (prices.length === 0) return
  const required = prices.map(({ denom, priceE9 }) => ({
    denom,
    amount: mulDivCeil(priceE9, BigInt(transaction.gasLimit), E9),
  }))
  const { fee } = transaction
  const isEnough = required.some(
    ({ denom, amount }) => amount === 0n || (fee?.denom === denom && fee.amount >= amount),
  )
  if (isEnough) return
  throw errors.insufficientFee({
    required: required.map(({ denom, amount }) => `${amount}${denom}`).join(' or '),
    given: fee === undefined ? 'nothing' : `${fee.amount}${fee.denom.slice(0, 128)}`,
  })
}

function takeFee(context: Context, ports: AuthenticationPorts, payer: Uint8Array, fee: FeeCoin): void {
  const holder = { account: payer, subaccount: 0 }
  const available = ports.spendable(context, holder, fee.denom)
  if (available < fee.amount) {
    throw errors.insufficientFunds({ required: fee.amount, denom: fee.denom.slice(0, 128), available })
  }
  ports.payFee(context, holder, fee)
}
