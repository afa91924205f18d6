import type { PublicKey, TransactionInstruction } from '@solana/web3.js'
import { attestorSetHash } from '@causeway/light-clients'
import type { AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import * as hub from './generated/hub-client.ts'
import { encodeHeader, encodeTrusted, hubClientId } from './hub-message.ts'
import type { BufferedMessage } from './instruction.ts'

/*
 * Instructions of programs/hub-client. Accounts and bytes: idl/hub-client.json.
 */

/** A client of the hub on Solana. */
export interface HubClientAddress {
  /** Address of the program. */
  readonly program: PublicKey
  readonly client: PublicKey
}

/** What an update did, by its return data's one byte. */
export const UPDATE_OUTCOMES = ['updated', 'frozen', 'unchanged', 'learned'] as const

/** Lengths of the accounts, for rent. */
export const HUB_ACCOUNT_BYTES = {
  client: hub.HUB_CLIENT_BYTES,
  state: hub.HUB_STATE_BYTES,
  knownSet: hub.KNOWN_SET_BYTES,
} as const

/** Where a client is that begins with this attestation, signed by the set with this hash. */
export function hubClientAddress(
  program: PublicKey,
  trusted: AttestationMessage,
  setHash: Uint8Array,
): HubClientAddress {
  return { program, client: hub.clientAddress(program, hubClientId(encodeTrusted(trusted, setHash))) }
}

/** Where the state at a height is, or would be. */
export function hubStateAddress({ program, client }: HubClientAddress, height: bigint): PublicKey {
  return hub.stateAddress(program, client, height)
}

/** Where it stands what a client knows of a set. */
export function knownSetAddress({ program, client }: HubClientAddress, setHash: Uint8Array): PublicKey {
  return hub.setAddress(program, client, setHash)
}

/** Makes a client; its address says what it begins with. */
export function initialiseHubClient(
  program: PublicKey,
  payer: PublicKey,
  trusted: AttestationMessage,
  setHash: Uint8Array,
): TransactionInstruction {
  const message = encodeTrusted(trusted, setHash)
  const inputs = { payer, id: hubClientId(message), height: trusted.height, setHash }
  return hub.initialiseInstruction(program, inputs, message)
}

/** Shows a client a header (`encodeHeader`); one that is too long for a transaction is `buffered` before. */
export function updateHubClient(
  { program, client }: HubClientAddress,
  payer: PublicKey,
  header: AttestationHeader,
  buffered?: BufferedMessage,
): TransactionInstruction {
  const { height, nextSetHash } = header.message
  const inputs = { payer, client, height, nextSetHash, setHash: attestorSetHash(header.set) }
  return hub.updateInstruction(program, inputs, buffered ?? encodeHeader(header))
}

/** Shows a client two headers that contradict each other, which are buffered one after the other. */
export function submitHubMisbehaviour(
  { program, client }: HubClientAddress,
  [first, second]: readonly [AttestationHeader, AttestationHeader],
  buffered: BufferedMessage,
): TransactionInstruction {
  const [firstSetHash, secondSetHash] = [attestorSetHash(first.set), attestorSetHash(second.set)]
  return hub.misbehaviourInstruction(program, { client, firstSetHash, secondSetHash }, buffered)
}

/** Gives up the state at a frozen client's exit height for the one before. */
export function takeBackHubState(
  { program, client }: HubClientAddress,
  exitHeight: bigint,
): TransactionInstruction {
  return hub.takeBackInstruction(program, { client, height: exitHeight })
}

/** Gives the lamports of an old state back to who paid for it. */
export function closeHubState(
  { program, client }: HubClientAddress,
  height: bigint,
  payer: PublicKey,
): TransactionInstruction {
  return hub.closeStateInstruction(program, { client, height, payer })
}
