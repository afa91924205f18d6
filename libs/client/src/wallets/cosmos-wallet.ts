// Wallets of Cosmos chains: CosmJS's offline signers, direct or amino (Keplr, Leap and Ledger behind them).
import { serializeSignDoc } from '@cosmjs/amino'
import type { OfflineAminoSigner, StdSignDoc } from '@cosmjs/amino'
import { isOfflineDirectSigner } from '@cosmjs/proto-signing'
import type { AccountData, OfflineDirectSigner, OfflineSigner } from '@cosmjs/proto-signing'
import { equalBytes, fromBase64, ripemd160, sha256, toBase64, utf8 } from '@causeway/primitives'
import { SIGN_MODE, adr036SignBytes, aminoMessage, aminoSignBytes } from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { addressOf } from '../address.ts'
import { errors } from '../errors.ts'
import { encodeParts } from '../transactions/encode.ts'
import { walletRefusal } from './refusal.ts'
import type { Signed, UnsignedTransaction, Wallet } from './wallet.ts'

/** A Cosmos wallet; what pays deposits on its chains, too. */
export interface CosmosWallet extends Wallet {
  readonly kind: 'cosmos'
  /** What `cosmosWallet` was given. */
  readonly signer: OfflineSigner
  readonly publicKey: Uint8Array
}

/**
 * A wallet of a Cosmos chain, whatever the prefix of its addresses. A signer that can sign directly does;
 * another signs amino JSON. Links and quotes are texts, which only a signer with amino can sign (ADR-036).
 * Throws `client/20` for an address that the signer has not, or a key that is not secp256k1.
 *
 *     await cosmosWallet(await DirectSecp256k1HdWallet.fromMnemonic(words, { prefix: 'cway' }))
 */
export async function cosmosWallet(signer: OfflineSigner, address?: string): Promise<CosmosWallet> {
  const accounts = await walletRefusal(() => signer.getAccounts())
  const account = address === undefined ? accounts[0] : accounts.find((each) => each.address === address)
  if (account === undefined)
    throw errors.badArgument({ name: 'address', expected: 'an address of the wallet' })
  const { pubkey } = account
  if (account.algo !== 'secp256k1' || pubkey.length !== 33) {
    throw errors.badArgument({ name: 'wallet', expected: 'a secp256k1 key, compressed' })
  }
  const key = { type: KeyType.KEY_TYPE_COSMOS, bytes: pubkey } as const
  const hubAddress = addressOf(ripemd160(sha256(pubkey)))
  return {
    kind: 'cosmos',
    address: hubAddress,
    nativeAddress: account.address,
    signer,
    publicKey: pubkey,
    sign: (transaction) =>
      isOfflineDirectSigner(signer)
        ? signDirect(signer, account, key, transaction)
        : signAmino(signer, account, key, transaction),
    signText: (text) => signArbitrary(signer, { account, key, hubAddress }, text),
  }
}

async function signDirect(
  signer: OfflineDirectSigner,
  { address }: AccountData,
  key: SigningKey,
  transaction: UnsignedTransaction,
): Promise<Signed> {
  const { chainId, accountNumber } = transaction
  const parts = encodeParts(transaction, { key, mode: SIGN_MODE.direct })
  const { signed, signature } = await walletRefusal(() =>
    signer.signDirect(address, { ...parts, chainId, accountNumber }),
  )
  const isSame =
    equalBytes(signed.bodyBytes, parts.bodyBytes) && equalBytes(signed.authInfoBytes, parts.authInfoBytes)
  if (!isSame) throw errors.walletRefused({ reason: 'it signed another transaction than it was asked to' })
  return { key, mode: SIGN_MODE.direct, signature: fromBase64(signature.signature) }
}

async function signAmino(
  signer: OfflineAminoSigner,
  { address }: AccountData,
  key: SigningKey,
  transaction: UnsignedTransaction,
): Promise<Signed> {
  const { order, fee, gasLimit, memo, chainId, accountNumber, timeoutHeight, messages } = transaction
  const amount = fee === undefined ? [] : [fee]
  const sequence = 'nonce' in order ? order.nonce : order.sequence
  const document: StdSignDoc = {
    chain_id: chainId,
    account_number: accountNumber.toString(),
    sequence: sequence.toString(),
    fee: { amount, gas: gasLimit.toString() },
    msgs: messages.map((message) => plain(aminoMessage(message))),
    memo,
    ...(timeoutHeight === 0n ? {} : { timeout_height: timeoutHeight.toString() }),
  }
  const { signed, signature } = await walletRefusal(() => signer.signAmino(address, document))
  const parts = { chainId, accountNumber, sequence, fee: amount, gasLimit, memo, timeoutHeight, messages }
  if (!equalBytes(serializeSignDoc(signed), aminoSignBytes(parts))) {
    throw errors.walletRefused({ reason: 'it signed another transaction than it was asked to' })
  }
  return { key, mode: SIGN_MODE.aminoJson, signature: fromBase64(signature.signature) }
}

/** A text as arbitrary data. Spec: Cosmos SDK ADR-036. */
async function signArbitrary(
  signer: OfflineSigner,
  wallet: { readonly account: AccountData; readonly key: SigningKey; readonly hubAddress: string },
  text: string,
): Promise<Signed> {
  if (!('signAmino' in signer)) {
    throw errors.wrongWallet({
      needed: 'a Cosmos signer with signAmino',
      got: 'one that only signs directly',
    })
  }
  const { account, key, hubAddress } = wallet
  const document: StdSignDoc = {
    chain_id: '',
    account_number: '0',
    sequence: '0',
    fee: { amount: [], gas: '0' },
    msgs: [{ type: 'sign/MsgSignData', value: { data: toBase64(utf8(text)), signer: hubAddress } }],
    memo: '',
  }
  const { signed, signature } = await walletRefusal(() => signer.signAmino(account.address, document))
  if (!equalBytes(serializeSignDoc(signed), adr036SignBytes(hubAddress, utf8(text)))) {
    throw errors.walletRefused({ reason: 'it signed another text than it was asked to' })
  }
  return { key, mode: SIGN_MODE.aminoJson, signature: fromBase64(signature.signature) }
}

/** Amino JSON as CosmJS takes it: 64-bit numbers as text. */
function plain(message: ReturnType<typeof aminoMessage>): StdSignDoc['msgs'][number] {
  const text = JSON.stringify(message, (_, item: unknown) => (typeof item === 'bigint' ? `${item}` : item))
  return JSON.parse(text) as StdSignDoc['msgs'][number]
}
