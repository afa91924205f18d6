import { z } from 'zod'
import { bps, cash, connection, duration } from './fields.ts'

/** How a liquidator works. Amounts are micro-cash, parts in 1/10,000. */
export const liquidatorSchema = z.strictObject({
  ...connection,
  /**
   * Of its own: what it holds beyond cash and collateral counts as taken over, and is closed. Nothing is
   * moved there for it.
   */
  subaccount: z.number().int().min(0).max(65_535).default(1),
  dryRun: z.boolean().default(false),
  /** How often the list is asked for while nothing is told; with every block while something is. */
  poll: duration('5s', 200, 600_000),
  /** Accounts that are valued in one round, those that fell first. */
  accountsMax: z.number().int().min(1).max(200).default(20),
  value: z
    .strictObject({
      /** What closing costs: of the notional of perpetuals and futures, … */
      linearCostBps: bps(15, 0, 5_000),
      /** … of options' worth, and at least of their underlying's notional. */
      optionCostBps: bps(500, 0, 10_000),
      optionNotionalCostBps: bps(20, 0, 5_000),
      /** … of collateral that comes along. */
      collateralCostBps: bps(100, 0, 10_000),
      /** Beyond that, of the notional: what must be left. */
      safetyBps: bps(30, 0, 5_000),
      /** … and so much cash: a bid costs a fee. */
      profitMin: cash('1'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Notional that one bid takes, and that is held in all. */
      notionalPerBid: cash('250000'),
      notionalHeld: cash('1000000'),
      /** Nothing smaller is bid for. */
      notionalMin: cash('10'),
      /** Initial margin that must be left after a take-over, of what is required then. */
      marginLeftBps: bps(1_000, 0, 100_000),
    })
    .prefault({}),
  unwind: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Of one order, and how far from the mark it may go. */
      notionalPerOrder: cash('25000'),
      distanceBps: bps(50, 1, 1_000),
      /** Options are further apart. */
      optionDistanceBps: bps(1_000, 1, 5_000),
      every: duration('2s', 200, 600_000),
    })
    .prefault({}),
})

/** Checked, with what was left out. */
export type LiquidatorConfig = z.output<typeof liquidatorSchema>
/** As a file or a program writes it. */
export type LiquidatorConfigInput = z.input<typeof liquidatorSchema>
