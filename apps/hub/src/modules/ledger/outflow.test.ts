import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createAddressCodec } from '../../identifiers.ts'
import { Layer } from '../../block/layer.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { createLedger } from './ledger.ts'
import { createLines, pathHash } from './lines.ts'
import { addOutflow, usedOf } from './outflow.ts'
import { ledgerParameters } from './params.ts'
import { LEDGER_STORE, createAsset, createLine, lineLimits, readLine, writeZone } from './state.ts'

const E6 = 1_000_000n
const E9 = 1_000_000_000n
const HOUR = 3_600n
const alice = { account: new Uint8Array(20).fill(1), subaccount: 0 }
const EMPTY = { get: () => undefined, has: () => false, iterate: () => [] }

/** A line of a token with 8 decimals, at 2 cash, that holds so much. */
function setUp({ held = 0n, priceE9 = 2n * E9, listed = true } = {}) {
  const layer = new Layer(() => EMPTY)
  let now = 1_700_000_100n
  const context = () => memoryContext([LEDGER_STORE], { layer, timeSeconds: now })
  const addresses = createAddressCodec('cway')
  const ledger = createLedger({ addresses, ensureAccount: (_, account) => account })
  const lines = createLines(ledger, { priceE9: () => priceE9 })
  const store = context().store(LEDGER_STORE)
  writeZone(store, 0)
  const asset = createAsset(store, { denom: 'token', decimals: 8, native: false }).id
  const denom = 'transfer/07-tendermint-0/utoken'
  const { id } = createLine(store, pathHash(denom), { client: '07-tendermint-0', denom, asset, listed })
  const line = () => readLine(store, id)!
  const deposit = (amount: bigint) => lines.deposit(context(), line(), alice, amount)
  if (held > 0n) deposit(held)
  return {
    deposit,
    take: (amount: bigint) => refusal(() => lines.withdraw(context(), line(), alice, amount)),
    room: () => lines.room(context(), line()),
    pass: (seconds: bigint) => (now += seconds),
    set: (name: string, value: bigint) => ledgerParameters.change(context(), `${name}/${id}`, value),
    parameters: () => ledgerParameters.read(context()),
    refund: (amount: bigint) => lines.refund(context(), id, alice, amount),
    limits: () => [...lineLimits(store)],
    id,
  }
}

/** Tokens. */
const tokens = (count: bigint) => count * 10n ** 8n

describe('a line’s window', () => {
  it('is 100,000 cash at the price, or 5 % of what it held, whichever is more', () => {
    expect(setUp({ held: tokens(10n) }).room()).toEqual({ capacity: tokens(50_000n), left: tokens(50_000n) })
    expect(setUp({ held: tokens(2_000_000n) }).room()!.capacity).toBe(tokens(100_000n))
  })

  it('lets no more than that leave within any hour, and all of it again later', () => {
    const line = setUp({ held: tokens(2_000_000n) })
    expect(line.take(tokens(99_999n))).toBe('nothing')
    expect(line.take(tokens(2n))).toBe('ledger/24')
    expect(line.take(tokens(1n))).toBe('nothing')
    // What has left counts in what was held an hour ago: the window doesn't shrink as it is used.
    expect(line.room()).toEqual({ capacity: tokens(100_000n), left: 0n })
    line.pass(HOUR - 1n)
    expect(line.take(1n)).toBe('ledger/24')
    line.pass(301n)
    expect(line.take(tokens(95_000n))).toBe('nothing')
  })

  it('counts gross: what comes in or back makes no room', () => {
    const line = setUp({ held: tokens(2_000_000n) })
    line.take(tokens(100_000n))
    line.refund(tokens(100_000n))
    expect(line.take(tokens(5_001n))).toBe('ledger/24')
    line.deposit(tokens(100_000n))
    expect(line.room()!.left).toBeLessThanOrEqual(tokens(10_000n))
  })

  it('is not there for a token that has no price or is not listed: nobody counts it', () => {
    for (const options of [{ priceE9: 0n }, { listed: false }]) {
      const line = setUp({ held: tokens(2_000_000n), ...options })
      expect(line.room()).toBe(undefined)
      expect(line.take(tokens(2_000_000n))).toBe('nothing')
    }
  })

  it('is what governance says', () => {
    const line = setUp({ held: tokens(1_000n) })
    line.set('outflowBps', 1_000n)
    line.set('outflowFloorE6', 20n * E6)
    expect(line.room()!.capacity).toBe(tokens(100n))
    expect(line.parameters()).toEqual({
      [`capE6/${line.id}`]: 0n,
      [`outflowBps/${line.id}`]: 1_000n,
      [`outflowFloorE6/${line.id}`]: 20n * E6,
    })
    expect(refusal(() => line.set('outflowBps', 10_001n))).toBe('parameters/2')
    expect(refusal(() => line.set('outflow', 1n))).toBe('parameters/1')
    line.set('outflowBps', 0n)
    line.set('outflowFloorE6', 0n)
    expect([line.limits(), line.room()!.capacity]).toEqual([[], tokens(50_000n)])
  })
})

describe('a line’s cap', () => {
  it('refuses the deposit that would exceed it', () => {
    const line = setUp()
    line.set('capE6', 10n * E6)
    expect(refusal(() => line.deposit(tokens(10n) + 1n))).toBe('ledger/25')
    line.deposit(tokens(10n))
    expect(refusal(() => line.deposit(1n))).toBe('ledger/25')
    line.set('capE6', 0n)
    expect(refusal(() => line.deposit(1n))).toBe('nothing')
  })
})

describe('outflow', () => {
  it('of any hour is counted, and is never kept for longer than it counts', () => {
    const steps = fc.array(fc.tuple(fc.bigInt(0n, 2_000n), fc.bigInt(1n, 100n)), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (all) => {
        let outflow: ReturnType<typeof addOutflow> = { buckets: [] }
        let now = 1_700_000_000n
        const history: (readonly [bigint, bigint])[] = []
        for (const [later, amount] of all) {
          now += later
          outflow = addOutflow(outflow, now, amount)
          history.push([now, amount])
          const within = (seconds: bigint) =>
            history.reduce((sum, [at, left]) => (now - at < seconds ? sum + left : sum), 0n)
          const used = usedOf(outflow, now)
          expect(used >= within(HOUR) && used <= within(HOUR + 601n)).toBe(true)
          expect(outflow.buckets.length).toBeLessThanOrEqual(14)
        }
      }),
    )
  })
})
