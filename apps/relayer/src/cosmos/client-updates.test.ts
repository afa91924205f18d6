import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Header } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { buildClientUpdates, isTrustedByOverlap } from './client-updates.ts'
import type { LightBlockSource } from './client-updates.ts'
import { toValidatorSet } from './light-block.ts'
import type { LightBlock } from './light-block.ts'
import { revisionOf } from './client-seed.ts'

const validator = (number: number) => ({
  address: new Uint8Array(20).fill(number),
  pubKey: undefined,
  votingPower: 10n,
  proposerPriority: 0n,
})

/** A chain whose set of three slides by one validator every `slideBlocks`. */
function slidingChain(slideBlocks: number): LightBlockSource & { fetched: number } {
  const members = (height: bigint) => {
    const first = Math.floor(Number(height) / slideBlocks)
    return [0, 1, 2].map((offset) => validator((first + offset) % 256))
  }
  return {
    fetched: 0,
    async validators(height) {
      return toValidatorSet(members(height))
    },
    async lightBlock(height): Promise<LightBlock> {
      this.fetched += 1
      const signatures = members(height).map((one) => ({
        blockIdFlag: 2 as const,
        validatorAddress: one.address,
        timestamp: { seconds: 0n, nanos: 0 },
        signature: new Uint8Array(64),
      }))
      const commit = { height, round: 0, blockId: undefined, signatures }
      const header = Header.fromPartial({ signedHeader: { header: { height } } }).signedHeader?.header
      return { signedHeader: { header, commit }, validatorSet: toValidatorSet(members(height)) }
    },
  }
}

async function steps(chain: LightBlockSource, trusted: bigint, height: bigint) {
  const updates = await buildClientUpdates(chain, 1n, trusted, height)
  return updates.map((update) => {
    const { trustedHeight, signedHeader, trustedValidators } = Header.decode(update.value)
    return {
      from: trustedHeight?.revisionHeight ?? 0n,
      to: signedHeader?.header?.height ?? 0n,
      trustedValidators,
    }
  })
}

describe('client updates', () => {
  it('are one header while a third of the trusted set still signs', async () => {
    expect(await steps(slidingChain(1_000), 5n, 900n)).toMatchObject([{ from: 5n, to: 900n }])
  })

  it('are bisected when it does not, each header trusted by the one before', async () => {
    const chain = slidingChain(10)
    const path = await steps(chain, 5n, 60n)
    expect(path.length).toBeGreaterThan(1)
    expect(path[0]?.from).toBe(5n)
    expect(path.at(-1)?.to).toBe(60n)
    path.forEach((step, index) => expect(step.from).toBe(index === 0 ? 5n : path[index - 1]?.to))
    for (const step of path) {
      const block = await chain.lightBlock(step.to)
      const adjacent = step.to === step.from + 1n
      expect(adjacent || isTrustedByOverlap(await chain.validators(step.from + 1n), block)).toBe(true)
      expect(step.trustedValidators).toEqual(await chain.validators(step.from + 1n))
    }
  })

  it('end for any distance, or say that it is too far', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.bigInt(2n, 400n), async (slide, height) => {
        const path = await steps(slidingChain(slide), 1n, height).catch((error: Error) => error.message)
        if (typeof path === 'string') expect(path).toMatch(/more than 16 headers/)
        else expect(path.at(-1)?.to).toBe(height)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the revision', () => {
  it('is what the chain id ends with', () => {
    expect(revisionOf('causeway-1')).toBe(1n)
    expect(revisionOf('sim-a-12')).toBe(12n)
    for (const plain of ['simd', 'chain-0', 'chain-01', 'chain-', '-1', 'a--1'])
      expect(revisionOf(plain)).toBe(0n)
  })
})
