// Random trades, and what they do to an account, written down once more and plainly: the oracle of what-if.
import type { Draw, RandomCase } from '../explain/random-case.fixture.ts'
import type { Account } from '../portfolio/account.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Trade } from './trade.ts'

/** One to three trades: closes, flips, new positions, options at strikes nobody holds, deposits. */
export function randomTrades(draw: Draw, { snapshot, account, model }: RandomCase): Trade[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(draw() * items.length)]!
  const change = (held: number) =>
    pick([-held, -held / 2, held, -2 * held, Math.round(draw() * 100) / 10 - 5])
  return Array.from({ length: 1 + Math.floor(draw() * 3) }, (): Trade => {
    const underlying = pick(snapshot.underlyings)
    const { name, spot } = underlying
    const { expirySeconds } = pick(underlying.expiries)
    const price = draw() < 0.5 ? {} : { price: spot * (0.5 + draw()), fee: draw() * 3 }
    const kind = draw()
    if (kind < 0.25) {
      const held = account.perps?.find((perp) => perp.underlying === name)?.size ?? 0
      return { instrument: { kind: 'perp', underlying: name }, size: change(held), ...price }
    }
    if (kind < 0.4) {
      const held = account.futures?.find((f) => f.underlying === name && f.expirySeconds === expirySeconds)
      const instrument = { kind: 'future' as const, underlying: name, expirySeconds }
      return { instrument, size: change(held?.size ?? 0), ...price }
    }
    if (kind < 0.5) return { instrument: { kind: 'cash' }, size: Math.round(draw() * 1e4) - 5_000 }
    if (kind < 0.6 || model.kind === 'linear') {
      const asset = pick(snapshot.assets).name
      return { instrument: { kind: 'collateral', asset }, size: Math.round(draw() * 1e3) / 100 }
    }
    const option = pick(account.options ?? [])
    if (kind < 0.8 && option !== undefined) {
      const { amount, ...terms } = option
      return { instrument: { kind: 'option', ...terms }, size: change(amount), ...price }
    }
    const strike = Math.round(spot * pick([0.8, 0.9, 1, 1.1, 1.25]))
    const instrument = {
      kind: 'option' as const,
      underlying: name,
      expirySeconds,
      strike,
      isCall: draw() < 0.5,
    }
    return { instrument, size: Math.round(draw() * 100) / 10 - 5, ...price }
  })
}

/** The account after trades. Marks of options come from a market that has them all. */
export function tradedAccount(account: Account, trades: readonly Trade[], marks: RiskMarket): Account {
  return trades.reduce((before, trade) => tradedOnce(before, trade, marks), account)
}

function tradedOnce(
  account: Account,
  trade: Trade,
  { underlyings, expiries, options, plan, grid }: RiskMarket,
): Account {
  const { instrument, size } = trade
  if (instrument.kind === 'cash') return { ...account, cash: account.cash + size }
  if (instrument.kind === 'collateral') {
    const held = account.collateral ?? []
    const old = held.find(({ asset }) => asset === instrument.asset)
    const amount = (old?.amount ?? 0) + size
    const others = held.filter((each) => each !== old)
    return {
      ...account,
      collateral: amount === 0 ? others : [...others, { asset: instrument.asset, amount }],
    }
  }
  const { price, fee = 0 } = trade as { price?: number; fee?: number }
  const cash = account.cash + -fee
  const u = underlyings.indexOf.get(instrument.underlying)!
  if (instrument.kind === 'perp') {
    const old = account.perps?.find(({ underlying }) => underlying === instrument.underlying)
    const others = (account.perps ?? []).filter((each) => each !== old)
    const after = {
      underlying: instrument.underlying,
      size: (old?.size ?? 0) + size,
      quote: (old?.quote ?? 0) + -(size * (price ?? underlyings.perp[u]!)),
      unsettled: old?.unsettled ?? 0,
    }
    if (after.size === 0) return { ...account, cash: cash + (after.quote + after.unsettled), perps: others }
    return { ...account, cash, perps: [...others, after] }
  }
  const e = expiries.indexOf[u]!.get(instrument.expirySeconds)!
  if (instrument.kind === 'future') {
    const isSame = (each: { underlying: string; expirySeconds: number }) =>
      each.underlying === instrument.underlying && each.expirySeconds === instrument.expirySeconds
    const old = account.futures?.find(isSame)
    const others = (account.futures ?? []).filter((each) => each !== old)
    const { underlying, expirySeconds } = instrument
    const quote = (old?.quote ?? 0) + -(size * (price ?? expiries.forward[e]!))
    const after = { underlying, expirySeconds, size: (old?.size ?? 0) + size, quote }
    if (after.size === 0) return { ...account, cash: cash + quote, futures: others }
    return { ...account, cash, futures: [...others, after] }
  }
  const { kind: _kind, ...terms } = instrument
  const index = (terms.isCall ? options.calls : options.puts)[e]!.get(terms.strike)!
  const old = account.options?.find(
    (each) =>
      each.underlying === terms.underlying &&
      each.expirySeconds === terms.expirySeconds &&
      each.strike === terms.strike &&
      each.isCall === terms.isCall,
  )
  const amount = (old?.amount ?? 0) + size
  const others = (account.options ?? []).filter((each) => each !== old)
  return {
    ...account,
    cash: cash + -(size * (price ?? grid[index * plan.rows]!)),
    options: amount === 0 ? others : [...others, { ...terms, amount }],
  }
}
