import { equalBytes, toHex } from '@causeway/primitives'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import { Header, Misbehaviour } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { RelayError } from '../errors.ts'
import type { CometPool } from './comet-pool.ts'
import { fetchLightBlock, fetchValidators, toValidatorSet } from './light-block.ts'
import type { LightBlock } from './light-block.ts'

const HEADER_TYPE = '/ibc.lightclients.tendermint.v1.Header'
const MISBEHAVIOUR_TYPE = '/ibc.lightclients.tendermint.v1.Misbehaviour'
const FLAG_COMMIT = 2
/**
 * More headers than this for one update means a client that was left alone for too long to be caught up at
 * once.
 */
const HEADERS_MAX = 16

/** Fetches light blocks and sets; what bisection is tested with. */
export interface LightBlockSource {
  lightBlock(height: bigint): Promise<LightBlock>
  /** The set that signs `height`. */
  validators(height: bigint): Promise<ValidatorSet>
}

/** Reads light blocks from the healthiest endpoint. */
export function lightBlockSource(pool: CometPool): LightBlockSource {
  return {
    lightBlock: (height) => pool.call((client) => fetchLightBlock(client, height)),
    validators: (height) =>
      pool.call(async (client) => toValidatorSet(await fetchValidators(client, height))),
  }
}

/**
 * Headers that bring a 07-tendermint client from `trustedHeight` to `height`: one where more than a third
 * of the trusted set signed the new header, else bisected. The client is the judge; this only picks what it
 * can accept.
 */
export async function buildClientUpdates(
  source: LightBlockSource,
  revisionNumber: bigint,
  trustedHeight: bigint,
  height: bigint,
): Promise<Any[]> {
  const updates: Any[] = []
  const targets = [height]
  let trusted = trustedHeight
  let trustedSet = await source.validators(trusted + 1n)
  while (targets.length > 0) {
    const target = targets.at(-1) ?? height
    const block = await source.lightBlock(target)
    if (target > trusted + 1n && !isTrustedByOverlap(trustedSet, block)) {
      targets.push(trusted + (target - trusted) / 2n)
    } else {
      updates.push(headerAny(block, revisionNumber, trusted, trustedSet))
      targets.pop()
      trusted = target
      if (targets.length > 0) trustedSet = await source.validators(trusted + 1n)
    }
    if (updates.length + targets.length > HEADERS_MAX) {
      throw new RelayError(
        'client',
        'later',
        `more than ${HEADERS_MAX} headers between ${trustedHeight} and ${height}`,
      )
    }
  }
  return updates
}

/** Whether validators with more than a third of the trusted power signed the block. Trust level 1/3. */
export function isTrustedByOverlap(trustedSet: ValidatorSet, block: LightBlock): boolean {
  const signed = new Set<string>()
  for (const signature of block.signedHeader.commit?.signatures ?? []) {
    if ((signature.blockIdFlag as number) === FLAG_COMMIT) signed.add(toHex(signature.validatorAddress))
  }
  let power = 0n
  for (const validator of trustedSet.validators) {
    if (signed.has(toHex(validator.address))) power += validator.votingPower
  }
  return power * 3n > trustedSet.totalVotingPower
}

/**
 * Compares the header at `height` across all endpoints. Two different ones that are both signed are the
 * chain's equivocation (or an endpoint's fake, which the client will refuse): returns the evidence for the
 * first such pair.
 */
export async function findEquivocation(
  pool: CometPool,
  revisionNumber: bigint,
  clientId: string,
  trustedHeight: bigint,
  height: bigint,
): Promise<Any[]> {
  const blocks = await pool.callAll((client) => fetchLightBlock(client, height))
  const [first] = blocks
  const other = blocks.find((block) => !sameBlock(block, first))
  if (first === undefined || other === undefined) return []
  const trustedSet = await lightBlockSource(pool).validators(trustedHeight + 1n)
  const message = Misbehaviour.fromPartial({
    clientId, // deprecated upstream, and still required by ibc-go v10
    header1: header(first, revisionNumber, trustedHeight, trustedSet),
    header2: header(other, revisionNumber, trustedHeight, trustedSet),
  })
  return [{ typeUrl: MISBEHAVIOUR_TYPE, value: Misbehaviour.encode(message).finish() }]
}

function sameBlock(left: LightBlock, right: LightBlock | undefined): boolean {
  const hash = (block: LightBlock | undefined) =>
    block?.signedHeader.commit?.blockId?.hash ?? new Uint8Array()
  return equalBytes(hash(left), hash(right))
}

function headerAny(
  block: LightBlock,
  revisionNumber: bigint,
  trusted: bigint,
  trustedSet: ValidatorSet,
): Any {
  return {
    typeUrl: HEADER_TYPE,
    value: Header.encode(header(block, revisionNumber, trusted, trustedSet)).finish(),
  }
}

function header(
  block: LightBlock,
  revisionNumber: bigint,
  trusted: bigint,
  trustedSet: ValidatorSet,
): Header {
  return {
    signedHeader: block.signedHeader,
    validatorSet: block.validatorSet,
    trustedHeight: { revisionNumber, revisionHeight: trusted },
    trustedValidators: trustedSet,
  }
}
