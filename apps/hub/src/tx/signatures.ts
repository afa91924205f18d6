// Signatures are checked by an injected synchronous function, once: what CheckTx has checked, delivery takes
// from here.
import { assert, equalBytes } from '@causeway/primitives'
import { SIGN_MODE, aminoSignBytes, solanaMessage, solanaWrapping } from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import { encodeSignDoc } from './encode-transaction.ts'
import type { Transaction } from './transaction.ts'

/**
 * How a signature is made. `secp256k1`: of the SHA-256 of the message, R ‖ S. `eip712`: of the EIP-712 digest
 * of the message as a text, R ‖ S ‖ V with V 27 or 28. `ed25519`: of the message. S lies in the lower half of
 * the order, and of Ed25519 below it.
 */
export type SignatureScheme = 'secp256k1' | 'eip712' | 'ed25519'

/** One signature. */
export interface SignatureCheck {
  readonly scheme: SignatureScheme
  /** Compressed, 33 bytes; of Ed25519 32. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** Judges signatures together, each on its own: the result at an index belongs to the check there. */
export type VerifySignatures = (batch: readonly SignatureCheck[]) => boolean[]

/** Everything that a signature's validity depends on, beside the transaction's bytes. */
export interface SignerFacts {
  readonly key: SigningKey
  readonly chainId: string
  readonly accountNumber: bigint
}

/** The bytes that the key signs, before the hashing that belongs to its scheme. */
export function signBytes(
  transaction: Pick<Transaction, 'bodyBytes' | 'authInfoBytes' | 'signed'>,
  { key, chainId, accountNumber }: SignerFacts,
): Uint8Array {
  const { signed } = transaction
  if (signed.kind === 'direct') return encodeSignDoc({ ...transaction, chainId, accountNumber })
  if (signed.kind === 'amino') return aminoSignBytes({ ...signed.parts, chainId, accountNumber })
  const wrapping = solanaWrapping(signed.mode)
  return wrapping === undefined ? signed.text : solanaMessage(signed.text, key.bytes, wrapping)
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

/** The scheme in which keys sign in a mode. */
export function schemeOf(key: SigningKey, mode: number): SignatureScheme {
  if (mode === SIGN_MODE.eip712) return 'eip712'
  assert(key.bytes.length === 32 || key.bytes.length === 33, 'keys are compressed secp256k1 or Ed25519')
  return key.bytes.length === 33 ? 'secp256k1' : 'ed25519'
}

function checkOf(transaction: Transaction, facts: SignerFacts): SignatureCheck {
  const { signed, signature } = transaction
  const mode = signed.kind === 'text' ? signed.mode : SIGN_MODE.direct
  const { key } = facts
  const message = signBytes(transaction, facts)
  return { scheme: schemeOf(key, mode), publicKey: key.bytes, message, signature }
}

function sameFacts(a: SignerFacts, b: SignerFacts): boolean {
  if (a.accountNumber !== b.accountNumber || a.chainId !== b.chainId) return false
  return a.key.type === b.key.type && equalBytes(a.key.bytes, b.key.bytes)
}
