// Real CosmJS against a hub on the embedded engine: what its programs see is what a Cosmos SDK chain shows
// them.
import { DirectSecp256k1HdWallet, coins, makeCosmoshubPath } from '@cosmjs/proto-signing'
import { GasPrice, SigningStargateClient, StargateClient, calculateFee } from '@cosmjs/stargate'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx'
import { createMemoryStorage } from '@causeway/state-tree'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HUB_CHAIN_ID, createHubApplication } from './app.ts'
import type { CosmosApplication } from './application.ts'
import { testGenesis, testKeys } from './engine/chain.fixture.ts'
import { startEmbeddedNode } from './engine/start-embedded-node.ts'
import type { EmbeddedNode } from './engine/start-embedded-node.ts'
import { hubAppState } from './genesis/app-state.ts'
import { verifyNatively } from './workers/native-signatures.ts'

const MNEMONIC =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
const gasPrice = GasPrice.fromString('0.025ucway')

let node: EmbeddedNode
let hub: CosmosApplication
let client: SigningStargateClient
let alice = ''
let bob = ''

beforeAll(async () => {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, {
    prefix: 'cway',
    hdPaths: [0, 1].map((i) => makeCosmoshubPath(i)),
  })
  const accounts = await wallet.getAccounts()
  alice = accounts[0]!.address
  bob = accounts[1]!.address
  const keys = testKeys('one', 'two')
  const balances = [{ holder: alice, denom: 'ucway', amount: 1_000_000_000n }]
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
  client = await SigningStargateClient.connectWithSigner(node.rpcUrl, wallet, {
    gasPrice,
    broadcastPollIntervalMs: 50,
  })
})

afterAll(async () => {
  client?.disconnect()
  await node?.stop()
})

describe('CosmJS', () => {
  it('reads chain, account and balances', async () => {
    expect(await client.getChainId()).toBe('causeway-1')
    expect(await client.getBalance(alice, 'ucway')).toEqual({ denom: 'ucway', amount: '1000000000' })
    expect(await client.getAllBalances(alice)).toEqual([{ denom: 'ucway', amount: '1000000000' }])
    expect(await client.getAccount(alice)).toEqual({
      address: alice,
      pubkey: null,
      accountNumber: 1n,
      sequence: 0,
    })
    expect(await client.getAccount(bob)).toBeNull()
    expect(await client.getBalance(bob, 'ucway')).toEqual({ denom: 'ucway', amount: '0' })
    expect(await client.getBalance(alice, 'unknown')).toEqual({ denom: 'unknown', amount: '0' })
  })

  it('simulates, signs, sends, and finds the transaction', async () => {
    const result = await client.sendTokens(alice, bob, coins(12_345, 'ucway'), 'auto', 'thanks')
    expect(result).toMatchObject({ code: 0, rawLog: '' })
    expect(result.msgResponses).toEqual([
      { typeUrl: '/cosmos.bank.v1beta1.MsgSendResponse', value: new Uint8Array(0) },
    ])
    expect(await client.getBalance(bob, 'ucway')).toEqual({ denom: 'ucway', amount: '12345' })
    const found = await client.getTx(result.transactionHash)
    expect(found).toMatchObject({ height: result.height, code: 0, gasUsed: result.gasUsed })
    const transfer = result.events.filter(({ type }) => type === 'transfer').at(-1)
    expect(transfer?.attributes.slice(0, 3)).toEqual([
      { key: 'recipient', value: bob },
      { key: 'sender', value: alice },
      { key: 'amount', value: '12345ucway' },
    ])
    const sent = await client.searchTx([{ key: 'message.sender', value: alice }])
    expect(sent.map(({ hash }) => hash)).toContain(result.transactionHash)
    expect((await client.getAccount(alice))?.pubkey).toMatchObject({ type: 'tendermint/PubKeySecp256k1' })
  })

  it('signs offline: the bytes are accepted as they are', async () => {
    const { accountNumber, sequence } = await client.getSequence(alice)
    const message = {
      typeUrl: '/cosmos.bank.v1beta1.MsgSend',
      value: { fromAddress: alice, toAddress: bob, amount: coins(1, 'ucway') },
    }
    const signer = { accountNumber, sequence, chainId: HUB_CHAIN_ID }
    const raw = await client.sign(alice, [message], calculateFee(100_000, gasPrice), '', signer)
    const bytes = TxRaw.encode(raw).finish()
    const result = await client.broadcastTx(bytes)
    expect(result.code).toBe(0)
  })

  it('is told why a transaction failed', async () => {
    const result = await client.sendTokens(
      alice,
      bob,
      coins(5_000_000_000, 'ucway'),
      calculateFee(100_000, gasPrice),
    )
    expect(result.code).toBe(5)
    expect(result.rawLog).toContain('insufficient funds')
    const cheap = client.sendTokens(alice, bob, coins(1, 'ucway'), {
      amount: coins(1, 'ucway'),
      gas: '100000',
    })
    await expect(cheap).rejects.toThrow('insufficient fee')
    await expect(client.sendTokens(alice, bob, coins(5_000_000_000, 'ucway'), 'auto')).rejects.toThrow(
      'insufficient funds',
    )
  })

  it('reads values with proofs by their store key', async () => {
    const comet = await Comet38Client.connect(node.rpcUrl)
    const { latestBlockHeight } = (await comet.status()).syncInfo
    const height = latestBlockHeight - 1
    const key = Uint8Array.of(3)
    const answer = await comet.abciQuery({ path: 'store/accounts/key', data: key, height, prove: true })
    expect(answer).toMatchObject({ code: 0, height })
    expect(answer.proof?.ops.map(({ type }) => type)).toEqual(['ics23:iavl', 'ics23:simple'])
    comet.disconnect()
  })

  it('reads blocks', async () => {
    const reader = await StargateClient.connect(node.rpcUrl)
    expect((await reader.getBlock()).header.chainId).toBe('causeway-1')
    reader.disconnect()
  })
})
