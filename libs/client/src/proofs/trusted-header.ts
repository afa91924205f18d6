// From a header that somebody trusts to a newer one: 07-tendermint's light client, with bisection where the
// validators have changed too much to skip so far.
import { fromNanoseconds, toNanoseconds } from '@causeway/light-clients/tendermint/timestamps'
import { hashHeader } from '@causeway/light-clients/tendermint/hashes'
import { createSignatureVerifier } from '@causeway/light-clients/tendermint/signatures'
import { hashValidatorSet } from '@causeway/light-clients/tendermint/validator-set-hash'
import { verifyHeader } from '@causeway/light-clients/tendermint/verify-header'
import { equalBytes, fromHex, isProtocolError, toHexUpper } from '@causeway/primitives'
import type { Header } from '@causeway/protocol/tendermint/types/types'
import { errors, isClientError } from '../errors.ts'
import type { Hub } from '../transactions/hub.ts'
import { readSignedHeader, readValidators } from './signed-header.ts'

/**
 * A header that is trusted: from a friend, an explorer, or an earlier verification. Never from the same
 * node alone.
 */
export interface Trust {
  readonly height: string
  /** Hash of the block's header, hex. */
  readonly hash: string
  /** How long its validators are believed, below the chain's unbonding time. Default 14 days. */
  readonly periodSeconds?: number
}

/** A header that trust has reached. */
export interface VerifiedHeader {
  readonly header: Header
  /** Trust for the next time. */
  readonly trust: Trust
}

const PERIOD_SECONDS = 14 * 86_400
const DRIFT_NANOSECONDS = 10_000_000_000n
const TOO_FAR = 45
const STEPS_MAX = 64
const SECOND = 1_000_000_000n
const verifySignatures = createSignatureVerifier()

/** Brings trust to a height. Throws `client/61` when the node's headers don't follow from the trusted one. */
export async function verifyUpTo(hub: Hub, trust: Trust, height: bigint): Promise<VerifiedHeader> {
  const { periodSeconds = PERIOD_SECONDS } = trust
  let trusted = await trustedHeader(hub, trust)
  if (trusted.height > height) {
    throw errors.badArgument({ name: 'trust', expected: `a header not above height ${height}` })
  }
  let goal = height
  for (let steps = 0; trusted.height < height; steps++) {
    if (steps > STEPS_MAX) throw unproven(height, 'too many headers lie between')
    const next = await accept(hub, trusted, goal, periodSeconds)
    if (next === undefined) {
      goal = trusted.height + (goal - trusted.height) / 2n
      if (goal === trusted.height) throw unproven(height, 'its validators are strangers')
    } else {
      trusted = next
      goal = height
    }
  }
  const hash = toHexUpper(hashHeader(trusted))
  return { header: trusted, trust: { height: trusted.height.toString(), hash, periodSeconds } }
}

async function trustedHeader(hub: Hub, { height, hash }: Trust): Promise<Header> {
  const isTrust = /^[1-9][0-9]{0,18}$/.test(height) && /^[0-9a-fA-F]{64}$/.test(hash)
  if (!isTrust) throw errors.badArgument({ name: 'trust', expected: 'a height and a hash of 64 hex digits' })
  const { header } = await readSignedHeader(hub.rpc, BigInt(height))
  const isThat = header.height === BigInt(height) && header.chainId === hub.chainId
  if (!isThat || !equalBytes(hashHeader(header), fromHex(hash.toLowerCase()))) {
    throw unproven(BigInt(height), 'the node’s header has another hash than the trusted one')
  }
  return header
}

/** The header of a height, if trust reaches it at once; nothing when it has to go by a header in between. */
async function accept(
  hub: Hub,
  trusted: Header,
  height: bigint,
  periodSeconds: number,
): Promise<Header | undefined> {
  const [signedHeader, validators, trustedValidators] = await Promise.all([
    readSignedHeader(hub.rpc, height),
    readValidators(hub.rpc, height),
    readValidators(hub.rpc, trusted.height + 1n),
  ])
  const basis = {
    chainId: hub.chainId,
    height: trusted.height,
    timeNanoseconds: toNanoseconds(trusted.time ?? fromNanoseconds(0n)),
    nextValidatorsHash: trusted.nextValidatorsHash,
  }
  try {
    if (!equalBytes(hashValidatorSet(trustedValidators), trusted.nextValidatorsHash)) {
      throw unproven(height, 'the validators are not those that the trusted header announces')
    }
    verifyHeader(
      basis,
      trustedValidators,
      { signedHeader, validators },
      BigInt(Math.floor(hub.clock.now())) * 1_000_000n,
      {
        trustLevel: { numerator: 1n, denominator: 3n },
        trustingPeriodNanoseconds: BigInt(periodSeconds) * SECOND,
        maxClockDriftNanoseconds: DRIFT_NANOSECONDS,
        verifySignatures,
      },
    )
  } catch (error) {
    if (isClientError(error) || !isProtocolError(error)) throw error
    if (error.codespace === '07-tendermint' && error.code === TOO_FAR) return undefined
    throw unproven(height, error.message)
  }
  if (signedHeader.header.height !== height) throw unproven(height, 'the node gave another height')
  return signedHeader.header
}

function unproven(height: bigint, reason: string) {
  return errors.unproven({ what: `header ${height}`, reason })
}
