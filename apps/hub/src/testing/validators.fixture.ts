import { ed25519 } from '@noble/curves/ed25519.js'
import { createNativeSignatureVerifier, voteExtensionSignBytes } from '@causeway/light-clients'
import { sha256, utf8 } from '@causeway/primitives'
import type { CommitInfo, ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'

/** Checks extensions as a node does. */
export const verifyExtensions = createNativeSignatureVerifier()

/** A validator of a test chain. */
export interface TestValidator {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
  readonly address: Uint8Array
  readonly power: bigint
}

/** Makes validators with these powers. */
export function testValidators(powers: readonly bigint[]): TestValidator[] {
  return powers.map((power, i) => {
    const secret = sha256(utf8(`test validator ${i}`))
    const publicKey = ed25519.getPublicKey(secret)
    return { secret, publicKey, address: sha256(publicKey).slice(0, 20), power }
  })
}

/** The extended commit of a height: one extension a validator, undefined where it did not vote. */
export function extendedCommit(
  validators: readonly TestValidator[],
  extensions: readonly (Uint8Array | undefined)[],
  signed: { chainId: string; height: bigint; round?: number },
): ExtendedCommitInfo {
  const { chainId, height, round = 0 } = signed
  const votes = validators.map((validator, i) => {
    const extension = extensions[i]
    const member = { address: validator.address, power: validator.power }
    const none = new Uint8Array(0)
    if (extension === undefined) {
      const blockIdFlag = BlockIDFlag.BLOCK_ID_FLAG_ABSENT
      return { validator: member, voteExtension: none, extensionSignature: none, blockIdFlag }
    }
    const message = voteExtensionSignBytes(chainId, { extension, height, round })
    const extensionSignature = ed25519.sign(message, validator.secret)
    return {
      validator: member,
      voteExtension: extension,
      extensionSignature,
      blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
    }
  })
  return { round, votes }
}

/** The commit that the engine shows beside an extended commit. */
export function commitOf({ round, votes }: ExtendedCommitInfo): CommitInfo {
  return { round, votes: votes.map(({ validator, blockIdFlag }) => ({ validator, blockIdFlag })) }
}
