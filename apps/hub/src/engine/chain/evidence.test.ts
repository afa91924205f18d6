import { describe, expect, it } from 'vitest'
import type { DuplicateVoteEvidence, Evidence } from '@causeway/protocol/tendermint/types/evidence'
import type { BlockID, SignedMsgType, Vote } from '@causeway/protocol/tendermint/types/types'
import { createNativeSignatureVerifier, hashEvidence, voteSignBytes } from '@causeway/light-clients'
import { compareBytes, sha256, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { testKeys } from '../chain.fixture.ts'
import { evidenceFromJson } from '../json/evidence-from-json.ts'
import { evidenceJson } from '../json/block.ts'
import { parseValidatorKey } from '../keys/validator-key.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import { testChain } from '../test-chain.fixture.ts'
import type { TestChain } from '../test-chain.fixture.ts'
import { EvidencePool, evidenceHash } from './evidence-pool.ts'

const names = ['a', 'b', 'c', 'd']
const powers = [10, 20, 30, 40]

function blockIdOf(name: string): BlockID {
  return { hash: sha256(utf8(name)), partSetHeader: { total: 1, hash: sha256(utf8(`parts ${name}`)) } }
}

function voteOf(signer: string, height: bigint, blockId: BlockID, change: Partial<Vote> = {}): Vote {
  const key = parseValidatorKey(testKeys(signer)[0])
  const vote: Vote = {
    type: 2 as SignedMsgType,
    height,
    round: 0,
    blockId,
    timestamp: { seconds: 1767323046n, nanos: 0 },
    validatorAddress: key.address,
    validatorIndex: 0,
    signature: new Uint8Array(0),
    extension: new Uint8Array(0),
    extensionSignature: new Uint8Array(0),
    ...change,
  }
  return { ...vote, signature: change.signature ?? key.sign(voteSignBytes('test-chain', vote)) }
}

/** Two votes of validator a, in order, as evidence that holds. */
function duplicate(chain: TestChain, height = 2n, change: Partial<Vote> = {}): DuplicateVoteEvidence {
  const ids = [blockIdOf('x'), blockIdOf('y')].sort((a, b) => compareBytes(a.hash, b.hash))
  return {
    voteA: voteOf('a', height, ids[0]!, change),
    voteB: voteOf('a', height, ids[1]!, change),
    totalVotingPower: 100n,
    validatorPower: 10n,
    timestamp: chain.core.store.meta(height)?.header?.time,
  }
}

function chainOf(blocks: number): TestChain {
  const chain = testChain({ validators: names, powers })
  for (let i = 0; i < blocks; i++) chain.produce()
  return chain
}

const wrap = (duplicateVoteEvidence: DuplicateVoteEvidence): Evidence => ({ duplicateVoteEvidence })

describe('evidence of a duplicate vote', () => {
  it('is taken, goes into the next block once, and reaches the application', () => {
    const chain = chainOf(3)
    const evidence = wrap(duplicate(chain))
    const hash = chain.core.evidence.add(evidence, chain.core.state)
    expect(hash).toEqual(evidenceHash(evidence))
    expect(chain.core.evidence.add(evidence, chain.core.state)).toEqual(hash)
    const { made } = chain.produce()
    expect(made.block.evidence!.evidence).toEqual([evidence])
    expect(made.header.evidenceHash).toEqual(hashEvidence([evidence]))
    expect(chain.application.requests[3]!.misbehavior).toEqual([
      {
        type: 1,
        validator: { address: evidence.duplicateVoteEvidence!.voteA!.validatorAddress, power: 10n },
        height: 2n,
        time: evidence.duplicateVoteEvidence!.timestamp,
        totalVotingPower: 100n,
      },
    ])
    expect(chain.core.evidence.add(evidence, chain.core.state)).toEqual(hash)
    expect(chain.core.evidence.size).toBe(0)
    expect(chain.produce().made.block.evidence!.evidence).toEqual([])
  })

  it('survives a restart while it waits', () => {
    const storage = createMemoryStorage()
    const application = createKeyValueApplication()
    const chain = testChain({ validators: names, powers, storage, application })
    for (let i = 0; i < 3; i++) chain.produce()
    chain.core.evidence.add(wrap(duplicate(chain)), chain.core.state)
    const restarted = testChain({ validators: names, powers, storage, application })
    expect(restarted.core.evidence.size).toBe(1)
    expect(restarted.produce().made.block.evidence!.evidence).toHaveLength(1)
    expect(new EvidencePool(restarted.core.store, createNativeSignatureVerifier()).size).toBe(0)
  })

  it('goes through JSON', () => {
    const evidence = wrap(duplicate(chainOf(3)))
    expect(evidenceFromJson(JSON.parse(JSON.stringify(evidenceJson(evidence))))).toEqual(evidence)
  })

  it.each<[string, (evidence: DuplicateVoteEvidence) => Partial<DuplicateVoteEvidence>]>([
    ['without a vote', () => ({ voteB: undefined })],
    ['of one block', (e) => ({ voteB: e.voteA })],
    ['in the wrong order', (e) => ({ voteA: e.voteB, voteB: e.voteA })],
    ['of two heights', () => ({ voteB: voteOf('a', 1n, blockIdOf('zz')) })],
    ['of two rounds', (e) => ({ voteB: voteOf('a', 2n, e.voteB!.blockId!, { round: 1 }) })],
    ['of two steps', (e) => ({ voteB: voteOf('a', 2n, e.voteB!.blockId!, { type: 1 }) })],
    ['of two validators', (e) => ({ voteB: voteOf('b', 2n, e.voteB!.blockId!) })],
    [
      'of a stranger',
      (e) => ({
        voteA: voteOf('z', 2n, e.voteA!.blockId!),
        voteB: voteOf('z', 2n, e.voteB!.blockId!),
      }),
    ],
    ['with a forged signature', (e) => ({ voteA: { ...e.voteA!, signature: new Uint8Array(64) } })],
    ['without a signature', (e) => ({ voteB: { ...e.voteB!, signature: new Uint8Array(0) } })],
    [
      'with half a block id',
      (e) => ({ voteB: voteOf('a', 2n, { ...e.voteB!.blockId!, partSetHeader: undefined }) }),
    ],
    ['with another power', () => ({ validatorPower: 11n })],
    ['with another total', () => ({ totalVotingPower: 101n })],
    ['with another time', () => ({ timestamp: { seconds: 1n, nanos: 0 } })],
    ['of proposals', (e) => ({ voteA: { ...e.voteA!, type: 32 }, voteB: { ...e.voteB!, type: 32 } })],
    [
      'of a height without a block',
      (e) => ({
        voteA: voteOf('a', 9n, e.voteA!.blockId!),
        voteB: voteOf('a', 9n, e.voteB!.blockId!),
      }),
    ],
    ['with a short address', (e) => ({ voteA: { ...e.voteA!, validatorAddress: utf8('short') } })],
  ])('%s is refused', (_, change) => {
    const chain = chainOf(3)
    const evidence = duplicate(chain)
    expect(() =>
      chain.core.evidence.add(wrap({ ...evidence, ...change(evidence) }), chain.core.state),
    ).toThrow(expect.objectContaining({ codespace: 'engine', code: 63 }))
    expect(chain.core.evidence.size).toBe(0)
  })

  it('of another kind is refused', () => {
    const chain = chainOf(1)
    expect(() => chain.core.evidence.add({}, chain.core.state)).toThrow(expect.objectContaining({ code: 63 }))
    for (const json of [null, 5, {}, { type: 'tendermint/LightClientAttackEvidence', value: {} }]) {
      expect(() => evidenceFromJson(json)).toThrow(expect.objectContaining({ codespace: 'engine', code: 63 }))
    }
    const good = JSON.parse(JSON.stringify(evidenceJson(wrap(duplicate(chainOf(3)))))) as {
      value: { vote_a: Record<string, unknown> }
    }
    good.value.vote_a['signature'] = '***'
    expect(() => evidenceFromJson(good)).toThrow(expect.objectContaining({ codespace: 'engine', code: 63 }))
  })

  it('is too old after both limits, and forgotten then', () => {
    const genesis = {
      consensus_params: {
        evidence: { max_age_num_blocks: '3', max_age_duration: '3000000000', max_bytes: '10000' },
      },
    }
    const chain = testChain({ validators: names, powers, genesis })
    for (let i = 0; i < 3; i++) chain.produce()
    const evidence = wrap(duplicate(chain))
    for (let i = 0; i < 6; i++) chain.produce()
    expect(() => chain.core.evidence.add(evidence, chain.core.state)).toThrow(
      expect.objectContaining({ code: 63 }),
    )
  })

  it('takes no more of a block than its share', () => {
    const genesis = {
      consensus_params: {
        evidence: { max_age_num_blocks: '100', max_age_duration: '9000000000', max_bytes: '500' },
      },
    }
    const chain = testChain({ validators: names, powers, genesis })
    for (let i = 0; i < 3; i++) chain.produce()
    chain.core.evidence.add(wrap(duplicate(chain, 1n)), chain.core.state)
    chain.core.evidence.add(wrap(duplicate(chain, 2n)), chain.core.state)
    expect(chain.produce().made.block.evidence!.evidence).toHaveLength(1)
    expect(chain.produce().made.block.evidence!.evidence).toHaveLength(1)
    expect(chain.core.evidence.size).toBe(0)
  })
})
