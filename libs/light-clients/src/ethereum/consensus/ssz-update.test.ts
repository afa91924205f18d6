import { ssz } from '@lodestar/types'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { BeaconChain, chainConfig, syncCommittee, verifyNatively } from '../beacon-chain.fixture.ts'
import type { ForkName } from './forks.ts'
import { PRESETS } from './forks.ts'
import {
  decodeLightClientBootstrap,
  decodeLightClientUpdate,
  encodeLightClientBootstrap,
  encodeLightClientUpdate,
  type UpdateKind,
} from './ssz-update.ts'
import { validateUpdateProofs } from './validate-update.ts'

const FORKS = ['altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu', 'gloas'] as const
const KINDS: UpdateKind[] = ['LightClientUpdate', 'LightClientFinalityUpdate', 'LightClientOptimisticUpdate']

interface LodestarType {
  deserialize(bytes: Uint8Array): unknown
  serialize(value: unknown): Uint8Array
  defaultValue(): unknown
}
/** @lodestar/types in this process has the mainnet preset. */
function lodestar(fork: ForkName, name: string): LodestarType {
  return (ssz as unknown as Record<string, Record<string, LodestarType>>)[fork]![name]!
}
function mainnetChain(fork: ForkName): BeaconChain {
  return new BeaconChain({ ...chainConfig([[fork, 0n]]), ...PRESETS.mainnet })
}

describe.each(FORKS)('%s', (fork) => {
  const chain = mainnetChain(fork)
  const { config } = chain
  const update = chain.update({ attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true })

  it('updates are the bytes that @lodestar/types reads and writes', () => {
    for (const kind of KINDS) {
      const bytes = encodeLightClientUpdate(kind, update, fork, config)
      const type = lodestar(fork, kind)
      expect(new Uint8Array(type.serialize(type.deserialize(bytes))), kind).toEqual(bytes)
      const read = decodeLightClientUpdate(kind, bytes, fork, config)
      expect(encodeLightClientUpdate(kind, read, fork, config), kind).toEqual(bytes)
    }
  })

  it('bootstraps are too', () => {
    const bootstrap = chain.bootstrap(64n)
    const bytes = encodeLightClientBootstrap(bootstrap, fork, config)
    const type = lodestar(fork, 'LightClientBootstrap')
    expect(new Uint8Array(type.serialize(type.deserialize(bytes)))).toEqual(bytes)
    expect(decodeLightClientBootstrap(bytes, fork, config)).toEqual(bootstrap)
  })

  it('defaults are what is absent', () => {
    const bytes = encodeLightClientUpdate('LightClientUpdate', update, fork, config)
    expect(decodeLightClientUpdate('LightClientUpdate', bytes, fork, config)).toEqual(update)
    const bare = { ...update, nextSyncCommittee: undefined, nextSyncCommitteeBranch: [] }
    const empty = { ...bare, finalizedHeader: undefined, finalityBranch: [] }
    const encoded = encodeLightClientUpdate('LightClientUpdate', empty, fork, config)
    expect(decodeLightClientUpdate('LightClientUpdate', encoded, fork, config)).toEqual(empty)
    const type = lodestar(fork, 'LightClientUpdate')
    const other = type.deserialize(encoded) as { finalizedHeader: unknown }
    const none = type.defaultValue() as { finalizedHeader: unknown }
    expect(other.finalizedHeader).toEqual(none.finalizedHeader)
  })

  it('bytes too few, too many or with wrong offsets are refused', () => {
    const bytes = encodeLightClientUpdate('LightClientOptimisticUpdate', update, fork, config)
    const judge = (changed: Uint8Array) =>
      codeOf(() => decodeLightClientUpdate('LightClientOptimisticUpdate', changed, fork, config))
    expect(judge(bytes)).toBe('accepted')
    expect(judge(new Uint8Array(0))).toBe('ethereum/30')
    expect(judge(bytes.subarray(0, 60))).toBe('ethereum/30')
    const isVariable = ['capella', 'deneb', 'electra', 'fulu'].includes(fork)
    if (!isVariable) {
      expect(judge(Uint8Array.of(...bytes, 0))).toBe('ethereum/30')
      return
    }
    // The payload's extra data are last and at most 32 bytes.
    expect(judge(Uint8Array.of(...bytes, ...new Uint8Array(28)))).toBe('ethereum/30')
    for (const offset of [0, 1, 255]) expect(judge(bytes.with(0, offset))).toBe('ethereum/30')
    expect(judge(bytes.with(3, 1))).toBe('ethereum/30')
  })
})

describe('a finalised header from before Capella in a later fork', () => {
  const forks = [
    ['bellatrix', 0n],
    ['capella', 10n],
    ['deneb', 12n],
  ] as const
  const chain = new BeaconChain(chainConfig(forks))

  it.each([
    ['capella', 88n],
    ['deneb', 98n],
  ] as const)('of %s has no execution data, though the type has', (fork, attestedSlot) => {
    const update = chain.update({ attestedSlot, finalizedSlot: 72n, withNextCommittee: true })
    const bytes = encodeLightClientUpdate('LightClientUpdate', update, fork, chain.config)
    const read = decodeLightClientUpdate('LightClientUpdate', bytes, fork, chain.config)
    expect(read).toEqual(update)
    const committee = syncCommittee(chain.config, 1n)
    validateUpdateProofs(chain.config, committee, read, attestedSlot + 1n, verifyNatively)
  })

  it('is refused when it has some', () => {
    const update = chain.update({ attestedSlot: 88n, finalizedSlot: 72n })
    const { execution } = update.attestedHeader
    const finalizedHeader = { ...update.finalizedHeader!, execution }
    const bytes = encodeLightClientUpdate(
      'LightClientFinalityUpdate',
      { ...update, finalizedHeader },
      'capella',
      chain.config,
    )
    const read = decodeLightClientUpdate('LightClientFinalityUpdate', bytes, 'capella', chain.config)
    const committee = syncCommittee(chain.config, 1n)
    const attempt = () => validateUpdateProofs(chain.config, committee, read, 89n, verifyNatively)
    expect(codeOf(attempt)).toBe('ethereum/21')
  })
})

describe('a header that is the default value', () => {
  it('is none: an update attests to something, a bootstrap begins with something', () => {
    for (const fork of FORKS) {
      const { config } = mainnetChain(fork)
      for (const kind of [...KINDS, 'LightClientBootstrap' as const]) {
        const type = lodestar(fork, kind)
        const bytes = new Uint8Array(type.serialize(type.defaultValue()))
        const attempt = () =>
          kind === 'LightClientBootstrap'
            ? decodeLightClientBootstrap(bytes, fork, config)
            : decodeLightClientUpdate(kind, bytes, fork, config)
        expect(codeOf(attempt), `${fork} ${kind}`).toBe('ethereum/30')
      }
    }
  })
})
