import { ssz } from '@lodestar/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Concat } from '@causeway/primitives'
import type { BeaconBlockHeader, ExecutionPayloadHeader } from './containers.ts'
import { hashPairs } from './hash-pairs.ts'
import {
  beaconBlockHeaderRoot,
  equalCommittees,
  executionPayloadHeaderRoot,
  syncCommitteeRoot,
  syncCommitteeSigningRoot,
} from './hash-tree-root.ts'

/* Against @lodestar/types, another implementation; its preset is mainnet's. */

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n })
const beaconHeader: fc.Arbitrary<BeaconBlockHeader> = fc.record({
  slot: uint64,
  proposerIndex: uint64,
  parentRoot: bytes(32),
  stateRoot: bytes(32),
  bodyRoot: bytes(32),
})
const executionHeader: fc.Arbitrary<ExecutionPayloadHeader> = fc.record({
  parentHash: bytes(32),
  feeRecipient: bytes(20),
  stateRoot: bytes(32),
  receiptsRoot: bytes(32),
  logsBloom: bytes(256),
  prevRandao: bytes(32),
  blockNumber: uint64,
  gasLimit: uint64,
  gasUsed: uint64,
  timestamp: uint64,
  extraData: fc.uint8Array({ maxLength: 32 }),
  baseFeePerGas: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  blockHash: bytes(32),
  transactionsRoot: bytes(32),
  withdrawalsRoot: bytes(32),
  blobGasUsed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  excessBlobGas: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
})

const lodestarBeacon = (header: BeaconBlockHeader) => ({
  ...header,
  slot: Number(header.slot),
  proposerIndex: Number(header.proposerIndex),
})
const lodestarExecution = (header: ExecutionPayloadHeader) => ({
  ...header,
  blockNumber: Number(header.blockNumber),
  gasLimit: Number(header.gasLimit),
  gasUsed: Number(header.gasUsed),
  timestamp: Number(header.timestamp),
})

describe('roots are those of @lodestar/types', () => {
  it('of beacon block headers', () => {
    fc.assert(
      fc.property(beaconHeader, (header) => {
        const expected = ssz.phase0.BeaconBlockHeader.hashTreeRoot(lodestarBeacon(header))
        expect(beaconBlockHeaderRoot(header)).toEqual(new Uint8Array(expected))
      }),
    )
  })

  it('of execution payload headers, Capella and Deneb', () => {
    fc.assert(
      fc.property(executionHeader, (header) => {
        const other = lodestarExecution(header)
        const capella = ssz.capella.ExecutionPayloadHeader.hashTreeRoot(other)
        expect(executionPayloadHeaderRoot(header, 'capella')).toEqual(new Uint8Array(capella))
        const deneb = ssz.deneb.ExecutionPayloadHeader.hashTreeRoot(other)
        for (const fork of ['deneb', 'electra', 'fulu'] as const)
          expect(executionPayloadHeaderRoot(header, fork)).toEqual(new Uint8Array(deneb))
      }),
    )
  })

  it('of sync committees', () => {
    fc.assert(
      fc.property(bytes(512 * 48), bytes(48), (pubkeys, aggregatePubkey) => {
        const keys = Array.from({ length: 512 }, (_, i) => pubkeys.subarray(i * 48, i * 48 + 48))
        const expected = ssz.altair.SyncCommittee.hashTreeRoot({ pubkeys: keys, aggregatePubkey })
        expect(syncCommitteeRoot({ pubkeys, aggregatePubkey })).toEqual(new Uint8Array(expected))
      }),
      { numRuns: 10 },
    )
  })

  it('of what a committee signs', () => {
    fc.assert(
      fc.property(beaconHeader, bytes(4), bytes(32), (header, currentVersion, genesisValidatorsRoot) => {
        const forkData = ssz.phase0.ForkData.hashTreeRoot({ currentVersion, genesisValidatorsRoot })
        const domain = Uint8Array.of(7, 0, 0, 0, ...forkData.subarray(0, 28))
        const objectRoot = ssz.phase0.BeaconBlockHeader.hashTreeRoot(lodestarBeacon(header))
        const expected = ssz.phase0.SigningData.hashTreeRoot({ objectRoot, domain })
        const root = syncCommitteeSigningRoot(header, currentVersion, genesisValidatorsRoot)
        expect(root).toEqual(new Uint8Array(expected))
      }),
    )
  })
})

describe('pairs', () => {
  it('are hashed four at once as they are one by one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.uint8Array({ minLength: 11 * 64, maxLength: 11 * 64 }),
        (count, random) => {
          const hashes = hashPairs(random.subarray(0, count * 64))
          for (let i = 0; i < count; i++) {
            const expected = sha256Concat(random.subarray(i * 64, i * 64 + 64))
            expect(hashes.subarray(i * 32, i * 32 + 32)).toEqual(expected)
          }
        },
      ),
    )
  })
})

describe('committees', () => {
  it('are the same when all keys are', () => {
    const committee = { pubkeys: new Uint8Array(96).fill(1), aggregatePubkey: new Uint8Array(48).fill(2) }
    expect(equalCommittees(committee, { ...committee })).toBe(true)
    expect(equalCommittees(committee, { ...committee, pubkeys: new Uint8Array(96) })).toBe(false)
    expect(equalCommittees(committee, { ...committee, aggregatePubkey: new Uint8Array(48) })).toBe(false)
  })

  it('have a power of two of keys', () => {
    const pubkeys = new Uint8Array(3 * 48)
    expect(() => syncCommitteeRoot({ pubkeys, aggregatePubkey: new Uint8Array(48) })).toThrow('power of two')
  })
})
