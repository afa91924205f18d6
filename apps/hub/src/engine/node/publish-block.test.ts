import { describe, expect, it, vi } from 'vitest'
import { EventBus } from '../events/event-bus.ts'
import type { Attributes } from '../events/match.ts'
import { testKeys } from '../chain.fixture.ts'
import { testChain } from '../test-chain.fixture.ts'
import type { AppliedBlock } from './apply-block.ts'
import { publishBlock } from './publish-block.ts'

interface Seen {
  readonly type: string
  readonly value: Record<string, unknown>
  readonly attributes: Attributes
}

function published(query: string, applied: AppliedBlock): Seen[] {
  const bus = new EventBus({ clientsMax: 1, perClientMax: 1 })
  const seen: Seen[] = []
  bus.subscribe('client', {
    query,
    deliver: (data, attributes) => {
      const { type, value } = JSON.parse(data) as { type: string; value: Record<string, unknown> }
      seen.push({ type: type.replace('tendermint/event/', ''), value, attributes })
    },
  })
  publishBlock(bus, applied)
  return seen
}

describe('publishBlock', () => {
  const newcomer = testKeys('new')[0]!.pub_key.value

  it('tells of block, header, events, transactions and validators, in this order', () => {
    const applied = testChain().produce(['a=1', 'b=2', `val:${newcomer}!3`])
    expect(published('tm.event EXISTS', applied).map(({ type }) => type)).toEqual([
      'NewBlock',
      'NewBlockHeader',
      'NewBlockEvents',
      'Tx',
      'Tx',
      'Tx',
      'ValidatorSetUpdates',
    ])
  })

  it('gives transactions their hash, height and attributes', () => {
    const applied = testChain().produce(['a=1', 'b=2', 'bad'])
    const txs = published("tm.event = 'Tx'", applied)
    expect(txs.map(({ attributes }) => attributes.get('tx.height'))).toEqual([['1'], ['1'], ['1']])
    expect(txs.map(({ attributes }) => attributes.get('app.key'))).toEqual([
      ['a', '1'],
      ['b', '2'],
      undefined,
    ])
    expect(txs[0]!.attributes.get('tx.hash')![0]).toMatch(/^[0-9A-F]{64}$/)
    expect(txs.map(({ value }) => (value['TxResult'] as { index?: number }).index)).toEqual([undefined, 1, 2])
    expect((txs[2]!.value['TxResult'] as { result: unknown }).result).toMatchObject({ code: 2 })
    expect(published("tm.event = 'Tx' AND app.key = 'b'", applied)).toHaveLength(1)
    expect(published("tm.event = 'Tx' AND tx.height > 1", applied)).toHaveLength(0)
  })

  it('gives blocks the attributes of their own events', () => {
    const chain = testChain()
    chain.produce()
    const applied = chain.produce(['a=1'])
    const [block] = published("tm.event = 'NewBlock' AND block_app.height = 2", applied)
    expect(block!.value).toMatchObject({
      block: { header: { height: '2' }, data: { txs: ['YT0x'] } },
      result_finalize_block: { tx_results: [{ code: 0 }], events: [{ type: 'block_app' }] },
    })
    const [events] = published("tm.event = 'NewBlockEvents'", applied)
    expect(events!.value).toMatchObject({ height: '2', num_txs: '1', events: [{ type: 'block_app' }] })
    const [header] = published("tm.event = 'NewBlockHeader'", applied)
    expect(header!.value).toMatchObject({ header: { height: '2', chain_id: 'test-chain' } })
    expect([...header!.attributes.keys()]).toEqual(['tm.event'])
  })

  it('gives changed validators with their address', () => {
    const applied = testChain().produce([`val:${newcomer}!3`])
    const [updates] = published("tm.event = 'ValidatorSetUpdates'", applied)
    expect(updates!.value).toEqual({
      validator_updates: [
        {
          address: testKeys('new')[0]!.address,
          pub_key: testKeys('new')[0]!.pub_key,
          voting_power: '3',
          proposer_priority: '0',
        },
      ],
    })
  })

  it('does nothing when nobody listens', () => {
    const bus = new EventBus({ clientsMax: 1, perClientMax: 1 })
    const publish = vi.spyOn(bus, 'publish')
    publishBlock(bus, testChain().produce(['a=1']))
    expect(publish).not.toHaveBeenCalled()
  })
})
