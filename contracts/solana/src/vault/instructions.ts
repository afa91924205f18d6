import { SystemProgram } from '@solana/web3.js'
import type { AccountMeta, PublicKey, TransactionInstruction } from '@solana/web3.js'
import type { TreePath } from '@causeway/light-clients'
import { EMPTY_BYTES, concatBytes, le64, utf8 } from '@causeway/primitives'
import {
  applicationAddress,
  clientAddress,
  packetAddress,
  portAddress,
  rootsAddress,
} from '../core/addresses.ts'
import { pay, programInstruction, read, sign, write } from '../instruction.ts'
import type { BufferedMessage } from '../instruction.ts'
import { le32, longBytes, shortText } from '../wire.ts'
import {
  ASSOCIATED_PROGRAM,
  associatedAddress,
  claimAddress,
  escrowAddress,
  lineAddress,
  paidAddress,
} from './addresses.ts'

/** The vault's port. */
export const VAULT_PORT = 'transfer'

/** A token of a client's hub: what a line is. */
export interface LinePlaces {
  readonly vault: PublicKey
  readonly core: PublicKey
  readonly clientId: string
  readonly lightState: PublicKey
  readonly mint: PublicKey
  readonly tokenProgram: PublicKey
}

/** What is deposited, and for whom on the hub. */
export interface Deposit {
  readonly amount: bigint
  /** Seconds, at most 24 hours ahead. */
  readonly timeoutSeconds: bigint
  /** `cway1…`, optionally `/subaccount`. */
  readonly receiver: string
  readonly memo: string
}

/** Takes a core's port `transfer`: once, by anyone. */
export function initialiseVaultInstruction(
  vault: PublicKey,
  core: PublicKey,
  payer: PublicKey,
): TransactionInstruction {
  const keys = [
    pay(payer),
    write(portAddress(core, VAULT_PORT)),
    read(applicationAddress(vault, core)),
    read(SystemProgram.programId),
    read(core),
  ]
  return programInstruction(vault, 0, keys, EMPTY_BYTES)
}

/** Opens a line. */
export function openLineInstruction(places: LinePlaces, payer: PublicKey): TransactionInstruction {
  const line = lineOf(places)
  const keys = [
    pay(payer),
    read(clientAddress(places.core, places.clientId)),
    write(line),
    write(escrowAddress(places.vault, line)),
    read(places.mint),
    read(places.tokenProgram),
    read(SystemProgram.programId),
  ]
  return programInstruction(places.vault, 1, keys, EMPTY_BYTES)
}

/**
 * Deposits out of the depositor's associated account, or another of theirs.
 * @param sequences What the packet's may be: the next one, and some more where others send in the same slot.
 */
export function depositInstruction(
  places: LinePlaces,
  deposit: Deposit,
  from: { depositor: PublicKey; payer: PublicKey; source?: PublicKey; sequences: readonly bigint[] },
): TransactionInstruction {
  const { vault, core, clientId } = places
  const source = from.source ?? associatedAddress(from.depositor, places.mint, places.tokenProgram)
  const keys = [
    sign(from.depositor),
    ...tokenKeys(places, source),
    read(core),
    read(applicationAddress(vault, core)),
    pay(from.payer),
    read(clientAddress(core, clientId)),
    write(rootsAddress(core, clientId)),
    read(portAddress(core, VAULT_PORT)),
    read(places.lightState),
    read(SystemProgram.programId),
    ...from.sequences.map((sequence) => write(packetAddress(core, clientId, sequence))),
  ]
  const message = concatBytes(
    le64(deposit.amount),
    le64(deposit.timeoutSeconds),
    shortText(deposit.receiver),
    longBytes(utf8(deposit.memo)),
  )
  return programInstruction(vault, 2, keys, message)
}

/**
 * What the vault takes when a withdrawal is received: `PacketPlaces.accounts`.
 * @param payer Pays for the claim's account, should the outflow window be used up; it signs.
 */
export function withdrawalAccounts(
  places: LinePlaces,
  { recipient, sequence, payer }: { recipient: PublicKey; sequence: bigint; payer: PublicKey },
): AccountMeta[] {
  const line = lineOf(places)
  return [
    ...tokenKeys(places, associatedAddress(recipient, places.mint, places.tokenProgram)),
    write(claimAddress(places.vault, line, sequence)),
    pay(payer),
    read(places.lightState),
    read(SystemProgram.programId),
  ]
}

