// Chains whose collateral lies in a vault of ours.
import { fromBase58, fromHex } from '@causeway/primitives'
import { clientTypeOf } from '../identifiers.ts'
import { TRANSFER_ENCODINGS } from './packet-data.ts'
import { errors } from './transfer-errors.ts'
import type { TransferPeer } from './transfer-ports.ts'

/** A vault: it reads the ABI, pays wallets, and pays claims over a dead hub. */
export interface VaultPeer extends TransferPeer {
  /** A wallet in 32 bytes, as exit claims have it; nothing for a text that could never be paid. */
  walletWord(receiver: string): Uint8Array | undefined
}

const WORD = 32
const EVM_ADDRESS = /^0x[0-9a-f]{40}$/

/** Refuses `transfer/44`. */
const EVM_VAULT: VaultPeer = {
  encoding: TRANSFER_ENCODINGS.abi,
  walletWord: evmWord,
  requireReceiver(receiver) {
    if (evmWord(receiver) === undefined) throw errors.evmReceiver()
  },
}

/** Refuses `transfer/45`. */
const SOLANA_VAULT: VaultPeer = {
  encoding: TRANSFER_ENCODINGS.abi,
  walletWord: solanaWord,
  requireReceiver(receiver) {
    if (solanaWord(receiver) === undefined) throw errors.solanaReceiver()
  },
}

/** The vault behind a client; nothing where the chain takes all that ICS-20 allows. Throws `ibc/1`. */
export function vaultPeer(clientId: string): VaultPeer | undefined {
  switch (clientTypeOf(clientId)) {
    case 'ethereum':
      return EVM_VAULT
    case 'solana':
      return SOLANA_VAULT
    default:
      return undefined
  }
}

/** An address of 20 bytes, padded. Tokens refuse to pay the zero address. */
function evmWord(receiver: string): Uint8Array | undefined {
  if (!EVM_ADDRESS.test(receiver)) return undefined
  const word = new Uint8Array(WORD)
  word.set(fromHex(receiver.slice(2)), WORD - 20)
  return notZero(word)
}

/** A wallet's key, or a program's address. Zero is the system program: nobody has its key. */
function solanaWord(receiver: string): Uint8Array | undefined {
  const key = fromBase58(receiver)
  return key?.length === WORD ? notZero(key) : undefined
}

function notZero(word: Uint8Array): Uint8Array | undefined {
  return word.some((byte) => byte !== 0) ? word : undefined
}
