import {
  associatedAddress,
  depositInstruction,
  openWalletInstruction,
  readTransactionEvents,
  rootsAddress,
} from '@causeway/contracts-solana'
import type { LinePlaces } from '@causeway/contracts-solana'
import { readRootAccount } from '@causeway/light-clients'
import {
  Connection,
  PublicKey,
  SystemProgram,
  Transaction,
  TransactionInstruction,
  sendAndConfirmTransaction,
} from '@solana/web3.js'
import { CLIENTS, SOL, SOLANA, SOLANA_DOLLAR, UNIT } from '../chains/facts.ts'
import { solanaKeypair } from '../chains/solana-accounts.ts'
import { solanaLine } from '../contracts/open-solana-vault.ts'
import type { Devnet } from '../devnet.ts'
import type { Collateral, CollateralChain } from './collateral-chain.ts'
import { solanaProofHeight } from './solana-proof-height.ts'
import type { SentTransfer } from './trader.ts'

const LAMPORTS = 1_000_000_000n
const DOLLARS: Collateral = {
  name: 'USDC',
  bridged: SOLANA_DOLLAR,
  deposit: 1_000n * UNIT,
  withdrawal: 300n * UNIT,
}
const SOLS: Collateral = {
  name: 'SOL',
  bridged: SOL,
  deposit: 5n * LAMPORTS,
  withdrawal: 2n * LAMPORTS,
}
const TIMEOUT_SECONDS = 3_600n
/** SPL Token's instruction that counts lamports which have come as tokens. */
const SYNC_NATIVE = 17

/** The Solana, with the trader on it: stock web3.js, as a user's program is. */
export async function openSolanaTrader({ solana: { rpcUrl } }: Devnet): Promise<CollateralChain> {
  const connection = new Connection(rpcUrl, 'confirmed')
  const trader = await solanaKeypair('trader', rpcUrl)
  const owner = trader.publicKey
  const deposit = async ({ bridged, deposit: amount }: Collateral, receiver: string) => {
    const line = await solanaLine(connection, bridged.base)
    const timeoutSeconds = BigInt(Math.floor(Date.now() / 1_000)) + TIMEOUT_SECONDS
    const order = { amount, timeoutSeconds, receiver, memo: '' }
    const from = { depositor: owner, payer: owner, sequences: [await nextSequence(connection, line.core)] }
    const wrapping = bridged === SOL ? wrap(owner, line, amount) : []
    const transaction = new Transaction().add(...wrapping, depositInstruction(line, order, from))
    const signature = await sendAndConfirmTransaction(connection, transaction, [trader])
    return await sentBy(connection, signature)
  }
  return {
    end: { chainId: SOLANA.chainId, client: CLIENTS.hubOnSolana, proofHeight: solanaProofHeight(rpcUrl) },
    part: 'solana',
    address: owner.toBase58(),
    collaterals: [DOLLARS, SOLS],
    // What is withdrawn comes as the token that went in: SOL as wrapped SOL.
    async balance({ bridged }) {
      const tokens = await tokenBalance(connection, owner, new PublicKey(bridged.base))
      return bridged === SOL ? tokens + BigInt(await connection.getBalance(owner)) : tokens
    },
    deposit,
    close: () => undefined,
  }
}

function wrap(owner: PublicKey, line: LinePlaces, lamports: bigint): TransactionInstruction[] {
  const { mint, tokenProgram } = line
  const account = associatedAddress(owner, mint, tokenProgram)
  return [
    openWalletInstruction(owner, owner, line),
    SystemProgram.transfer({ fromPubkey: owner, toPubkey: account, lamports }),
    new TransactionInstruction({
      programId: tokenProgram,
      keys: [{ pubkey: account, isSigner: false, isWritable: true }],
      data: Buffer.of(SYNC_NATIVE),
    }),
  ]
}

async function nextSequence(connection: Connection, core: PublicKey): Promise<bigint> {
  const account = await connection.getAccountInfo(rootsAddress(core, CLIENTS.hubOnSolana))
  if (account === null) throw new Error('the client has no account of roots')
  const { data, lamports, executable } = account
  const state = { data, lamports: BigInt(lamports), isExecutable: executable, owner: account.owner.toBytes() }
  return readRootAccount(state, core.toBytes()).sent + 1n
}

async function sentBy(connection: Connection, signature: string): Promise<SentTransfer> {
  const found = await connection.getTransaction(signature, {
    commitment: 'confirmed',
    maxSupportedTransactionVersion: 0,
  })
  const events = found === null ? [] : readTransactionEvents(found, SOLANA.programs.core)
  const sent = events.find(({ kind }) => kind === 'send_packet')
  if (found === null || sent === undefined) throw new Error(`transaction ${signature} sent no packet`)
  return { transaction: signature, height: found.slot, sequence: sent.packet.sequence }
}

async function tokenBalance(connection: Connection, owner: PublicKey, mint: PublicKey): Promise<bigint> {
  const { value } = await connection.getTokenAccountsByOwner(owner, { mint })
  // SPL Token's layout: the amount stands at byte 64.
  return value.reduce((sum, { account }) => sum + account.data.readBigUInt64LE(64), 0n)
}
