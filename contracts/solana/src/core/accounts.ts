import { PublicKey } from '@solana/web3.js'
import { equalBytes, fromUtf8, utf8 } from '@causeway/primitives'

/** What a core keeps of a client. */
export interface CoreClientAccount {
  readonly id: string
  /** The hub's client at the other end. */
  readonly counterparty: string
  readonly isRetired: boolean
  /** Program and account of the light client. */
  readonly lightProgram: PublicKey
  readonly lightState: PublicKey
}

/** A packet that was sent and did not end yet. */
export interface PendingAccount {
  readonly commitment: Uint8Array
  /** Who has the rent back. */
  readonly payer: PublicKey
}

/** Length of a client's account. */
const CLIENT_BYTES = 210
const PENDING_BYTES = 80

/** Reads a client's account; undefined: it is none. Layout: programs/core/src/client.rs. */
export function decodeCoreClient(data: Uint8Array): CoreClientAccount | undefined {
  if (!isLaidOut(data, 'cwyclien', CLIENT_BYTES)) return undefined
  return {
    id: textAt(data, 80),
    counterparty: textAt(data, 145),
    isRetired: data[11] !== 0,
    lightProgram: new PublicKey(data.slice(16, 48)),
    lightState: new PublicKey(data.slice(48, 80)),
  }
}

/** Reads an open packet's account; undefined: it is none. Layout: programs/core/src/pending.rs. */
export function decodePending(data: Uint8Array): PendingAccount | undefined {
  if (!isLaidOut(data, 'cwypackt', PENDING_BYTES)) return undefined
  return { commitment: data.slice(16, 48), payer: new PublicKey(data.slice(48, 80)) }
}

function isLaidOut(data: Uint8Array, magic: string, bytes: number): boolean {
  return data.length === bytes && equalBytes(data.subarray(0, 8), utf8(magic)) && data[8] === 1
}

function textAt(data: Uint8Array, at: number): string {
  return fromUtf8(data.subarray(at + 1, at + 1 + data[at]!))
}
