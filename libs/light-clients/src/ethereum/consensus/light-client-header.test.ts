import { describe, expect, it } from 'vitest'
import {
  BeaconChain,
  chainConfig,
  executionHeader,
  sparseBranch,
  sparseRoot,
} from '../beacon-chain.fixture.ts'
import type { LightClientHeader } from './containers.ts'
import type { ForkName } from './forks.ts'
import { executionPayloadHeaderRoot } from './hash-tree-root.ts'
import { lightClientExecutionRoot, lightClientHeaderFault } from './light-client-header.ts'

const chainOf = (fork: ForkName) => new BeaconChain(chainConfig([[fork, 0n]]))
const fault = (fork: ForkName, header: LightClientHeader) =>
  lightClientHeaderFault(chainOf(fork).config, header)

describe('a header is judged by the fork of its slot', () => {
  it('before Capella it carries nothing of the execution layer', () => {
    const header = chainOf('bellatrix').header(70n)
    expect(fault('bellatrix', header)).toBeUndefined()
    expect(fault('bellatrix', chainOf('capella').header(70n))).toBe('execution data before Capella')
    expect(fault('altair', { ...header, executionBlockHash: new Uint8Array(32) })).toBeUndefined()
    expect(fault('altair', { ...header, executionBlockHash: new Uint8Array(32).fill(1) })).toBeDefined()
    expect(fault('capella', header)).toBe('execution data is missing')
  })

  it('before Deneb it knows no blobs', () => {
    const header = chainOf('capella').header(70n)
    expect(fault('capella', header)).toBeUndefined()
    for (const change of [{ blobGasUsed: 1n }, { excessBlobGas: 1n }])
      expect(fault('capella', { ...header, execution: { ...header.execution!, ...change } })).toBe(
        'blob gas before Deneb',
      )
  })

  it('every field of a payload header is bound by the body root', () => {
    const header = chainOf('electra').header(70n)
    expect(fault('electra', header)).toBeUndefined()
    for (const name of Object.keys(header.execution!) as (keyof typeof header.execution & string)[]) {
      const field = header.execution![name as 'stateRoot' | 'gasUsed'] as Uint8Array | bigint
      const changed = typeof field === 'bigint' ? field + 1n : field.map((byte) => byte ^ 1)
      const execution = { ...header.execution!, [name]: changed }
      expect(fault('electra', { ...header, execution }), name).toMatch('does not lead')
    }
    expect(fault('electra', { ...header, executionBranch: header.executionBranch.slice(1) })).toMatch(
      'wrong length',
    )
    const longer = [new Uint8Array(32), ...header.executionBranch]
    expect(fault('electra', { ...header, executionBranch: longer })).toMatch('wrong length')
  })

  it('from Gloas on it proves the hash of a block', () => {
    const header = chainOf('gloas').header(70n)
    expect(fault('gloas', header)).toBeUndefined()
    const executionBlockHash = new Uint8Array(32).fill(1)
    expect(fault('gloas', { ...header, executionBlockHash })).toMatch('does not lead')
    expect(fault('gloas', chainOf('fulu').header(70n))).toBe('an execution payload header after Gloas')
  })
})

describe('the execution root', () => {
  it('is that of the payload header, or the block hash, or zeros', () => {
    const root = (fork: ForkName, header: LightClientHeader) =>
      lightClientExecutionRoot(chainOf(fork).config, header)
    expect(root('altair', chainOf('altair').header(70n))).toEqual(new Uint8Array(32))
    for (const fork of ['capella', 'deneb', 'fulu'] as const) {
      const header = chainOf(fork).header(70n)
      expect(root(fork, header)).toEqual(executionPayloadHeaderRoot(header.execution!, fork))
    }
    const gloas = chainOf('gloas').header(70n)
    expect(root('gloas', gloas)).toEqual(gloas.executionBlockHash)
  })

  it.each([
    ['capella', 412],
    ['deneb', 812],
  ] as const)('of a %s block in the shape of Gloas is found inside its branch', (fork, index) => {
    const payload = executionHeader(70n, '', fork)
    const leaves = new Map([[index, payload.blockHash]])
    const bodyRoot = sparseRoot(leaves, 'body')
    const branch = sparseBranch(leaves, index, 'body')
    const { beacon } = chainOf(fork).header(70n)
    const header: LightClientHeader = {
      beacon: { ...beacon, bodyRoot },
      execution: undefined,
      executionBlockHash: payload.blockHash,
      // As the specification's upgrade pads it to Gloas's depth.
      executionBranch: [...Array.from({ length: 11 - branch.length }, () => new Uint8Array(32)), ...branch],
    }
    expect(fault(fork, header)).toBeUndefined()
    const payloadRoot = sparseRoot(leaves, 'body', 25)
    expect(lightClientExecutionRoot(chainOf(fork).config, header)).toEqual(payloadRoot)
  })
})
