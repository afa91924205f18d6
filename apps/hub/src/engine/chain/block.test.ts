import { describe, expect, it } from 'vitest'
import { Block } from '@causeway/protocol/tendermint/types/block'
import { Data } from '@causeway/protocol/tendermint/types/types'
import { hashHeader, hashTransactions, partSet } from '@causeway/light-clients'
import { sha256, utf8 } from '@causeway/primitives'
import { testGenesis, testKeys } from '../chain.fixture.ts'
import { dataBytesMax, emptyCommit, makeBlock, txBytesInBlock } from './block.ts'
import { genesisState } from './chain-state.ts'
import { partSetHeader } from './part-set-header.ts'
import { parseGenesis } from './genesis.ts'

const state = genesisState(parseGenesis(testGenesis(testKeys('a'))), 1n)

describe('makeBlock', () => {
  const txs = [utf8('a=1'), utf8('b=2'), utf8('c=3')]
  const made = makeBlock(state, {
    txs,
    txHashes: txs.map(sha256),
    evidence: [],
    lastCommit: undefined,
    proposerAddress: state.validators.validators[0]!.address,
  })

  it('makes the hash and the parts of its bytes', () => {
    expect(Block.decode(made.bytes)).toEqual(made.block)
    expect(made.blockId.hash).toEqual(hashHeader(made.header))
    expect(made.blockId.partSetHeader).toEqual(partSet(made.bytes).header)
  })

  it('commits to the transactions', () => {
    expect(made.header.dataHash).toEqual(hashTransactions(txs))
  })

  it('has the genesis time and an empty last commit first', () => {
    expect(made.header.time).toEqual(state.lastTime)
    expect(made.block.lastCommit).toEqual(emptyCommit())
    expect(made.header.lastCommitHash).toEqual(sha256(new Uint8Array(0)))
    expect(made.header.version).toEqual({ block: 11n, app: 1n })
  })
})

describe('sizes', () => {
  it.each([0, 1, 127, 128, 16383, 16384, 100_000])(
    'a transaction of %i bytes takes what protobuf takes',
    (length) => {
      const tx = new Uint8Array(length)
      expect(txBytesInBlock(length)).toBe(Data.encode({ txs: [tx] }).finish().length)
    },
  )

  it('leave room for header, commit and evidence', () => {
    // 22020096 − 11 − 626 − (94 + 4 · 3358), as CometBFT v0.38.26 reckons
    expect(dataBytesMax(22_020_096n, 0n, 4)).toBe(22_020_096n - 11n - 626n - 94n - 4n * 3358n)
    expect(dataBytesMax(22_020_096n, 1000n, 4)).toBe(dataBytesMax(22_020_096n, 0n, 4) - 1000n)
    expect(dataBytesMax(100n, 0n, 1)).toBe(0n)
  })
})

describe('partSetHeader', () => {
  it.each([0, 1, 65535, 65536, 65537, 3 * 65536, 400_000, 1_000_001])(
    'of %i bytes is that of the reference',
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff)
      expect(partSetHeader(bytes)).toEqual(partSet(bytes).header)
    },
  )
})
