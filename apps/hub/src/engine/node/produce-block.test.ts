import { describe, expect, it } from 'vitest'
import type { ExtendedCommit } from '@causeway/protocol/tendermint/types/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import {
  hashCommit,
  hashConsensusParams,
  hashEvidence,
  hashHeader,
  hashResults,
  hashTransactions,
  hashValidatorSet,
  incrementProposerPriority,
  partSet,
  proposerOf,
  toNanoseconds,
  verifyEd25519,
  voteExtensionSignBytes,
  voteSignBytes,
} from '@causeway/light-clients'
import { equalBytes, toHexUpper, utf8 } from '@causeway/primitives'
import { testKeys } from '../chain.fixture.ts'
import { plainCommit } from '../chain/commit-info.ts'
import { testChain } from '../test-chain.fixture.ts'
import type { TestChain } from '../test-chain.fixture.ts'
import type { AppliedBlock } from './apply-block.ts'

const four = { validators: ['a', 'b', 'c', 'd'], powers: [10, 20, 30, 40] }
const code = (value: number): unknown => expect.objectContaining({ codespace: 'engine', code: value })

/** Checks all that a light client and a full node check of two blocks in a row. */
function verifyLink(chain: TestChain, previous: AppliedBlock, block: AppliedBlock): void {
  const { header, block: body, blockId, bytes } = block.made
  expect(blockId.hash).toEqual(hashHeader(header))
  expect(blockId.partSetHeader).toEqual(partSet(bytes).header)
  expect(header.version?.block).toBe(11n)
  expect(header.lastBlockId).toEqual(previous.made.blockId)
  expect(header.lastCommitHash).toEqual(hashCommit(body.lastCommit!))
  expect(header.dataHash).toEqual(hashTransactions(body.data!.txs))
  expect(header.evidenceHash).toEqual(hashEvidence(body.evidence!.evidence))
  expect(header.validatorsHash).toEqual(previous.made.header.nextValidatorsHash)
  expect(header.validatorsHash).toEqual(hashValidatorSet(block.before.validators))
  expect(header.nextValidatorsHash).toEqual(hashValidatorSet(block.before.nextValidators))
  expect(header.consensusHash).toEqual(hashConsensusParams(block.before.params))
  expect(header.appHash).toEqual(previous.response.appHash)
  expect(header.lastResultsHash).toEqual(hashResults(previous.response.txResults))
  expect(toNanoseconds(header.time)).toBeGreaterThan(toNanoseconds(previous.made.header.time))
  verifyCommit(chain, previous, body.lastCommit!)
}

function verifyCommit(chain: TestChain, block: AppliedBlock, commit: ReturnType<typeof plainCommit>): void {
  const { validators } = block.before.validators
  expect(commit.blockId).toEqual(block.made.blockId)
  expect(commit.signatures).toHaveLength(validators.length)
  commit.signatures.forEach((signature, i) => {
    if (signature.blockIdFlag !== BlockIDFlag.BLOCK_ID_FLAG_COMMIT) return
    expect(signature.validatorAddress).toEqual(validators[i]!.address)
    const vote = { type: 2 as const, height: commit.height, round: commit.round, blockId: commit.blockId }
    const bytes = voteSignBytes(chain.core.state.chainId, { ...vote, timestamp: signature.timestamp })
    expect(verifyEd25519(validators[i]!.pubKey!.ed25519!, bytes, signature.signature)).toBe(true)
  })
}

function flagsOf(commit: ExtendedCommit | undefined): number[] {
  return commit!.extendedSignatures.map(({ blockIdFlag }) => blockIdFlag)
}

