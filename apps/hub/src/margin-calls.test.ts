// Margin calls through a whole hub over an Ethereum chain: who is called, for how much, and what comes of it.
import { word } from '@causeway/messaging'
import { describe, expect, it } from 'vitest'
import { exportState } from './block/inspect.ts'
import { WETH } from './testing/ethereum-bridge.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { ETH, ETHER, StandbyWorld } from './testing/standby.fixture.ts'

const E6 = 1_000_000n
const E9 = 1_000_000_000n

const asked = (world: StandbyWorld) => world.calls.map((call) => world.asked(call))
const numbers = (world: StandbyWorld) => asked(world).map(({ number }) => number)
const lines = (world: StandbyWorld) =>
  world.marginCalls().lines.map(({ line, amount, status }) => [line[0], BigInt(amount) / 10n ** 15n, status])

describe('a margin call', () => {
  it('goes out at a quarter of the requirement, restores the initial one and 10 %, and is credited', () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    world.moveTo(1_925n)
    expect([world.marginCalls().level, asked(world)]).toEqual(['warned', []])
    world.moveTo(1_900n)
    const before = world.portfolio()
    expect(before.marginLevel).toBe('called')
    // 760 and 1,672 are missing; 90 % of 1.4222 ETH at 1,900 is that
    expect(asked(world)).toEqual([{ number: 1, amount: 1_422_222_335_087_719_299n }])
    const { amount } = asked(world)[0]!
    expect(codeOf(world.acknowledge(world.calls[0]!, world.answer(world.calls[0]!, word(amount))))).toBe('0')
    // The answer credits nothing
    expect(world.portfolio().initialMarginE6).toBe(before.initialMarginE6)
    world.deliverPulled(amount)
    const after = world.portfolio()
    const reward = 2_631_578_948n * 10n ** 6n
    expect(BigInt(after.initialMarginE6)).toBeGreaterThan(1_660n * E6)
    expect(BigInt(world.balance(world.trader.address, 'eth'))).toBeLessThan(amount - reward)
    expect(after.marginLevel).toBe('warned')
    expect(lines(world)).toEqual([[1, 18_577n, 'locked']])
    world.moveTo(1_905n)
    expect(numbers(world)).toEqual([1])
    expect(world.broken()).toEqual([])
  })

  it('asks no line while its answer, or what it gave, is under way; more when more is missing', () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    world.moveTo(1_900n)
    world.moveTo(1_890n)
    expect(numbers(world)).toEqual([1])
    const { amount } = asked(world)[0]!
    world.acknowledge(world.calls[0]!, world.answer(world.calls[0]!, word(amount)))
    world.moveTo(1_880n)
    expect(numbers(world)).toEqual([1])
    world.deliverPulled(amount)
    world.moveTo(1_800n)
    expect(numbers(world)).toEqual([1, 1])
    expect(world.broken()).toEqual([])
  })

  it('asks one line after another where one holds too little, and the next one when one refuses', () => {
    const world = new StandbyWorld()
    world.lock(1, ETHER / 2n)
    world.lock(2, (ETHER * 7n) / 10n)
    world.lock(3, (ETHER * 6n) / 10n)
    world.moveTo(1_900n)
    // 1.4222 in all, as above
    expect(asked(world).map(({ number, amount }) => [number, amount / 10n ** 14n])).toEqual([
      [2, 7_000n],
      [3, 6_000n],
      [1, 1_222n],
    ])
    world.acknowledge(world.calls[1]!, world.answer(world.calls[1]!, 'error'))
    world.watch()
    // Nobody else is left; the void one isn't asked again
    expect(numbers(world)).toEqual([2, 3, 1])
    expect(lines(world)).toEqual([
      [1, 500n, 'called'],
      [2, 700n, 'called'],
    ])
    world.lock(4, 20n * ETHER)
    world.watch()
    expect(asked(world).slice(3)).toMatchObject([{ number: 4 }])
    expect(asked(world)[3]!.amount / 10n ** 14n).toBe(6_000n)
    expect(world.broken()).toEqual([])
  })

  it('that gives less, is refused or times out leaves a void line, which can be locked anew', () => {
    for (const answer of ['partial', 'error', 'nobody'] as const) {
      const world = new StandbyWorld()
      world.lock(1, 20n * ETHER)
      world.moveTo(1_900n)
      const [call] = world.calls
      const { amount } = asked(world)[0]!
      if (answer === 'partial') {
        world.acknowledge(call!, world.answer(call!, word(amount / 2n)))
        world.deliverPulled(amount / 2n)
        expect(world.told('causeway.calls.v1.reward')).toHaveLength(1)
      } else if (answer === 'error') world.acknowledge(call!, world.answer(call!, 'error'))
      else {
        world.finalize()
        while (world.driver.timeSeconds < call!.timeoutTimestamp) {
          world.passTo(world.slot + 50n)
          world.finalize()
        }
        expect(codeOf(world.timeOut(call!))).toBe('0')
      }
      const { calls, lines: open } = world.marginCalls()
      expect([calls, open], answer).toEqual([[], []])
      world.watch()
      expect(numbers(world)).toEqual([1])
      world.lock(1, 10n * ETHER)
      world.moveTo(1_860n)
      expect(numbers(world)).toEqual([1, 1])
      expect(world.broken()).toEqual([])
    }
  })

  it('is not made at prices that are not fresh, of a line that has expired, or one that is paused', () => {
    const world = new StandbyWorld()
    const expirySeconds = world.driver.timeSeconds + 300n
    world.lock(1, 20n * ETHER, { expirySeconds })
    while (world.driver.timeSeconds < expirySeconds) world.passTo(world.slot + 4n)
    world.moveTo(1_900n)
    expect([world.marginCalls().level, numbers(world)]).toEqual(['called', []])
    world.prices.delete(ETH)
    world.driver.block(120n)
    world.lock(2, 20n * ETHER)
    world.watch()
    expect(numbers(world)).toEqual([])
    world.prices.set(ETH, 1_900n * E9)
    for (let i = 0; i < 3; i++) world.moveTo(1_900n)
    expect(numbers(world)).toEqual([2])
  })
})

