import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import {
  BeaconChain,
  chainConfig,
  syncCommittee,
  verifyNatively,
  type UpdateWish,
} from '../beacon-chain.fixture.ts'
import type { LightClientUpdate } from './containers.ts'
import type { ForkName } from './forks.ts'
import type { TrustedState } from './validate-update.ts'
import { validateLightClientUpdate, validateUpdateProofs } from './validate-update.ts'

const FAR = 1_000_000n
const chain = new BeaconChain()
const { config } = chain
const wish: UpdateWish = { attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true }

/** At slot 66, period 1 of 64 slots each; the next committee is known unless a test says otherwise. */
function trusted(change: Partial<TrustedState> = {}): TrustedState {
  return {
    finalizedSlot: 66n,
    currentSyncCommittee: syncCommittee(config, 1n),
    nextSyncCommittee: syncCommittee(config, 2n),
    ...change,
  }
}

function verdict(update: LightClientUpdate, state = trusted(), currentSlot = FAR, on = config): string {
  return codeOf(() => validateLightClientUpdate(on, state, update, currentSlot, verifyNatively))
}

/** Flips one bit of the node at `index`. */
function flipped(branch: readonly Uint8Array[], index: number): Uint8Array[] {
  return branch.map((node, i) => (i === index ? node.map((byte, at) => (at === 31 ? byte ^ 1 : byte)) : node))
}

describe('an honest update', () => {
  it('is accepted with next committee, with finality only, and with neither', () => {
    expect(verdict(chain.update(wish))).toBe('accepted')
    expect(verdict(chain.update({ ...wish, withNextCommittee: false }))).toBe('accepted')
    expect(verdict(chain.update({ attestedSlot: 90n }))).toBe('accepted')
  })

  it.each<ForkName>(['altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu', 'gloas', 'heze'])(
    'is accepted in %s',
    (fork) => {
      const forked = new BeaconChain(chainConfig([[fork, 0n]]))
      expect(verdict(forked.update(wish), trusted(), FAR, forked.config)).toBe('accepted')
    },
  )

  it('is accepted over a fork: finalised before, attested after', () => {
    for (const [older, newer] of [
      ['bellatrix', 'capella'],
      ['capella', 'deneb'],
      ['deneb', 'electra'],
      ['electra', 'fulu'],
    ] as const) {
      const forked = new BeaconChain(
        chainConfig([
          [older, 0n],
          [newer, 10n],
        ]),
      )
      expect(verdict(forked.update(wish), trusted(), FAR, forked.config), newer).toBe('accepted')
    }
  })

  it('may be signed in the next period when its committee is known', () => {
    const next = chain.update({ attestedSlot: 127n, finalizedSlot: 104n, signatureSlot: 128n })
    expect(verdict(next)).toBe('accepted')
    expect(verdict(next, trusted({ nextSyncCommittee: undefined }))).toBe('ethereum/23')
  })
})

describe('participation', () => {
  it('needs the least that the preset asks for', () => {
    expect(verdict(chain.update({ ...wish, participants: 1 }))).toBe('accepted')
    expect(
      verdict({
        ...chain.update(wish),
        syncAggregate: chain.update({ ...wish, participants: 1 }).syncAggregate,
      }),
    ).toBe('accepted')
    const nobody = { syncCommitteeBits: new Uint8Array(4), syncCommitteeSignature: infinity(96) }
    expect(verdict({ ...chain.update(wish), syncAggregate: nobody })).toBe('ethereum/20')
  })
})

describe('slots', () => {
  it('must be in order: current ≥ signature > attested ≥ finalised', () => {
    expect(verdict(chain.update(wish), trusted(), 91n)).toBe('accepted')
    expect(verdict(chain.update(wish), trusted(), 90n)).toBe('ethereum/22')
    expect(verdict(chain.update({ ...wish, signatureSlot: 90n }))).toBe('ethereum/22')
    expect(verdict(chain.update({ ...wish, finalizedSlot: 91n }))).toBe('ethereum/22')
    expect(verdict(chain.update({ ...wish, finalizedSlot: 90n }))).toBe('accepted')
  })

  it('may not skip a period, nor go back', () => {
    expect(verdict(chain.update({ attestedSlot: 193n, finalizedSlot: 170n }))).toBe('ethereum/23')
    expect(verdict(chain.update({ attestedSlot: 40n, finalizedSlot: 24n }))).toBe('ethereum/23')
  })

  it('an older update is no news, unless it brings the committee that is missing', () => {
    const older: UpdateWish = {
      attestedSlot: 65n,
      finalizedSlot: 64n,
      signatureSlot: 67n,
      withNextCommittee: true,
    }
    expect(verdict(chain.update(older))).toBe('ethereum/24')
    expect(verdict(chain.update(older), trusted({ nextSyncCommittee: undefined }))).toBe('accepted')
    const without = chain.update({ ...older, withNextCommittee: false })
    expect(verdict(without, trusted({ nextSyncCommittee: undefined }))).toBe('ethereum/24')
    expect(verdict(chain.update({ ...older, attestedSlot: 66n }))).toBe('ethereum/24')
  })
})

