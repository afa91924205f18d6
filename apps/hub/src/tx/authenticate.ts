// What every transaction passes before its messages run: who signs, in which order, and the fee.
import { equalBytes, mulDivCeil, toBase64 } from '@causeway/primitives'
import type { SigningKey } from '@causeway/protocol'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { Account, SessionKey } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { Context, ReadContext } from '../block/context.ts'
import { GAS } from '../block/gas.ts'
import type { Signer } from '../block/module.ts'
import type { AddressCodec, Holder } from '../identifiers.ts'
import type { NonceRefusal } from './nonces.ts'
import type { SignerFacts } from './signatures.ts'
import type { FeeCoin, Transaction } from './transaction.ts'
import { errors } from './tx-errors.ts'

/** What authentication needs of the modules. */
export interface AuthenticationPorts {
  readonly addresses: AddressCodec
  findAccount(context: ReadContext, id: Uint8Array): Account | undefined
  /** The account that a wallet's address names: another one when the wallet was linked to it. */
  owner(context: ReadContext, address: Uint8Array): Uint8Array
  /** The address of a wallet's key; nothing for bytes that are no key. */
  addressOfKey(key: SigningKey & { readonly type: KeyType }): Uint8Array | undefined
  findSession(context: ReadContext, account: Uint8Array, key: Uint8Array): SessionKey | undefined
  /** Counts the transaction and remembers the key of the account's first wallet. */
  advance(context: Context, id: Uint8Array, account: Account, key: SigningKey | undefined): void
  /** Takes a nonce of a signing key, in milliseconds; why not, when it can't be taken. */
  takeNonce(context: Context, signer: TradeSigner, nonce: bigint): NonceRefusal | undefined
  /** Takes tokens for which no fee is paid. False when the account has too few, or too little equity. */
  takeTokens(context: Context, account: Uint8Array, tokens: number): boolean
  /** Empty: gas is free. */
  gasPrices(context: ReadContext): readonly { readonly denom: string; readonly priceE9: bigint }[]
  /** What the holder can pay with; 0 for an unknown denomination. */
  spendable(context: ReadContext, holder: Holder, denom: string): bigint
  /** Moves the fee to the fee collector. */
  payFee(context: Context, holder: Holder, fee: FeeCoin): void
}

