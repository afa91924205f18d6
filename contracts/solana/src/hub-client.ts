import { PublicKey, SystemProgram } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { EMPTY_BYTES, be64, utf8 } from '@causeway/primitives'
import { attestorSetHash } from '@causeway/light-clients'
import type { AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import { encodeHeader, encodeTrusted, hubClientId } from './hub-message.ts'
import { pay, programInstruction, read, write } from './instruction.ts'
import type { BufferedMessage } from './instruction.ts'

/*
 * Instructions of programs/hub-client: its lib.rs lists accounts and bytes.
 */

/** A client of the hub on Solana. */
export interface HubClientAddress {
  /** Address of the program. */
  readonly program: PublicKey
  readonly client: PublicKey
}

/** What an update did, by its return data's one byte. */
export const UPDATE_OUTCOMES = ['updated', 'frozen', 'unchanged', 'learned'] as const

/** Where a client is that begins with this attestation, signed by the set with this hash. */
export function hubClientAddress(
  program: PublicKey,
  trusted: AttestationMessage,
  setHash: Uint8Array,
): HubClientAddress {
  const id = hubClientId(encodeTrusted(trusted, setHash))
  return { program, client: derived(program, utf8('client'), id) }
}

/** Where the state at a height is, or would be. */
export function hubStateAddress({ program, client }: HubClientAddress, height: bigint): PublicKey {
  return derived(program, utf8('state'), client.toBytes(), be64(height))
}

/** Where it stands what a client knows of a set. */
export function knownSetAddress({ program, client }: HubClientAddress, setHash: Uint8Array): PublicKey {
  return derived(program, utf8('set'), client.toBytes(), setHash)
}

/** Makes a client; its address says what it begins with. */
export function initialiseHubClient(
  program: PublicKey,
  payer: PublicKey,
  trusted: AttestationMessage,
  setHash: Uint8Array,
): TransactionInstruction {
  const address = hubClientAddress(program, trusted, setHash)
  const keys = [
    pay(payer),
    write(address.client),
    write(hubStateAddress(address, trusted.height)),
    write(knownSetAddress(address, setHash)),
    read(SystemProgram.programId),
  ]
  return programInstruction(program, 0, keys, encodeTrusted(trusted, setHash))
}

/** Shows a client a header (`encodeHeader`); one that is too long for a transaction is `buffered` before. */
export function updateHubClient(
  address: HubClientAddress,
  payer: PublicKey,
  header: AttestationHeader,
  buffered?: BufferedMessage,
): TransactionInstruction {
  const { message, set } = header
  const keys = [
    pay(payer),
    write(address.client),
    write(hubStateAddress(address, message.height)),
    write(knownSetAddress(address, attestorSetHash(set))),
    write(knownSetAddress(address, message.nextSetHash)),
    read(SystemProgram.programId),
  ]
  return programInstruction(address.program, 1, keys, buffered ?? encodeHeader(header))
}

/** Shows a client two headers that contradict each other, which are buffered one after the other. */
export function submitHubMisbehaviour(
  address: HubClientAddress,
  headers: readonly [AttestationHeader, AttestationHeader],
  buffered: BufferedMessage,
): TransactionInstruction {
  const keys = [
    write(address.client),
    ...headers.map(({ set }) => read(knownSetAddress(address, attestorSetHash(set)))),
  ]
  return programInstruction(address.program, 2, keys, buffered)
}

/** Gives up the state at a frozen client's exit height for the one before. */
export function takeBackHubState(address: HubClientAddress, exitHeight: bigint): TransactionInstruction {
  const keys = [write(address.client), read(hubStateAddress(address, exitHeight))]
  return programInstruction(address.program, 3, keys, EMPTY_BYTES)
}

/** Gives the lamports of an old state back to who paid for it. */
export function closeHubState(
  address: HubClientAddress,
  height: bigint,
  payer: PublicKey,
): TransactionInstruction {
  const keys = [read(address.client), write(hubStateAddress(address, height)), write(payer)]
  return programInstruction(address.program, 4, keys, EMPTY_BYTES)
}

function derived(program: PublicKey, ...seeds: Uint8Array[]): PublicKey {
  return PublicKey.findProgramAddressSync(seeds, program)[0]
}