/** What the vault takes when a deposit is refunded: `PacketPlaces.accounts`. */
export function refundAccounts(places: LinePlaces, depositor: PublicKey): AccountMeta[] {
  return tokenKeys(places, associatedAddress(depositor, places.mint, places.tokenProgram))
}

/**
 * Makes a wallet's associated account of a token, unless it is there: a withdrawal needs it before.
 * Source: the associated token account program, instruction 1 (idempotent).
 */
export function openWalletInstruction(
  payer: PublicKey,
  wallet: PublicKey,
  { mint, tokenProgram }: Pick<LinePlaces, 'mint' | 'tokenProgram'>,
): TransactionInstruction {
  const keys = [
    pay(payer),
    write(associatedAddress(wallet, mint, tokenProgram)),
    read(wallet),
    read(mint),
    read(SystemProgram.programId),
    read(tokenProgram),
  ]
  return programInstruction(ASSOCIATED_PROGRAM, 1, keys, EMPTY_BYTES)
}

/** Pays a claim; `claim` as `decodeClaim` reads it. */
export function payClaimInstruction(
  places: LinePlaces,
  claim: { sequence: bigint; recipient: PublicKey; payer: PublicKey },
): TransactionInstruction {
  const keys = [
    write(claimAddress(places.vault, lineOf(places), claim.sequence)),
    write(claim.payer),
    ...tokenKeys(places, associatedAddress(claim.recipient, places.mint, places.tokenProgram)),
    read(clientAddress(places.core, places.clientId)),
    read(places.lightState),
  ]
  return programInstruction(places.vault, 3, keys, EMPTY_BYTES)
}

/**
 * Takes back a claim that was proven above a retired client's exit height.
 * @param leaf What stands at its packet's place in the tree of receipts, and its path there.
 */
export function voidClaimInstruction(
  places: LinePlaces,
  claim: { sequence: bigint; payer: PublicKey },
  leaf: Uint8Array,
  path: TreePath,
): TransactionInstruction {
  const line = lineOf(places)
  const keys = [
    write(claimAddress(places.vault, line, claim.sequence)),
    write(claim.payer),
    write(line),
    read(clientAddress(places.core, places.clientId)),
    read(places.lightState),
    read(places.core),
    read(applicationAddress(places.vault, places.core)),
    write(rootsAddress(places.core, places.clientId)),
    read(portAddress(places.core, VAULT_PORT)),
  ]
  return programInstruction(places.vault, 4, keys, concatBytes(leaf, le32(path.present), ...path.siblings))
}

/** Message of `openExitInstruction`: what the dead hub owes there in all, with its packed proof. */
export function openExitMessage(total: bigint, proof: Uint8Array): Uint8Array {
  return concatBytes(le64(total), longBytes(proof))
}

/** Opens a line of a retired client for exits. */
export function openExitInstruction(
  places: LinePlaces,
  consensus: PublicKey,
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const client = clientAddress(places.core, places.clientId)
  const keys = [write(lineOf(places)), read(client), read(places.lightState), read(consensus)]
  return programInstruction(places.vault, 5, keys, message)
}

/** An owner's claim in the books of a dead hub. */
export interface ExitClaim {
  /** `cway1…`. */
  readonly owner: string
  readonly recipient: PublicKey
  readonly amount: bigint
}

/** Message of `exitInstruction`; the proof is packed. */
export function exitMessage({ owner, recipient, amount }: ExitClaim, proof: Uint8Array): Uint8Array {
  return concatBytes(shortText(owner), recipient.toBytes(), le64(amount), longBytes(proof))
}

/** Pays an owner in the books of a dead hub. */
export function exitInstruction(
  places: LinePlaces,
  claim: ExitClaim,
  { consensus, payer }: { consensus: PublicKey; payer: PublicKey },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const keys = [
    ...tokenKeys(places, associatedAddress(claim.recipient, places.mint, places.tokenProgram)),
    read(clientAddress(places.core, places.clientId)),
    read(places.lightState),
    read(consensus),
    write(paidAddress(places.vault, lineOf(places), claim.owner)),
    pay(payer),
    read(SystemProgram.programId),
  ]
  return programInstruction(places.vault, 6, keys, message)
}

function lineOf({ vault, core, clientId, mint }: LinePlaces): PublicKey {
  return lineAddress(vault, clientAddress(core, clientId), mint)
}

function tokenKeys(places: LinePlaces, wallet: PublicKey): AccountMeta[] {
  const line = lineOf(places)
  return [
    write(line),
    write(escrowAddress(places.vault, line)),
    read(places.mint),
    read(places.tokenProgram),
    write(wallet),
  ]
}
