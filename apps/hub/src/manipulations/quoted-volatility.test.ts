// Quoting an option's volatility up, to be worth more by it: three wallets of one attacker, which nothing
// links, and a fourth that holds the option.
import { black76 } from '@causeway/margin'
import { describe, expect, it } from 'vitest'
import { message } from '../testing/messages.fixture.ts'
import { E6, portfolio } from '../testing/trading-hub.fixture.ts'
import type { Arena } from './arena.fixture.ts'
import { arena, takeQuote, worthE6 } from './arena.fixture.ts'

const MAKERS = ['quoted one', 'quoted two', 'quoted three'] as const
const NAMES = [...MAKERS, 'quoted holder', 'quoted honest'] as const
const [, , , HOLDER, HONEST] = NAMES
/** Options by the hundred are listed beside the one that is quoted: slow on a busy machine. */
const TIMEOUT_MS = 300_000
const GRID = { tickE9: '10000000', lotE9: '100000000' }

/** Tomorrow's call at the index: 60 % as the oracle says. */
function scene() {
  const world = arena(NAMES, { hasSurfaces: true, expiries: 1, underlying: { option: GRID } })
  expect(world.fund(...NAMES)).toBe(true)
  const { driver, market } = world
  const symbol = 'ETH-20231115-3000-C'
  const { id, expirySeconds } = market(symbol).market!
  const fair = (volatility: number) => {
    const years = Number(expirySeconds - driver.timeSeconds) / (365 * 86_400)
    return black76(3_000, 3_000, volatility * Math.sqrt(years), 1, true)
  }
  return { world, id, symbol, fair, read: () => market(symbol).quotedVolatility }
}

type Scene = ReturnType<typeof scene>

const cents = (price: number) => BigInt(Math.round(price * 100)) * 10_000_000n

function quote({ world, id }: Scene, name: string, bid: number, ask: number): string[] {
  const side = { market: id, sizeE9: 3_400_000_000n }
  return [
    world.order(name, { ...side, isBuy: true, limitE9: cents(bid) }),
    world.order(name, { ...side, isBuy: false, limitE9: cents(ask) }),
  ]
}

/** All three, from a share above the fair price on: the lowest ask is above the highest bid. */
function quoteAbove(at: Scene, share: number): void {
  for (const name of MAKERS)
    expect(quote(at, name, at.fair(0.6) * (1 + share), at.fair(0.6) * (1 + share + 0.02))).toEqual(['0', '0'])
}

const equityE6 = ({ driver, of }: Arena, name: string) => BigInt(portfolio(driver, of(name).address).equityE6)

describe('an option’s volatility, quoted up', { timeout: TIMEOUT_MS }, () => {
  it('goes 5 points and no further, is worth as much to its holder, and ends with the quotes', async () => {
    const at = scene()
    const { world, symbol, fair, read } = at
    const legs = [[symbol, 10, Math.round(fair(0.6))]] as const
    expect(await takeQuote(world, { taker: HOLDER, maker: HONEST, legs })).toBe('0')
    const before = equityE6(world, HOLDER)
    quoteAbove(at, 0.15)
    world.blocks(78)
    expect(read()?.volatilityE9).toBe(0n)
    world.blocks(30)
    // 16 % above the fair price is 9 or 10 points above 60.
    expect(Number(read()!.volatilityE9) / 1e9).toBeGreaterThan(0.69)
    // Five points of what ten calls are worth, no more; time has taken its part.
    const gain = Number(equityE6(world, HOLDER) - before) / 1e6
    const five = 10 * (fair(0.65) - fair(0.6))
    expect(gain).toBeGreaterThan(five * 0.97)
    expect(gain).toBeLessThan(five)
    for (const name of MAKERS) {
      const all = { signer: world.of(name).address, subaccount: 0, market: 0n }
      expect(world.trade(name, message('causeway.markets.v1.MsgCancelAll', all))).toBe('0')
    }
    world.blocks(50)
    expect(read()?.volatilityE9).toBe(0n)
    expect(equityE6(world, HOLDER)).toBeLessThanOrEqual(before)
    expect(world.broken()).toEqual([])
  })

  it('costs who quotes so what anybody likes to sell there', () => {
    const at = scene()
    const { world, id, fair, read } = at
    quoteAbove(at, 0.15)
    world.blocks(110)
    const [makers, honest] = [worthE6(world, ...MAKERS), equityE6(world, HONEST)]
    const limitE9 = cents(fair(0.6) * 1.1)
    expect(world.order(HONEST, { market: id, isBuy: false, sizeE9: 3_400_000_000n, limitE9 })).toBe('0')
    world.blocks(60)
    // Two are left on both sides: the oracle's volatility is the mark, and what was bought too dear a loss.
    expect(read()?.volatilityE9).toBe(0n)
    const [lost, gained] = [makers - worthE6(world, ...MAKERS), equityE6(world, HONEST) - honest]
    expect(gained > 4n * E6 && lost > gained).toBe(true)
    expect(world.broken()).toEqual([])
  })
})
