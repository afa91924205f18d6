// Deposits into the real vault on a local Solana: real programs, real transactions, over JSON-RPC.
import { Connection, Keypair, PublicKey, SystemProgram, Transaction } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import {
  associatedAddress,
  depositInstruction as theirDeposit,
  escrowAddress,
  lineAddress,
  clientAddress,
  openLineInstruction,
  readTransactionEvents,
} from '@causeway/contracts-solana'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CLIENT,
  HUB_ACCOUNT,
  HUB_CLIENT,
  LINE,
  NOW,
  OWNER,
  PROGRAMS,
  exampleOptions,
  setUpInstructions,
} from '../../../../apps/devnet/src/solana/programs.fixture.ts'
import { startSolanaCluster } from '../../../../apps/devnet/src/solana/start-solana-cluster.ts'
import type { RunningSolana } from '../../../../apps/devnet/src/solana/start-solana-cluster.ts'
import { solanaKey } from '../wallets/solana-key.ts'
import { solanaWallet } from '../wallets/solana-wallet.ts'
import type { SolanaChain } from './config.ts'
import { depositOnSolana } from './solana-deposit.ts'
import { associatedAccount, coreAccounts, depositInstruction, sequenceIn } from './solana-vault.ts'

const NATIVE_MINT = new PublicKey('So11111111111111111111111111111111111111112')
const SLOT_MS = 20
const order = (amount: bigint) => ({ amount, receiver: HUB_ACCOUNT, timeoutSeconds: NOW + 3_600n })
const wallet = solanaWallet(solanaKey(OWNER.secretKey.slice(0, 32)))
const DOLLARS = { symbol: 'USDC', mint: LINE.mint.toBase58(), decimals: 6 }
const SOL = { symbol: 'SOL', mint: NATIVE_MINT.toBase58(), decimals: 9, native: true }

let solana: RunningSolana
let chain: SolanaChain
beforeAll(async () => {
  solana = await startSolanaCluster(exampleOptions({ slot: SLOT_MS }))
  const connection = new Connection(solana.rpcUrl, 'confirmed')
  const native = { ...LINE, mint: NATIVE_MINT }
  const opened = { instructions: [openLineInstruction(native, OWNER.publicKey)], signers: [] as Keypair[] }
  for (const { instructions, signers } of [...setUpInstructions(), opened]) {
    await send(connection, instructions, signers)
  }
  chain = {
    kind: 'solana',
    id: `solana:${solana.genesisHash.slice(0, 32)}`,
    rpc: solana.rpcUrl,
    client: CLIENT,
    hubClient: HUB_CLIENT,
    vault: PROGRAMS.vault.toBase58(),
    core: PROGRAMS.core.toBase58(),
    tokens: [DOLLARS, SOL],
  }
})
afterAll(() => solana.stop())

/** Polls, as subscriptions are not what is tested here. */
async function send(connection: Connection, instructions: TransactionInstruction[], signers: Keypair[]) {
  const { blockhash } = await connection.getLatestBlockhash()
  const transaction = new Transaction({ feePayer: OWNER.publicKey, recentBlockhash: blockhash })
  transaction.add(...instructions).sign(OWNER, ...signers)
  const signature = await connection.sendRawTransaction(transaction.serialize())
  for (;;) {
    const { value } = await connection.getSignatureStatuses([signature])
    if (value[0]?.confirmationStatus === 'confirmed' || value[0]?.confirmationStatus === 'finalized') return
  }
}