/** The key whose nonces a trade transaction is one of. */
export interface TradeSigner {
  readonly account: Uint8Array
  /** 20-byte address of a wallet, or the 32 bytes of a session key. */
  readonly id: Uint8Array
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
export function authenticationGas({
  bytes,
  isTrade,
  signed,
}: Pick<Transaction, 'bytes' | 'isTrade' | 'signed'>): number {
  const flat = isTrade ? GAS.tradeTransaction : GAS.transaction
  const textBytes = signed.kind === 'text' ? signed.text.length : signed.kind === 'amino' ? bytes.length : 0
  return flat + GAS.transactionByte * bytes.length + GAS.signature + GAS.textByte * textBytes
}

/**
 * Takes the fee and counts the sequence or nonce, or throws `tx/*` leaving the caller to drop what was
 * written: a transaction that does not pass costs nobody anything.
 */
export function authenticate(
  context: Context,
  ports: AuthenticationPorts,
  transaction: Transaction,
  options: AuthenticationOptions,
): Signer {
  const { signer, isTrade, sequence } = transaction
  // 1. Judge against the block
  if (transaction.timeoutHeight !== 0n && transaction.timeoutHeight < context.height) {
    throw errors.timedOut({ timeoutHeight: transaction.timeoutHeight, height: context.height })
  }
  const account = accountOf(context, ports, signer)
  const key = keyOf(context, ports, transaction, account, options.isSimulation === true)
  // 2. Replay
  if (isTrade) requireNonce(context, ports, transaction, key)
  else if (sequence !== account.sequence) {
    throw errors.wrongSequence({ expected: account.sequence, got: sequence })
  }
  // 3. The fee before the dear check
  const isFree = isTrade && transaction.fee === undefined && isWithinBucket(context, ports, transaction)
  if (!isFree && options.isSimulation !== true) requireFee(context, ports, transaction)
  if (key?.type === 'session') requireNoGift(context, ports, transaction)
  if (transaction.fee !== undefined) takeFee(context, ports, signer, transaction.fee)
  // 4. Authenticate
  const facts = { key: key ?? { type: account.keyType, bytes: account.publicKey }, chainId: context.chainId }
  if (!options.isValid(transaction, { ...facts, accountNumber: account.number })) {
    throw errors.badSignature({ accountNumber: account.number, sequence, chainId: context.chainId })
  }
  // 5. Write and tell
  if (!isTrade) ports.advance(context, signer, account, key)
  tell(context, ports.addresses.encode(signer), transaction)
  return { account: signer, isSession: key?.type === 'session', nonce: isTrade ? sequence : undefined }
}

function accountOf(context: Context, ports: AuthenticationPorts, signer: Uint8Array): Account {
  const account = ports.findAccount(context, signer)
  if (account !== undefined) return account
  const { addresses } = ports
  const owner = ports.owner(context, signer)
  if (equalBytes(owner, signer)) throw errors.unknownAccount({ address: addresses.encode(signer) })
  throw errors.linkedAddress({ address: addresses.encode(signer), account: addresses.encode(owner) })
}

/**
 * The key that signs: the one shown, which must be of a wallet or a session of the account, or the one
 * remembered of its first wallet. Nothing only in a simulation.
 */
function keyOf(
  context: Context,
  ports: AuthenticationPorts,
  { key: shown, signer, isTrade }: Transaction,
  account: Account,
  isSimulation: boolean,
): SigningKey | undefined {
  const known = account.publicKey.length > 0 ? { type: account.keyType, bytes: account.publicKey } : undefined
  if (shown === undefined) {
    if (known?.type === KeyType.KEY_TYPE_COSMOS || isSimulation) return known
    throw errors.badPublicKey({ reason: 'the account has not shown its key yet' })
  }
  if (shown.type === 'session')
    return requireSession(context, ports, { account: signer, key: shown, isTrade })
  if (known !== undefined && shown.type === known.type && equalBytes(shown.bytes, known.bytes)) return known
  const address = ports.addressOfKey({ ...shown, type: shown.type })
  const isFirst = address !== undefined && equalBytes(address, signer)
  const isTheirs = isFirst ? known === undefined : isLinked(context, ports, address, signer)
  if (!isTheirs) throw errors.badPublicKey({ reason: 'it is not the key of the signer' })
  return shown
}

function isLinked(
  context: Context,
  ports: AuthenticationPorts,
  address: Uint8Array | undefined,
  signer: Uint8Array,
): boolean {
  return address !== undefined && equalBytes(ports.owner(context, address), signer)
}

function requireSession(
  context: Context,
  ports: AuthenticationPorts,
  { account, key, isTrade }: { account: Uint8Array; key: SigningKey; isTrade: boolean },
): SigningKey {
  if (!isTrade) throw errors.sessionKey({ reason: 'it signs trade messages only' })
  const session = ports.findSession(context, account, key.bytes)
  if (session === undefined) throw errors.sessionKey({ reason: 'the account has no such key' })
  if (session.expiresSeconds <= context.timeSeconds) throw errors.sessionKey({ reason: 'it has expired' })
  return key
}

function requireNonce(
  context: Context,
  ports: AuthenticationPorts,
  { signer, sequence: nonce }: Transaction,
  key: SigningKey | undefined,
): void {
  const reason = ports.takeNonce(context, { account: signer, id: signingId(ports, signer, key) }, nonce)
  if (reason === undefined) return
  throw errors.badNonce({ nonce, timeMilliseconds: context.timeNanoseconds / 1_000_000n, reason })
}

function signingId(ports: AuthenticationPorts, signer: Uint8Array, key: SigningKey | undefined): Uint8Array {
  if (key === undefined) return signer
  if (key.type === 'session') return key.bytes
  return ports.addressOfKey({ ...key, type: key.type }) ?? signer
}

function isWithinBucket(context: Context, ports: AuthenticationPorts, transaction: Transaction): boolean {
  return ports.takeTokens(context, transaction.signer, transaction.tokens)
}

/** A session key pays what is asked for, and can't give its account's money away. */
function requireNoGift(context: Context, ports: AuthenticationPorts, transaction: Transaction): void {
  const { fee } = transaction
  if (fee === undefined) return
  const asked = requiredFees(context, ports, transaction).find(({ denom }) => denom === fee.denom)
  if (asked === undefined || fee.amount > asked.amount)
    throw errors.sessionKey({ reason: `it pays no more than the least fee, ${asked?.amount ?? 0n}` })
}

function requiredFees(
  context: Context,
  ports: AuthenticationPorts,
  { gasLimit }: Transaction,
): readonly FeeCoin[] {
  return ports.gasPrices(context).map(({ denom, priceE9 }) => ({
    denom,
    amount: mulDivCeil(priceE9, BigInt(gasLimit), E9),
  }))
}

function requireFee(context: Context, ports: AuthenticationPorts, transaction: Transaction): void {
  const required = requiredFees(context, ports, transaction)
  if (required.length === 0) return
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

/** The Cosmos SDK's three events; trade transactions are many, and tell what they paid, if anything. */
function tell(context: Context, address: string, transaction: Transaction): void {
  const { fee, isTrade, sequence, signature } = transaction
  const paid = fee === undefined ? '' : `${fee.amount}${fee.denom}`
  if (!isTrade || fee !== undefined) context.emit('tx', { fee: paid, fee_payer: address })
  if (isTrade) return
  context.emit('tx', { acc_seq: `${address}/${sequence}` })
  context.emit('tx', {}, { signature: toBase64(signature) })
}
