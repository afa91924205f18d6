import { LAMPORTS_PER_SOL, Keypair, SYSVAR_CLOCK_PUBKEY } from '@solana/web3.js'
import type { Connection, PublicKey } from '@solana/web3.js'
import {
  NATIVE_MINT,
  TOKEN_PROGRAM_ID,
  createMint,
  createWrappedNativeAccount,
  getOrCreateAssociatedTokenAccount,
  mintTo,
} from '@solana/spl-token'
import {
  addClientInstruction,
  hubClientAddress,
  initialiseHubClient,
  initialiseVaultInstruction,
  openLineInstruction,
} from '@causeway/contracts-solana'
import type { HubClientAddress, LinePlaces } from '@causeway/contracts-solana'
import { startAttestedHub } from './attested-hub.ts'
import type { AttestedHub } from './attested-hub.ts'
import { PROGRAMS, deploy } from './deploy.ts'
import type { ProgramName } from './deploy.ts'
import { startEpochRecorder } from './epoch-recorder.ts'
import type { EpochRecorder } from './epoch-recorder.ts'
import { createSender } from './sender.ts'
import type { Sender } from './sender.ts'

/** Our client of the hub. */
export const CLIENT = 'client-0'
/** The hub's client of this chain. */
export const HUB_CLIENT = 'solana-0'
/** Base units of each token that the owner has. */
export const HELD = { usdc: 1_000_000_000n, sol: 5n * BigInt(LAMPORTS_PER_SOL) } as const

/** The programs, who records validators, and a wallet with something to deposit. */
export interface Deployed {
  readonly sender: Sender
  readonly programs: Readonly<Record<ProgramName, PublicKey>>
  readonly recorder: EpochRecorder
  readonly owner: Keypair
  /** The mint of USDC. */
  readonly usdc: PublicKey
}

/** With a client of an example hub, and two lines. */
export interface Bridge extends Deployed {
  readonly hub: AttestedHub
  readonly hubClient: HubClientAddress
  readonly lines: Lines
}

/** What may be deposited. */
export interface Lines {
  readonly usdc: LinePlaces
  readonly sol: LinePlaces
}

/** Deploys everything; the validators are recorded from the first moment on. */
export async function deployAll(connection: Connection): Promise<Deployed> {
  const [payer, owner] = [await funded(connection), await funded(connection)]
  const sender = createSender(connection, payer)
  const programs = {} as Record<ProgramName, PublicKey>
  programs.recorder = await deploy(sender, 'recorder')
  const recorder = await startEpochRecorder(sender, programs.recorder)
  for (const name of PROGRAMS) programs[name] ??= await deploy(sender, name)
  await sender.send([initialiseVaultInstruction(programs.vault, programs.core, payer.publicKey)])
  const usdc = await mintUsdc(sender, owner)
  await createWrappedNativeAccount(connection, owner, owner.publicKey, Number(HELD.sol))
  return { sender, programs, recorder, owner, usdc }
}

/** Deploys everything, makes a client of an example hub and opens its lines. */
export async function openBridge(connection: Connection): Promise<Bridge> {
  const deployed = await deployAll(connection)
  const { sender, programs } = deployed
  const payer = sender.payer.publicKey
  const hub = startAttestedHub(await clusterTime(connection))
  const hubClient = hubClientAddress(programs['hub-client'], hub.trusted, hub.setHash)
  await sender.send([initialiseHubClient(hubClient.program, payer, hub.trusted, hub.setHash)])
  const client = { lightState: hubClient.client, counterparty: HUB_CLIENT }
  await sender.send([addClientInstruction(programs.core, payer, 0, client)])
  return { ...deployed, hub, hubClient, lines: await openLines(deployed, hubClient.client) }
}

/** Opens the lines of `CLIENT`. */
export async function openLines(
  { sender, programs: { core, vault }, usdc }: Deployed,
  lightState: PublicKey,
): Promise<Lines> {
  const places = { vault, core, clientId: CLIENT, lightState, tokenProgram: TOKEN_PROGRAM_ID }
  const lines = { usdc: { ...places, mint: usdc }, sol: { ...places, mint: NATIVE_MINT } }
  for (const line of [lines.usdc, lines.sol])
    await sender.send([openLineInstruction(line, sender.payer.publicKey)])
  return lines
}

/** Seconds of the Clock sysvar. */
export async function clusterTime(connection: Connection): Promise<bigint> {
  const account = await connection.getAccountInfo(SYSVAR_CLOCK_PUBKEY, 'confirmed')
  return account!.data.readBigInt64LE(32)
}

async function funded(connection: Connection): Promise<Keypair> {
  const wallet = Keypair.generate()
  const signature = await connection.requestAirdrop(wallet.publicKey, 100 * LAMPORTS_PER_SOL)
  await connection.confirmTransaction({ signature, ...(await connection.getLatestBlockhash()) })
  return wallet
}

/** A token of six decimals, by its own library. */
async function mintUsdc({ connection, payer }: Sender, owner: Keypair): Promise<PublicKey> {
  const mint = await createMint(connection, payer, payer.publicKey, null, 6)
  const account = await getOrCreateAssociatedTokenAccount(connection, payer, mint, owner.publicKey)
  await mintTo(connection, payer, mint, account.address, payer, HELD.usdc)
  return mint
}
