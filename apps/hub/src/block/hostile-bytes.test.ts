// A hostile proposer has any bytes: each proposal gets a verdict, each decided block a result or a halt,
// nothing else.
import { AssertionError, equalBytes } from '@causeway/primitives'
import {
  ExtendedCommitInfo,
  ResponseProcessProposal_ProposalStatus as Status,
} from '@causeway/protocol/tendermint/abci/types'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commitOf, extendedCommit } from '../testing/validators.fixture.ts'
import { testHub } from '../testing/hub.fixture.ts'
import { Wallet, send } from '../testing/wallet.fixture.ts'
import { brokenInvariants } from './inspect.ts'

const NONE = new Uint8Array(0)
const alice = new Wallet('alice')

function setUp() {
  alice.sequence = 0n
  const made = testHub([alice])
  made.driver.block()
  const zero = ExtendedCommitInfo.encode(made.driver.lastCommit).finish()
  const accepts = (txs: readonly Uint8Array[]): boolean => {
    const { hash: _, decidedLastCommit, ...request } = made.driver.proposal([])
    const proposal = { ...request, hash: NONE, proposedLastCommit: decidedLastCommit, txs: [...txs] }
    return made.hub.processProposal(proposal).status === Status.ACCEPT
  }
  return { ...made, zero, accepts }
}

describe('transaction 0 of any bytes', () => {
  it('is refused unless it is the honest one', () => {
    const { accepts, zero } = setUp()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => accepts([bytes]) === equalBytes(bytes, zero)),
      { numRuns: 200 },
    )
  })

  it('made of the honest one by changing it is refused, or says the same', () => {
    const { accepts, zero, hub, driver } = setUp()
    const honest = hub.finalizeBlock(driver.proposal([])).appHash
    const change = fc.tuple(fc.nat(zero.length - 1), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = zero.slice()
        for (const [at, mask] of changes) bytes[at]! ^= mask
        if (!accepts([bytes])) return true
        const request = driver.proposal([])
        return equalBytes(hub.finalizeBlock({ ...request, txs: [bytes] }).appHash, honest)
      }),
      { numRuns: 300 },
    )
  })

  it('cut anywhere is refused', () => {
    const { accepts, zero } = setUp()
    for (let length = 0; length < zero.length; length += 7)
      expect(accepts([zero.subarray(0, length)])).toBe(false)
  })

  it('halts a node that is told it was decided', () => {
    const { hub, driver, zero } = setUp()
    const request = driver.proposal([])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        if (equalBytes(bytes, zero)) return true
        expect(() => hub.finalizeBlock({ ...request, txs: [bytes] })).toThrow(AssertionError)
        return true
      }),
      { numRuns: 60 },
    )
    expect(hub.info().lastBlockHeight).toBe(1n)
  })
})

describe('extensions of any bytes, signed by their validators', () => {
  it('are taken, and what they say is ignored where it makes no sense', () => {
    const { driver, hub } = setUp()
    const price = fc.record({
      asset: fc.constantFrom(0n, 1n, 2n, 3n, 2n ** 64n - 1n),
      priceE9: fc.constantFrom(0n, 1n, 10n ** 9n, 2n ** 64n - 1n),
      publishTimeSeconds: fc.constantFrom(0n, 1_700_000_001n, 2n ** 64n - 1n),
    })
    const sensible = fc
      .array(price, { maxLength: 5 })
      .map((prices) => VoteExtension.encode(VoteExtension.fromPartial({ prices })).finish())
    const word = fc.oneof(fc.uint8Array({ maxLength: 60 }), sensible)
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (words) => {
        const { validators, chainId, height } = driver
        driver.lastCommit = extendedCommit(validators, words, { chainId, height })
        expect(commitOf(driver.lastCommit).votes).toHaveLength(4)
        driver.block()
        return brokenInvariants(hub.chain).length === 0
      }),
      { numRuns: 40 },
    )
  })
})

describe('the rest of a block of any bytes', () => {
  it('is refused as a proposal, and answered with codes as a decided block', () => {
    const { driver, hub, accepts, zero } = setUp()
    const bytes = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 4 }), (txs) => {
        expect(accepts([zero, ...txs])).toBe(false)
        const good = alice.sign([send(alice.address, alice.address, '1')], { sequence: 0n })
        const { txResults } = hub.finalizeBlock(driver.proposal([...txs, good]))
        expect(txResults.slice(1, -1).every(({ code }) => code > 0)).toBe(true)
        return txResults.at(-1)!.code === 0
      }),
      { numRuns: 60 },
    )
  })
})
