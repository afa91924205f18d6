// `node apps/hub/scripts/signing-vectors.ts` writes libs/protocol/golden/signing.json: for every kind of
// wallet the text or document of one transaction, what its key signs, the signature as viem, CosmJS or
// @noble/curves made it, and the transaction's bytes. Whoever signs for a hub can check itself against it.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { toHex, utf8 } from '@causeway/primitives'
import {
  SIGN_MODE,
  aminoSignBytes,
  eip712Digest,
  packSigningKey,
  solanaMessage,
  solanaWrapping,
  walletLinkText,
} from '@causeway/protocol'
import { MsgCreateSessionKey } from '@causeway/protocol/causeway/accounts/v1/tx'
import { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { SignDoc, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { send } from '../src/testing/wallet.fixture.ts'
import {
  aminoWallet,
  evmWallet,
  partsOf,
  rawParts,
  sessionKey,
  signed,
  solanaWallet,
  textOf,
} from '../src/testing/wallets.fixture.ts'
import type { Parts, TestWallet } from '../src/testing/wallets.fixture.ts'

/** Where the vectors lie. */
export const signingVectorsFile = fileURLToPath(
  new URL('../../../libs/protocol/golden/signing.json', import.meta.url),
)

/** The vectors, the same on every run: all these signatures are deterministic. */
export async function signingVectors(): Promise<object> {
  const cosmos = await aminoWallet('vector cosmos')
  const bot = sessionKey('vector session')
  const receiver = evmWallet('vector receiver').address
  const cases: [string, TestWallet][] = [
    ['eip712', evmWallet('vector evm')],
    ['amino', cosmos],
    ['solana text', solanaWallet('vector solana')],
    ['solana off-chain message, command line', solanaWallet('vector solana', SIGN_MODE.solanaCli)],
    ['solana off-chain message, version 0', solanaWallet('vector solana', SIGN_MODE.solanaV0)],
    ['solana off-chain message, version 1', solanaWallet('vector solana', SIGN_MODE.solanaV1)],
  ]
  const vectors = []
  for (const [name, wallet] of cases) {
    const session = MsgCreateSessionKey.encode({
      account: wallet.address,
      sessionKey: bot.key.bytes,
      expiresSeconds: 1_700_086_400n,
    }).finish()
    const messages = [
      send(wallet.address, `${receiver}/3`, '1250000'),
      { typeUrl: '/causeway.accounts.v1.MsgCreateSessionKey', value: session },
    ]
    const memo = 'two messages,\n"quoted", é'
    vectors.push(await vector(name, wallet, partsOf(wallet.address, messages, { sequence: 4n, memo })))
    const order = partsOf(wallet.address, [placeOrder(wallet.address)], ORDER)
    vectors.push(await vector(`${name}, order`, wallet, order))
  }
  const order = partsOf(cosmos.address, [placeOrder(cosmos.address)], ORDER)
  vectors.push(await vector('session key, order', bot, order))
  return { chainId: 'causeway-1', accountNumber: '1', vectors, links: await links(cases) }
}

const ORDER = { isTrade: true, sequence: 1_700_000_000_123n, fee: undefined, gasLimit: 20_000n }

async function vector(name: string, wallet: TestWallet, parts: Parts): Promise<object> {
  const transaction = await signed(wallet, parts)
  const [signature] = TxRaw.decode(transaction).signatures
  return {
    name,
    signMode: wallet.mode,
    publicKey: { typeUrl: packSigningKey(wallet.key).typeUrl, key: toHex(wallet.key.bytes) },
    account: parts.account,
    [parts.isTrade ? 'nonce' : 'sequence']: parts.sequence.toString(),
    ...shown(wallet, parts),
    signature: toHex(signature!),
    transaction: toHex(transaction),
  }
}

/** What the wallet shows, and the bytes that it signs. */
function shown(wallet: TestWallet, parts: Parts): object {
  if (wallet.key.type === 'session') {
    const { chainId, accountNumber } = parts
    return {
      signBytes: toHex(SignDoc.encode({ ...rawParts(wallet, parts), chainId, accountNumber }).finish()),
    }
  }
  if (wallet.mode === SIGN_MODE.aminoJson) {
    const fee = parts.fee === undefined ? [] : [parts.fee]
    const document = aminoSignBytes({ ...parts, fee, timeoutHeight: 0n })
    return { document: new TextDecoder().decode(document) }
  }
  const text = textOf(parts)
  const wrapping = solanaWrapping(wallet.mode)
  if (wrapping === undefined) return { text, digest: toHex(eip712Digest(utf8(text))) }
  return { text, signBytes: toHex(solanaMessage(utf8(text), wallet.key.bytes, wrapping)) }
}

async function links(cases: readonly [string, TestWallet][]): Promise<object[]> {
  const account = evmWallet('vector receiver').address
  return Promise.all(
    cases.map(async ([name, wallet]) => {
      const link = { chainId: 'causeway-1', account, wallet: wallet.address, expiresSeconds: 1_700_003_600n }
      const text = walletLinkText(link)
      return { name, signMode: wallet.mode, text, signature: toHex(await wallet.signText(text)) }
    }),
  )
}

function placeOrder(signer: string) {
  const value = MsgPlaceOrder.encode(
    MsgPlaceOrder.fromPartial({
      signer,
      market: 7n,
      isBuy: true,
      sizeE9: 1_500_000_000n,
      limitE9: 3_000_250_000_000n,
    }),
  ).finish()
  return { typeUrl: '/causeway.markets.v1.MsgPlaceOrder', value }
}

if (import.meta.main) {
  writeFileSync(signingVectorsFile, `${JSON.stringify(await signingVectors(), undefined, 2)}\n`)
  console.log(signingVectorsFile)
}
