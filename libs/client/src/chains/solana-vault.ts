// The accounts, the instruction and the event of the collateral vault and the IBC core on Solana that a
// deposit meets; a test compares them with contracts/solana.
import { PublicKey, SystemProgram, TransactionInstruction } from '@solana/web3.js'
import type { AccountMeta, VersionedTransactionResponse } from '@solana/web3.js'
import { be64, concatBytes, fromBase58, le64, utf8 } from '@causeway/primitives'
import type { SolanaChain } from './config.ts'
import type { DepositOrder } from './deposit.ts'

const ASSOCIATED_PROGRAM = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL')
const PORT = 'transfer'
const DEPOSIT = 2
const CREATE_IDEMPOTENT = 1
const SYNC_NATIVE = 17
/** An event of the core: its instruction, and the second byte of the one that tells of a packet sent. */
const EVENT = 9
const SEND_PACKET = 0
/** 10 KiB in base58. */
const DATA_LENGTH_MAX = 14_000
/** Of the core's accounts: the light client's state in a client's, packets sent in a root account. */
const LIGHT_STATE = 48
const SENT = 24

/** Who deposits what, by addresses. */
export interface VaultDeposit {
  readonly core: PublicKey
  readonly vault: PublicKey
  readonly client: string
  readonly lightState: PublicKey
  readonly mint: PublicKey
  readonly tokenProgram: PublicKey
  readonly depositor: PublicKey
  /** What the packet's may be, as others send in the same slot. */
  readonly sequences: readonly bigint[]
}

/** Accounts to be read before a deposit: the core's client, and its roots. */
export function coreAccounts(chain: SolanaChain): { readonly client: PublicKey; readonly roots: PublicKey } {
  const core = new PublicKey(chain.core)
  const id = utf8(chain.client)
  return { client: derive(core, utf8('client'), id), roots: derive(core, utf8('roots'), id) }
}

/** The light client's state that a core's client goes by; nothing for data of another length. */
export function lightStateOf(client: Uint8Array): PublicKey | undefined {
  return client.length < LIGHT_STATE + 32
    ? undefined
    : new PublicKey(client.slice(LIGHT_STATE, LIGHT_STATE + 32))
}

/** How many packets were sent over a client; nothing for data of another length. */
export function sentOf(roots: Uint8Array): bigint | undefined {
  if (roots.length < SENT + 8) return undefined
  return new DataView(roots.buffer, roots.byteOffset).getBigUint64(SENT, true)
}

/** A wallet's account of a token. */
export function associatedAccount(wallet: PublicKey, mint: PublicKey, tokenProgram: PublicKey): PublicKey {
  return derive(ASSOCIATED_PROGRAM, wallet.toBytes(), tokenProgram.toBytes(), mint.toBytes())
}

/** Wraps SOL in the wallet's account, which is opened where there is none. */
export function wrapInstructions(deposit: VaultDeposit, lamports: bigint): TransactionInstruction[] {
  const { depositor, mint, tokenProgram } = deposit
  const account = associatedAccount(depositor, mint, tokenProgram)
  const opened = [pay(depositor), write(account), read(depositor), read(mint)]
  const keys = [...opened, read(SystemProgram.programId), read(tokenProgram)]
  return [
    instruction(ASSOCIATED_PROGRAM, keys, Uint8Array.of(CREATE_IDEMPOTENT)),
    SystemProgram.transfer({ fromPubkey: depositor, toPubkey: account, lamports }),
    instruction(tokenProgram, [write(account)], Uint8Array.of(SYNC_NATIVE)),
  ]
}

/** Deposits out of the wallet's associated account. */
export function depositInstruction(deposit: VaultDeposit, order: DepositOrder): TransactionInstruction {
  const { core, vault, client: clientId, mint, tokenProgram, depositor } = deposit
  const id = utf8(clientId)
  const client = derive(core, utf8('client'), id)
  const line = derive(vault, utf8('line'), client.toBytes(), mint.toBytes())
  const keys = [
    { pubkey: depositor, isSigner: true, isWritable: false },
    write(line),
    write(derive(vault, utf8('escrow'), line.toBytes())),
    read(mint),
    read(tokenProgram),
    write(associatedAccount(depositor, mint, tokenProgram)),
    read(core),
    read(derive(vault, utf8('application'), core.toBytes())),
    pay(depositor),
    read(client),
    write(derive(core, utf8('roots'), id)),
    read(derive(core, utf8('port'), utf8(PORT))),
    read(deposit.lightState),
    read(SystemProgram.programId),
    ...deposit.sequences.map((sequence) => write(derive(core, utf8('packet'), id, be64(sequence)))),
  ]
  const receiver = utf8(order.receiver)
  const length = Uint8Array.of(receiver.length)
  // No memo: two bytes of length.
  const message = concatBytes(
    le64(order.amount),
    le64(order.timeoutSeconds),
    length,
    receiver,
    Uint8Array.of(0, 0),
  )
  return instruction(vault, keys, concatBytes(Uint8Array.of(DEPOSIT), message))
}

/** The sequence that the core itself tells of the packet that was sent: it calls itself to tell. */
export function sequenceIn(
  { meta, transaction }: VersionedTransactionResponse,
  core: string,
): bigint | undefined {
  if (!meta || meta.err !== null) return undefined
  const keys = transaction.message.getAccountKeys({ accountKeysFromLookups: meta.loadedAddresses ?? null })
  for (const { programIdIndex, data } of (meta.innerInstructions ?? []).flatMap((of) => of.instructions)) {
    if (keys.get(programIdIndex)?.toBase58() !== core) continue
    const event = fromBase58(data, DATA_LENGTH_MAX)
    if (event?.[0] !== EVENT || event[1] !== SEND_PACKET || event.length < 10) continue
    return new DataView(event.buffer, event.byteOffset).getBigUint64(2, true)
  }
  return undefined
}

function derive(program: PublicKey, ...seeds: Uint8Array[]): PublicKey {
  return PublicKey.findProgramAddressSync(seeds, program)[0]
}

function instruction(programId: PublicKey, keys: AccountMeta[], data: Uint8Array): TransactionInstruction {
  return new TransactionInstruction({ programId, keys, data: Buffer.from(data) })
}

function read(pubkey: PublicKey): AccountMeta {
  return { pubkey, isSigner: false, isWritable: false }
}

function write(pubkey: PublicKey): AccountMeta {
  return { pubkey, isSigner: false, isWritable: true }
}

function pay(pubkey: PublicKey): AccountMeta {
  return { pubkey, isSigner: true, isWritable: true }
}
