// Lines that are paused: nothing new comes in or leaves; what is under way ends as it would.
import { describe, expect, it } from 'vitest'
import { refusal } from '../../testing/refusal.fixture.ts'
import { isPaused, pauses, prolongPause, setPause } from '../ledger/pauses.ts'
import { LEDGER_STORE, readLine } from '../ledger/state.ts'
import { CashWorld, E6, holderOf } from './cash-world.fixture.ts'
import { convert } from './convert.ts'
import { redeem } from './withdraw.ts'

const alice = holderOf(1)

/** Alice has 100 cash over the first line of usd; the second holds 50. */
function setUp() {
  const world = new CashWorld()
  world.deposit(alice, world.lines[0], 100n * E6)
  world.deposit(alice, world.lines[1], 50n * E6, false)
  const line = (index = 0) => readLine(world.context.store(LEDGER_STORE), world.lines[index]!)!
  const take = (amountE6: bigint, index = 0) =>
    refusal(() =>
      world.context.nested(() =>
        redeem(world.context, world.ports, alice, { line: line(index).denom, amountE6, receiver: 'r' }),
      ),
    )
  const deposit = () => refusal(() => world.context.nested(() => world.deposit(alice, world.lines[0], E6)))
  return { world, line, take, deposit }
}

describe('a line that is paused', () => {
  it('takes nothing in and lets nothing out until the time, and others do', () => {
    const { world, line, take, deposit } = setUp()
    setPause(world.context, line(), 60n)
    expect([deposit(), take(E6), take(E6, 1)]).toEqual(['ledger/26', 'cash/43', 'nothing'])
    world.block(59n)
    expect([deposit(), take(E6)]).toEqual(['ledger/26', 'cash/43'])
    world.block(1n)
    expect([deposit(), take(E6), isPaused(world.context, line())]).toEqual(['nothing', 'nothing', false])
    expect(world.broken()).toEqual([])
  })

  it('stops the conversion of its token, whichever line it came over', () => {
    const { world, line } = setUp()
    setPause(world.context, line(), 60n)
    const asset = { id: world.usd, denom: 'usd', decimals: 6, native: false }
    expect(refusal(() => convert(world.context, world.ports, alice, { asset, amount: E6 }))).toBe('cash/21')
    setPause(world.context, line(), 0n)
    expect(convert(world.context, world.ports, alice, { asset, amount: E6 })).toBe(E6)
  })

  it('lets withdrawals that wait go on waiting, and takes back what was not taken', () => {
    const { world, line, take } = setUp()
    world.limit(world.lines[0], 10n * E6)
    expect(take(10n * E6)).toBe('nothing')
    expect(take(5n * E6)).toBe('nothing')
    setPause(world.context, line(), 100_000n)
    world.block(7_200n)
    expect(world.sent).toHaveLength(1)
    // The one under way comes back whole.
    world.land(world.sent[0]!, false)
    expect(world.balance(alice, world.usd)).toBe(60n * E6)
    setPause(world.context, line(), 0n)
    world.block(10n)
    expect(world.sent).toHaveLength(2)
    expect(world.broken()).toEqual([])
  })

  it('stays so for as long as the longest pause says, a year at most', () => {
    const { world, line } = setUp()
    setPause(world.context, line(), 1_000n)
    const until = world.context.timeSeconds + 1_000n
    prolongPause(world.context, line(), 500n)
    const all = () => [...pauses(world.context.store(LEDGER_STORE))]
    expect(all()).toEqual([{ line: line().id, until }])
    prolongPause(world.context, line(), 2_000n)
    expect(all()).toEqual([{ line: line().id, until: until + 1_000n }])
    expect(refusal(() => setPause(world.context, line(), 31_536_001n))).toBe('ledger/27')
    setPause(world.context, line(), 0n)
    expect(all()).toEqual([])
  })
})
