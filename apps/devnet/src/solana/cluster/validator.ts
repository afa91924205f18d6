import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { encodeTowerSync, encodeTransaction } from '@causeway/light-clients'
import type { TransactionSigner } from '@causeway/light-clients'
import { sha256, utf8 } from '@causeway/primitives'
import { VOTE_PROGRAM } from '../execution/well-known.ts'
import { voteFor } from './tower.ts'
import type { Tower } from './tower.ts'

/** An Ed25519 key pair made from a name. */
export interface LocalKey extends TransactionSigner {
  /** The 32 bytes from which the pair is made. */
  readonly secret: Uint8Array
}

/** What a vote is about. */
export interface Ballot {
  readonly slot: bigint
  readonly bankHash: Uint8Array
  readonly seconds: bigint
  readonly recentBlockhash: Uint8Array
}

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX_BYTES = 12

/** The key that stands behind a name in a cluster. */
export function localKey(seed: string, name: string): LocalKey {
  const secret = sha256(utf8(`${seed}/${name}`))
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return {
    secret,
    publicKey: Uint8Array.from(spki.subarray(SPKI_PREFIX_BYTES)),
    sign: (message) => Uint8Array.from(sign(null, message, key)),
  }
}

/** A validator: keys, stake and a tower of its own. */
export class Validator {
  readonly identity: LocalKey
  readonly voter: LocalKey
  readonly voteAccount: Uint8Array
  /** Lamports. */
  readonly stake: bigint
  readonly #depth: number
  #tower: Tower = { root: undefined, lockouts: [] }

  constructor(seed: string, index: number, stake: bigint, rootDepth: number) {
    this.identity = localKey(seed, `identity ${index}`)
    this.voter = localKey(seed, `voter ${index}`)
    this.voteAccount = localKey(seed, `vote account ${index}`).publicKey
    this.stake = stake
    this.#depth = rootDepth
  }

  /** The newest slot that can't be undone, as this validator sees it. */
  get root(): bigint | undefined {
    return this.#tower.root
  }

  /** The newest slot that it voted for. */
  get lastVote(): bigint | undefined {
    return this.#tower.lockouts.at(-1)?.slot
  }

  /** Votes for a bank: the signed transaction. */
  vote({ slot, bankHash, seconds, recentBlockhash }: Ballot): Uint8Array {
    this.#tower = voteFor(this.#tower, slot, this.#depth)
    const data = encodeTowerSync({ ...this.#tower, bankHash, timestamp: seconds })
    const accounts = [this.voteAccount, this.voter.publicKey]
    const instructions = [{ program: VOTE_PROGRAM, accounts, data }]
    return encodeTransaction({ signers: [this.identity, this.voter], instructions, recentBlockhash })
  }
}
