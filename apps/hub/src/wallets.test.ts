// Wallets of three kinds on a real hub, over its RPC: what each signs is admitted, delivered and seen.
import { readFileSync } from 'node:fs'
import { Secp256k1HdWallet } from '@cosmjs/amino'
import { coins, makeCosmoshubPath } from '@cosmjs/proto-signing'
import {
  AminoTypes,
  GasPrice,
  SigningStargateClient,
  createBankAminoConverters,
  createIbcAminoConverters,
} from '@cosmjs/stargate'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { SIGN_MODE, packSigningKey, walletLinkText } from '@causeway/protocol'
import { MsgLinkWallet } from '@causeway/protocol/causeway/accounts/v1/tx'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signingVectors, signingVectorsFile } from '../scripts/signing-vectors.ts'
import { HUB_CHAIN_ID, createHubApplication } from './app.ts'
import type { CosmosApplication } from './application.ts'
import { brokenInvariants } from './block/inspect.ts'
import { testGenesis, testKeys } from './engine/chain.fixture.ts'
import { startEmbeddedNode } from './engine/start-embedded-node.ts'
import type { EmbeddedNode } from './engine/start-embedded-node.ts'
import { hubAppState } from './genesis/app-state.ts'
import { send } from './testing/wallet.fixture.ts'
import { evmWallet, partsOf, signed, solanaWallet } from './testing/wallets.fixture.ts'
import type { TestWallet } from './testing/wallets.fixture.ts'
import { verifyNatively } from './workers/native-signatures.ts'

const MNEMONIC =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
const gasPrice = GasPrice.fromString('0.025ucway')
const evm = evmWallet('hub evm')
const solana = solanaWallet('hub solana', SIGN_MODE.solanaV1)

let node: EmbeddedNode
let hub: CosmosApplication
let client: SigningStargateClient
let comet: Comet38Client
let keplr = ''

beforeAll(async () => {
  const wallet = await Secp256k1HdWallet.fromMnemonic(MNEMONIC, {
    prefix: 'cway',
    hdPaths: [makeCosmoshubPath(0)],
  })
  keplr = (await wallet.getAccounts())[0]!.address
  const balances = [evm.address, solana.address, keplr].map((holder) => ({
    holder,
    denom: 'ucway',
    amount: 1_000_000_000n,
  }))
  const keys = testKeys('one')
  const genesis = testGenesis(keys, {
    chain_id: HUB_CHAIN_ID,
    app_state: hubAppState({ denom: 'ucway', balances, gasPriceE9: 25_000_000n }),
  })
  hub = createHubApplication({
    chainId: HUB_CHAIN_ID,
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
    priceSource: () => [],
    findTransaction: (hash) => node.findTransaction(hash),
  })
  node = await startEmbeddedNode({
    application: hub,
    genesis,
    validators: keys,
    blocks: { everyMilliseconds: 50 },
  })
  // Before the first block CometBFT’s status has no block hash, with it no app hash: CosmJS takes neither.
  for (let i = 0; i < 2; i++) node.produceBlock()
  const aminoTypes = new AminoTypes({ ...createBankAminoConverters(), ...createIbcAminoConverters() })
  const options = { gasPrice, broadcastPollIntervalMs: 50, aminoTypes }
  client = await SigningStargateClient.connectWithSigner(node.rpcUrl, wallet, options)
  comet = await Comet38Client.connect(node.rpcUrl)
})

afterAll(async () => {
  client?.disconnect()
  comet?.disconnect()
  await node?.stop()
})

async function broadcast(tx: Uint8Array): Promise<number> {
  const result = await comet.broadcastTxCommit({ tx })
  return result.checkTx.code || (result.txResult?.code ?? -1)
}

function account(address: string) {
  const data = QueryAccountRequest.encode({ address }).finish()
  const path = '/causeway.accounts.v1.Query/Account'
  return QueryAccountResponse.decode(hub.query({ path, data, height: 0n, prove: false }).value)
}

function sign(wallet: TestWallet, messages: Parameters<typeof partsOf>[1]) {
  const { number, sequence } = account(wallet.address)
  return signed(wallet, partsOf(wallet.address, messages, { accountNumber: number, sequence }))
}

describe('on a hub', () => {
  it('CosmJS with an amino signer simulates, signs and sends', async () => {
    const result = await client.sendTokens(keplr, evm.address, coins(12_345, 'ucway'), 'auto', 'thanks <&>')
    expect(result).toMatchObject({ code: 0, rawLog: '' })
    expect((await client.getAccount(keplr))?.pubkey).toMatchObject({ type: 'tendermint/PubKeySecp256k1' })
  })

  it('viem’s account and a Solana keypair pay each other, and CosmJS reads their accounts', async () => {
    expect(await broadcast(await sign(evm, [send(evm.address, solana.address, '7')]))).toBe(0)
    expect(await broadcast(await sign(solana, [send(solana.address, evm.address, '8')]))).toBe(0)
    expect(await client.getAccount(evm.address)).toMatchObject({
      address: evm.address,
      pubkey: null,
      sequence: 1,
    })
    expect(account(solana.address).wallets).toMatchObject([{ keyType: 2, publicKey: solana.key.bytes }])
  })

  it('a Solana wallet joins an EVM wallet’s account, and brings what it held', async () => {
    const expiresSeconds = hub.chain.latest.timeSeconds + 600n
    const link = { chainId: HUB_CHAIN_ID, account: evm.address, wallet: solana.address, expiresSeconds }
    const value = MsgLinkWallet.encode({
      account: evm.address,
      walletKey: packSigningKey(solana.key),
      walletSignMode: solana.mode,
      walletSignature: await solana.signText(walletLinkText(link)),
      expiresSeconds,
    }).finish()
    const before = BigInt((await client.getBalance(solana.address, 'ucway')).amount)
    expect(before).toBeGreaterThan(0n)
    expect(
      await broadcast(await sign(evm, [{ typeUrl: '/causeway.accounts.v1.MsgLinkWallet', value }])),
    ).toBe(0)
    expect((await client.getBalance(solana.address, 'ucway')).amount).toBe('0')
    expect(account(solana.address).account).toBe(evm.address)
    const { number, sequence } = account(evm.address)
    const parts = partsOf(evm.address, [send(evm.address, keplr, '1')], { accountNumber: number, sequence })
    expect(await broadcast(await signed(solana, parts))).toBe(0)
    expect((await client.sendTokens(keplr, solana.address, coins(5, 'ucway'), 'auto')).code).toBe(0)
    expect((await client.getBalance(solana.address, 'ucway')).amount).toBe('0')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})

describe('the golden vectors', () => {
  it('are what the wallets sign now: `node apps/hub/scripts/signing-vectors.ts` after a change', async () => {
    expect(JSON.parse(readFileSync(signingVectorsFile, 'utf8'))).toEqual(await signingVectors())
  })
})
