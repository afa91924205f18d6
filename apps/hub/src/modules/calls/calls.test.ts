// Calls over tables: many accounts at once, waits and answers without the rest of the hub.
import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import { describe, expect, it } from 'vitest'
import type { ExecutionContext } from '../../block/context.ts'
import { Layer } from '../../block/layer.ts'
import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { eventsOf, memoryContext } from '../../testing/memory-context.fixture.ts'
import { createCalls } from './calls.ts'
import type { Calls } from './calls.ts'
import type { CallsPorts } from './ports.ts'
import { CALLS_STORE, callsOf, readWait } from './state.ts'

const E6 = 1_000_000n
const EMPTY = { get: () => undefined, has: () => false, iterate: () => [] }
const CLIENT = 'ethereum-0'

interface Row {
  readonly holder: Holder
  level: string
  figures: ReturnType<CallsPorts['risk']['figures']>
  lines: StandbyLine[]
  isFresh: boolean
}

/** Accounts with a line each of 1,000 tokens, which cover a cash each. */
class CallsWorld {
  readonly addresses = createAddressCodec('cway')
  readonly rows: Row[] = []
  readonly sent: { line: number; amount: bigint }[] = []
  readonly paid: { to: Uint8Array; amount: bigint }[] = []
  isOpen = true
  readonly calls: Calls
  context: ExecutionContext
  readonly #layer = new Layer(() => EMPTY)

