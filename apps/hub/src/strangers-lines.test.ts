// Whoever locks lines for a stranger and takes them home a day later: what the account locked itself stands,
// is asked first, and is waited for.
import { word } from '@causeway/messaging'
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { describe, expect, it } from 'vitest'
import { linkMessage } from './testing/links.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { ETHER, StandbyWorld, lineOf } from './testing/standby.fixture.ts'
import { aminoWallet } from './testing/wallets.fixture.ts'

const DAY = 86_400n
const OWN = 1

/** The trader's own line of 20 ETH, and 16 of strangers, each of more. */
function besieged(others = 21n * ETHER): { world: StandbyWorld; own: Uint8Array } {
  const world = new StandbyWorld()
  const owner = world.trader.id
  const terms = { expirySeconds: world.driver.timeSeconds + 30n * DAY }
  expect(codeOf(world.lock(OWN, 20n * ETHER, { ...terms, owner }))).toBe('0')
  for (let i = 2; i <= 17; i++) expect(codeOf(world.lock(i, others, terms))).toBe('0')
  return { world, own: lineOf(OWN, owner) }
}

const displaced = (world: StandbyWorld) =>
  world.told('causeway.clearing.v1.standby').filter(({ status }) => status === 'displaced')
const numbers = (world: StandbyWorld) => world.calls.map((call) => world.asked(call).number)

function stage(world: StandbyWorld): string {
  const data = QueryLiquidationRequest.encode({ account: world.trader.address }).finish()
  const { value } = world.driver.query('/causeway.liquidation.v1.Query/Liquidation', data)
  return QueryLiquidationResponse.decode(value).liquidation?.stage ?? 'none'
}

describe('lines that strangers lock', () => {
  it('take none of the account’s places, whatever they hold, and push out only each other', () => {
    const { world, own } = besieged()
    const { lines } = world.marginCalls()
    expect(lines).toHaveLength(17)
    expect(lines).toContainEqual(expect.objectContaining({ line: own, status: 'locked' }))
    expect(displaced(world)).toEqual([])
    const long = { expirySeconds: world.driver.timeSeconds + 30n * DAY }
    world.lock(18, 22n * ETHER, long)
    world.lock(19, 20n * ETHER, long)
    expect(displaced(world)).toMatchObject([{ line: '02'.repeat(32) }])
    expect(world.marginCalls().lines).toHaveLength(17)
    expect(world.broken()).toEqual([])
  })

  it('are asked for nothing that the account’s own cover, and liquidation waits for those', () => {
    const { world, own } = besieged()
    world.moveTo(1_900n)
    expect(numbers(world)).toEqual([OWN])
    expect([...world.marginCalls().calls].map(({ line }) => line)).toEqual([own])
    world.moveTo(1_810n)
    for (let i = 0; i < 3; i++) world.driver.block()
    expect([world.marginCalls().level, world.marginCalls().waiting, stage(world)]).toEqual([
      'below',
      true,
      'waiting',
    ])
    // What has come in is more than the strangers' refusals, whenever those come
    const [call] = world.calls
    const { amount } = world.asked(call!)
    world.acknowledge(call!, world.answer(call!, word(amount)))
    world.deliverPulled(amount)
    world.watch()
    expect(numbers(world).filter((number) => number === OWN)).toHaveLength(2)
    expect(world.broken()).toEqual([])
  })

  it('that were asked for what came on top hold back nothing that the account’s own can give', () => {
    const { world } = besieged()
    world.moveTo(1_900n)
    const { amount } = world.asked(world.calls[0]!)
    // More is missing while the own line's answer is awaited: a stranger's is asked for that
    world.moveTo(1_850n)
    expect(numbers(world)[0]).toBe(OWN)
    expect(numbers(world).length).toBeGreaterThan(1)
    expect(numbers(world).slice(1)).not.toContain(OWN)
    world.acknowledge(world.calls[0]!, world.answer(world.calls[0]!, word(amount)))
    world.deliverPulled(amount)
    const asked = world.calls.length
    world.moveTo(1_800n)
    // The strangers' have not refused yet: the own one is asked for what they were asked for, and more
    const [again] = world.calls.slice(asked)
    const strangers = world.calls.slice(1, asked).reduce((sum, call) => sum + world.asked(call).amount, 0n)
    expect(world.asked(again!).number).toBe(OWN)
    expect(world.asked(again!).amount).toBeGreaterThan(strangers)
    expect(world.broken()).toEqual([])
  })

  it('are asked where the account has none of its own, or too little', () => {
    const world = new StandbyWorld()
    world.lock(2, 20n * ETHER)
    world.lock(OWN, ETHER, { owner: world.trader.id })
    world.moveTo(1_900n)
    expect(world.calls.map((call) => world.asked(call))).toMatchObject([
      { number: OWN, amount: ETHER },
      { number: 2 },
    ])
    const without = new StandbyWorld()
    without.lock(2, 20n * ETHER)
    without.moveTo(1_900n)
    expect(numbers(without)).toEqual([2])
  })

  it('are the account’s own once their wallet is linked to it', async () => {
    const world = new StandbyWorld()
    const third = await aminoWallet('third')
    const owner = world.addresses.decode(third.address)
    world.lock(OWN, 20n * ETHER, { owner })
    world.lock(2, 21n * ETHER)
    expect(codeOf(world.deliver(world.trader, [await linkMessage(world.trader.address, third)]))).toBe('0')
    world.moveTo(1_900n)
    expect(numbers(world)).toEqual([OWN])
    expect(world.broken()).toEqual([])
  })
})

describe('the account’s own lines', () => {
  it('make room among themselves: the one that covers least goes', () => {
    const world = new StandbyWorld()
    const terms = { owner: world.trader.id, expirySeconds: world.driver.timeSeconds + 30n * DAY }
    for (let i = 1; i <= 16; i++) world.lock(i, BigInt(i) * ETHER, terms)
    world.lock(30, 40n * ETHER, { ...terms, owner: new Uint8Array(20).fill(30) })
    expect(displaced(world)).toEqual([])
    world.lock(17, ETHER, terms)
    expect([displaced(world).length, world.marginCalls().lines.length]).toEqual([0, 17])
    world.lock(18, 2n * ETHER, terms)
    const names = displaced(world).map(({ line }) => Number(BigInt(`0x${line}`) & 0xffn))
    expect([names, world.marginCalls().lines.length]).toEqual([[1], 17])
    expect(world.broken()).toEqual([])
  })
})
