import { voteExtensionSignBytes, voteSignBytes } from '@causeway/light-clients'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import { CanonicalVote } from '@causeway/protocol/tendermint/types/canonical'
import { SignedMsgType } from '@causeway/protocol/tendermint/types/types'
import type { BlockID } from '@causeway/protocol/tendermint/types/types'
import { EMPTY_BYTES, assert, equalBytes, readUvarint } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { SignState, SignStateStore } from './sign-state.ts'
import type { ValidatorKey } from './validator-key.ts'

/** A precommit to be signed. */
export interface PrecommitRequest {
  readonly height: bigint
  readonly round: number
  readonly blockId: BlockID
  readonly timestamp: Timestamp
  /** `undefined` while vote extensions are off. */
  readonly extension: Uint8Array | undefined
}

/** A signed precommit; the time is that of the first signature when the same vote was signed before. */
export interface SignedPrecommit {
  readonly timestamp: Timestamp
  readonly signature: Uint8Array
  readonly extensionSignature: Uint8Array
}

const PRECOMMIT_STEP = 3

/**
 * A validator's key with the memory of what it signed, so that it never signs two blocks at one height and
 * round.
 */
export class PrivateValidator {
  readonly key: ValidatorKey
  private readonly store: SignStateStore
  private readonly chainId: string
  private last: SignState

  constructor(chainId: string, key: ValidatorKey, store: SignStateStore) {
    this.chainId = chainId
    this.key = key
    this.store = store
    this.last = store.load()
  }

  /** Signs a precommit, and its extension. Throws `engine/40`, `engine/41`; then nothing is signed. */
  signPrecommit(request: PrecommitRequest): SignedPrecommit {
    const { height, round, blockId, timestamp, extension } = request
    const vote = { type: SignedMsgType.SIGNED_MSG_TYPE_PRECOMMIT, height, round, blockId, timestamp }
    const signBytes = voteSignBytes(this.chainId, vote)
    const earlier = this.earlierSignature(request, signBytes)
    const signature = earlier?.signature ?? this.key.sign(signBytes)
    if (!earlier) this.remember({ height, round, step: PRECOMMIT_STEP, signature, signBytes })
    return {
      timestamp: earlier?.timestamp ?? timestamp,
      signature,
      extensionSignature:
        extension === undefined
          ? EMPTY_BYTES
          : this.key.sign(voteExtensionSignBytes(this.chainId, { height, round, extension })),
    }
  }

  /** The signature of the same vote when it was signed before a crash; it may differ in its time only. */
  private earlierSignature(
    { height, round, timestamp }: PrecommitRequest,
    signBytes: Uint8Array,
  ): { signature: Uint8Array; timestamp: Timestamp } | undefined {
    const { last } = this
    const isLater =
      height > last.height ||
      (height === last.height && (round > last.round || (round === last.round && last.step < PRECOMMIT_STEP)))
    if (isLater) return undefined
    const isSame = height === last.height && round === last.round && last.step === PRECOMMIT_STEP
    if (!isSame) throw errors.heightRegression({ height, signed: last.height })
    if (equalBytes(signBytes, last.signBytes)) return { signature: last.signature, timestamp }
    const time = timeIfOnlyDifference(last.signBytes, signBytes)
    if (!time) throw errors.conflictingVote({ height })
    return { signature: last.signature, timestamp: time }
  }

  private remember(state: SignState): void {
    assert(state.height > 0n, 'votes are cast from height 1')
    this.store.save(state)
    this.last = state
  }
}

function timeIfOnlyDifference(earlier: Uint8Array, now: Uint8Array): Timestamp | undefined {
  const before = decodeVote(earlier)
  const after = decodeVote(now)
  if (!before?.timestamp || !after) return undefined
  const sameTime = CanonicalVote.encode({ ...after, timestamp: before.timestamp }).finish()
  return equalBytes(sameTime, CanonicalVote.encode(before).finish()) ? before.timestamp : undefined
}

function decodeVote(delimited: Uint8Array): CanonicalVote | undefined {
  try {
    return CanonicalVote.decode(delimited.subarray(readUvarint(delimited, 0).next))
  } catch {
    return undefined
  }
}
