// Core and vault in LiteSVM, a client of an example hub, and a token with a wallet that holds some.
import type { Keypair, PublicKey } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import {
  ACCOUNT_SIZE,
  TOKEN_PROGRAM_ID,
  createAssociatedTokenAccountIdempotentInstruction,
  createInitializeMint2Instruction,
  createMintToInstruction,
} from '@solana/spl-token'
import { createSparseTree } from '@causeway/light-clients'
import type { SparseTree } from '@causeway/light-clients'
import { addClientInstruction } from '../src/core/instructions.ts'
import { clientAddress } from '../src/generated/core.ts'
import { readCoreEvents } from '../src/core/events.ts'
import { uploadAccounts, uploadInstructions, UPLOAD_HEADER_BYTES } from '../src/upload.ts'
import type { BufferedMessage } from '../src/instruction.ts'
import { associatedAddress } from '../src/vault/addresses.ts'
import {
  depositInstruction,
  initialiseVaultInstruction,
  openLineInstruction,
} from '../src/vault/instructions.ts'
import type { LinePlaces } from '../src/vault/instructions.ts'
import { SystemProgram } from '@solana/web3.js'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { HUB_CLIENT, START_SECONDS, exampleKey, startHub } from './hub.fixture.ts'
import type { ExampleHub } from './hub.fixture.ts'
import { accountData, send, setNow, startSvm } from './svm.fixture.ts'
import type { Sent, Svm } from './svm.fixture.ts'

/** Our client of the hub. */
export const CLIENT = 'client-0'
/** Who is credited on the hub. */
export const HUB_ACCOUNT = 'cway1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwx'

/** A chain with everything in place. */
export interface Bridge extends Svm {
  readonly core: PublicKey
  readonly vault: PublicKey
  readonly upload: PublicKey
  readonly hub: ExampleHub
  /** The token's line. */
  readonly line: LinePlaces
  /** Holds a million tokens of six decimals. */
  readonly owner: Keypair
  /** What the relayer knows of the tree of receipts. */
  readonly receipts: SparseTree
}

/** Base units that the owner begins with. */
export const HELD = 1_000_000_000_000n

/** Starts a chain; the client is `client-0`. */
export function startBridge(): Bridge {
  const [core, vault, upload] = [0, 1, 2].map(() => exampleKey().publicKey) as [
    PublicKey,
    PublicKey,
    PublicKey,
  ]
  const chain = startSvm({ core, vault, upload })
  setNow(chain, START_SECONDS)
  const hub = startHub(chain)
  const payer = chain.payer.publicKey
  const client = { lightState: hub.lightState, counterparty: HUB_CLIENT }
  done(send(chain, [addClientInstruction(core, payer, 0, client)]))
  done(send(chain, [initialiseVaultInstruction(vault, core, payer)]))
  const owner = exampleKey()
  const mint = makeMint(chain, TOKEN_PROGRAM_ID)
  const { lightState } = hub
  const line = { vault, core, clientId: CLIENT, lightState, mint, tokenProgram: TOKEN_PROGRAM_ID }
  done(send(chain, [openLineInstruction(line, payer)]))
  done(send(chain, mintTo(chain, line, owner.publicKey, HELD)))
  return { ...chain, core, vault, upload, hub, line, owner, receipts: createSparseTree() }
}

/** A mint of six decimals whose authority is the payer. */
export function makeMint(chain: Svm, tokenProgram: PublicKey): PublicKey {
  const mint = exampleKey()
  const space = 82
  const create = SystemProgram.createAccount({
    fromPubkey: chain.payer.publicKey,
    newAccountPubkey: mint.publicKey,
    lamports: rentOf(chain, ACCOUNT_SIZE),
    space,
    programId: tokenProgram,
  })
  const authority = chain.payer.publicKey
  const initialise = createInitializeMint2Instruction(mint.publicKey, 6, authority, authority, tokenProgram)
  done(send(chain, [create, initialise], [mint]))
  return mint.publicKey
}

/** Opens a wallet's account of a token, and mints to it. */
export function mintTo(
  chain: Svm,
  { mint, tokenProgram }: LinePlaces,
  wallet: PublicKey,
  amount: bigint,
): TransactionInstruction[] {
  const payer = chain.payer.publicKey
  const account = associatedAddress(wallet, mint, tokenProgram)
  return [
    createAssociatedTokenAccountIdempotentInstruction(payer, account, wallet, mint, tokenProgram),
    createMintToInstruction(mint, account, payer, amount, [], tokenProgram),
  ]
}

/** Opens a wallet's account of the bridge's token. */
export function openWallet(bridge: Bridge, wallet: PublicKey): void {
  done(send(bridge, mintTo(bridge, bridge.line, wallet, 0n)))
}

/** The owner deposits; the packet. */
export function deposit(
  bridge: Bridge,
  amount: bigint,
  sequence: bigint,
  timeoutSeconds = START_SECONDS + 3_600n,
): Packet {
  const { payer, owner, line, core } = bridge
  const order = { amount, timeoutSeconds, receiver: HUB_ACCOUNT, memo: '' }
  const from = { depositor: owner.publicKey, payer: payer.publicKey, sequences: [sequence] }
  const sent = done(send(bridge, [depositInstruction(line, order, from)], [owner]))
  const [event] = readCoreEvents(sent.called, core.toBase58())
  if (event?.kind !== 'send_packet') throw new Error('nothing was sent')
  return event.packet
}

/** Base units in a wallet's account. */
export function balanceOf(bridge: Bridge, wallet: PublicKey): bigint {
  const { mint, tokenProgram } = bridge.line
  return tokensIn(bridge, associatedAddress(wallet, mint, tokenProgram))
}

/** Base units in an account of a token. */
export function tokensIn(chain: Svm, account: PublicKey): bigint {
  const data = accountData(chain, account)
  return data ? Buffer.from(data).readBigUInt64LE(64) : 0n
}

/** The account of the bridge's client. */
export function clientOf({ core }: Bridge): PublicKey {
  return clientAddress(core, CLIENT)
}

/** Brings a message into an account, by as many transactions as it takes. */
export async function uploaded(bridge: Bridge, message: Uint8Array, name: string): Promise<BufferedMessage> {
  const accounts = await uploadAccounts(bridge.upload, bridge.payer.publicKey, name)
  const rent = rentOf(bridge, UPLOAD_HEADER_BYTES + message.length)
  const { open, writes } = uploadInstructions(accounts, name, message, rent)
  done(send(bridge, open))
  for (const write of writes) done(send(bridge, [write]))
  return { account: accounts.buffer, offset: UPLOAD_HEADER_BYTES, length: message.length }
}

/** Throws unless a transaction went through. */
export function done(sent: Sent): Sent {
  if (sent.error === undefined) return sent
  throw new Error(`${sent.error}\n${sent.logs.join('\n')}`)
}

function rentOf({ svm }: Svm, bytes: number): number {
  return Number(svm.minimumBalanceForRentExemption(BigInt(bytes)))
}
