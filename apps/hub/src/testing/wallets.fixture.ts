// Transactions as other people's wallets sign them: viem, CosmJS, a Solana keypair; and a session key.
import { Secp256k1Wallet, makeSignDoc as makeAminoDoc } from '@cosmjs/amino'
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { getAddressDecoder } from '@solana/addresses'
import {
  getOffchainMessageEncoder,
  offchainMessageApplicationDomain,
  offchainMessageContentUtf8Of1232BytesMax,
} from '@solana/offchain-messages'
import { Keypair } from '@solana/web3.js'
import { privateKeyToAccount } from 'viem/accounts'
import { fromBase64, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import {
  EIP712_DOMAIN,
  EIP712_TYPES,
  SIGN_MODE,
  SOLANA_APPLICATION_DOMAIN,
  aminoMessage,
  packSigningKey,
  solanaMessage,
  solanaWrapping,
  transactionText,
} from '@causeway/protocol'
import type { Any, SigningKey } from '@causeway/protocol'
import { AuthInfo, Fee, SignDoc, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { createAddressCodec } from '../identifiers.ts'
import { addressOfKey } from '../modules/accounts/accounts.ts'

const addresses = createAddressCodec('cway')

/** What a test transaction says beside its messages. */
export interface Parts {
  readonly chainId: string
  /** The account that acts, bech32. */
  readonly account: string
  readonly accountNumber: bigint
  /** Or a nonce. */
  readonly sequence: bigint
  readonly isTrade: boolean
  readonly fee: { readonly denom: string; readonly amount: string } | undefined
  readonly gasLimit: bigint
  readonly memo: string
  readonly messages: readonly Any[]
}

/** Who signs. */
export interface TestWallet {
  readonly key: SigningKey
  /** Its own address; of a session key none. */
  readonly address: string
  readonly mode: number
  sign(parts: Parts): Promise<Uint8Array>
  /** Signs a text that is no transaction. */
  signText(text: string): Promise<Uint8Array>
}

/** The parts of a plain transaction. */
export function partsOf(account: string, messages: readonly Any[], changes: Partial<Parts> = {}): Parts {
  return {
    chainId: 'causeway-1',
    account,
    accountNumber: 1n,
    sequence: 0n,
    isTrade: false,
    fee: { denom: 'ucway', amount: '10000' },
    gasLimit: 400_000n,
    memo: '',
    messages,
    ...changes,
  }
}

/** A transaction of these parts by a wallet. */
export async function signed(wallet: TestWallet, parts: Parts): Promise<Uint8Array> {
  const signature = await wallet.sign(parts)
  return TxRaw.encode({ ...rawParts(wallet, parts), signatures: [signature] }).finish()
}

/** Body and auth info as a wallet's client encodes them. */
export function rawParts({ key, mode }: Pick<TestWallet, 'key' | 'mode'>, parts: Parts) {
  const { messages, memo, sequence, gasLimit } = parts
  const body = TxBody.fromPartial({ messages: [...messages], memo })
  const fee = Fee.fromPartial({ amount: parts.fee === undefined ? [] : [parts.fee], gasLimit })
  const info = { publicKey: packSigningKey(key), modeInfo: { single: { mode: mode as 1 } }, sequence }
  const authInfo = AuthInfo.fromPartial({ signerInfos: [info], fee })
  return { bodyBytes: TxBody.encode(body).finish(), authInfoBytes: AuthInfo.encode(authInfo).finish() }
}

/** The text of these parts. */
export function textOf(parts: Parts): string {
  const { isTrade, sequence } = parts
  return transactionText({ ...parts, timeoutHeight: 0n, order: isTrade ? { nonce: sequence } : { sequence } })
}

/** viem's local account. */
export function evmWallet(name: string): TestWallet {
  const secret = secretOf(name)
  const account = privateKeyToAccount(`0x${toHex(secret)}`)
  const key = { type: 1, bytes: secp256k1.getPublicKey(secret, true) } as const
  const signText = async (text: string) =>
    fromHex(
      (
        await account.signTypedData({
          domain: EIP712_DOMAIN,
          types: EIP712_TYPES,
          primaryType: 'Transaction',
          message: { text },
        })
      ).slice(2),
    )
  const address = addresses.encode(fromHex(account.address.slice(2)))
  return { key, address, mode: SIGN_MODE.eip712, signText, sign: (parts) => signText(textOf(parts)) }
}

/** @solana/web3.js's key pair in a mode of Solana's; messages wrapped by @solana/offchain-messages. */
export function solanaWallet(name: string, mode: number = SIGN_MODE.solanaText): TestWallet {
  const pair = Keypair.fromSeed(secretOf(name))
  const publicKey = pair.publicKey.toBytes()
  const key = { type: 2, bytes: publicKey } as const
  const signText = async (text: string) =>
    ed25519.sign(walletMessage(text, publicKey, mode), pair.secretKey.slice(0, 32))
  const address = addresses.encode(addressOfKey(key)!)
  return { key, address, mode, signText, sign: (parts) => signText(textOf(parts)) }
}

function walletMessage(text: string, publicKey: Uint8Array, mode: number): Uint8Array {
  const requiredSignatories = [{ address: getAddressDecoder().decode(publicKey) }]
  const domain = getAddressDecoder().decode(SOLANA_APPLICATION_DOMAIN)
  if (mode === SIGN_MODE.solanaV1)
    return Uint8Array.from(
      getOffchainMessageEncoder().encode({ version: 1, requiredSignatories, content: text }),
    )
  if (mode !== SIGN_MODE.solanaV0) return solanaMessage(utf8(text), publicKey, solanaWrapping(mode)!)
  return Uint8Array.from(
    getOffchainMessageEncoder().encode({
      version: 0,
      applicationDomain: offchainMessageApplicationDomain(domain),
      requiredSignatories,
      content: offchainMessageContentUtf8Of1232BytesMax(text),
    }),
  )
}

/** CosmJS's amino wallet: what Keplr with a Ledger does. */
export async function aminoWallet(name: string): Promise<TestWallet> {
  const wallet = await Secp256k1Wallet.fromKey(secretOf(name), 'cway')
  const [account] = await wallet.getAccounts()
  const { address, pubkey } = account!
  return {
    key: { type: 0, bytes: pubkey },
    address,
    mode: SIGN_MODE.aminoJson,
    async sign({ messages, fee, gasLimit, memo, accountNumber, sequence, chainId }) {
      const amounts = fee === undefined ? [] : [fee]
      const list = messages.map((message) => aminoMessage(message))
      // CosmJS takes numbers of 64 bits as text.
      const plain = JSON.parse(
        JSON.stringify(list, (_, item) => (typeof item === 'bigint' ? `${item}` : item)),
      )
      const stdFee = { amount: amounts, gas: gasLimit.toString() }
      const document = makeAminoDoc(
        plain,
        stdFee,
        chainId,
        memo,
        accountNumber.toString(),
        sequence.toString(),
      )
      return fromBase64((await wallet.signAmino(address, document)).signature.signature)
    },
    async signText(text) {
      const value = { signer: address, data: Buffer.from(text).toString('base64') }
      const message = { type: 'sign/MsgSignData', value }
      const document = makeAminoDoc([message], { amount: [], gas: '0' }, '', '', 0, 0)
      return fromBase64((await wallet.signAmino(address, document)).signature.signature)
    },
  }
}

/** A session key, as a program holds it. */
export function sessionKey(name: string): TestWallet {
  const secret = secretOf(name)
  const key = { type: 'session', bytes: ed25519.getPublicKey(secret) } as const
  const self = { key, mode: SIGN_MODE.direct }
  return {
    ...self,
    address: '',
    async sign(parts) {
      const { chainId, accountNumber } = parts
      const document = SignDoc.encode({ ...rawParts(self, parts), chainId, accountNumber }).finish()
      return ed25519.sign(document, secret)
    },
    signText: async (text) => ed25519.sign(utf8(text), secret),
  }
}

function secretOf(name: string): Uint8Array {
  return sha256(utf8(`test wallet ${name}`))
}