const escrowed = async (mint: PublicKey) => {
  const line = lineAddress(PROGRAMS.vault, clientAddress(PROGRAMS.core, CLIENT), mint)
  const connection = new Connection(solana.rpcUrl, 'confirmed')
  const account = await connection.getAccountInfo(escrowAddress(PROGRAMS.vault, line))
  return Buffer.from(account!.data).readBigUInt64LE(64)
}
const failing = async (work: Promise<unknown>) =>
  await work.then(
    () => 'nothing',
    (error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`,
  )

describe('the instruction', () => {
  it('is that of the contracts, byte by byte, account by account', () => {
    const sequences = [7n, 8n]
    const depositor = OWNER.publicKey
    const terms = { ...PROGRAMS, client: CLIENT, depositor, sequences }
    const ours = depositInstruction({ ...terms, ...LINE }, order(5n))
    const theirs = theirDeposit(LINE, { ...order(5n), memo: '' }, { depositor, payer: depositor, sequences })
    expect(ours.data.equals(theirs.data)).toBe(true)
    const shape = ({ keys }: TransactionInstruction) =>
      keys.map(({ pubkey, isSigner, isWritable }) => [pubkey.toBase58(), isSigner, isWritable])
    expect(shape(ours)).toEqual(shape(theirs))
    expect(ours.programId.equals(theirs.programId)).toBe(true)
    expect(coreAccounts(chain).client.equals(clientAddress(PROGRAMS.core, CLIENT))).toBe(true)
    expect(associatedAccount(depositor, LINE.mint, LINE.tokenProgram)).toEqual(
      associatedAddress(depositor, LINE.mint, LINE.tokenProgram),
    )
  })
})

describe('a deposit', () => {
  it('is one transaction and one packet, one after the other', async () => {
    const first = await depositOnSolana(chain, DOLLARS, wallet, order(5_000_000n))
    expect(first.sequence).toBe('1')
    expect((await depositOnSolana(chain, DOLLARS, wallet, order(2_000_000n))).sequence).toBe('2')
    expect(await escrowed(LINE.mint)).toBe(7_000_000n)
    const connection = new Connection(solana.rpcUrl, 'confirmed')
    const found = await connection.getTransaction(first.txHash, { maxSupportedTransactionVersion: 0 })
    const [event] = readTransactionEvents(found!, chain.core)
    expect([event!.packet.destinationClient, found!.slot.toString()]).toEqual([HUB_CLIENT, first.height])
    expect(event!.packet.sequence).toBe(1n)
  })

  it('is told by the core alone, in what succeeded: another program’s words are none', async () => {
    const { txHash } = await depositOnSolana(chain, DOLLARS, wallet, order(1n))
    const connection = new Connection(solana.rpcUrl, 'confirmed')
    const found = await connection.getTransaction(txHash, { maxSupportedTransactionVersion: 0 })
    const { transaction, meta } = found!
    expect(sequenceIn(found!, chain.core)).toBe(3n)
    expect(sequenceIn(found!, PROGRAMS.vault.toBase58())).toBe(undefined)
    expect(sequenceIn({ ...found!, meta: { ...meta!, err: 'AccountInUse' } }, chain.core)).toBe(undefined)
    expect(sequenceIn({ ...found!, meta: { ...meta!, innerInstructions: null } }, chain.core)).toBe(undefined)
    const vault = transaction.message.staticAccountKeys.findIndex((key) => key.equals(PROGRAMS.vault))
    const innerInstructions = meta!.innerInstructions!.map(({ index, instructions }) => ({
      ...{ index, instructions: instructions.map((each) => ({ ...each, programIdIndex: vault })) },
    }))
    expect(sequenceIn({ ...found!, meta: { ...meta!, innerInstructions } }, chain.core)).toBe(undefined)
  })

  it('of SOL goes in wrapped, in the same transaction', async () => {
    const { sequence } = await depositOnSolana(chain, SOL, wallet, order(3_000_000_000n))
    expect([sequence, await escrowed(NATIVE_MINT)]).toEqual(['4', 3_000_000_000n])
  })

  it('that the chain would refuse is not sent; nor what the wallet changed', async () => {
    expect(await failing(depositOnSolana(chain, DOLLARS, wallet, order(10n ** 15n)))).toBe('client/60')
    const elsewhere = { ...chain, id: `solana:${'1'.repeat(32)}` }
    expect(await failing(depositOnSolana(elsewhere, DOLLARS, wallet, order(1n)))).toBe('client/4')
    const gone = { ...chain, rpc: 'http://127.0.0.1:1' }
    expect(await failing(depositOnSolana(gone, DOLLARS, wallet, order(1n)))).toBe('client/1')
    const noClient = { ...chain, client: 'client-9' }
    expect(await failing(depositOnSolana(noClient, DOLLARS, wallet, order(1n)))).toBe('client/60')
    const publicKey = OWNER.publicKey.toBytes()
    const { signMessage } = solanaKey(OWNER.secretKey.slice(0, 32))
    const onlyTexts = solanaWallet({ publicKey, signMessage })
    expect(await failing(depositOnSolana(chain, DOLLARS, onlyTexts, order(1n)))).toBe('client/26')
    const thief = solanaWallet({
      publicKey,
      signMessage,
      signTransaction(bytes) {
        const { recentBlockhash } = Transaction.from(bytes)
        const transaction = new Transaction({ feePayer: OWNER.publicKey, recentBlockhash: recentBlockhash! })
        const toPubkey = Keypair.generate().publicKey
        transaction.add(SystemProgram.transfer({ fromPubkey: OWNER.publicKey, toPubkey, lamports: 9 }))
        transaction.sign(OWNER)
        return transaction.serialize()
      },
    })
    expect(await failing(depositOnSolana(chain, DOLLARS, thief, order(1n)))).toMatch(/^client\/4/)
  })
})
