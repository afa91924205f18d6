/**
 * For accounts without options: 5 % of notional initially, growing with open interest; maintenance 60 % of
 * it.
 */
export const linear = {
  kind: 'linear',
  name: 'linear',
  maintenanceShare: 0.6,
  openInterest: [
    { underlying: 'BTC', base: 0.05, lower: 100_000_000, upper: 1_000_000_000 },
    { underlying: 'ETH', base: 0.05, lower: 100_000_000, upper: 1_000_000_000 },
    { underlying: '*', base: 0.1, lower: 20_000_000, upper: 200_000_000 },
  ],
} as const
