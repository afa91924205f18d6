// Settings that the PMRM, StandardManager and liquidation cases are published with: read from the
// `environment.json` beside them, or those of derivexyz/v2-core where there is none or it has no such
// section.
import type { Scenario, ScenarioModel, StandardModel, VolDirection } from '../model/risk-model.ts'
import { malformed } from '../model/shape.ts'
import type { AuctionCurve } from '../auction/liquidation.ts'
import { caseReader, type CaseReader } from './decimals.ts'
import type { CaseContext } from './margin-case.ts'

/** PMRM: a scenario model, and the share of base assets that is not counted. */
export interface PmrmSettings {
  readonly model: ScenarioModel
  readonly baseHaircut: number
}

/** StandardManager: a model, and what base assets count. */
export interface StandardSettings {
  readonly model: StandardModel
  readonly baseFactor: number
  readonly baseInitialScale: number
}

/** PMRM settings of a file. Throws `MarginError` 80 for a section that can't be read. */
export function pmrmSettings(context: CaseContext, folder: 'PMRM' | 'liquidation'): PmrmSettings {
  const settings = settingsOf(context, folder, PUBLISHED_PMRM)
  const parameters = settings.object('parameters')
  return {
    model: readPmrmModel(parameters, settings.objects('scenarios').map(readScenario)),
    baseHaircut: parameters.object('otherContingency').number('basePercent'),
  }
}

/** Settings of the StandardManager file. Throws `MarginError` 80 for a section that can't be read. */
export function standardSettings(context: CaseContext): StandardSettings {
  const parameters = settingsOf(context, 'StandardManager', PUBLISHED_STANDARD).object('parameters')
  const base = parameters.object('baseAsset')
  return {
    model: readStandardModel(parameters),
    baseFactor: base.number('marginFactor'),
    baseInitialScale: base.number('imScale'),
  }
}

/** The auction of the liquidation file. Throws `MarginError` 80 for a section that can't be read. */
export function auctionSettings(context: CaseContext): {
  readonly curve: AuctionCurve
  readonly bufferShare: number
  readonly feeShare: number
} {
  const auction = settingsOf(context, 'liquidation', PUBLISHED_LIQUIDATION).object('auction')
  return {
    curve: {
      discountStart: auction.number('startingMtMPercentage'),
      discountKnee: auction.number('fastAuctionCutoffPercentage'),
      fastSeconds: auction.number('fastAuctionLengthSeconds'),
      slowSeconds: auction.number('slowAuctionLengthSeconds'),
      insolventSeconds: auction.number('insolventAuctionLengthSeconds'),
      insolventShare: 1,
    },
    bufferShare: auction.number('bufferMarginPercentage'),
    feeShare: auction.number('liquidatorFeeRate'),
  }
}

function settingsOf({ environment }: CaseContext, folder: string, published: unknown): CaseReader {
  if (environment === undefined) return caseReader(published, 'settings')
  const all = caseReader(environment, 'environment.json')
  const name = Object.keys(environment as object).find((key) => key.startsWith(`${folder}/`))
  return name === undefined ? caseReader(published, 'settings') : all.object(name)
}

function readScenario(scenario: CaseReader): Scenario {
  const direction = scenario.text('volShock')
  const vol = ({ Up: 'up', None: 'none', Down: 'down' } as Record<string, VolDirection>)[direction]
  if (vol === undefined) throw malformed(`${scenario.path}.volShock`, 'one of Up, None, Down', direction)
  return { spot: scenario.number('spotShock'), vol, dampening: 1 }
}

function readPmrmModel(parameters: CaseReader, scenarios: readonly Scenario[]): ScenarioModel {
  const basis = parameters.object('basisContingency')
  const other = parameters.object('otherContingency')
  const margin = parameters.object('margin')
  const shock = parameters.object('volShock')
  return {
    kind: 'scenario',
    name: 'PMRM',
    scenarios,
    discountsOptions: false,
    volShock: {
      rangeUp: shock.number('volRangeUp'),
      rangeDown: shock.number('volRangeDown'),
      shortTermPower: shock.number('shortTermPower'),
      longTermPower: shock.number('longTermPower'),
      floorDays: shock.number('dteFloorSeconds') / 86_400,
      upVolMin: 0,
    },
    staticDiscount: {
      long: {
        base: margin.number('baseStaticDiscount'),
        rateMultiplier: margin.number('rateMultScale'),
        rateAddend: margin.number('rateAddScale'),
      },
      short: { base: 1, rateMultiplier: 0, rateAddend: 0 },
    },
    skew: NO_SKEW,
    basis: {
      spotUp: basis.number('scenarioSpotUp'),
      spotDown: basis.number('scenarioSpotDown'),
      addend: basis.number('basisContAddFactor'),
      timeFactor: basis.number('basisContMultFactor'),
    },
    contingencies: {
      perp: { maintenance: other.number('perpPercent'), initial: 0 },
      nakedOption: { maintenance: other.number('optionPercent'), initial: 0 },
      confidenceThreshold: other.e18('confThreshold'),
      confidenceMargin: other.number('confMargin'),
      collateralBasis: 'price',
      collateralSharesPerpConfidence: true,
      scaledByLossFactor: true,
    },
    lossFactors: { maintenance: 1, initial: margin.number('imFactor') },
    peg: { threshold: other.e18('pegLossThreshold'), factor: other.number('pegLossFactor') },
    offsetGroups: [],
    openInterest: [],
  }
}

