import { z } from 'zod'
import { bps, cash, connection, duration } from './fields.ts'

const style = {
  /** Half of the spread of perpetuals and futures, of the price. */
  linearBps: bps(8, 1, 5_000),
  /** … of options, of the premium. */
  optionBps: bps(300, 1, 10_000),
  /** Worth of the underlying that each side of a quote offers, cash. */
  quoteNotional: cash('15000'),
  /** So many quotes are held at most in a market, long or short. */
  quotesHeldMax: z.number().int().min(1).max(1_000).default(5),
  /** Strikes on each side of the index; −1 quotes no options. */
  strikesBeside: z.number().int().min(-1).max(20).default(1),
  /** Days until the first expiry that is quoted. */
  expiryDaysMin: z.number().int().min(0).max(400).default(7),
}

/** How a market maker works. */
export const marketMakerSchema = z.strictObject({
  ...connection,
  subaccount: z.number().int().min(0).max(65_535).default(0),
  dryRun: z.boolean().default(false),
  /** Names of underlyings; empty: all. */
  underlyings: z.array(z.string().regex(/^[A-Z0-9]{1,32}$/, 'expected a name such as ETH')).default([]),
  style: z.strictObject(style).prefault({}),
  /** Quotes stand for so many blocks, … */
  everyBlocks: z.number().int().min(1).max(1_000).default(6),
  /** … unless the price moves by so much first, or isn't fresh any more. */
  requoteBps: bps(4, 1, 5_000),
  protection: z
    .strictObject({
      windowSeconds: z.number().int().min(1).max(3_600).default(10),
      /** What may be filled of quotes in an underlying within it, cash of notional. */
      notional: cash('60000'),
    })
    .prefault({}),
  /** The hub ends all orders when nothing was heard for so long. */
  deadMan: duration('30s', 5_000, 3_600_000),
  /** Quotes are taken back when it is told to stop. */
  withdrawAtEnd: z.boolean().default(true),
})

/** Checked, with what was left out. */
export type MarketMakerConfig = z.output<typeof marketMakerSchema>
/** As a file or a program writes it. */
export type MarketMakerConfigInput = z.input<typeof marketMakerSchema>
