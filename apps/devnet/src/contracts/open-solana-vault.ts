import {
  clientAddress,
  decodeCoreClient,
  initialiseVaultInstruction,
  openLineInstruction,
} from '@causeway/contracts-solana'
import type { LinePlaces } from '@causeway/contracts-solana'
import { Connection, PublicKey, Transaction, sendAndConfirmTransaction } from '@solana/web3.js'
import { CLIENTS } from '../chains/facts.ts'
import { solanaKeypair } from '../chains/solana-accounts.ts'
import { SOLANA_PROGRAMS, SOLANA_USDC, SPL_TOKEN, WRAPPED_SOL } from './solana-addresses.ts'

/** The line of a token: what deposits and withdrawals of it go over. The hub's client has to be there. */
export async function solanaLine(connection: Connection, mint: string): Promise<LinePlaces> {
  const core = new PublicKey(SOLANA_PROGRAMS.core)
  const account = await connection.getAccountInfo(clientAddress(core, CLIENTS.hubOnSolana), 'confirmed')
  const client = account === null ? undefined : decodeCoreClient(account.data)
  if (client === undefined) throw new Error(`there is no ${CLIENTS.hubOnSolana} on Solana yet`)
  return {
    ...{ core, vault: new PublicKey(SOLANA_PROGRAMS.vault), clientId: CLIENTS.hubOnSolana },
    ...{ lightState: client.lightState, mint: new PublicKey(mint), tokenProgram: new PublicKey(SPL_TOKEN) },
  }
}

/** Gives the vault the core's port and opens a line for each token; anybody may. Gives the signature. */
export async function openSolanaVault(rpcUrl: string): Promise<string> {
  const connection = new Connection(rpcUrl, 'confirmed')
  const payer = await solanaKeypair('relayer', rpcUrl)
  const lines = await Promise.all([SOLANA_USDC, WRAPPED_SOL].map((mint) => solanaLine(connection, mint)))
  const { vault, core } = lines[0]!
  const transaction = new Transaction().add(
    initialiseVaultInstruction(vault, core, payer.publicKey),
    ...lines.map((line) => openLineInstruction(line, payer.publicKey)),
  )
  return await sendAndConfirmTransaction(connection, transaction, [payer])
}
