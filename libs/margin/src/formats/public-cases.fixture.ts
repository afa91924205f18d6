// Small cases in the public formats, made here: what is published is under a licence that keeps it out.

const ONE = 10n ** 18n

/** An integer in units of 10⁻¹⁸; `text` writes it without quotes. */
export const units = (value: number): string => `#${BigInt(Math.round(value * 1e6)) * (ONE / 1_000_000n)}#`

/** JSON of a case, `units` as bare integers. */
export function text(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"#(-?\d+)#"/g, '$1')
}

/** Parameters of a PMRM_2 case. */
export const PMRM2_PARAMETERS = {
  Scenarios: [
    { SpotShock: 1.1, VolShockDirection: 'Up', DampeningFactor: 1 },
    { SpotShock: 0.9, VolShockDirection: 'Down', DampeningFactor: 0.5 },
    { SpotShock: 1, VolShockDirection: 'None', DampeningFactor: 1 },
    { SpotShock: 1, VolShockDirection: 'ABS', DampeningFactor: 1 },
    { SpotShock: 1.18, VolShockDirection: 'LINEAR', DampeningFactor: 5 },
  ],
  SkewShock: {
    ...{ LINEAR_SCALE_CAP: 0.15, LINEAR_CBASE: -0.05, ABS_SCALE_CAP: 0.25, ABS_CBASE: -0.1 },
    ...{ MIN_K_STAR: 0.01, MIN_WIDTH_SCALE: 4, VOL_PARAM_STATIC: 0.6, VOL_PARAM_SCALE: -0.2 },
  },
  VolShock: {
    ...{ VOLRANGEUP: 0.5, MIN_VOL_EVAL_SHOCKED: 0.45, VOLRANGEDOWN: 0.275 },
    ...{ SHORTTERMPOWER: 0.3, LONGTERMPOWER: 0.13, DTE_FLOOR: 2 },
  },
  Margin: {
    ...{ MM_LOSS_FACTOR: 0.8, IM_LOSS_FACTOR: 1, SHORT_RATE_MULTSCALE: 0.5, LONG_RATE_MULTSCALE: 1 },
    ...{ SHORT_RATE_ADDSCALE: 0.07, LONG_RATE_ADDSCALE: 0.08 },
    ...{ BASE_STATIC_DISCOUNT: 1.1, BASE_STATIC_DISCOUNT_NEG: 0.9 },
  },
  BasisContingency: {
    ...{ SCENARIO_SPOT_UP: 1.045, SCENARIO_SPOT_DOWN: 0.955 },
    ...{ BASIS_CONT_ADD_FACTOR: 0.5, BASIS_CONT_MULT_FACTOR: 2 },
  },
  OtherContingency: {
    ...{ PEG_LOSS_THRESHOLD: 0.98, PEG_LOSS_FACTOR: 2, CONF_THRESHOLD: 0.55, CONF_MARGIN: 1 },
    ...{ MM_PERP_PERCENT: 0.015, IM_PERP_PERCENT: 0.005, IM_PERP_PERCENT_NORMAL: 9 },
    ...{ MM_OPTION_PERCENT: 0.003, IM_OPTION_PERCENT: 0.002 },
  },
}

/** Scenario of a PMRM_2 case: a perpetual, a call, two assets of the same name. */
export const PMRM2_SCENARIO = {
  ...{ Cash: '100.5', SpotPrice: 1000, SpotConfidence: 1, StablePrice: 1, StableConfidence: 0 },
  ...{ NumPerps: -2, PerpPrice: 1010, PerpConfidence: 0.9, UnrealisedPerpPNL: 7, UnrealisedFunding: -2 },
  Collaterals: [
    {
      Name: 'USDT',
      Amount: 10,
      Price: 1,
      Confidence: 1,
      IsRiskCancelling: false,
      IMHaircut: 0.01,
      MMHaircut: 0.02,
    },
    {
      Name: 'USDT',
      Amount: 1,
      Price: 1000,
      Confidence: 1,
      IsRiskCancelling: true,
      IMHaircut: 0,
      MMHaircut: 0.1,
    },
  ],
  Options: [
    { Expiry: 86400, Strike: 1000, IsCall: 1, MarkVol: 9, Amount: -1 },
    { Expiry: 86400, Strike: 1000, IsCall: 1, MarkVol: 9, Amount: 0.25 },
    { Expiry: 86400, Strike: 1100, IsCall: 0, MarkVol: 9, Amount: 2 },
  ],
  OptionFeeds: [
    {
      ...{ FeedExpiry: 86400, Forward: 1001, ForwardConfidence: 1, Rate: 0.05, RateConfidence: 0.8 },
      SVIparam: ['0.001', '.01', '-0.1', '0', '0.1', 1001, '0.00273972602739726'],
      OptionVolConfidences: 0.7,
    },
  ],
}

/** A PMRM scenario: one short call held in two parts, one perpetual, one base asset. */
export const PMRM_SCENARIO = {
  OptionExpiries: [86400, 86400, 172800],
  OptionStrikes: [units(1000), units(1000), units(1200)],
  OptionIsCall: [1, 1, 0],
  OptionAmounts: [units(-1), units(0.25), units(3)],
  OptionVols: [units(0.8), units(0.8), units(0.9)],
  OptionVolConfidences: [units(1), units(0.7), units(1)],
  ...{ Cash: units(50), Perps: units(1), Base: units(2), SpotPrice: units(1000), SpotConfidence: units(1) },
  ...{ PerpPrice: units(1005), PerpConfidence: units(0.9), StablePrice: units(1), StableConfidence: 0 },
  ...{ UnrealisedPerpPNL: units(11), UnrealisedFunding: units(-1) },
  FeedExpiries: [86400, 86400, 172800],
  Forwards: [units(1001), units(1001), units(1002)],
  ForwardsFixed: [units(1), units(1), units(0)],
  ForwardsVariable: [units(1000), units(1000), units(1002)],
  ForwardConfidences: [units(1), units(1), units(0.6)],
  Rates: [units(0.04), units(0.04), units(0.05)],
  RateConfidences: [units(1), units(1), units(1)],
}

/** A StandardManager scenario: options on both markets, a perpetual that was entered at 990. */
export const STANDARD_SCENARIO = {
  OptionUnderlying: ['BTC', 'ETH', 'ETH'],
  OptionExpiries: [86400, 3599, 86400],
  OptionStrikes: [units(20_000), units(1000), units(1100)],
  OptionIsCall: [1, 0, 1],
  OptionAmounts: [units(1), units(-1), units(-2)],
  OptionVols: [units(0.5), units(0.6), units(0.7)],
  OptionVolConfidences: [units(1), units(0.9), units(0.8)],
  ...{ Cash: units(5), Perps_ETH: units(-3), Perps_BTC: 0, wETH: units(2), wBTC: 0 },
  ...{ LastEntryETH: units(990), LastEntryBTC: null, AccountETHFundingIndex: units(4) },
  ...{ ETHGlobalFundingIndex: units(6), BTCGlobalFundingIndex: 0, AccountBTCFundingIndex: null },
  ...{ ETHSpotPrice: units(1000), BTCSpotPrice: units(20_000), USDCValue: units(1) },
  SpotPerpConfidences: [
    [units(0.95), units(0.85)],
    [units(1), units(1)],
  ],
  FeedExpiries: [86400, 3599, 86400],
  Forwards: [units(20_010), units(1001), units(1002)],
  ForwardConfidences: [units(1), units(1), units(0.75)],
  PerpPrice: [units(1010), units(20_000)],
  ...{ SettlementPriceETH: units(1007), SettlementPriceBTC: units(20_005) },
}