describe('liquidation', () => {
  const waits = (world: StandbyWorld, from = 0) =>
    world.told('causeway.calls.v1.wait', from).map(({ status }) => status)

  /** Below maintenance, by a line of so much. */
  const below = (amount = 20n * ETHER, terms = {}) => {
    const world = new StandbyWorld()
    world.lock(1, amount, terms)
    world.moveTo(1_800n)
    expect(world.marginCalls().level).toBe('below')
    return world
  }

  it('waits for a line that covers 1.2 times what is missing, until it has come in', () => {
    const world = below()
    expect([world.marginCalls().waiting, waits(world)]).toEqual([true, ['began']])
    const { amount } = asked(world)[0]!
    world.acknowledge(world.calls[0]!, world.answer(world.calls[0]!, word(amount)))
    expect(world.marginCalls().waiting).toBe(true)
    world.deliverPulled(amount)
    expect([world.marginCalls().waiting, waits(world)]).toEqual([false, ['began', 'recovered']])
  })

  it('waits for 600 seconds of block time, and once a day', () => {
    const world = below()
    const { lastWaitSeconds } = world.marginCalls()
    while (world.driver.timeSeconds < lastWaitSeconds + 599n) world.driver.block(10n)
    const at = world.driver.timeSeconds
    expect(world.marginCalls().waiting).toBe(at < lastWaitSeconds + 600n)
    world.driver.block(600n - (at - lastWaitSeconds) > 0n ? 600n - (at - lastWaitSeconds) : 1n)
    expect([world.marginCalls().waiting, waits(world)]).toEqual([false, ['began', 'time']])
    world.lock(2, 20n * ETHER)
    world.driver.block()
    expect(waits(world)).toEqual(['began', 'time'])
  })

  it('waits no more once the margin is lower than −10 % of the requirement', () => {
    const world = below()
    world.moveTo(1_781n)
    expect(world.marginCalls().waiting).toBe(true)
    world.moveTo(1_778n)
    expect([world.marginCalls().waiting, waits(world)]).toEqual([false, ['began', 'margin']])
    // Over is over
    world.moveTo(1_790n)
    expect(world.marginCalls().waiting).toBe(false)
  })

  it('does not wait for a line that is worth too little, lives too short, was refused, or is none', () => {
    for (const world of [
      // 3,880 is missing: 1.2 times as much is 2.874 ETH
      below((ETHER * 287n) / 100n),
      below(20n * ETHER, { expirySeconds: 1_700_000_000n + 3n * 3_600n }),
    ]) {
      expect([numbers(world), world.marginCalls().waiting, waits(world)]).toEqual([[1], false, []])
    }
    const enough = below((ETHER * 289n) / 100n)
    expect(waits(enough)).toEqual(['began'])
    enough.acknowledge(enough.calls[0]!, enough.answer(enough.calls[0]!, 'error'))
    expect([enough.marginCalls().waiting, waits(enough)]).toEqual([false, ['began', 'line']])
    const none = new StandbyWorld()
    none.moveTo(1_800n)
    expect([none.marginCalls().waiting, waits(none)]).toEqual([false, []])
  })

  it('does not wait for tokens that another account locked for a stranger', () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER, { account: world.stranger.id })
    world.moveTo(1_800n)
    expect([numbers(world), world.marginCalls().waiting]).toEqual([[], false])
  })
})

