import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256, utf8 } from '@causeway/primitives'
import { VOTE_PROGRAM } from './addresses.ts'
import { encodeTowerSync } from './transactions/encode-tower-sync.ts'
import { encodeTransaction } from './transactions/encode-transaction.ts'
import type { TransactionFields } from './transactions/encode-transaction.ts'

/** An Ed25519 key pair made from a name. */
export interface ExampleKey {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
}

export function exampleKey(name: string): ExampleKey {
  const secret = sha256(utf8(name))
  return { secret, publicKey: ed25519.getPublicKey(secret) }
}

/** Bytes of 32 made from a name: an address that nobody has the key of. */
export function exampleAddress(name: string): Uint8Array {
  return sha256(utf8(`address ${name}`))
}

export interface TowerWish {
  readonly slot: bigint
  readonly bankHash: Uint8Array
  readonly root?: bigint | undefined
  /** Voted slots below `slot`, ascending; default the slot before it. */
  readonly earlier?: readonly bigint[]
  readonly blockId?: Uint8Array
  readonly isSwitch?: boolean
  readonly timestamp?: bigint
}

/** Data of the instruction TowerSync or TowerSyncSwitch. */
export function encodeTowerWish({ earlier, ...wish }: TowerWish): Uint8Array {
  const { slot, root } = wish
  const voted = [...(earlier ?? [slot - 1n]).filter((each) => each > (root ?? 0n)), slot]
  const lockouts = voted.map((each, i) => ({ slot: each, confirmations: voted.length - i }))
  return encodeTowerSync({ ...wish, root, lockouts })
}

export interface MessageWish extends Omit<TransactionFields, 'signers' | 'recentBlockhash'> {
  readonly signers: readonly ExampleKey[]
}

/** A signed transaction in wire format. */
export function encodeExample({ signers, ...wish }: MessageWish): Uint8Array {
  return encodeTransaction({
    ...wish,
    recentBlockhash: sha256(utf8('recent blockhash')),
    signers: signers.map(({ publicKey, secret }) => ({
      publicKey,
      sign: (message) => ed25519.sign(message, secret),
    })),
  })
}

/** A vote as validators send it: signed by fee payer and authorised voter. */
export function encodeVote(
  signers: readonly ExampleKey[],
  voteAccount: Uint8Array,
  wish: TowerWish,
  version: 'legacy' | 0 = 'legacy',
): Uint8Array {
  const accounts = [voteAccount, signers.at(-1)!.publicKey]
  const instructions = [{ program: VOTE_PROGRAM, accounts, data: encodeTowerWish(wish) }]
  return encodeExample({ signers, instructions, version })
}
