// Deposits into the collateral vault on Solana, by web3.js.
import { Connection, PublicKey, Transaction } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { equalBytes, isProtocolError, toBase58 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { walletRefusal } from '../wallets/refusal.ts'
import type { SolanaWallet } from '../wallets/solana-wallet.ts'
import type { SolanaChain, SolanaToken } from './config.ts'
import type { DepositOrder, DepositPacket } from './deposit.ts'
import {
  coreAccounts,
  depositInstruction,
  lightStateOf,
  sentOf,
  sequenceIn,
  wrapInstructions,
} from './solana-vault.ts'
import type { VaultDeposit } from './solana-vault.ts'

const POLL_MS = 400
/** Of the genesis hash in a chain id. Spec: CAIP-30. */
const GENESIS_CHARACTERS = 32
/** Packets that others may send in the same slot before ours. */
const SEQUENCES = 4

/**
 * Deposits a token out of the wallet's associated account, or SOL, which is wrapped. Throws `client/60` for
 * what the chain refuses, `client/45` for what the wallet does, `client/26` for a wallet that signs no
 * transactions.
 */
export async function depositOnSolana(
  chain: SolanaChain,
  token: SolanaToken,
  wallet: SolanaWallet,
  order: DepositOrder,
): Promise<DepositPacket> {
  const connection = new Connection(chain.rpc, 'confirmed')
  try {
    await requireCluster(connection, chain)
    const deposit = await depositOf(connection, chain, token, wallet)
    const wrapping = token.native === true ? wrapInstructions(deposit, order.amount) : []
    return await send(connection, chain, wallet, [...wrapping, depositInstruction(deposit, order)])
  } catch (error) {
    if (isProtocolError(error)) throw error
    const reason = error instanceof Error ? error.message : ''
    throw errors.chainRefused({ chain: chain.id, reason: reason.slice(0, 512) })
  }
}

async function requireCluster(connection: Connection, chain: SolanaChain): Promise<void> {
  let hash: string
  try {
    hash = await connection.getGenesisHash()
  } catch (error) {
    throw errors.unreachable({ url: chain.rpc, reason: error instanceof Error ? error.name : '' })
  }
  const got = `solana:${hash.slice(0, GENESIS_CHARACTERS)}`
  if (got !== chain.id) throw errors.otherChain({ expected: chain.id, got })
}

async function depositOf(
  connection: Connection,
  chain: SolanaChain,
  token: SolanaToken,
  { nativeAddress }: SolanaWallet,
): Promise<VaultDeposit> {
  const mint = new PublicKey(token.mint)
  const places = coreAccounts(chain)
  const [client, roots, minted] = await connection.getMultipleAccountsInfo([
    places.client,
    places.roots,
    mint,
  ])
  const lightState = client ? lightStateOf(client.data) : undefined
  const sent = roots ? sentOf(roots.data) : undefined
  if (!lightState || sent === undefined || !minted) {
    throw errors.chainRefused({ chain: chain.id, reason: 'the client or the mint is not there' })
  }
  return {
    core: new PublicKey(chain.core),
    vault: new PublicKey(chain.vault),
    client: chain.client,
    lightState,
    mint,
    tokenProgram: minted.owner,
    depositor: new PublicKey(nativeAddress),
    sequences: Array.from({ length: SEQUENCES }, (_, i) => sent + 1n + BigInt(i)),
  }
}

/** Signs and sends: the node tries it against its state first; then it is waited for. */
async function send(
  connection: Connection,
  chain: SolanaChain,
  wallet: SolanaWallet,
  instructions: readonly TransactionInstruction[],
): Promise<DepositPacket> {
  const feePayer = new PublicKey(wallet.nativeAddress)
  const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash()
  const transaction = new Transaction({ feePayer, blockhash, lastValidBlockHeight }).add(...instructions)
  const unsigned = transaction.serialize({ requireAllSignatures: false, verifySignatures: false })
  const signed = Transaction.from(await walletRefusal(() => wallet.signTransaction(unsigned)))
  if (!equalBytes(signed.serializeMessage(), transaction.serializeMessage()))
    throw errors.otherKey({ wallet: wallet.nativeAddress, signed: 'another transaction' })
  const txHash = toBase58(signed.signature ?? new Uint8Array(0))
  await connection.sendRawTransaction(signed.serialize())
  return await confirmed(connection, chain, txHash, lastValidBlockHeight)
}

async function confirmed(
  connection: Connection,
  chain: SolanaChain,
  txHash: string,
  lastValidBlockHeight: number,
): Promise<DepositPacket> {
  const begun = Date.now()
  for (;;) {
    const found = await connection.getTransaction(txHash, {
      commitment: 'confirmed',
      maxSupportedTransactionVersion: 0,
    })
    if (found) {
      const sequence = sequenceIn(found, chain.core)
      if (sequence === undefined) {
        const reason = `transaction ${txHash} sent no packet`
        throw errors.chainRefused({ chain: chain.id, reason }, { txHash })
      }
      return { txHash, height: found.slot.toString(), sequence: sequence.toString() }
    }
    if ((await connection.getBlockHeight('confirmed')) > lastValidBlockHeight) {
      const seconds = Math.ceil((Date.now() - begun) / 1_000)
      throw errors.notSeen({ chain: chain.id, seconds }, { txHash })
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
