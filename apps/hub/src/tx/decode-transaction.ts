// Reads TxRaw. Spec: Cosmos SDK ADR-020 and ADR-027; one signer, in the sign modes of docs/signing.md.
import { U256_MAX, assert, equalBytes, isProtocolError } from '@causeway/primitives'
import { SIGN_MODE, decodeStrict, readSigningKey } from '@causeway/protocol'
import type { Any, SigningKey } from '@causeway/protocol'
import { SignMode } from '@causeway/protocol/cosmos/tx/signing/v1beta1/signing'
import { AuthInfo, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { Fee, SignerInfo } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { UNPAID_GAS_MAX } from '../block/gas.ts'
import type { Lane } from '../block/lanes.ts'
import type { Action, MessageType } from '../block/module.ts'
import { bytesKey } from '../bytes-key.ts'
import type { AddressCodec } from '../identifiers.ts'
import { authenticationGas } from './authenticate.ts'
import {
  MEMO_BYTES_MAX,
  MESSAGES_MAX,
  TRADE_BYTES_MAX,
  TRADE_GAS_MAX,
  TRANSACTION_BYTES_MAX,
  TRANSACTION_GAS_MAX,
} from './limits.ts'
import { signedForm } from './signed-form.ts'
import type { FormParts } from './signed-form.ts'
import type { FeeCoin, SignedForm, Transaction } from './transaction.ts'
import { errors } from './tx-errors.ts'

/** What decoding needs to know of the chain. */
export interface TransactionRules {
  readonly chainId: string
  readonly addresses: AddressCodec
  message(typeUrl: string): MessageType | undefined
}

/** For a simulation, which is not signed, and asks for the gas instead of naming it. */
export interface DecodeOptions {
  readonly isSimulation?: boolean
  /** `bytesKey` of the bytes, where it is known. */
  readonly text?: string
}

const SIGNATURE_BYTES = 64
/** With the recovery id that EVM wallets append. */
const EIP712_SIGNATURE_BYTES = 65

/**
 * Reads a transaction strictly: what passes has one meaning and one encoding. Throws `tx/*` or what a message
 * refuses.
 */
export function decodeTransaction(
  bytes: Uint8Array,
  rules: TransactionRules,
  options: DecodeOptions = {},
): Transaction {
  if (bytes.length > TRANSACTION_BYTES_MAX) {
    throw errors.tooLarge({ bytes: bytes.length, max: TRANSACTION_BYTES_MAX })
  }
  const { raw, body, authInfo } = decodeParts(bytes)
  judgeBody(body)
  const actions = body.messages.map((message) => prepare(message, rules))
  const signer = oneSigner(actions)
  const info = oneSignerInfo(authInfo, raw)
  const isSimulation = options.isSimulation === true
  const isTrade = isTradeOnly(actions)
  const tokens = isTrade ? actions.reduce((sum, action) => sum + action.tokens, 0) : 0
  const key = info.publicKey === undefined ? undefined : readPublicKey(info.publicKey)
  const account = rules.addresses.encode(signer)
  const parts = { chainId: rules.chainId, account, isTrade, raw, body, authInfo, info, key }
  const signed = isSimulation ? simulatedForm(parts) : signedForm(parts)
  const fee = authInfo.fee ?? { amount: [], gasLimit: 0n, payer: '', granter: '' }
  judgePayer(fee, signer, rules.addresses)
  const signature = raw.signatures[0]!
  if (!isSimulation) judgeSignature(signature, signed)
  if (isTrade && bytes.length > TRADE_BYTES_MAX) {
    throw errors.tooLarge({ bytes: bytes.length, max: TRADE_BYTES_MAX })
  }
  const decoded = {
    bytes,
    text: options.text ?? bytesKey(bytes),
    bodyBytes: raw.bodyBytes,
    authInfoBytes: raw.authInfoBytes,
    actions,
    lane: laneOf(actions),
    isTrade,
    tokens,
    signer,
    key,
    signed,
    sequence: info.sequence,
    signature,
    fee: readFee(fee),
    timeoutHeight: body.timeoutHeight,
  }
  const gasMax = isTrade ? Math.min(TRADE_GAS_MAX * tokens, TRANSACTION_GAS_MAX) : TRANSACTION_GAS_MAX
  const gasLimit = isSimulation
    ? UNPAID_GAS_MAX
    : readGasLimit(fee.gasLimit, authenticationGas(decoded), gasMax)
  return { ...decoded, gasLimit }
}

function decodeParts(bytes: Uint8Array): { raw: TxRaw; body: TxBody; authInfo: AuthInfo } {
  try {
    const strict = { refuseNonCritical: true }
    const raw = decodeStrict(TxRaw, 'cosmos.tx.v1beta1.TxRaw', bytes, { ...strict, canonical: true })
    const body = decodeStrict(TxBody, 'cosmos.tx.v1beta1.TxBody', raw.bodyBytes)
    const authInfo = decodeStrict(AuthInfo, 'cosmos.tx.v1beta1.AuthInfo', raw.authInfoBytes, strict)
    return { raw, body, authInfo }
  } catch (error) {
    if (isProtocolError(error) && error.codespace === 'protocol')
      throw errors.undecodable({ reason: error.message })
    throw error
  }
}

function judgeBody(body: TxBody): void {
  if (body.messages.length === 0) throw errors.noMessages()
  if (body.messages.length > MESSAGES_MAX) {
    throw errors.tooManyMessages({ count: body.messages.length, max: MESSAGES_MAX })
  }
  const memoBytes = body.memo === '' ? 0 : new TextEncoder().encode(body.memo).length
  if (memoBytes > MEMO_BYTES_MAX) throw errors.memoTooLong({ bytes: memoBytes, max: MEMO_BYTES_MAX })
  if (body.unordered) throw errors.unsupported({ what: 'unordered transactions' })
  if (body.timeoutTimestamp !== undefined) throw errors.unsupported({ what: 'timeout_timestamp' })
  const option = body.extensionOptions[0]
  if (option !== undefined) throw errors.extensionOption({ typeUrl: option.typeUrl.slice(0, 128) })
}

function prepare(message: Any, rules: TransactionRules): Action {
  const type = rules.message(message.typeUrl)
  if (type === undefined) throw errors.unknownMessage({ typeUrl: message.typeUrl.slice(0, 128) })
  return type.prepare(message.value)
}

function oneSigner(actions: readonly Action[]): Uint8Array {
  const first = actions[0]
  assert(first !== undefined, 'a transaction without messages was refused')
  if (actions.some(({ signer }) => !equalBytes(signer, first.signer))) {
    throw errors.wrongSigners({ reason: 'all messages of a transaction have one signer' })
  }
  return first.signer
}

function oneSignerInfo(authInfo: AuthInfo, raw: TxRaw): SignerInfo {
  if (authInfo.tip !== undefined) throw errors.unsupported({ what: 'tips' })
  const signers = authInfo.signerInfos.length
  const info = authInfo.signerInfos[0]
  if (info === undefined || signers !== 1 || raw.signatures.length !== 1) {
    throw errors.wrongSigners({
      reason: `expected one signer and one signature, got ${signers} and ${raw.signatures.length}`,
    })
  }
  return info
}

/** What a simulation would sign: it may leave the sign mode open, and then it is the bytes. */
function simulatedForm(parts: FormParts): SignedForm {
  const mode: number = parts.info.modeInfo?.single?.mode ?? SignMode.SIGN_MODE_UNSPECIFIED
  return mode === SignMode.SIGN_MODE_UNSPECIFIED ? { kind: 'direct' } : signedForm(parts)
}

/** A nonce counts for nothing but trade messages: they stand alone. */
function isTradeOnly(actions: readonly Action[]): boolean {
  const isTrade = actions[0]!.permission === 'trade'
  if (actions.some(({ permission }) => (permission === 'trade') !== isTrade)) throw errors.mixedMessages()
  return isTrade
}

function judgeSignature(signature: Uint8Array, signed: SignedForm): void {
  const isEip712 = signed.kind === 'text' && signed.mode === SIGN_MODE.eip712
  const expected = isEip712 ? EIP712_SIGNATURE_BYTES : SIGNATURE_BYTES
  if (signature.length === expected) return
  throw errors.wrongSigners({ reason: `expected a signature of ${expected} bytes` })
}

function judgePayer(fee: Fee, signer: Uint8Array, addresses: AddressCodec): void {
  if (fee.granter !== '') throw errors.unsupported({ what: 'fee granters' })
  if (fee.payer !== '' && !equalBytes(addresses.decode(fee.payer), signer)) {
    throw errors.unsupported({ what: 'a fee payer other than the signer' })
  }
}

function readPublicKey(key: Any): SigningKey {
  try {
    return readSigningKey(key)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badPublicKey({ reason: error.message })
  }
}

/** A limit that authentication alone exceeds would fill a block and pay for nothing. */
function readGasLimit(given: bigint, min: number, max: number): number {
  if (given < BigInt(min) || given > BigInt(max)) throw errors.gasLimit({ given, min, max })
  return Number(given)
}

function readFee(fee: Fee): FeeCoin | undefined {
  if (fee.amount.length > 1) throw errors.badFee({ reason: 'expected one coin at most' })
  const coin = fee.amount[0]
  if (coin === undefined) return undefined
  if (!/^(0|[1-9][0-9]{0,77})$/.test(coin.amount))
    throw errors.badFee({ reason: 'expected a decimal amount' })
  const amount = BigInt(coin.amount)
  if (amount > U256_MAX) throw errors.badFee({ reason: 'expected at most 2^256 - 1' })
  return amount === 0n ? undefined : { denom: coin.denom, amount }
}

/** A transaction goes into a critical lane only as a whole. */
function laneOf(actions: readonly Action[]): Lane {
  return actions.reduce<Lane>((lane, action) => (action.lane > lane ? action.lane : lane), 1)
}