describe('headers', () => {
  it('with a forged execution root are refused', () => {
    const update = chain.update(wish)
    for (const which of ['attestedHeader', 'finalizedHeader'] as const) {
      const header = update[which]!
      const execution = { ...header.execution!, stateRoot: new Uint8Array(32).fill(1) }
      expect(verdict({ ...update, [which]: { ...header, execution } }), which).toBe('ethereum/21')
    }
  })

  it('with another beacon header are refused: not what was signed, not what is final', () => {
    const update = chain.update(wish)
    const attested = {
      ...update.attestedHeader,
      beacon: { ...update.attestedHeader.beacon, proposerIndex: 99n },
    }
    expect(verdict({ ...update, attestedHeader: attested })).toBe('ethereum/27')
    const finalized = {
      ...update.finalizedHeader!,
      beacon: { ...update.finalizedHeader!.beacon, proposerIndex: 99n },
    }
    expect(verdict({ ...update, finalizedHeader: finalized })).toBe('ethereum/25')
  })
})

describe('finality', () => {
  it('with a bit flipped anywhere in its branch is refused', () => {
    const update = chain.update(wish)
    for (let i = 0; i < update.finalityBranch.length; i++) {
      expect(verdict({ ...update, finalityBranch: flipped(update.finalityBranch, i) }), `${i}`).toBe(
        'ethereum/25',
      )
    }
  })

  it('needs branch and header together', () => {
    const update = chain.update(wish)
    expect(verdict({ ...update, finalityBranch: [] })).toBe('ethereum/25')
    expect(verdict({ ...update, finalizedHeader: undefined })).toBe('ethereum/25')
    expect(verdict({ ...update, finalityBranch: update.finalityBranch.slice(1) })).toBe('ethereum/25')
  })

  it('of a branch that begins with anything but zeros beyond its depth is refused', () => {
    const update = chain.update(wish)
    const zeros = new Uint8Array(32)
    expect(verdict({ ...update, finalityBranch: [zeros, ...update.finalityBranch] })).toBe('accepted')
    expect(verdict({ ...update, finalityBranch: [zeros.fill(1), ...update.finalityBranch] })).toBe(
      'ethereum/25',
    )
  })

  it('of genesis has no header', () => {
    const update = chain.update({ ...wish, finalizedSlot: 0n })
    expect(verdict(update)).toBe('ethereum/25')
  })
})

describe('the next committee', () => {
  it('must be the one that the attested state names', () => {
    const update = chain.update(wish)
    const unknown = trusted({ nextSyncCommittee: undefined })
    expect(verdict(update, unknown)).toBe('accepted')
    expect(verdict({ ...update, nextSyncCommittee: syncCommittee(config, 3n) }, unknown)).toBe('ethereum/26')
    const { pubkeys } = update.nextSyncCommittee!
    const swapped = pubkeys.slice()
    swapped.set(pubkeys.subarray(48, 96), 0)
    swapped.set(pubkeys.subarray(0, 48), 48)
    const nextSyncCommittee = { ...update.nextSyncCommittee!, pubkeys: swapped }
    expect(verdict({ ...update, nextSyncCommittee }, unknown)).toBe('ethereum/26')
    for (let i = 0; i < update.nextSyncCommitteeBranch.length; i++) {
      const nextSyncCommitteeBranch = flipped(update.nextSyncCommitteeBranch, i)
      expect(verdict({ ...update, nextSyncCommitteeBranch }, unknown)).toBe('ethereum/26')
    }
  })

  it('must be the known one, for the period that it is known for', () => {
    const other = chain.update({ ...wish, nextCommittee: syncCommittee(config, 9n) })
    expect(verdict(other)).toBe('ethereum/26')
    expect(verdict(other, trusted({ nextSyncCommittee: undefined }))).toBe('accepted')
    const later = chain.update({ attestedSlot: 140n, finalizedSlot: 130n, withNextCommittee: true })
    expect(verdict(later)).toBe('accepted')
  })

  it('needs branch and committee together', () => {
    const update = chain.update(wish)
    expect(verdict({ ...update, nextSyncCommittee: undefined })).toBe('ethereum/26')
    expect(verdict({ ...update, nextSyncCommitteeBranch: [] })).toBe('ethereum/26')
  })
})

