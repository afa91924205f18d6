// While accounts lack more than insurance has nothing leaves; a day at most, then it is resolved by force.
import { describe, expect, it } from 'vitest'
import { message } from '../../testing/messages.fixture.ts'
import { E6, E9, ETH, LINE, redeem, transferCash } from '../../testing/trading-hub.fixture.ts'
import { send } from '../../testing/wallet.fixture.ts'
import { insuredHub } from './insured-hub.fixture.ts'
import type { InsuredHub } from './insured-hub.fixture.ts'

const NAMES = ['long', 'short', 'rich'] as const

/** `long` has lost 2,015 more than it has; insurance has so much. */
function bankrupt(insuredE6: bigint, pauseSecondsMax?: bigint) {
  const insurance = pauseSecondsMax === undefined ? {} : { params: { pauseSecondsMax: `${pauseSecondsMax}` } }
  const world = insuredHub(NAMES, { insurance })
  if (insuredE6 > 0n) world.insure('rich', insuredE6)
  const market = world.perpetual()
  expect(world.order('short', { market, isBuy: false, sizeE9: 20n * E9 })).toBe('0')
  expect(world.order('long', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
  world.prices.set(ETH, 1_900n * E9)
  // Held for three blocks; the end of the fourth finds who is below maintenance
  world.blocks(4)
  return world
}

const isPaused = ({ trading, hub }: InsuredHub) => trading.insurance.isPaused(hub.chain.readLatest())
const statuses = (world: InsuredHub) =>
  world.events('causeway.insurance.v1.pause').map(({ status }) => status)

function leaving(world: InsuredHub) {
  const { address } = world.of('rich')
  return [
    redeem(world.of('rich'), 10n * E6),
    message('causeway.cash.v1.MsgWithdraw', { holder: address, line: LINE, amount: '1', receiver: 'zone1x' }),
    transferCash(address, world.of('short').address, E6),
    message('ibc.applications.transfer.v1.MsgTransfer', {
      sourcePort: 'transfer',
      sourceChannel: '07-tendermint-0',
      token: { denom: 'ucway', amount: '5' },
      sender: address,
      receiver: 'zone1somebody',
      timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
      timeoutTimestamp: world.driver.timeSeconds + 600n,
      memo: '',
      encoding: '',
    }),
  ]
}

describe('while accounts lack more than insurance has', () => {
  it('nothing leaves, and all else goes on', () => {
    const world = bankrupt(1_000n * E6)
    expect(isPaused(world)).toBe(false)
    world.driver.block()
    expect(statuses(world)).toEqual(['began'])
    expect(isPaused(world)).toBe(true)
    for (const act of leaving(world)) expect(world.act('rich', act)).toBe('insurance/1')
    const { address } = world.of('rich')
    expect(world.act('rich', transferCash(address, `${address}/1`, E6))).toBe('0')
    expect(world.act('rich', send(address, world.of('short').address, '1', 'ucway'))).toBe('0')
    const market = world.perpetual()
    expect(world.order('rich', { market, isBuy: true, sizeE9: E9, limitE9: 1_800n * E9 })).toBe('0')
    expect(world.broken()).toEqual([])
  })

  it('begins in the block after it was found, and ends with the deficit', () => {
    const world = bankrupt(1_000n * E6)
    world.driver.block()
    expect(world.atEnd((context) => world.trading.insurance.resolve(context, world.holder('long')))).toBe(
      true,
    )
    world.driver.block()
    expect(statuses(world)).toEqual(['ended'])
    expect(isPaused(world)).toBe(false)
    expect(world.act('rich', redeem(world.of('rich'), 10n * E6))).toBe('0')
  })

  it('ends when insurance is given more', () => {
    const world = bankrupt(1_000n * E6)
    world.driver.block()
    expect(isPaused(world)).toBe(true)
    // A gift to the fund is a transfer to another account, too: it waits like all others
    expect(world.act('rich', transferCash(world.of('rich').address, world.of('short').address, E6))).toBe(
      'insurance/1',
    )
    world.atEnd((context) =>
      world.trading.insurance.receive(context, world.holder('rich'), 2_000n * E6, 'fee', []),
    )
    world.driver.block()
    expect([statuses(world), isPaused(world)]).toEqual([['ended'], false])
  })

  it('never begins where insurance has enough', () => {
    const world = bankrupt(3_000n * E6)
    world.blocks(3)
    expect(isPaused(world)).toBe(false)
    expect(world.act('rich', redeem(world.of('rich'), 10n * E6))).toBe('0')
  })

  it('is judged anew by every block’s prices', () => {
    const world = bankrupt(1_000n * E6)
    world.driver.block()
    expect(isPaused(world)).toBe(true)
    // Worth something again: by the votes of one block, in the next
    world.prices.set(ETH, 1_980n * E9)
    world.blocks(1)
    expect(isPaused(world)).toBe(true)
    world.driver.block()
    expect([statuses(world), isPaused(world)]).toEqual([['ended'], false])
  })
})

describe('after a day', () => {
  it('what is left is resolved by force, and all may leave', () => {
    const world = bankrupt(1_000n * E6, 6n)
    world.driver.block()
    expect(isPaused(world)).toBe(true)
    world.blocks(5)
    expect(isPaused(world)).toBe(true)
    world.driver.block()
    expect(world.events('causeway.insurance.v1.resolved')).toHaveLength(1)
    expect([statuses(world), isPaused(world)]).toEqual([['expired'], false])
    expect([world.folio('long').positions, world.cash('long')]).toEqual([[], 0n])
    expect(world.act('rich', redeem(world.of('rich'), 10n * E6))).toBe('0')
    world.blocks(2)
    expect(world.broken()).toEqual([])
  })

  it('is a day by default, and no vote makes it longer', () => {
    const world = insuredHub(NAMES)
    const { parameters } = world.hub.chain.composition.modules.find(({ name }) => name === 'insurance')!
    expect(parameters!.read(world.hub.chain.readLatest())).toEqual({ pauseSecondsMax: 86_400n })
    const refused = world.atEnd((context) => {
      try {
        parameters!.change(context, 'pauseSecondsMax', 86_401n)
      } catch (error) {
        return String(error)
      }
      return 'taken'
    })
    expect(refused).toContain('expected 0 to 86400')
  })

  it('nothing is resolved at a price that is not fresh; all may leave, and no other pause begins', () => {
    const world = bankrupt(1_000n * E6, 20n)
    world.driver.block()
    expect(isPaused(world)).toBe(true)
    world.prices.delete(ETH)
    world.blocks(25)
    expect(isPaused(world)).toBe(false)
    expect(world.folio('long').positions).toHaveLength(1)
    // Cash alone depends on no price of ETH
    expect(world.act('rich', redeem(world.of('rich'), 10n * E6))).toBe('0')
    world.blocks(2)
    expect([isPaused(world), statuses(world)]).toEqual([false, []])
    world.prices.set(ETH, 1_900n * E9)
    // Votes count a block later; that one and two more are fresh, and the next judges
    world.blocks(4)
    expect(world.folio('long').positions).toHaveLength(1)
    world.driver.block()
    expect(world.folio('long').positions).toEqual([])
    expect(world.broken()).toEqual([])
  })

  it('nothing is resolved at the first prices after a halt that lasted until then', () => {
    const world = bankrupt(1_000n * E6, 600n)
    world.driver.block()
    expect(isPaused(world)).toBe(true)
    // Nobody has seen a price meanwhile; the first one is less than 5 % off, so it is not held
    world.prices.set(ETH, 1_820n * E9)
    world.driver.block(3_600n)
    world.prices.set(ETH, 1_900n * E9)
    expect([isPaused(world), world.folio('long').positions.length]).toEqual([false, 1])
    // Of the votes before the halt none is fresh in its block
    world.blocks(3)
    expect(world.events('causeway.insurance.v1.resolved')).toEqual([])
    expect(world.folio('long').positions).toHaveLength(1)
    world.driver.block()
    expect(world.events('causeway.insurance.v1.resolved')).toHaveLength(1)
    expect(statuses(world)).toEqual(['expired'])
    expect(world.broken()).toEqual([])
  })

  it('nor at a price that was held in one of the last blocks', () => {
    const world = bankrupt(1_000n * E6, 20n)
    world.driver.block()
    // Each fourth vote is beyond what one block may move: never three fresh ones in a row before
    for (let i = 0; i < 12; i++) {
      world.prices.set(ETH, 1_600n * E9)
      world.driver.block()
      world.prices.set(ETH, 1_900n * E9)
      world.blocks(2)
    }
    expect([isPaused(world), world.folio('long').positions.length]).toEqual([false, 1])
    world.blocks(4)
    expect(world.folio('long').positions).toEqual([])
    expect(world.broken()).toEqual([])
  })

  it('whoever is worth something again at the prices that count is not resolved', () => {
    const world = bankrupt(1_000n * E6, 600n)
    world.driver.block()
    world.prices.set(ETH, 1_860n * E9)
    world.driver.block(3_600n)
    world.prices.set(ETH, 1_950n * E9)
    world.driver.block()
    world.prices.set(ETH, 2_040n * E9)
    world.blocks(6)
    expect(world.folio('long').positions).toHaveLength(1)
    expect(isPaused(world)).toBe(false)
    expect(world.broken()).toEqual([])
  })
})
