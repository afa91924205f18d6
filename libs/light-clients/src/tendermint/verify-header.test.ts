import { describe, expect, it } from 'vitest'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { Header } from '@causeway/protocol/tendermint/types/types'
import { isProtocolError } from '@causeway/primitives'
import {
  CHAIN_ID,
  GENESIS_NANOSECONDS,
  SECOND,
  equalSet,
  exampleCommit,
  exampleHeader,
  exampleSet,
} from './example-chain.fixture.ts'
import { createNativeSignatureVerifier } from './native-signatures.ts'
import { fromNanoseconds } from './timestamps.ts'
import { hashValidatorSet } from './validator-set-hash.ts'
import { verifyHeader, type TrustOptions, type TrustedHeader, type UntrustedHeader } from './verify-header.ts'

const verifySignatures = createNativeSignatureVerifier()
const set = equalSet(6)
const trusted: TrustedHeader = {
  chainId: CHAIN_ID,
  height: 10n,
  timeNanoseconds: GENESIS_NANOSECONDS + 10n * SECOND,
  nextValidatorsHash: hashValidatorSet(set),
}
const options: TrustOptions = {
  trustLevel: { numerator: 1n, denominator: 3n },
  trustingPeriodNanoseconds: 1000n * SECOND,
  maxClockDriftNanoseconds: 5n * SECOND,
  verifySignatures,
}
const NOW = GENESIS_NANOSECONDS + 100n * SECOND

interface Attempt {
  header?: Header
  own?: ValidatorSet
  untrusted?: Partial<UntrustedHeader>
  now?: bigint
  from?: TrustedHeader
  trustedSet?: ValidatorSet
}

function verdict({
  header = exampleHeader(11n, set),
  own = set,
  untrusted,
  now = NOW,
  from = trusted,
  trustedSet = set,
}: Attempt) {
  try {
    const complete = {
      signedHeader: { header, commit: exampleCommit(header, own) },
      validators: own,
      ...untrusted,
    }
    verifyHeader(from, trustedSet, complete, now, options)
    return 'accepted'
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
}

describe('verifyHeader', () => {
  it('accepts the next header and any later one', () => {
    for (const height of [11n, 12n, 50n])
      expect(verdict({ header: exampleHeader(height, set) })).toBe('accepted')
  })

  it('refuses heights at or below the trusted one', () => {
    for (const height of [10n, 9n, 1n]) {
      const header = exampleHeader(height, set, set, {
        time: fromNanoseconds(GENESIS_NANOSECONDS + 11n * SECOND),
      })
      expect(verdict({ header })).toBe('07-tendermint/5')
    }
  })

  it('refuses when the trusted header has expired: at the very nanosecond', () => {
    const expires = trusted.timeNanoseconds + options.trustingPeriodNanoseconds
    expect(verdict({ now: expires - 1n })).toBe('accepted')
    expect(verdict({ now: expires })).toBe('07-tendermint/11')
    expect(verdict({ now: expires + 1n })).toBe('07-tendermint/11')
  })

  it('refuses a header from the future: at the drift’s very nanosecond', () => {
    const limit = NOW + options.maxClockDriftNanoseconds
    const at = (time: bigint) =>
      verdict({ header: exampleHeader(11n, set, set, { time: fromNanoseconds(time) }) })
    expect(at(limit - 1n)).toBe('accepted')
    expect(at(limit)).toBe('07-tendermint/31')
  })

  it('refuses a time that does not go on', () => {
    const at = (time: bigint) =>
      verdict({ header: exampleHeader(11n, set, set, { time: fromNanoseconds(time) }) })
    expect(at(trusted.timeNanoseconds)).toBe('07-tendermint/30')
    expect(at(trusted.timeNanoseconds - 1n)).toBe('07-tendermint/30')
    expect(at(trusted.timeNanoseconds + 1n)).toBe('accepted')
  })

  it('refuses another chain, and a validator set that is not the header’s', () => {
    expect(verdict({ header: exampleHeader(11n, set, set, { chainId: 'zone-2' }) })).toBe('07-tendermint/33')
    const other = exampleSet({ mallory: 100n })
    expect(verdict({ untrusted: { validators: other } })).toBe('07-tendermint/32')
  })

  it('the next height takes the announced validators and no others', () => {
    const other = equalSet(6, 1n, 1)
    expect(verdict({ header: exampleHeader(11n, other), own: other })).toBe('07-tendermint/35')
    const announced = { ...trusted, nextValidatorsHash: hashValidatorSet(other) }
    expect(verdict({ header: exampleHeader(11n, other), own: other, from: announced })).toBe('accepted')
  })

  it('skipping wants more than a third of the trusted validators: exactly a third is refused', () => {
    const overlap = (kept: number) => {
      const own = equalSet(6, 1n, 6 - kept)
      return verdict({ header: exampleHeader(30n, own), own })
    }
    expect(overlap(0)).toBe('07-tendermint/45')
    expect(overlap(2)).toBe('07-tendermint/45')
    expect(overlap(3)).toBe('accepted')
  })

  it('the threshold is counted over the right sets (Ronin): strangers’ power is no trust', () => {
    const own = exampleSet({ 'validator 0': 1n, mallory: 1000n })
    expect(verdict({ header: exampleHeader(30n, own), own })).toBe('07-tendermint/45')
  })

  it('its own validators must have committed it, however much is trusted', () => {
    const header = exampleHeader(30n, set)
    const commit = exampleCommit(header, set, (i) => i < 4)
    expect(verdict({ untrusted: { signedHeader: { header, commit } } })).toBe('07-tendermint/44')
  })

  it('a commit for another header', () => {
    const header = exampleHeader(11n, set)
    const commit = exampleCommit(exampleHeader(11n, set, set, { appHash: new Uint8Array(32) }), set)
    expect(verdict({ untrusted: { signedHeader: { header, commit } } })).toBe('07-tendermint/34')
    const forged = { ...header, appHash: new Uint8Array(32) }
    expect(
      verdict({ untrusted: { signedHeader: { header: forged, commit: exampleCommit(header, set) } } }),
    ).toBe('07-tendermint/34')
  })

  it('a commit that does not fit its validators is wrong, not merely too little trusted', () => {
    const own = exampleSet({ mallory: 10n, mallet: 10n })
    const header = exampleHeader(30n, own)
    const commit = exampleCommit(header, own)
    const cut = { ...commit, signatures: commit.signatures.slice(1) }
    expect(verdict({ own, untrusted: { signedHeader: { header, commit: cut }, validators: own } })).toBe(
      '07-tendermint/40',
    )
  })
})