const NO_SKEW: ScenarioModel['skew'] = {
  linear: { cap: 0, slope: 0 },
  absolute: { cap: 0, slope: 0 },
  kStarMin: 0,
  width: 0,
  volBase: 0,
  volSlope: 0,
}

function readStandardModel(parameters: CaseReader): StandardModel {
  const option = parameters.object('option')
  const perp = parameters.object('perp')
  const oracle = parameters.object('oracleContingency')
  const depeg = parameters.object('depeg')
  return {
    kind: 'standard',
    name: 'StandardManager',
    option: {
      spotMax: option.number('maxSpotReq'),
      spotMin: option.number('minSpotReq'),
      maintenanceCallSpot: option.number('mmCallSpotReq'),
      maintenancePutSpot: option.number('mmPutSpotReq'),
      maintenancePutMark: option.number('mmPutMtMReq'),
      unpaired: {
        maintenance: option.number('unpairedMMScale'),
        initial: option.number('unpairedIMScale'),
      },
      maintenanceOffset: option.number('mmOffsetScale'),
    },
    perp: { maintenance: perp.number('mm'), initial: perp.number('im') },
    confidence: {
      perpThreshold: oracle.e18('perpThreshold'),
      optionThreshold: oracle.e18('optionThreshold'),
      collateralThreshold: oracle.e18('baseThreshold'),
      factor: oracle.number('OCFactor'),
    },
    peg: { threshold: depeg.e18('threshold'), factor: depeg.number('factor') },
    openInterest: [],
  }
}

const PUBLISHED_PMRM = {
  parameters: {
    basisContingency: {
      scenarioSpotUp: 1.05,
      scenarioSpotDown: 0.95,
      basisContAddFactor: 0.25,
      basisContMultFactor: 0.01,
    },
    otherContingency: {
      pegLossThreshold: 0.98,
      pegLossFactor: 2,
      confThreshold: 0.6,
      confMargin: 0.5,
      basePercent: 0.02,
      perpPercent: 0.02,
      optionPercent: 0.01,
    },
    margin: { imFactor: 1.3, baseStaticDiscount: 0.95, rateMultScale: 4, rateAddScale: 0.05 },
    volShock: {
      volRangeUp: 0.45,
      volRangeDown: 0.3,
      shortTermPower: 0.3,
      longTermPower: 0.13,
      dteFloorSeconds: 86_400,
    },
  },
  scenarios: [1.15, 1.1, 1.05, 1, 0.95, 0.9, 0.85].flatMap((spotShock) =>
    ['Up', 'None', 'Down'].map((volShock) => ({ spotShock, volShock })),
  ),
}

const PUBLISHED_STANDARD = {
  parameters: {
    option: {
      maxSpotReq: 0.15,
      minSpotReq: 0.1,
      mmCallSpotReq: 0.075,
      mmPutSpotReq: 0.075,
      mmPutMtMReq: 0.075,
      unpairedIMScale: 1.2,
      unpairedMMScale: 1.1,
      mmOffsetScale: 1.05,
    },
    perp: { mm: 0.05, im: 0.065 },
    oracleContingency: { perpThreshold: 0.4, optionThreshold: 0.4, baseThreshold: 0.4, OCFactor: 0.4 },
    depeg: { threshold: 0.98, factor: 1.2 },
    baseAsset: { marginFactor: 0.1, imScale: 1 },
  },
}

const PUBLISHED_LIQUIDATION = {
  ...PUBLISHED_PMRM,
  auction: {
    startingMtMPercentage: 0.98,
    fastAuctionCutoffPercentage: 0.8,
    fastAuctionLengthSeconds: 100,
    slowAuctionLengthSeconds: 14_400,
    insolventAuctionLengthSeconds: 600,
    liquidatorFeeRate: 0.02,
    bufferMarginPercentage: 0.2,
  },
}