describe('the reward', () => {
  const rewards = (world: StandbyWorld) => world.told('causeway.calls.v1.reward')
  const balance = (world: StandbyWorld, address: string) => BigInt(world.balance(address, 'eth'))

  const called = (price = 1_900n, long?: bigint) => {
    const world = new StandbyWorld(long)
    world.lock(1, 100n * ETHER)
    world.moveTo(price)
    const [call] = world.calls
    return { world, call: call!, amount: world.asked(call!).amount }
  }

  it('is 0.1 %, at least 5 cash, of what came in, to whoever delivers it; in either order, once', () => {
    for (const isAnswerFirst of [true, false]) {
      const { world, call, amount } = called()
      const answer = () => world.acknowledge(call, world.answer(call, word(amount)))
      if (isAnswerFirst) answer()
      world.deliverPulled(amount)
      if (!isAnswerFirst) {
        expect(rewards(world)).toEqual([])
        answer()
      }
      const paid = 2_631_578_948_000_000n
      expect(balance(world, world.relayer.address) / 10n ** 6n).toBe(paid / 10n ** 6n)
      expect(balance(world, world.trader.address)).toBe(amount - balance(world, world.relayer.address))
      expect(rewards(world)).toMatchObject([{ relayer: world.relayer.address, asset: '3' }])
      // The same amount again is nobody's line
      world.deliverPulled(amount)
      expect(rewards(world)).toHaveLength(1)
      expect(world.broken()).toEqual([])
    }
  })

  it('is not for deposits of another amount or token, nor for who delivers to himself', () => {
    const { world, call, amount } = called()
    world.acknowledge(call, world.answer(call, word(amount)))
    world.deliverPulled(amount - 1n)
    world.deliverPulled(amount + 1n)
    expect(rewards(world)).toEqual([])
    const own = called()
    own.world.acknowledge(own.call, own.world.answer(own.call, word(own.amount)))
    const packet = own.world.deposit({
      amount: own.amount,
      receiver: own.world.trader.address,
      token: WETH,
    })
    expect(codeOf(own.world.receive(packet, undefined, undefined, own.world.trader))).toBe('0')
    expect(rewards(own.world)).toEqual([])
    expect(balance(own.world, own.world.trader.address)).toBe(own.amount)
    expect(own.world.marginCalls().calls).toEqual([])
  })

  it('makes whoever wants to be taken for the relayer give away more than the line', () => {
    const { world, call, amount } = called()
    // Before the answer: dust, and more than was asked for
    for (const fake of [1n, amount / 2n, amount + 1n]) world.deliverPulled(fake)
    world.acknowledge(call, world.answer(call, word(amount)))
    expect(rewards(world)).toEqual([])
    world.deliverPulled(amount)
    expect(rewards(world)).toHaveLength(1)
    expect(balance(world, world.relayer.address) * 500n).toBeLessThan(amount)
  })

  it('never takes more than 5 % of what came in, however little that is', () => {
    const { world, call, amount } = called()
    // The line held hardly anything: a cash and a half
    const pulled = ETHER / 1_200n
    expect(pulled).toBeLessThan(amount)
    world.acknowledge(call, world.answer(call, word(pulled)))
    world.deliverPulled(pulled)
    expect(balance(world, world.relayer.address)).toBe(pulled / 20n)
  })

  it('of repeated calls is less than they bring', () => {
    const { world } = called(1_900n)
    const seen = { pulled: 0n }
    for (const price of [1_900n, 1_800n, 1_700n]) {
      world.moveTo(price)
      const call = world.calls.at(-1)!
      const { amount } = world.asked(call)
      world.acknowledge(call, world.answer(call, word(amount)))
      world.deliverPulled(amount)
      seen.pulled += amount
    }
    expect(rewards(world)).toHaveLength(3)
    const paid = balance(world, world.relayer.address)
    expect(paid * 100n).toBeLessThan(seen.pulled)
    expect(paid + balance(world, world.trader.address)).toBe(seen.pulled)
    expect(world.broken()).toEqual([])
  })
})

describe('what is under way', () => {
  it('is exported, and a hub that starts from it has the same', () => {
    const world = new StandbyWorld()
    world.lock(1, 20n * ETHER)
    world.moveTo(1_800n)
    const exported = exportState(world.hub.chain) as { calls: object; clearing: object; risk: object }
    expect(exported.calls).toMatchObject({
      calls: [{ sequence: '1', pulled: '' }],
      waits: [{}],
      lastWaits: [{}],
    })
  })
})
