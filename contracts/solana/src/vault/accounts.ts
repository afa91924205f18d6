import { PublicKey } from '@solana/web3.js'
import { equalBytes, utf8 } from '@causeway/primitives'

/** What the vault holds of a mint for the hub at the other end of a client. Amounts in base units. */
export interface LineAccount {
  readonly client: PublicKey
  readonly mint: PublicKey
  readonly tokenProgram: PublicKey
  readonly escrowed: bigint
  /** What stands as claims. */
  readonly claimed: bigint
  /** Until when the outflow window's allowance is used up, in nanoseconds. */
  readonly usedUntil: bigint
  readonly exitTotal: bigint
  readonly exitPooled: bigint
  readonly exitPaid: bigint
  /** Seconds; 0: not open for exits. */
  readonly exitFromSeconds: bigint
}

/** A withdrawal that waits for its window. */
export interface ClaimAccount {
  readonly line: PublicKey
  readonly recipient: PublicKey
  readonly amount: bigint
  readonly payableFromSeconds: bigint
  readonly seenHeight: bigint
  readonly sequence: bigint
  readonly payer: PublicKey
}

const LINE_BYTES = 200
const CLAIM_BYTES = 144

/** Reads a line's account; undefined: it is none. Layout: programs/vault/src/line.rs. */
export function decodeLine(data: Uint8Array): LineAccount | undefined {
  if (!isLaidOut(data, 'cwylines', LINE_BYTES)) return undefined
  const u64 = (at: number) => new DataView(data.buffer, data.byteOffset).getBigUint64(at, true)
  return {
    client: new PublicKey(data.slice(16, 48)),
    mint: new PublicKey(data.slice(48, 80)),
    tokenProgram: new PublicKey(data.slice(80, 112)),
    escrowed: u64(112),
    claimed: u64(120),
    usedUntil: (u64(136) << 64n) | u64(128),
    exitTotal: u64(144),
    exitPooled: u64(152),
    exitPaid: u64(160),
    exitFromSeconds: u64(168),
  }
}

/** Reads a claim's account; undefined: it is none. Layout: programs/vault/src/claim.rs. */
export function decodeClaim(data: Uint8Array): ClaimAccount | undefined {
  if (!isLaidOut(data, 'cwyclaim', CLAIM_BYTES)) return undefined
  const u64 = (at: number) => new DataView(data.buffer, data.byteOffset).getBigUint64(at, true)
  return {
    line: new PublicKey(data.slice(16, 48)),
    recipient: new PublicKey(data.slice(48, 80)),
    amount: u64(80),
    payableFromSeconds: u64(88),
    seenHeight: u64(96),
    sequence: u64(104),
    payer: new PublicKey(data.slice(112, 144)),
  }
}

function isLaidOut(data: Uint8Array, magic: string, bytes: number): boolean {
  return data.length === bytes && equalBytes(data.subarray(0, 8), utf8(magic)) && data[8] === 1
}