describe('a chain of blocks', () => {
  it('links by every hash, and its commits are signed', () => {
    const chain = testChain(four)
    const blocks = [chain.produce(['a=1', 'b=2'])]
    const newcomer = testKeys('e')[0]!.pub_key.value
    for (const txs of [[], ['c=3', 'bad'], [`val:${newcomer}!7`], [], [], ['d=4'], []]) {
      blocks.push(chain.produce(txs))
      verifyLink(chain, blocks[blocks.length - 2]!, blocks[blocks.length - 1]!)
    }
    verifyCommit(chain, blocks[blocks.length - 1]!, plainCommit(chain.core.extendedCommit!))
  })

  it('has the proposers that priorities name', () => {
    const chain = testChain(four)
    let expected = chain.core.state.validators
    for (let i = 0; i < 20; i++) {
      const { made } = chain.produce()
      expect(made.header.proposerAddress).toEqual(proposerOf(expected).address)
      expected = incrementProposerPriority(expected, 1)
    }
  })

  it('calls the application in the order of ABCI 2.0', () => {
    const chain = testChain(four)
    chain.produce()
    expect(chain.application.calls).toEqual([
      'info',
      'initChain',
      'prepareProposal',
      'processProposal',
      ...Array.from({ length: 4 }, () => ['extendVote', 'verifyVoteExtension']).flat(),
      'finalizeBlock',
      'commit',
    ])
  })

  it('asks nobody about the extension of the only validator', () => {
    const chain = testChain()
    chain.produce()
    expect(chain.application.calls).not.toContain('verifyVoteExtension')
    expect(chain.application.calls).toContain('extendVote')
  })

  it('hands the signed extensions of the last block to the proposer', () => {
    const chain = testChain(four)
    chain.application.behaviour.extension = () => utf8(`extension ${chain.core.state.lastHeight + 1n}`)
    chain.produce()
    const seen: unknown[] = []
    const { application } = chain.core
    const prepare = application.prepareProposal
    application.prepareProposal = (request) => {
      seen.push(request.localLastCommit)
      request.localLastCommit!.votes.forEach((vote, i) => {
        const extended = { height: 1n, round: 0, extension: vote.voteExtension }
        const key = chain.core.state.lastValidators.validators[i]!
        expect(vote.validator).toEqual({ address: key.address, power: key.votingPower })
        const bytes = voteExtensionSignBytes('test-chain', extended)
        expect(verifyEd25519(key.pubKey!.ed25519!, bytes, vote.extensionSignature)).toBe(true)
        expect(vote.voteExtension).toEqual(utf8('extension 1'))
      })
      return prepare(request)
    }
    chain.produce()
    expect(seen).toHaveLength(1)
    expect(
      chain.application.requests[1]!.decidedLastCommit?.votes.map(({ blockIdFlag }) => blockIdFlag),
    ).toEqual([2, 2, 2, 2])
  })

  it('has no extensions while they are off, and has them from their height on', () => {
    const chain = testChain({
      ...four,
      genesis: { consensus_params: { abci: { vote_extensions_enable_height: '3' } } },
    })
    for (let height = 1; height <= 3; height++) {
      chain.produce()
      const hasSignature = chain.core.extendedCommit!.extendedSignatures.map(
        (s) => s.extensionSignature.length > 0,
      )
      expect(new Set(hasSignature)).toEqual(new Set([height >= 3]))
    }
    expect(chain.application.calls.filter((call) => call === 'extendVote')).toHaveLength(4)
  })

  it('starts at the initial height of its genesis', () => {
    const chain = testChain({ genesis: { initial_height: '50' } })
    const first = chain.produce(['a=1'])
    expect(first.made.header.height).toBe(50n)
    verifyLink(chain, first, chain.produce())
  })

  it('keeps time when the clock stands still or goes back', () => {
    const chain = testChain({ ...four, clock: () => 5n })
    const blocks = [chain.produce(), chain.produce(), chain.produce()]
    const times = blocks.map(({ made }) => toNanoseconds(made.header.time))
    expect(times[1]! - times[0]!).toBe(1_000_000n)
    expect(times[2]! - times[1]!).toBe(1_000_000n)
  })
})

describe('rounds', () => {
  it('a refused proposal passes to the next proposer', () => {
    const chain = testChain(four)
    let refusals = 2
    chain.application.behaviour.acceptProposal = () => refusals-- <= 0
    const before = chain.core.state.validators
    const first = chain.produce()
    expect(first.made.header.proposerAddress).toEqual(
      proposerOf(incrementProposerPriority(before, 2)).address,
    )
    expect(chain.core.extendedCommit!.round).toBe(2)
    expect(chain.application.calls.filter((call) => call === 'prepareProposal')).toHaveLength(3)
    const second = chain.produce()
    expect(second.made.block.lastCommit!.round).toBe(2)
    expect(chain.application.requests[1]!.decidedLastCommit?.round).toBe(2)
    verifyLink(chain, first, second)
  })

  it('proposals that are refused for ever are given up, and nothing is signed', () => {
    const chain = testChain(four)
    chain.application.behaviour.acceptProposal = () => false
    expect(() => chain.produce()).toThrow(code(43))
    expect(chain.application.calls).not.toContain('extendVote')
    chain.application.behaviour.acceptProposal = () => true
    expect(chain.produce().made.header.height).toBe(1n)
  })

  it('a proposal over the limit is refused', () => {
    const chain = testChain({
      genesis: {
        consensus_params: {
          block: { max_bytes: '10000', max_gas: '-1' },
          evidence: { max_age_num_blocks: '1', max_age_duration: '1', max_bytes: '10' },
        },
      },
    })
    expect(() => chain.produce([`a=${'x'.repeat(10_000)}`])).toThrow(code(44))
  })
})

