// The indexer on the local cluster: its JSON-RPC, its votes, its finality.
import { Connection, Transaction, sendAndConfirmTransaction } from '@solana/web3.js'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  HUB_ACCOUNT,
  HUB_CLIENT,
  LINE,
  OWNER,
  PROGRAMS,
  exampleDeposit,
  exampleOptions,
  setUpInstructions,
} from '../../../devnet/src/solana/programs.fixture.ts'
import { startSolanaCluster, type RunningSolana } from '../../../devnet/src/solana/start-solana-cluster.ts'
import { startIndexer, type Indexer } from '../start-indexer.ts'
import { until } from './followed-cluster.fixture.ts'

const SLOT_MS = 25
let cluster: RunningSolana
let indexer: Indexer
let chainId: string

beforeAll(async () => {
  cluster = await startSolanaCluster(exampleOptions({ slot: SLOT_MS }))
  chainId = `solana:${cluster.genesisHash.slice(0, 32)}`
  const solana = { chainId, rpcUrls: [cluster.rpcUrl], core: PROGRAMS.core.toBase58(), fromSlot: 0n }
  // The hub is not there: its silence must not hide what another chain says.
  const hub = { chainId: 'causeway-1', rpcUrls: ['http://127.0.0.1:9'] }
  const log = pino({ level: 'silent' })
  indexer = await startIndexer({ hub, solanaChains: [solana], pollMs: 20, lagRefuseSeconds: 1e9 }, { log })
})

afterAll(async () => {
  await indexer.stop()
  await cluster.stop()
})

it('shows a deposit that web3.js sent, confirmed and then rooted', async () => {
  const connection = new Connection(cluster.rpcUrl, 'confirmed')
  for (const { instructions, signers } of setUpInstructions())
    await sendAndConfirmTransaction(connection, new Transaction().add(...instructions), [OWNER, ...signers])
  const deposit = new Transaction().add(exampleDeposit(7_000_000n, 1n))
  const signature = await sendAndConfirmTransaction(connection, deposit, [OWNER])
  const rows = async () =>
    (await indexer.database.reader.query(
      `SELECT p.*, t.amount, t.denom, t.sender, t.receiver, b.hash, x.code FROM packet p
        JOIN transfer t USING (source_chain_id, source_client, destination_client, sequence)
        LEFT JOIN transaction x ON x.hash = p.sent_transaction
        LEFT JOIN block b ON b.chain_id = x.chain_id AND b.height = x.height`,
    )) as Record<string, unknown>[]
  await until(async () => (await rows())[0]?.sent_final === true)
  const [row] = await rows()
  const found = await connection.getTransaction(signature, { commitment: 'finalized' })
  const block = await connection.getBlock(found!.slot, { commitment: 'finalized' })
  expect(row).toMatchObject({
    ...{ source_chain_id: chainId, sent_transaction: signature, sent_height: String(found!.slot) },
    ...{ destination_client: HUB_CLIENT, amount: '7000000', denom: LINE.mint.toBase58(), code: '0' },
    ...{ sender: OWNER.publicKey.toBase58(), receiver: HUB_ACCOUNT, hash: block!.blockhash },
  })
  const status = indexer.meta().chains.find((chain) => chain.chainId === chainId)
  expect(status).toMatchObject({ state: 'LIVE', lastError: undefined })
})