describe('the signature', () => {
  it('binds fork version, network and header', () => {
    expect(verdict(chain.update({ ...wish, signedVersion: Uint8Array.of(9, 9, 9, 9) }))).toBe('ethereum/27')
    expect(verdict(chain.update({ ...wish, signedGenesisRoot: new Uint8Array(32) }))).toBe('ethereum/27')
    const update = chain.update(wish)
    const { syncAggregate } = chain.update({ ...wish, attestedSlot: 89n, signatureSlot: 91n })
    expect(verdict({ ...update, syncAggregate })).toBe('ethereum/27')
  })

  it('is by the fork of the slot before: at the first slot of a fork still the older one', () => {
    const forked = new BeaconChain(
      chainConfig([
        ['electra', 0n],
        ['fulu', 11n],
      ]),
    )
    const [electra, fulu] = forked.config.forks
    const update: UpdateWish = { attestedSlot: 87n, finalizedSlot: 72n, signatureSlot: 88n }
    const judge = (more: Partial<UpdateWish>) =>
      verdict(forked.update({ ...update, ...more }), trusted(), FAR, forked.config)
    expect(judge({ signedVersion: electra!.version })).toBe('accepted')
    expect(judge({ signedVersion: fulu!.version })).toBe('ethereum/27')
    expect(judge({ signatureSlot: 89n, signedVersion: fulu!.version })).toBe('accepted')
    expect(judge({ signatureSlot: 89n, signedVersion: electra!.version })).toBe('ethereum/27')
  })

  it('is by the committee of its period: a swapped committee is refused', () => {
    expect(verdict(chain.update({ ...wish, signingPeriod: 2n }))).toBe('ethereum/27')
    expect(verdict(chain.update(wish), trusted({ currentSyncCommittee: syncCommittee(config, 2n) }))).toBe(
      'ethereum/27',
    )
  })

  it('counts exactly who the bits name', () => {
    const update = chain.update({ ...wish, participants: 31 })
    const bits = update.syncAggregate.syncCommitteeBits.slice()
    bits[3]! |= 0x80
    expect(verdict({ ...update, syncAggregate: { ...update.syncAggregate, syncCommitteeBits: bits } })).toBe(
      'ethereum/27',
    )
    bits[3] = 0x3f
    expect(verdict({ ...update, syncAggregate: { ...update.syncAggregate, syncCommitteeBits: bits } })).toBe(
      'ethereum/27',
    )
  })

  it('at infinity, cut off, or of no point is refused', () => {
    const update = chain.update(wish)
    const { syncCommitteeBits, syncCommitteeSignature } = update.syncAggregate
    for (const signature of [
      infinity(96),
      syncCommitteeSignature.subarray(0, 95),
      new Uint8Array(96).fill(0xff),
    ]) {
      const syncAggregate = { syncCommitteeBits, syncCommitteeSignature: signature }
      expect(verdict({ ...update, syncAggregate })).toBe('ethereum/27')
    }
  })

  it('of a committee that holds the key at infinity is refused as soon as that member signs', () => {
    const pubkeys = syncCommittee(config, 1n).pubkeys.slice()
    pubkeys.set(infinity(48), 31 * 48)
    const state = trusted({ currentSyncCommittee: { ...syncCommittee(config, 1n), pubkeys } })
    expect(verdict(chain.update(wish), state)).toBe('ethereum/27')
    expect(verdict(chain.update({ ...wish, participants: 31 }), state)).toBe('accepted')
  })

  it('of a committee that holds a key twice counts it twice', () => {
    const pubkeys = syncCommittee(config, 1n).pubkeys.slice()
    pubkeys.copyWithin(48, 0, 48)
    const state = trusted({ currentSyncCommittee: { ...syncCommittee(config, 1n), pubkeys } })
    expect(verdict(chain.update({ ...wish, participants: 1 }), state)).toBe('accepted')
    // Member 1 is member 0 again: one signature does not stand for two.
    expect(verdict(chain.update({ ...wish, participants: 2 }), state)).toBe('ethereum/27')
  })
})

describe('an update as evidence', () => {
  const judge = (update: LightClientUpdate, period = 1n) =>
    codeOf(() => validateUpdateProofs(config, syncCommittee(config, period), update, FAR, verifyNatively))

  it('is judged by its own period, whatever is news', () => {
    expect(judge(chain.update({ attestedSlot: 65n, finalizedSlot: 64n }))).toBe('accepted')
    expect(judge(chain.update(wish), 2n)).toBe('ethereum/27')
    expect(judge({ ...chain.update(wish), finalityBranch: [] })).toBe('ethereum/25')
    expect(judge({ ...chain.update(wish), nextSyncCommittee: syncCommittee(config, 5n) })).toBe('ethereum/26')
  })
})

function infinity(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xc0 : 0))
}
