import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '@causeway/primitives'
import type { ChainBlock } from './block.ts'
import { mergeChanges, type Change } from './change.ts'
import { projectBlock } from './project-block.ts'
import {
  block,
  event,
  HUB,
  HUB_CLIENT,
  packetEvent,
  packetOf,
  scenario,
  sender,
  trader,
  transaction,
  ZONE,
  ZONE_CLIENT,
  type Plan,
} from './scenario.fixture.ts'
import { applyChanges, projectAll, sortedRows, type Tables } from './tables-in-memory.fixture.ts'

const plan = fc.record<Plan>({
  direction: fc.constantFrom('deposit', 'withdrawal'),
  owner: fc.integer({ min: 0, max: 2 }),
  amount: fc.bigInt({ min: 1n, max: 2n ** 100n }),
  fate: fc.constantFrom('sent', 'received', 'refused', 'acknowledged', 'error', 'timeout'),
})

const tablesOf = (changes: readonly Change[]): Tables => {
  const tables: Tables = new Map()
  applyChanges(tables, changes)
  return tables
}
const rowsOf = (tables: Tables, table: string): Record<string, unknown>[] =>
  [...tables].filter(([id]) => id.startsWith(`["${table}",`)).map(([, row]) => row)

/** Two chains' blocks in an order of their own: `true` takes the next of the hub. */
const interleave = (
  { hub, zone }: { hub: ChainBlock[]; zone: ChainBlock[] },
  choices: boolean[],
): ChainBlock[] => {
  const [left, right] = [[...hub], [...zone]]
  const mixed = choices.flatMap((choice) => (choice ? left : right).splice(0, 1))
  return [...mixed, ...left, ...right]
}

