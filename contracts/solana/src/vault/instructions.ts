import { PublicKey, SystemProgram } from '@solana/web3.js'
import type { AccountMeta, TransactionInstruction } from '@solana/web3.js'
import type { TreePath } from '@causeway/light-clients'
import { EMPTY_BYTES, utf8 } from '@causeway/primitives'
import { callerAddress, packetAddress } from '../generated/core.ts'
import * as vault from '../generated/vault.ts'
import { pay, programInstruction, read, write } from '../instruction.ts'
import type { BufferedMessage } from '../instruction.ts'
import { associatedAddress } from './addresses.ts'

/*
 * Instructions of programs/vault. Accounts and bytes: idl/vault.json.
 */

/** The vault's port. */
export const VAULT_PORT = 'transfer'

/** Derives and makes wallets' accounts of tokens. */
const ASSOCIATED_PROGRAM = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL')

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
  program: PublicKey,
  core: PublicKey,
  payer: PublicKey,
): TransactionInstruction {
  return vault.initialiseInstruction(program, { payer, core })
}

/** Opens a line. */
export function openLineInstruction(places: LinePlaces, payer: PublicKey): TransactionInstruction {
  return vault.openLineInstruction(places.vault, { ...places, payer })
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
  const { depositor, payer } = from
  const source = from.source ?? associatedAddress(depositor, places.mint, places.tokenProgram)
  const packets = from.sequences.map((sequence) => packetAddress(places.core, places.clientId, sequence))
  const message = vault.encodeDepositMessage({ ...deposit, memo: utf8(deposit.memo) })
  return vault.depositInstruction(places.vault, { ...places, depositor, payer, source, packets }, message)
}

/**
 * What the vault takes when a withdrawal is received: `PacketPlaces.accounts`.
 * @param payer Pays for the claim's account, should the outflow window be used up; it signs.
 */
export function withdrawalAccounts(
  places: LinePlaces,
  { recipient, sequence, payer }: { recipient: PublicKey; sequence: bigint; payer: PublicKey },
): AccountMeta[] {
  const inputs = { ...places, caller: callerOf(places), recipient, sequence, payer }
  return behindClient(vault.receiveInstruction(places.vault, inputs, EMPTY_BYTES))
}

/** What the vault takes when a deposit is refunded: `PacketPlaces.accounts`. */
export function refundAccounts(places: LinePlaces, depositor: PublicKey): AccountMeta[] {
  const inputs = { ...places, caller: callerOf(places), depositor }
  return behindClient(vault.timedOutInstruction(places.vault, inputs, EMPTY_BYTES))
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
  { sequence, recipient, payer }: { sequence: bigint; recipient: PublicKey; payer: PublicKey },
): TransactionInstruction {
  return vault.payClaimInstruction(places.vault, { ...places, sequence, recipient, rentPayer: payer })
}

/**
 * Takes back a claim that was proven above a retired client's exit height.
 * @param leaf What stands at its packet's place in the tree of receipts, and its path there.
 */
export function voidClaimInstruction(
  places: LinePlaces,
  { sequence, payer }: { sequence: bigint; payer: PublicKey },
  leaf: Uint8Array,
  path: TreePath,
): TransactionInstruction {
  const message = vault.encodeVoidClaimMessage({ ...path, leaf })
  return vault.voidClaimInstruction(places.vault, { ...places, sequence, rentPayer: payer }, message)
}

/** Message of `openExitInstruction`: what the dead hub owes there in all, with its packed proof. */
export function openExitMessage(total: bigint, proof: Uint8Array): Uint8Array {
  return vault.encodeOpenExitMessage({ total, proof })
}

/** Opens a line of a retired client for exits. */
export function openExitInstruction(
  places: LinePlaces,
  consensus: PublicKey,
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  return vault.openExitInstruction(places.vault, { ...places, consensus }, message)
}

/** An owner's claim in the books of a dead hub. */
export interface ExitClaim {
  /** 20 bytes: an account of the hub. */
  readonly owner: Uint8Array
  readonly recipient: PublicKey
  readonly amount: bigint
}

/** Message of `exitInstruction`; the proof is packed. */
export function exitMessage(claim: ExitClaim, proof: Uint8Array): Uint8Array {
  return vault.encodeExitMessage({ ...claim, proof })
}

/** Pays an owner in the books of a dead hub. */
export function exitInstruction(
  places: LinePlaces,
  { owner, recipient }: ExitClaim,
  { consensus, payer }: { consensus: PublicKey; payer: PublicKey },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const inputs = { ...places, consensus, payer, recipient, owner }
  return vault.exitInstruction(places.vault, inputs, message)
}

function callerOf({ core, vault }: LinePlaces): PublicKey {
  return callerAddress(core, vault)
}

/** Accounts behind the two that the core itself brings: its own for the vault, and the client. */
function behindClient({ keys }: TransactionInstruction): AccountMeta[] {
  return keys.slice(2)
}
