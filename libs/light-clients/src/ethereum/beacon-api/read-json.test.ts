import { ssz } from '@lodestar/types'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { BeaconChain, chainConfig } from '../beacon-chain.fixture.ts'
import type { ForkName } from '../consensus/forks.ts'
import { PRESETS } from '../consensus/forks.ts'
import { encodeLightClientBootstrap, encodeLightClientUpdate } from '../consensus/ssz-update.ts'
import type { BeaconJson } from './json-members.ts'
import { readBootstrapJson, readUpdateJson, readVersioned } from './read-json.ts'

interface LodestarType {
  deserialize(bytes: Uint8Array): unknown
  toJson(value: unknown): BeaconJson
}
/** The Beacon API's JSON of SSZ, by @lodestar/types. */
function jsonOf(fork: ForkName, name: string, bytes: Uint8Array): BeaconJson {
  const type = (ssz as unknown as Record<string, Record<string, LodestarType>>)[fork]![name]!
  return type.toJson(type.deserialize(bytes))
}

function mainnetChain(fork: ForkName): BeaconChain {
  return new BeaconChain({ ...chainConfig([[fork, 0n]]), ...PRESETS.mainnet })
}

describe.each(['altair', 'capella', 'electra', 'gloas'] as const)('%s', (fork) => {
  const chain = mainnetChain(fork)
  const update = chain.update({ attestedSlot: 90n, finalizedSlot: 72n, withNextCommittee: true })

  it('updates read from JSON are those read from SSZ', () => {
    const json = jsonOf(
      fork,
      'LightClientUpdate',
      encodeLightClientUpdate('LightClientUpdate', update, fork, chain.config),
    )
    expect(readUpdateJson(json)).toEqual(update)
  })

  it('finality and optimistic updates lack what they lack', () => {
    const final = { ...update, nextSyncCommittee: undefined, nextSyncCommitteeBranch: [] }
    const kinds = [
      ['LightClientFinalityUpdate', final],
      ['LightClientOptimisticUpdate', { ...final, finalizedHeader: undefined, finalityBranch: [] }],
    ] as const
    for (const [kind, expected] of kinds) {
      const json = jsonOf(fork, kind, encodeLightClientUpdate(kind, update, fork, chain.config))
      expect(readUpdateJson(json)).toEqual(expected)
    }
  })

  it('bootstraps do too', () => {
    const bootstrap = chain.bootstrap(64n)
    const bytes = encodeLightClientBootstrap(bootstrap, fork, chain.config)
    expect(readBootstrapJson(jsonOf(fork, 'LightClientBootstrap', bytes))).toEqual(bootstrap)
  })
})

describe('a finalised header from before Capella in an update of Capella', () => {
  it('reads as one without execution data', () => {
    const forks = [
      ['bellatrix', 0n],
      ['capella', 3n],
    ] as const
    const chain = new BeaconChain({ ...chainConfig(forks), ...PRESETS.mainnet })
    const update = chain.update({ attestedSlot: 100n, finalizedSlot: 72n, withNextCommittee: true })
    const bytes = encodeLightClientUpdate('LightClientUpdate', update, 'capella', chain.config)
    const json = jsonOf('capella', 'LightClientUpdate', bytes)
    expect((json.finalized_header as BeaconJson).execution).toBeDefined()
    expect(readUpdateJson(json)).toEqual(update)
  })
})

describe('malformed JSON', () => {
  const chain = mainnetChain('electra')
  const update = chain.update({ attestedSlot: 90n })
  const bytes = encodeLightClientUpdate('LightClientOptimisticUpdate', update, 'electra', chain.config)
  const json = jsonOf('electra', 'LightClientOptimisticUpdate', bytes)
  const header = json.attested_header as BeaconJson
  const changed = (part: 'beacon' | 'execution', member: string, value: unknown) =>
    codeOf(() =>
      readUpdateJson({
        ...json,
        attested_header: { ...header, [part]: { ...(header[part] as object), [member]: value } },
      }),
    )

  it.each<['beacon' | 'execution', string, unknown]>([
    ['beacon', 'slot', '-1'],
    ['beacon', 'slot', '1.5'],
    ['beacon', 'slot', 1.5],
    ['beacon', 'slot', '18446744073709551616'],
    ['beacon', 'slot', undefined],
    ['beacon', 'state_root', '0x00'],
    ['beacon', 'state_root', '00'.repeat(32)],
    ['beacon', 'state_root', '0xzz'],
    ['beacon', 'state_root', 5],
    ['execution', 'base_fee_per_gas', '1'.repeat(79)],
    ['execution', 'base_fee_per_gas', (2n ** 256n).toString()],
    ['execution', 'extra_data', `0x${'00'.repeat(33)}`],
    ['execution', 'extra_data', `0x${'00'.repeat(300)}`],
    ['execution', 'logs_bloom', '0x'],
  ])('%s.%s = %s is refused', (part, member, value) => {
    expect(changed(part, member, value)).toBe('ethereum/31')
  })

  it('of other shapes is refused', () => {
    expect(codeOf(() => readUpdateJson({}))).toBe('ethereum/31')
    expect(codeOf(() => readUpdateJson({ ...json, attested_header: [] }))).toBe('ethereum/31')
    expect(codeOf(() => readUpdateJson({ ...json, finality_branch: 'x' }))).toBe('ethereum/31')
    expect(codeOf(() => readUpdateJson({ ...json, finality_branch: Array(33).fill('0x') }))).toBe(
      'ethereum/31',
    )
    expect(codeOf(() => readUpdateJson({ ...json, finality_branch: ['0x00'] }))).toBe('ethereum/31')
    expect(codeOf(() => readVersioned(null))).toBe('ethereum/31')
    expect(codeOf(() => readVersioned({ version: 'frontier', data: {} }))).toBe('ethereum/31')
    expect(readVersioned({ version: 'electra', data: json }).fork).toBe('electra')
  })
})