describe('projection', () => {
  it('gives the same tables however the two chains interleave', () => {
    const run = fc.property(
      fc.array(plan, { maxLength: 8 }),
      fc.array(fc.boolean(), { maxLength: 40 }),
      (plans, order) => {
        const chains = scenario(plans)
        const expected = tablesOf(projectAll([...chains.hub, ...chains.zone]).changes)
        const { changes, problems } = projectAll(interleave(chains, order))
        expect(problems).toBe(0)
        expect(sortedRows(tablesOf(changes))).toEqual(sortedRows(expected))
      },
    )
    fc.assert(run, { numRuns: 150 })
  })

  it('gives the same tables however the blocks are batched', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 30 })
    const run = fc.property(fc.array(plan, { maxLength: 8 }), cuts, (plans, sizes) => {
      const { hub, zone } = scenario(plans)
      const blocks = [...hub, ...zone]
      const { changes } = projectAll(blocks)
      const batched: Tables = new Map()
      const rest = [...changes]
      for (const size of [...sizes, rest.length]) applyChanges(batched, mergeChanges(rest.splice(0, size)))
      expect(sortedRows(batched)).toEqual(sortedRows(tablesOf(changes)))
    })
    fc.assert(run, { numRuns: 150 })
  })

  it('is a prefix property: later blocks only add to what earlier ones say', () => {
    const run = fc.property(fc.array(plan, { maxLength: 6 }), fc.nat(40), (plans, cut) => {
      const { hub, zone } = scenario(plans)
      const blocks = [...zone, ...hub]
      const prefix = tablesOf(projectAll(blocks.slice(0, cut)).changes)
      const whole = tablesOf(projectAll(blocks).changes)
      for (const id of prefix.keys()) expect(whole.has(id)).toBe(true)
      const amounts = rowsOf(whole, 'balanceChange').reduce((sum, row) => sum + (row.delta as bigint), 0n)
      const balances = rowsOf(whole, 'balance').reduce((sum, row) => sum + (row.amount as bigint), 0n)
      expect(balances).toBe(amounts)
    })
    fc.assert(run, { numRuns: 100 })
  })

  it('reads a deposit from both chains into one row', () => {
    const { hub, zone } = scenario([{ direction: 'deposit', owner: 0, amount: 55n, fate: 'acknowledged' }])
    const tables = tablesOf(projectAll([...hub, ...zone]).changes)
    expect(rowsOf(tables, 'packet')).toEqual([
      expect.objectContaining({
        sourceChainId: ZONE,
        sourceClient: ZONE_CLIENT,
        destinationClient: HUB_CLIENT,
        destinationChainId: HUB,
        sequence: 1n,
        sentHeight: 2n,
        receivedHeight: 3n,
        accepted: true,
        acknowledgedHeight: 3n,
      }),
    ])
    expect(rowsOf(tables, 'transfer')).toEqual([
      expect.objectContaining({
        account: trader(0),
        subaccount: 0,
        asset: 2n,
        line: 1n,
        amount: 55n,
        sender: sender(0),
      }),
    ])
    expect(rowsOf(tables, 'line')).toEqual([expect.objectContaining({ line: 1n, escrowed: 55n })])
    expect(rowsOf(tables, 'client')).toContainEqual(
      expect.objectContaining({
        clientId: HUB_CLIENT,
        trackedChainId: ZONE,
        counterpartyClientId: ZONE_CLIENT,
      }),
    )
  })

  it('keeps the reason of a refund', () => {
    const { hub, zone } = scenario([
      { direction: 'withdrawal', owner: 1, amount: 5n, fate: 'timeout' },
      { direction: 'withdrawal', owner: 1, amount: 6n, fate: 'error' },
    ])
    const tables = tablesOf(projectAll([...zone, ...hub]).changes)
    expect(
      rowsOf(tables, 'transfer')
        .map(({ refundReason }) => refundReason)
        .sort(),
    ).toEqual(['error', 'timeout'])
  })

  it('keeps the packets of a look-alike client apart from the real ones', () => {
    const { hub, zone } = scenario([{ direction: 'deposit', owner: 0, amount: 55n, fate: 'received' }])
    const forged = { ...packetOf({ direction: 'deposit', owner: 2, amount: 9n, fate: 'sent' }, 1n) }
    const packet = { ...forged, destinationClient: '07-tendermint-66' }
    const attack = block(HUB, BigInt(hub.length + 1), [
      transaction('forged', [packetEvent('recv_packet', packet)]),
    ])
    const tables = tablesOf(projectAll([...hub, ...zone, attack]).changes)
    const [first, second] = rowsOf(tables, 'packet')
    expect(first).toMatchObject({ sourceChainId: ZONE, sentHeight: 2n })
    expect(second).toMatchObject({ sourceChainId: `unknown:${HUB}/07-tendermint-66` })
    expect(second).not.toHaveProperty('sentHeight')
  })

  it('knows what a failed transaction has paid', () => {
    const balance = {
      account: trader(0),
      subaccount: '0',
      asset: '1',
      denom: 'ucway',
      delta: '-5',
      balance: '9',
    }
    const failed = transaction('f', [event('causeway.ledger.v1.balance', balance)], utf8('f'), 5)
    const { changes } = projectBlock(block(HUB, 1n, [failed]), () => undefined)
    expect(changes.find(({ table }) => table === 'balance')?.set).toEqual({ amount: 9n, height: 1n })
  })

  it('ignores the events of a failed transaction but keeps its row', () => {
    const packet = packetOf({ direction: 'withdrawal', owner: 0, amount: 9n, fate: 'sent' }, 1n)
    const failed = transaction('failed', [packetEvent('send_packet', packet)], utf8('failed'), 5)
    const { changes } = projectBlock(block(HUB, 1n, [failed]), () => undefined)
    expect(changes.map(({ table }) => table)).toEqual(['block', 'transaction'])
  })

  it('reads balances and prices that the block itself emits', () => {
    const price = event('causeway.oracle.v1.price', {
      asset: '2',
      price_e9: '9500000000',
      time_seconds: '1700000003',
    })
    const { changes } = projectBlock(block(HUB, 3n, [], [price]), () => undefined)
    const tables = tablesOf(changes)
    expect(rowsOf(tables, 'price')).toEqual([
      { asset: 2n, priceE9: 9_500_000_000n, timeSeconds: 1_700_000_003n, height: 3n },
    ])
    expect(rowsOf(tables, 'priceHistory')).toHaveLength(1)
  })

  it('passes over a credit of a payload that is no transfer', () => {
    const [credit] = scenario([{ direction: 'deposit', owner: 0, amount: 5n, fate: 'received' }])
      .hub.flatMap(({ transactions }) => transactions.flatMap(({ events }) => events))
      .filter(({ type }) => type === 'causeway.transfer.v1.credit')
    const packet = packetOf({ direction: 'deposit', owner: 0, amount: 5n, fate: 'sent' }, 1n)
    const other = { ...packet, payloads: [{ ...packet.payloads[0]!, sourcePort: 'clearing' }] }
    const events = [packetEvent('recv_packet', other), credit!]
    const { changes } = projectBlock(block(HUB, 1n, [transaction('t', events)]), () => ZONE)
    expect(changes.map(({ table }) => table)).not.toContain('transfer')
    expect(changes.map(({ table }) => table)).toContain('packet')
  })

  it("takes the hub's own events from the hub only", () => {
    const created = event('causeway.accounts.v1.created', { account: trader(0) })
    const isIn = (chainId: string): boolean =>
      projectBlock(block(chainId, 1n, [transaction('t', [created])]), () => undefined).changes.some(
        ({ table }) => table === 'account',
      )
    expect([isIn(HUB), isIn(ZONE)]).toEqual([true, false])
  })
})

