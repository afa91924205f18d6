import { describe, expect, it } from 'vitest'
import { isProtocolError, toHex } from '@causeway/primitives'
import { forkAt } from '../consensus/forks.ts'
import { readBeaconChainJson, slotAtTime } from './read-spec.ts'

/** As a consensus client answers for mainnet, the members that count. */
const genesis = {
  data: {
    genesis_time: '1606824023',
    genesis_validators_root: '0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95',
    genesis_fork_version: '0x00000000',
  },
}
const spec = {
  data: {
    PRESET_BASE: 'mainnet',
    DEPOSIT_CHAIN_ID: '1',
    SECONDS_PER_SLOT: '12',
    SLOTS_PER_EPOCH: '32',
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: '256',
    SYNC_COMMITTEE_SIZE: '512',
    MIN_SYNC_COMMITTEE_PARTICIPANTS: '1',
    GENESIS_FORK_VERSION: '0x00000000',
    ALTAIR_FORK_VERSION: '0x01000000',
    ALTAIR_FORK_EPOCH: '74240',
    BELLATRIX_FORK_VERSION: '0x02000000',
    BELLATRIX_FORK_EPOCH: '144896',
    CAPELLA_FORK_VERSION: '0x03000000',
    CAPELLA_FORK_EPOCH: '194048',
    DENEB_FORK_VERSION: '0x04000000',
    DENEB_FORK_EPOCH: '269568',
    ELECTRA_FORK_VERSION: '0x05000000',
    ELECTRA_FORK_EPOCH: '364032',
    FULU_FORK_VERSION: '0x06000000',
    FULU_FORK_EPOCH: '411392',
    GLOAS_FORK_VERSION: '0x07000000',
    GLOAS_FORK_EPOCH: '18446744073709551615',
    EIP7441_FORK_VERSION: '0x08000000',
  },
}
const changed = (members: Record<string, unknown>) => ({ data: { ...spec.data, ...members } })

function refusal(genesisAnswer: unknown, specAnswer: unknown): string {
  try {
    readBeaconChainJson(genesisAnswer, specAnswer)
    return 'read'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code} ${error.message}`
  }
}

describe('the description of a beacon chain', () => {
  it('is that of mainnet', () => {
    const chain = readBeaconChainJson(genesis, spec)
    expect(chain.forks.map(({ name, epoch }) => `${name} ${epoch}`)).toEqual([
      ...['phase0 0', 'altair 74240', 'bellatrix 144896', 'capella 194048', 'deneb 269568'],
      ...['electra 364032', 'fulu 411392'],
    ])
    expect(toHex(forkAt(chain, 32n * 364032n).version)).toBe('05000000')
    expect(forkAt(chain, 32n * 364032n - 1n).name).toBe('deneb')
    expect(chain).toMatchObject({ slotsPerEpoch: 32n, syncCommitteeSize: 512, secondsPerSlot: 12n })
  })

  it('that begins with later forks has only the last of them', () => {
    const names = ['ALTAIR', 'BELLATRIX', 'CAPELLA']
    const atGenesis = changed(Object.fromEntries(names.map((name) => [`${name}_FORK_EPOCH`, '0'])))
    const { forks, chainId } = readBeaconChainJson(genesis, atGenesis)
    expect(forks.map(({ name }) => name)).toEqual(['capella', 'deneb', 'electra', 'fulu'])
    expect(chainId).toBe(1n)
  })

  it('gives the slot of an execution block', () => {
    const chain = readBeaconChainJson(genesis, spec)
    // Block 17034870, the first of Capella, was proposed in slot 6209536.
    expect(slotAtTime(chain, 1681338455n)).toBe(6209536n)
    expect(() => slotAtTime(chain, 1n)).toThrow('before the genesis')
  })

  it('may tell the length of a slot in milliseconds', () => {
    const newer = changed({ SECONDS_PER_SLOT: undefined, SLOT_DURATION_MS: '12000' })
    expect(readBeaconChainJson(genesis, newer).secondsPerSlot).toBe(12n)
    const odd = changed({ SECONDS_PER_SLOT: undefined, SLOT_DURATION_MS: '1500' })
    expect(refusal(genesis, odd)).toContain('ethereum/31')
  })

  it.each([
    ['no object', undefined, spec],
    ['no object', genesis, { data: [] }],
    ['genesis_time', { data: { ...genesis.data, genesis_time: '-1' } }, spec],
    ['genesis_validators_root', { data: { ...genesis.data, genesis_validators_root: '0x00' } }, spec],
    ['SLOTS_PER_EPOCH', genesis, changed({ SLOTS_PER_EPOCH: '0' })],
    ['SYNC_COMMITTEE_SIZE', genesis, changed({ SYNC_COMMITTEE_SIZE: '12' })],
    ['SYNC_COMMITTEE_SIZE', genesis, changed({ SYNC_COMMITTEE_SIZE: '16384' })],
    ['ALTAIR_FORK_EPOCH', genesis, changed({ ALTAIR_FORK_EPOCH: undefined })],
    ['ALTAIR_FORK_VERSION', genesis, changed({ ALTAIR_FORK_VERSION: '0x0100' })],
    ['SECONDS_PER_SLOT', genesis, changed({ SECONDS_PER_SLOT: '99999999999999999999999' })],
  ])('is refused: %s', (member, genesisAnswer, specAnswer) => {
    expect(refusal(genesisAnswer, specAnswer)).toMatch(/^ethereum\/31 /)
    expect(refusal(genesisAnswer, specAnswer)).toContain(member)
  })
})
