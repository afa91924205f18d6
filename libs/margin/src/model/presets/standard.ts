/**
 * Per position: short options by spot and moneyness, spreads by their worst payoff, perpetuals by notional.
 */
export const standard = {
  kind: 'standard',
  name: 'standard',
  option: {
    spotMax: 0.15,
    spotMin: 0.1,
    maintenanceCallSpot: 0.075,
    maintenancePutSpot: 0.075,
    maintenancePutMark: 0.075,
    unpaired: { maintenance: 1.1, initial: 1.2 },
    maintenanceOffset: 1.05,
  },
  perp: { maintenance: 0.05, initial: 0.065 },
  confidence: { perpThreshold: 0.4, optionThreshold: 0.4, collateralThreshold: 0.4, factor: 0.4 },
  peg: { threshold: 0.98, factor: 1.2 },
} as const
