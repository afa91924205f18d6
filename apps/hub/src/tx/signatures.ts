// Signatures are checked by an injected synchronous function, once: what CheckTx has checked, delivery takes
// from here.
import { encodeSignDoc } from './encode-transaction.ts'
import type { Transaction } from './transaction.ts'

/** One secp256k1 signature over SHA-256 of a message. */
export interface SignatureCheck {
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  /** R ‖ S; S must lie in the lower half of the order. */
  readonly signature: Uint8Array
}

/** Judges signatures together, each on its own: the result at an index belongs to the check there. */
export type VerifySignatures = (batch: readonly SignatureCheck[]) => boolean[]

/** Everything that a signature's validity depends on, beside the transaction's bytes. */
export interface SignerFacts {
  readonly publicKey: Uint8Array
  readonly chainId: string
  readonly accountNumber: bigint
}

/** The bytes that SIGN_MODE_DIRECT signs. */
export function signBytes(
  transaction: Pick<Transaction, 'bodyBytes' | 'authInfoBytes'>,
  facts: Pick<SignerFacts, 'chainId' | 'accountNumber'>,
): Uint8Array {
  const { chainId, accountNumber } = facts
  return encodeSignDoc({ ...transaction, chainId, accountNumber })
}

/** A signature that somebody else checks, in another thread for instance. */
export interface ForeseenSignature {
  readonly check: SignatureCheck
  /** Tells the verdict. */
  settle(isValid: boolean): void
}

/**
 * Verifies transactions' signatures and remembers each verdict for as long as the transaction object lives.
 */
export class SignatureVerifier {
  readonly #verify: VerifySignatures
  readonly #verdicts = new WeakMap<Transaction, { facts: SignerFacts; isValid: boolean }>()

  constructor(verify: VerifySignatures) {
    this.#verify = verify
  }

  /** Whether a verdict is known, whatever it was judged against. */
  isJudged(transaction: Transaction): boolean {
    return this.#verdicts.has(transaction)
  }

  /** Whether the signature is that of this key for this account. */
  isValid(transaction: Transaction, facts: SignerFacts): boolean {
    const known = this.#verdicts.get(transaction)
    if (known !== undefined && sameFacts(known.facts, facts)) return known.isValid
    this.verifyAhead([{ transaction, facts }])
    return this.#verdicts.get(transaction)!.isValid
  }

  /** What is to be checked for a transaction, by somebody who then settles it; nothing when it is known. */
  foresee(transaction: Transaction, facts: SignerFacts): ForeseenSignature | undefined {
    const known = this.#verdicts.get(transaction)
    if (known !== undefined && sameFacts(known.facts, facts)) return undefined
    return {
      check: checkOf(transaction, facts),
      settle: (isValid) => void this.#verdicts.set(transaction, { facts, isValid }),
    }
  }

  /** Verifies a batch at once, leaving out what is known. */
  verifyAhead(batch: readonly { transaction: Transaction; facts: SignerFacts }[]): void {
    const unknown = batch.filter(({ transaction, facts }) => {
      const known = this.#verdicts.get(transaction)
      return known === undefined || !sameFacts(known.facts, facts)
    })
    if (unknown.length === 0) return
    const verdicts = this.#verify(unknown.map(({ transaction, facts }) => checkOf(transaction, facts)))
    for (const [i, { transaction, facts }] of unknown.entries()) {
      this.#verdicts.set(transaction, { facts, isValid: verdicts[i] === true })
    }
  }
}

function checkOf(transaction: Transaction, facts: SignerFacts): SignatureCheck {
  const { publicKey } = facts
  return { publicKey, message: signBytes(transaction, facts), signature: transaction.signature }
}

function sameFacts(a: SignerFacts, b: SignerFacts): boolean {
  if (a.accountNumber !== b.accountNumber || a.chainId !== b.chainId) return false
  if (a.publicKey.length !== b.publicKey.length) return false
  return a.publicKey.every((byte, i) => byte === b.publicKey[i])
}