describe('an event that can not be read', () => {
  const good = packetOf({ direction: 'withdrawal', owner: 0, amount: 9n, fate: 'sent' }, 1n)
  const bad: Record<string, ReturnType<typeof event>> = {
    'has no packet': event('send_packet', { packet_sequence: '1' }),
    'has a packet that is not hex': event('send_packet', { encoded_packet_hex: 'zz' }),
    'has a packet that is cut': event('send_packet', { encoded_packet_hex: '0801120' }),
    'has a client id of a strange form': packetEvent('send_packet', {
      ...good,
      sourceClient: 'x'.repeat(5000),
    }),
    'has a balance that is no number': event('causeway.ledger.v1.balance', {
      ...{ account: trader(0), subaccount: '0', asset: '2', denom: 'x' },
      ...{ delta: '1e9', balance: '5' },
    }),
    'has an asset beyond 64 bits': event('causeway.oracle.v1.price', {
      asset: String(2n ** 64n),
      price_e9: '1',
      time_seconds: '1',
    }),
    'has text that no database stores': event('causeway.accounts.v1.created', { account: 'a\u0000b' }),
    'has text beyond every bound': event('causeway.accounts.v1.created', { account: 'a'.repeat(1000) }),
    'has a height that is none': event('update_client', {
      ...{ client_id: '07-tendermint-0', client_type: '07-tendermint' },
      consensus_heights: 'tomorrow',
    }),
  }
  for (const [name, unreadable] of Object.entries(bad)) {
    it(`because it ${name} is reported, and the rest of the block is read`, () => {
      const events = [unreadable, packetEvent('send_packet', good)]
      const { changes, problems } = projectBlock(block(HUB, 1n, [transaction('t', events)]), () => undefined)
      expect(problems).toHaveLength(1)
      expect(problems[0]?.event).toBe(unreadable.type)
      expect(changes.filter(({ table }) => table === 'transfer')).toHaveLength(1)
    })
  }

  it('never throws, whatever a chain emits', () => {
    const types = [
      'send_packet',
      'recv_packet',
      'write_acknowledgement',
      'create_client',
      'update_client',
      'timeout_packet',
    ]
    const hubTypes = ['causeway.ledger.v1.balance', 'causeway.transfer.v1.credit', 'causeway.oracle.v1.price']
    const keys = [
      'encoded_packet_hex',
      'client_id',
      'consensus_heights',
      'account',
      'asset',
      'msg_index',
      'sequence',
    ]
    const anyEvent = fc.record({
      type: fc.constantFrom(...types, ...hubTypes),
      attributes: fc.array(
        fc.record({ key: fc.constantFrom(...keys), value: fc.string({ unit: 'binary' }) }),
      ),
    })
    const run = fc.property(fc.array(anyEvent), fc.uint8Array(), (events, bytes) => {
      projectBlock(block(HUB, 1n, [transaction('t', events, bytes)]), () => undefined)
    })
    fc.assert(run, { numRuns: 500 })
  })
})
