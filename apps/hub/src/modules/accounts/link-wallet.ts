// Two wallets, one account: both sign, and the wallet's own account, if it has one, ends in the other.
import { equalBytes, isProtocolError, utf8 } from '@causeway/primitives'
import {
  SIGN_MODE,
  adr036SignBytes,
  readSigningKey,
  signsIn,
  solanaMessage,
  solanaWrapping,
  walletLinkText,
} from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import type { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { MsgLinkWallet } from '@causeway/protocol/causeway/accounts/v1/tx'
import type { Context } from '../../block/context.ts'
import { GAS } from '../../block/gas.ts'
import type { AddressCodec } from '../../identifiers.ts'
import type { SignatureCheck } from '../../tx/signatures.ts'
import { addressOfKey } from './accounts.ts'
import { errors } from './errors.ts'
import { emitLinked } from './events.ts'
import type { LinkPorts } from './ports.ts'
import { ACCOUNTS_STORE, deleteAccount, hasAccount, readWallet, walletsOf, writeWallet } from './state.ts'

/** Wallets that may be linked to an account, beside its first. */
export const LINKED_WALLETS_MAX = 16

/** A wallet's key, typed. */
export interface WalletKey {
  readonly type: KeyType
  readonly bytes: Uint8Array
}

/** Links a wallet. Throws `accounts/1` – `accounts/6`. */
export function linkWallet(
  context: Context,
  addresses: AddressCodec,
  ports: LinkPorts,
  message: MsgLinkWallet,
): Uint8Array {
  const store = context.store(ACCOUNTS_STORE)
  const account = addresses.decode(message.account)
  const key = readWalletKey(message.walletKey)
  const wallet = addressOfKey(key)
  if (wallet === undefined) throw errors.badKey({ reason: 'it is no point of the curve' })
  const address = addresses.encode(wallet)
  // 1. Judge: in time, and a wallet that is free
  const { expiresSeconds } = message
  if (expiresSeconds <= context.timeSeconds) {
    throw errors.consentExpired({ expiresSeconds, timeSeconds: context.timeSeconds })
  }
  const owner = readWallet(store, wallet)?.account ?? (equalBytes(wallet, account) ? account : undefined)
  if (owner !== undefined) throw errors.linkedAlready({ wallet: address, account: addresses.encode(owner) })
  if ([...walletsOf(store, account)].length >= LINKED_WALLETS_MAX) {
    throw errors.tooManyWallets({ max: LINKED_WALLETS_MAX })
  }
  // 2. Authenticate the wallet; the account's own signature is the transaction's
  const text = walletLinkText({
    chainId: context.chainId,
    account: message.account,
    wallet: address,
    expiresSeconds,
  })
  const consent = { mode: message.walletSignMode, signature: message.walletSignature }
  if (!isSignedText(context, ports, { key, address, text, ...consent })) {
    throw errors.badConsent({ wallet: address })
  }
  // 3. End the wallet's own account
  if (hasAccount(store, wallet)) absorb(context, ports, { account, wallet, address })
  // 4. Write and tell
  writeWallet(store, wallet, { account, keyType: key.type, publicKey: key.bytes })
  emitLinked(context, message.account, address)
  return wallet
}

/** Whether a wallet signed a text, in a sign mode of its kind; costs gas. */
export function isSignedText(
  context: Context,
  ports: Pick<LinkPorts, 'verifySignatures'>,
  parts: {
    readonly key: WalletKey
    /** Bech32 address of the wallet: what a Cosmos wallet's ADR-036 document names. */
    readonly address: string
    readonly text: string
    readonly mode: number
    readonly signature: Uint8Array
  },
): boolean {
  const { key, mode, signature } = parts
  const bytes = utf8(parts.text)
  context.gas.consume(GAS.signature + GAS.textByte * bytes.length)
  if (!signsIn(key.type, mode) || mode === SIGN_MODE.direct) return false
  const check = textCheck(key, { mode, bytes, address: parts.address })
  return ports.verifySignatures([{ ...check, signature }])[0] === true
}

function textCheck(
  key: WalletKey,
  { mode, bytes, address }: { readonly mode: number; readonly bytes: Uint8Array; readonly address: string },
): Omit<SignatureCheck, 'signature'> {
  const publicKey = key.bytes
  const wrapping = solanaWrapping(mode)
  if (wrapping !== undefined) {
    return { scheme: 'ed25519', publicKey, message: solanaMessage(bytes, publicKey, wrapping) }
  }
  if (mode === SIGN_MODE.eip712) return { scheme: 'eip712', publicKey, message: bytes }
  return { scheme: 'secp256k1', publicKey, message: adr036SignBytes(address, bytes) }
}

function readWalletKey(packed: MsgLinkWallet['walletKey']): WalletKey {
  if (packed === undefined) throw errors.badKey({ reason: 'the wallet shows none' })
  let key: SigningKey
  try {
    key = readSigningKey(packed)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badKey({ reason: error.message })
  }
  if (key.type === 'session') throw errors.badKey({ reason: 'a session key is no wallet' })
  return { type: key.type, bytes: key.bytes }
}

function absorb(
  context: Context,
  ports: LinkPorts,
  {
    account,
    wallet,
    address,
  }: { readonly account: Uint8Array; readonly wallet: Uint8Array; readonly address: string },
): void {
  const store = context.store(ACCOUNTS_STORE)
  const [linked] = walletsOf(store, wallet)
  const what = linked === undefined ? ports.whatIsInUse(context, wallet, account) : 'wallets linked to it'
  if (what !== undefined) throw errors.stillInUse({ wallet: address, what })
  ports.moveAll(context, wallet, account)
  deleteAccount(store, wallet)
}