describe('validators', () => {
  it('whose keys are elsewhere are absent, and their rounds pass', () => {
    const keys = testKeys('a', 'b', 'c')
    const chain = testChain({ validators: ['a', 'b', 'c'], powers: [10, 10, 9], signers: keys.slice(0, 2) })
    const blocks = [chain.produce()]
    const absent = chain.core.state.validators.validators.findIndex(({ address }) =>
      equalBytes(address, Buffer.from(keys[2]!.address, 'hex')),
    )
    for (let i = 0; i < 6; i++) {
      blocks.push(chain.produce())
      verifyLink(chain, blocks[blocks.length - 2]!, blocks[blocks.length - 1]!)
      expect(flagsOf(chain.core.extendedCommit)[absent]).toBe(BlockIDFlag.BLOCK_ID_FLAG_ABSENT)
      expect(toHexUpper(blocks[blocks.length - 1]!.made.header.proposerAddress)).not.toBe(keys[2]!.address)
    }
    expect(blocks.some(({ made }) => made.block.lastCommit!.round > 0)).toBe(true)
  })

  it('need more than two thirds of the power here', () => {
    const keys = testKeys('a', 'b', 'c')
    const chain = testChain({ validators: ['a', 'b', 'c'], signers: keys.slice(0, 2) })
    expect(() => chain.produce()).toThrow(code(42))
  })

  it('whose extension is refused are absent; without two thirds there is no block', () => {
    const chain = testChain(four)
    const refused = chain.core.state.validators.validators[3]!.address
    chain.application.behaviour.acceptExtension = (address) => !equalBytes(address, refused)
    chain.produce()
    expect(flagsOf(chain.core.extendedCommit)).toEqual([2, 2, 2, 1])
    chain.application.behaviour.acceptExtension = () => false
    expect(() => chain.produce()).toThrow(code(47))
  })

  it('sign no extension over the limit', () => {
    const chain = testChain()
    chain.application.behaviour.extension = () => new Uint8Array(1024 * 1024 + 1)
    expect(() => chain.produce()).toThrow(code(48))
  })

  it('come and go as the application says', () => {
    const chain = testChain(four)
    const keys = testKeys('e', 'a')
    chain.produce([`val:${keys[0]!.pub_key.value}!25`, `val:${keys[1]!.pub_key.value}!0`])
    chain.produce()
    expect(chain.core.state.validators.validators.map(({ votingPower }) => votingPower)).toEqual([
      40n,
      30n,
      25n,
      20n,
    ])
    chain.produce()
    // The newcomer's key is not here
    expect(flagsOf(chain.core.extendedCommit)).toEqual([2, 2, 1, 2])
  })
})

describe('what an application may not do', () => {
  it('answer with another number of results', () => {
    const chain = testChain()
    const { finalizeBlock } = chain.core.application
    chain.core.application.finalizeBlock = (request) => ({ ...finalizeBlock(request), txResults: [] })
    expect(() => chain.produce(['a=1'])).toThrow(code(45))
    expect(chain.core.store.loadState()?.lastHeight).toBe(0n)
  })

  it('answer a proposal with neither yes nor no', () => {
    const chain = testChain()
    chain.core.application.processProposal = () => ({ status: 0 })
    expect(() => chain.produce()).toThrow(expect.objectContaining({ name: 'AssertionError' }))
  })
})

describe('pruning', () => {
  it('drops blocks below the height that the application names', () => {
    const chain = testChain()
    for (let i = 0; i < 10; i++) chain.produce([`k${i}=1`])
    expect(chain.core.store.base).toBe(1n)
    chain.application.behaviour.retainHeight = 8n
    chain.produce()
    expect(chain.core.store.base).toBe(8n)
    expect(chain.core.store.block(7n)).toBeUndefined()
    expect(chain.core.store.results(7n)).toBeUndefined()
    expect(chain.core.store.block(8n)).toBeDefined()
    expect(chain.core.store.validators(9n)).toBeDefined()
  })
})
