import { setTimeout as after } from 'node:timers/promises'
import { ComputeBudgetProgram, Transaction } from '@solana/web3.js'
import type {
  Connection,
  Keypair,
  TransactionInstruction,
  VersionedTransactionResponse,
} from '@solana/web3.js'

/** What a transaction did. */
export interface Receipt {
  readonly signature: string
  readonly slot: number
  readonly computeUnits: number
  readonly logs: readonly string[]
  /** As web3.js gives it. */
  readonly transaction: VersionedTransactionResponse
  /** The custom error of a program, or another one in words; undefined: it went through. */
  readonly error: number | string | undefined
}

/** Sends transactions that one account pays for. */
export interface Sender {
  readonly connection: Connection
  readonly payer: Keypair
  /** A signed transaction over the newest blockhash. */
  sign(instructions: readonly TransactionInstruction[], signers?: readonly Keypair[]): Promise<Transaction>
  /** Sends a signed transaction until it is confirmed. */
  submit(transaction: Transaction): Promise<Receipt>
  /** Signs, sends; throws when it failed. */
  send(instructions: readonly TransactionInstruction[], signers?: readonly Keypair[]): Promise<Receipt>
  /** Sends each instruction as a transaction of its own, all at once; throws when one failed. */
  sendEach(instructions: readonly TransactionInstruction[]): Promise<void>
}

const COMPUTE_UNITS_MAX = 1_400_000
const POLL_MILLISECONDS = 300
/** What a node has dropped is given to it again. */
const POLLS_PER_SEND = 8
/** Ten minutes: slots take longer on a machine that is busy. */
const POLLS_MAX = 2_000
/** Signatures that a node is asked about at once. */
const TOGETHER_MAX = 64

/** A sender over a connection of @solana/web3.js. */
export function createSender(connection: Connection, payer: Keypair): Sender {
  async function sign(instructions: readonly TransactionInstruction[], signers: readonly Keypair[] = []) {
    const { blockhash } = await connection.getLatestBlockhash('confirmed')
    const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash })
    transaction.add(ComputeBudgetProgram.setComputeUnitLimit({ units: COMPUTE_UNITS_MAX }), ...instructions)
    transaction.sign(payer, ...signers)
    return transaction
  }
  async function submit(transaction: Transaction): Promise<Receipt> {
    const [signature] = await confirmAll(connection, [transaction])
    for (let poll = 0; poll < POLLS_MAX; poll++) {
      const receipt = await receiptOf(connection, signature!)
      if (receipt) return receipt
      await after(POLL_MILLISECONDS)
    }
    throw new Error('a transaction is confirmed and not to be found')
  }
  async function send(instructions: readonly TransactionInstruction[], signers: readonly Keypair[] = []) {
    const receipt = await submit(await sign(instructions, signers))
    if (receipt.error !== undefined) throw new Error(`${receipt.error}\n${receipt.logs.join('\n')}`)
    return receipt
  }
  return {
    connection,
    payer,
    sign,
    submit,
    send,
    async sendEach(instructions) {
      for (let done = 0; done < instructions.length; done += TOGETHER_MAX) {
        const together = instructions.slice(done, done + TOGETHER_MAX)
        const signed = await Promise.all(together.map((instruction) => sign([instruction])))
        for (const signature of await confirmAll(connection, signed)) {
          const { value } = await connection.getSignatureStatus(signature)
          if (value?.err) throw new Error(`${signature}: ${errorOf(value.err)}`)
        }
      }
    },
  }
}

/** Sends transactions until all are confirmed, failed ones too; their signatures. */
async function confirmAll(connection: Connection, transactions: readonly Transaction[]): Promise<string[]> {
  const wires = transactions.map((transaction) => transaction.serialize())
  const options = { skipPreflight: true, maxRetries: 0 }
  let signatures: string[] = []
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    if (poll % POLLS_PER_SEND === 0)
      signatures = await Promise.all(wires.map((wire) => connection.sendRawTransaction(wire, options)))
    const { value } = await connection.getSignatureStatuses(signatures)
    const isDone = (status: string | undefined) => status === 'confirmed' || status === 'finalized'
    if (value.every((each) => isDone(each?.confirmationStatus))) return signatures
    await after(POLL_MILLISECONDS)
  }
  throw new Error('transactions were never confirmed')
}

async function receiptOf(connection: Connection, signature: string): Promise<Receipt | undefined> {
  const options = { commitment: 'confirmed', maxSupportedTransactionVersion: 0 } as const
  const found = await connection.getTransaction(signature, options)
  if (!found?.meta) return undefined
  const { err, computeUnitsConsumed, logMessages } = found.meta
  return {
    signature,
    slot: found.slot,
    computeUnits: computeUnitsConsumed ?? 0,
    logs: logMessages ?? [],
    transaction: found,
    error: err === null ? undefined : errorOf(err),
  }
}

function errorOf(error: unknown): number | string {
  const text = JSON.stringify(error)
  const custom = /"Custom":(\d+)/.exec(text)?.[1]
  return custom === undefined ? text : Number(custom)
}
