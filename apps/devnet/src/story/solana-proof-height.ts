import { decodeHubState } from '@causeway/contracts-solana'
import { Connection } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import { SOLANA_PROGRAMS } from '../contracts/solana-addresses.ts'
import type { FindProofHeight, ProvingMessage } from './proof-height.ts'

/** The core's instructions that prove a packet: their kind, and which account is the hub's state. */
const INSTRUCTIONS: Readonly<Record<ProvingMessage, { readonly kind: number; readonly state: number }>> = {
  MsgRecvPacket: { kind: 4, state: 3 },
  MsgAcknowledgement: { kind: 5, state: 2 },
}
/** Set where the message stands in another account. */
const BUFFERED = 0x80

/** Looks in the transactions that a Solana node knows: a state of the hub's client proves a packet there. */
export function solanaProofHeight(rpcUrl: string): FindProofHeight {
  const connection = new Connection(rpcUrl, 'confirmed')
  return async (signature, message) => {
    const state = await stateOf(connection, signature, message)
    if (state === undefined) return undefined
    const account = await connection.getAccountInfo(state)
    return account === null ? undefined : decodeHubState(account.data)?.height
  }
}

/** The account of the hub's state that the first such instruction of a transaction names. */
async function stateOf(
  connection: Connection,
  signature: string,
  message: ProvingMessage,
): Promise<PublicKey | undefined> {
  const found = await connection.getTransaction(signature, {
    commitment: 'confirmed',
    maxSupportedTransactionVersion: 0,
  })
  if (found === null) throw new Error(`transaction ${signature} is not known`)
  const { loadedAddresses } = found.meta ?? {}
  const keys = found.transaction.message.getAccountKeys(
    loadedAddresses ? { accountKeysFromLookups: loadedAddresses } : undefined,
  )
  const { kind, state } = INSTRUCTIONS[message]
  for (const { programIdIndex, accountKeyIndexes, data } of found.transaction.message.compiledInstructions) {
    if (keys.get(programIdIndex)?.toBase58() !== SOLANA_PROGRAMS.core) continue
    if (((data[0] ?? 0) & ~BUFFERED) === kind) return keys.get(accountKeyIndexes[state] ?? -1)
  }
  return undefined
}
