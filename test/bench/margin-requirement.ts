import {
  createPortfolio,
  createWhatIf,
  createWorkspace,
  evaluate,
  noMargins,
  valueAccount,
  withOptions,
} from '@causeway/margin'
import type { Account, RiskMarket } from '@causeway/margin'
import type { Comparison, Figure } from './figures.ts'
import { distinct, generator, held, marketAt, model, snapshotAt } from './margin-market.ts'
import { plainMaintenance } from './margin-plain.ts'
import { cpuFigure, target } from './margin-timing.ts'

const SIZES = [1, 10, 100, 1_000]

/**
 * Requirements of accounts of 1 to 1,000 positions, from a snapshot to the answer and with the market at
 * hand, beside a plain version with Math.*; and what one trade would change.
 */
export function compareRequirements(repetitions: number, quantLib: Figure | undefined): Comparison[] {
  const market = marketAt(1, 1)
  const draw = generator(4)
  return SIZES.flatMap((positions) => {
    const account: Account = {
      cash: 100_000,
      perps: [{ underlying: 'BTC', size: 1, quote: -60_000 }],
      options: distinct(draw, positions - 1).map((index) => held(index, 4 * draw() - 2)),
    }
    checkPlain(market, account)
    return [
      ...requirementRows(repetitions, market, account, positions, quantLib),
      ...(positions === 100 ? whatIfRows(repetitions, market, account) : []),
    ]
  })
}

function requirementRows(
  repetitions: number,
  market: RiskMarket,
  account: Account,
  positions: number,
  quantLib: Figure | undefined,
): Comparison[] {
  const portfolio = createPortfolio(market, account)
  const [workspace, margins, snapshot] = [createWorkspace(market), noMargins(), snapshotAt(1, 1)]
  const name = `pm2, ${positions.toLocaleString('en')} positions`
  const passes = Math.ceil(2_000 / positions)
  const atHand = cpuFigure(`${name}, market at hand`, repetitions, 10 * passes, () =>
    valueAccount(market, portfolio, workspace, margins),
  )
  const anew = cpuFigure(`${name}, options valued anew`, repetitions, passes, () => {
    const own = withOptions(market, account.options ?? [])
    valueAccount(own, createPortfolio(own, account), workspace, margins)
  })
  const oneShot = cpuFigure(`${name}, from the snapshot`, repetitions, passes, () =>
    evaluate(model, snapshot, account),
  )
  const plain = cpuFigure('plain Math.*', repetitions, passes, () =>
    plainMaintenance(market, model, portfolio),
  )
  const row = (ours: Figure, peer: Figure | undefined, aim?: number): Comparison => ({
    ...{ what: ours.work, ours, peer, by: 'per_cpu_second', aim },
  })
  const rows = [row(atHand, plain), row(anew, plain), row(oneShot, plain)]
  if (positions !== 100) return rows
  const valuations = (positions - 1) * market.plan.rows
  const priced = quantLib?.per_cpu_second && {
    ...{ peer: quantLib.peer, version: `blackFormula × ${valuations}, nothing else`, work: name },
    per_cpu_second: quantLib.per_cpu_second / valuations,
  }
  const wanted = target('0.25 ms', 4_000)
  return [...rows, row(anew, priced || undefined), row(atHand, wanted, 1), row(oneShot, wanted, 1)]
}

function whatIfRows(repetitions: number, market: RiskMarket, account: Account): Comparison[] {
  const standing = createWhatIf(market, createPortfolio(market, account))
  const option = account.options![0]!
  const trades = {
    'one option': [{ instrument: { kind: 'option' as const, ...option }, size: 0.5 }],
    'one perpetual': [{ instrument: { kind: 'perp' as const, underlying: 'BTC' }, size: 0.5 }],
  }
  return Object.entries(trades).map(([name, list]): Comparison => {
    const work = `what-if of ${name}, 100 positions`
    const ours = cpuFigure(work, repetitions, 1_000, () => standing.after(list))
    return { what: work, ours, peer: target('20 µs', 50_000), by: 'per_cpu_second', aim: 1 }
  })
}

/** The plain version must compute the same thing, or it is no peer: to what its normal distribution gives. */
function checkPlain(market: RiskMarket, account: Account): void {
  const apart = { ...model, offsetGroups: [] }
  const own = evaluate(apart, snapshotAt(1, 1), account).maintenanceMargin
  const plain = plainMaintenance(market, model, createPortfolio(market, account))
  if (Math.abs(own - plain) > 1e-5 * Math.abs(own)) throw new Error(`plain gives ${plain}, not ${own}`)
}
