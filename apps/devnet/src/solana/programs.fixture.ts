// The bridge's programs on a local cluster, with a light client of an example hub that is already there.
import { readFileSync } from 'node:fs'
import { Keypair, SystemProgram, Transaction } from '@solana/web3.js'
import type { TransactionInstruction, PublicKey } from '@solana/web3.js'
import {
  MINT_SIZE,
  TOKEN_PROGRAM_ID,
  createAssociatedTokenAccountIdempotentInstruction,
  createInitializeMint2Instruction,
  createMintToInstruction,
} from '@solana/spl-token'
import {
  addClientInstruction,
  associatedAddress,
  depositInstruction,
  initialiseVaultInstruction,
  openLineInstruction,
  recorderAddress,
} from '@causeway/contracts-solana'
import type { LinePlaces } from '@causeway/contracts-solana'
import { concatBytes, le64, sha256, utf8 } from '@causeway/primitives'
import type { SolanaOptions } from './cluster/options.ts'

/** A key pair of web3.js made from a name. */
export function exampleKeypair(name: string): Keypair {
  return Keypair.fromSeed(sha256(utf8(name)))
}

const addressOf = (name: string) => exampleKeypair(`example ${name}`).publicKey

/** Where the programs are. */
export const PROGRAMS = {
  core: addressOf('core'),
  vault: addressOf('vault'),
  upload: addressOf('upload'),
  recorder: addressOf('recorder'),
}
/** The recorder's account. */
export const RECORDER_ACCOUNT: PublicKey = recorderAddress(PROGRAMS.recorder)
/** Our client of the hub, and the hub's client of the cluster. */
export const CLIENT = 'client-0'
export const HUB_CLIENT = 'solana-7'
export const HUB_ACCOUNT = 'cway1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwx'
/** What time it is: the hub's light client saw the hub a minute ago. */
export const NOW = 1_800_000_000n

const LIGHT_PROGRAM = addressOf('light client')
const LIGHT_STATE = addressOf('light state')
const NEVER = (1n << 64n) - 1n
/** Who pays, holds tokens and deposits. */
export const OWNER: Keypair = exampleKeypair('example owner')
const MINT = exampleKeypair('example mint')

/** The line of the example's token. */
export const LINE: LinePlaces = {
  vault: PROGRAMS.vault,
  core: PROGRAMS.core,
  clientId: CLIENT,
  lightState: LIGHT_STATE,
  mint: MINT.publicKey,
  tokenProgram: TOKEN_PROGRAM_ID,
}

/** A cluster's options with all programs; time stands still. */
export function exampleOptions(change: Partial<SolanaOptions> = {}): SolanaOptions {
  const elf = (name: string) =>
    readFileSync(new URL(`../../../../contracts/solana/artifacts/${name}.so`, import.meta.url))
  return {
    seed: 'example',
    slot: 'onDemand',
    slotsPerEpoch: 32,
    rootDepth: 4,
    programs: Object.entries(PROGRAMS).map(([name, key]) => ({ address: key.toBase58(), elf: elf(name) })),
    recorder: { program: PROGRAMS.recorder.toBase58(), account: RECORDER_ACCOUNT.toBase58() },
    accounts: [
      { address: OWNER.publicKey.toBase58(), lamports: 1_000_000_000_000n },
      {
        address: LIGHT_STATE.toBase58(),
        owner: LIGHT_PROGRAM.toBase58(),
        lamports: 10_000_000_000n,
        data: lightState(),
      },
    ],
    now: () => NOW,
    ...change,
  }
}

/** Transactions that set everything up: client, vault, token, its line, and a million to the owner. */
export function setUpInstructions(): { instructions: TransactionInstruction[]; signers: Keypair[] }[] {
  const payer = OWNER.publicKey
  const account = associatedAddress(payer, MINT.publicKey, TOKEN_PROGRAM_ID)
  const create = SystemProgram.createAccount({
    fromPubkey: payer,
    newAccountPubkey: MINT.publicKey,
    lamports: 10_000_000,
    space: MINT_SIZE,
    programId: TOKEN_PROGRAM_ID,
  })
  const client = { lightState: LIGHT_STATE, counterparty: HUB_CLIENT }
  return [
    {
      instructions: [
        addClientInstruction(PROGRAMS.core, payer, 0, client),
        initialiseVaultInstruction(PROGRAMS.vault, PROGRAMS.core, payer),
      ],
      signers: [],
    },
    {
      instructions: [
        create,
        createInitializeMint2Instruction(MINT.publicKey, 6, payer, payer),
        createAssociatedTokenAccountIdempotentInstruction(payer, account, payer, MINT.publicKey),
        createMintToInstruction(MINT.publicKey, account, payer, 1_000_000_000_000n),
      ],
      signers: [MINT],
    },
    { instructions: [openLineInstruction(LINE, payer)], signers: [] },
  ]
}

/** A deposit of the owner's. */
export function exampleDeposit(amount: bigint, sequence: bigint): TransactionInstruction {
  const order = { amount, timeoutSeconds: NOW + 3_600n, receiver: HUB_ACCOUNT, memo: '' }
  const from = { depositor: OWNER.publicKey, payer: OWNER.publicKey, sequences: [sequence] }
  return depositInstruction(LINE, order, from)
}

/** A transaction that the owner pays for, signed. */
export function ownersTransaction(
  instructions: readonly TransactionInstruction[],
  recentBlockhash: string,
  signers: readonly Keypair[] = [],
): Uint8Array {
  const transaction = new Transaction({ feePayer: OWNER.publicKey, recentBlockhash })
  transaction.add(...instructions)
  transaction.sign(OWNER, ...signers)
  return Uint8Array.from(transaction.serialize())
}

/** A light client's account as programs/hub-client writes it: active, and seen a minute ago. */
function lightState(): Uint8Array {
  const [height, seconds, trusting, frozenAt, exitHeight] = [9n, NOW - 60n, 1_209_600n, 0n, 9n]
  const numbers = [height, seconds, trusting, frozenAt, exitHeight, 1n, 1n, 1n, 1n, NEVER]
  const kind = concatBytes(utf8('cwyhubcl'), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0))
  const data = new Uint8Array(1_248)
  data.set(concatBytes(kind, ...numbers.map(le64)))
  return data
}
