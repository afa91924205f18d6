import { describe, expect, it } from 'vitest'
import type { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import {
  BLOCK_BYTES_MAX,
  DEFAULT_CONSENSUS_PARAMS,
  blockBytesMax,
  updateParams,
  voteExtensionsEnabled,
} from './consensus-params.ts'

const none: ConsensusParams = {
  block: undefined,
  evidence: undefined,
  validator: undefined,
  version: undefined,
  abci: undefined,
}
const enabledAt = (height: bigint): ConsensusParams => ({
  ...none,
  abci: { voteExtensionsEnableHeight: height },
})

describe('updateParams', () => {
  it('changes the groups that are given', () => {
    const block = { maxBytes: 5_000_000n, maxGas: 9n }
    const next = updateParams(DEFAULT_CONSENSUS_PARAMS, { ...none, block, version: { app: 2n } }, 5n)
    expect(next).toEqual({ ...DEFAULT_CONSENSUS_PARAMS, block, version: { app: 2n } })
  })

  it('refuses values that CometBFT refuses', () => {
    const bad = { ...none, block: { maxBytes: 0n, maxGas: 0n } }
    expect(() => updateParams(DEFAULT_CONSENSUS_PARAMS, bad, 5n)).toThrow(
      expect.objectContaining({ code: 3 }),
    )
    const evidence = { ...DEFAULT_CONSENSUS_PARAMS.evidence, maxAgeDuration: undefined }
    expect(() => updateParams(DEFAULT_CONSENSUS_PARAMS, { ...none, evidence }, 5n)).toThrow(
      expect.objectContaining({ code: 3 }),
    )
  })

  // The table of CometBFT v0.38 types.ConsensusParams.ValidateUpdate, block height 10
  it.each<[string, bigint, bigint, boolean]>([
    ['off stays off', 0n, 0n, true],
    ['is planned', 0n, 11n, true],
    ['is not enabled for the past', 0n, 10n, false],
    ['a plan is moved', 20n, 30n, true],
    ['a plan is dropped', 20n, 0n, true],
    ['a plan is not moved into the past', 20n, 10n, false],
    ['stays as it is', 5n, 5n, true],
    ['on is not turned off', 5n, 0n, false],
    ['on is not moved', 5n, 20n, false],
  ])('vote extensions: %s', (_, before, after, isAllowed) => {
    const params = { ...DEFAULT_CONSENSUS_PARAMS, abci: { voteExtensionsEnableHeight: before } }
    const update = (): unknown => updateParams(params, enabledAt(after), 10n)
    if (isAllowed) expect(update()).toMatchObject({ abci: { voteExtensionsEnableHeight: after } })
    else expect(update).toThrow(expect.objectContaining({ codespace: 'engine', code: 3 }))
  })
})

describe('parameters', () => {
  it('−1 stands for the largest block', () => {
    expect(blockBytesMax({ ...DEFAULT_CONSENSUS_PARAMS, block: { maxBytes: -1n, maxGas: -1n } })).toBe(
      BLOCK_BYTES_MAX,
    )
    expect(blockBytesMax(DEFAULT_CONSENSUS_PARAMS)).toBe(22_020_096n)
  })

  it('enable extensions from a height on', () => {
    const params = { ...DEFAULT_CONSENSUS_PARAMS, abci: { voteExtensionsEnableHeight: 3n } }
    expect([2n, 3n, 4n].map((height) => voteExtensionsEnabled(params, height))).toEqual([false, true, true])
    expect(voteExtensionsEnabled(DEFAULT_CONSENSUS_PARAMS, 5n)).toBe(false)
  })
})