  constructor() {
    this.calls = createCalls(this.#ports())
    this.context = memoryContext([CALLS_STORE], { layer: this.#layer })
  }

  add(number: number, level: string, initialE6 = -100n * E6): Row {
    const account = new Uint8Array(20).fill(number >> 8)
    account[19] = number & 0xff
    const line = new Uint8Array(32).fill(number & 0xff)
    line[0] = number >> 8
    const row = {
      holder: { account, subaccount: 0 },
      figures: { valueE6: 900n * E6, initialE6, maintenanceE6: -E6, requirementE6: 800n * E6 },
      ...{ level, isFresh: true },
      lines: [
        {
          ...{ client: CLIENT, line, token: new Uint8Array(32), amount: '1000', account, subaccount: 0 },
          ...{ expirySeconds: 1n << 40n, status: 'locked', called: '' },
        },
      ],
    }
    this.rows.push(row)
    return row
  }

  block(secondsLater = 1n): void {
    const { height, timeSeconds } = this.context
    this.context = memoryContext([CALLS_STORE], {
      ...{ layer: this.#layer, height: height + 1n, timeSeconds: timeSeconds + secondsLater },
    })
    this.calls.endBlock(this.context)
  }

  /** The vault answers the call of a row. */
  answer(row: Row, pulled: bigint, status: 'succeeded' | 'refused' | 'timed out' = 'succeeded'): void {
    row.lines = row.lines.map((line) => ({ ...line, status: status === 'succeeded' ? 'locked' : 'void' }))
    this.calls.ended(this.context, { standby: row.lines[0]!, holder: row.holder, status, pulled })
  }

  #ports(): CallsPorts {
    const row = (holder: Holder) => this.rows.find((each) => each.holder === holder || same(each, holder))!
    return {
      addresses: this.addresses,
      risk: {
        level: (_, holder) => row(holder).level,
        atLevel: (_, level) =>
          this.rows.filter((each) => each.level === level).map(({ holder }) => [holder, {}] as const),
        figures: (_, holder) => row(holder).figures,
        isFresh: (_, holder) => row(holder).isFresh,
      },
      lines: (_, holder) => row(holder).lines.filter(({ status }) => status !== 'void'),
      isOwn: () => true,
      token: () => ({ asset: 7n, token: '0xaa' }),
      cover: (_, __, ___, amount) => ({ initialE6: amount * E6, valueE6: amount * E6, isFresh: true }),
      isOpen: () => this.isOpen,
      send: (_, __, line, amount) => {
        for (const each of this.rows)
          if (each.lines[0]!.line === line) each.lines = [{ ...each.lines[0]!, status: 'called' }]
        return BigInt(this.sent.push({ line: line[31]!, amount }))
      },
      held: () => 1_000_000n,
      reward: (_, __, to, ___, amount) => void this.paid.push({ to, amount }),
    }
  }
}

function same({ holder }: Row, other: Holder): boolean {
  return holder.account.every((byte, i) => byte === other.account[i])
}

describe('many calls', () => {
  it('go out 64 a block to each level, those below first; nobody is asked twice or left out', () => {
    const world = new CallsWorld()
    for (let number = 0; number < 100; number++) world.add(number, 'called')
    for (let number = 100; number < 200; number++) world.add(number, 'below')
    world.block()
    expect(world.sent.map(({ line }) => line)).toEqual(
      [...Array(64).keys()].map((i) => i + 100).concat([...Array(64).keys()]),
    )
    world.block()
    expect(world.sent).toHaveLength(200)
    expect(new Set(world.sent.map(({ line }) => line)).size).toBe(200)
    world.block()
    expect(world.sent).toHaveLength(200)
    // 100 are missing, and 10 % of the requirement of 1,000
    expect(world.sent[0]).toEqual({ line: 100, amount: 200n })
  })

  it('reach nobody who is well, or whose prices are not fresh, and no line that is closed', () => {
    const world = new CallsWorld()
    world.add(1, 'healthy')
    world.add(2, 'warned')
    world.add(3, 'below').isFresh = false
    world.block()
    world.isOpen = false
    world.add(4, 'called')
    world.block()
    expect(world.sent).toEqual([])
    world.isOpen = true
    world.block()
    expect(world.sent).toMatchObject([{ line: 4 }])
  })
})

describe('a wait', () => {
  it('begins with the call, ends with the refusal, and is not begun by another call within a day', () => {
    const world = new CallsWorld()
    const row = world.add(1, 'below')
    world.block()
    expect(world.calls.isWaiting(world.context, row.holder)).toBe(true)
    world.answer(row, 0n, 'refused')
    expect(world.calls.isWaiting(world.context, row.holder)).toBe(false)
    world.block()
    expect(eventsOf(world.context, 'causeway.calls.v1.wait')).toMatchObject([{ status: 'line' }])
    row.lines = [{ ...row.lines[0]!, status: 'locked' }]
    world.block()
    expect(world.sent).toHaveLength(2)
    expect(readWait(world.context.store(CALLS_STORE), row.holder)).toBeUndefined()
    world.answer(row, 0n, 'timed out')
    row.lines = [{ ...row.lines[0]!, status: 'locked' }]
    world.block(86_400n)
    expect(world.calls.isWaiting(world.context, row.holder)).toBe(true)
  })

  it('is as long as 600 seconds, the last of them not counted', () => {
    const world = new CallsWorld()
    const row = world.add(1, 'below')
    world.block()
    const at = (secondsLater: bigint) => {
      const timeSeconds = world.context.timeSeconds + secondsLater
      return world.calls.isWaiting({ ...readable(world), timeSeconds }, row.holder)
    }
    expect([at(599n), at(600n)]).toEqual([true, false])
  })

  it('is for what covers 1.2 times what is missing, and a margin of −10 % of the requirement or more', () => {
    const begins = (change: Partial<Row['figures']>) => {
      const world = new CallsWorld()
      const row = world.add(1, 'below')
      row.figures = { ...row.figures, ...change }
      world.block()
      return world.calls.isWaiting(world.context, row.holder)
    }
    // The line covers 1,000
    expect([begins({ initialE6: -833_333_333n }), begins({ initialE6: -833_333_334n })]).toEqual([
      true,
      false,
    ])
    expect([begins({ maintenanceE6: -80n * E6 }), begins({ maintenanceE6: -80n * E6 - 1n })]).toEqual([
      true,
      false,
    ])
  })

  it('goes on while what was pulled is on its way, for 600 seconds at most', () => {
    const world = new CallsWorld()
    const row = world.add(1, 'below')
    world.block()
    world.answer(row, 200n)
    world.block(300n)
    expect(world.calls.isWaiting(world.context, row.holder)).toBe(true)
    world.block(300n)
    expect(world.calls.isWaiting(world.context, row.holder)).toBe(false)
  })
})

describe('a call', () => {
  it('is forgotten two days after an answer whose deposit never came', () => {
    const world = new CallsWorld()
    const row = world.add(1, 'called')
    world.block()
    world.answer(row, 200n)
    row.level = 'healthy'
    world.block(172_800n)
    expect(callsOf(world.context.store(CALLS_STORE))).toHaveLength(1)
    world.block()
    expect(callsOf(world.context.store(CALLS_STORE))).toEqual([])
  })

  it('is paid for once, to who delivered the amount of the answer; not to the account itself', () => {
    const world = new CallsWorld()
    const row = world.add(1, 'called')
    const relayer = new Uint8Array(20).fill(9)
    const deliver = (amount: bigint, by: Uint8Array = relayer) =>
      world.calls.delivered(world.context, {
        ...{ client: CLIENT, token: '0xaa', holder: row.holder, amount, relayer: by },
      })
    world.block()
    deliver(200n)
    expect(world.paid).toEqual([])
    world.answer(row, 200n)
    // 5 cash are more than 0.1 %
    expect(world.paid).toEqual([{ to: relayer, amount: 5n }])
    deliver(200n)
    expect(world.paid).toHaveLength(1)
    row.lines = [{ ...row.lines[0]!, status: 'locked' }]
    world.block()
    world.answer(row, 200n)
    deliver(200n, row.holder.account)
    expect(world.paid).toHaveLength(1)
  })
})

/** A block's facts and state, as a plain object. */
function readable({ context }: CallsWorld) {
  const { chainId, height, timeNanoseconds, timeSeconds } = context
  return { chainId, height, timeNanoseconds, timeSeconds, store: (name: string) => context.store(name) }
}
