import { concatBytes } from '@causeway/primitives'
import { WORD, word } from '../abi/abi-words.ts'
import { clearingReader } from './clearing-payload.ts'

/** Tokens that a wallet has locked in its chain's vault for one subaccount of the hub. */
export interface StandbyLocked {
  /** 32 bytes: the line's id there. */
  readonly line: Uint8Array
  /** 32 bytes: an EVM address left-padded, a Solana key whole. */
  readonly token: Uint8Array
  readonly amount: bigint
  readonly expirySeconds: bigint
  /** 20 bytes. */
  readonly account: Uint8Array
  readonly subaccount: number
}

/** Asks a vault to send what a standby line holds, up to an amount. */
export interface MarginCall {
  /** 32 bytes. */
  readonly line: Uint8Array
  readonly amount: bigint
}

const ACCOUNT_BYTES = 20

/**
 * Reads (bytes32 line, bytes32 token, uint256 amount, uint64 expirySeconds, bytes20 account, uint16 sub).
 * Throws `clearing/4`.
 */
export function decodeStandbyLocked(body: Uint8Array): StandbyLocked {
  const reader = clearingReader(body)
  reader.end(6 * WORD)
  return {
    line: reader.word(0).slice(),
    token: reader.word(WORD).slice(),
    amount: reader.number(2 * WORD),
    expirySeconds: reader.number(3 * WORD, 64),
    account: reader.leftAligned(4 * WORD, ACCOUNT_BYTES),
    subaccount: Number(reader.number(5 * WORD, 16)),
  }
}

/** Writes (bytes32 line, uint256 amount). */
export function encodeMarginCall({ line, amount }: MarginCall): Uint8Array {
  return concatBytes(line, word(amount))
}

/** What an acknowledged margin call pulled: abi.encode(uint256); nothing of bytes that say something else. */
export function readPulled(acknowledgement: Uint8Array): bigint | undefined {
  return acknowledgement.length === WORD ? clearingReader(acknowledgement).number(0) : undefined
}
