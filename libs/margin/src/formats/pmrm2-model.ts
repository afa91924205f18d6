import type { Scenario, ScenarioModel, VolDirection } from '../model/risk-model.ts'
import { malformed } from '../model/shape.ts'
import type { CaseReader } from './decimals.ts'

const DIRECTIONS: Readonly<Record<string, VolDirection>> = {
  Up: 'up',
  None: 'none',
  Down: 'down',
  LINEAR: 'linearSkew',
  ABS: 'absoluteSkew',
}

/**
 * `Parameters` of a PMRM_2 case. Each case has its own: they are taken as they stand, a long static discount
 * above 1 included. A skew that moves the spot is read as one that keeps it: upstream runs none.
 */
export function readPmrm2Model(parameters: CaseReader): ScenarioModel {
  const margin = parameters.object('Margin')
  const other = parameters.object('OtherContingency')
  const basis = parameters.object('BasisContingency')
  return {
    kind: 'scenario',
    name: 'PMRM_2',
    scenarios: parameters.objects('Scenarios').map(readScenario),
    discountsOptions: true,
    volShock: readVolShock(parameters.object('VolShock')),
    staticDiscount: {
      long: {
        base: margin.number('BASE_STATIC_DISCOUNT'),
        rateMultiplier: margin.number('LONG_RATE_MULTSCALE'),
        rateAddend: margin.number('LONG_RATE_ADDSCALE'),
      },
      short: {
        base: margin.number('BASE_STATIC_DISCOUNT_NEG'),
        rateMultiplier: margin.number('SHORT_RATE_MULTSCALE'),
        rateAddend: margin.number('SHORT_RATE_ADDSCALE'),
      },
    },
    skew: readSkew(parameters.object('SkewShock')),
    basis: {
      spotUp: basis.number('SCENARIO_SPOT_UP'),
      spotDown: basis.number('SCENARIO_SPOT_DOWN'),
      addend: basis.number('BASIS_CONT_ADD_FACTOR'),
      timeFactor: basis.number('BASIS_CONT_MULT_FACTOR'),
    },
    contingencies: {
      perp: { maintenance: other.number('MM_PERP_PERCENT'), initial: other.number('IM_PERP_PERCENT') },
      nakedOption: {
        maintenance: other.number('MM_OPTION_PERCENT'),
        initial: other.number('IM_OPTION_PERCENT'),
      },
      confidenceThreshold: other.e18('CONF_THRESHOLD'),
      confidenceMargin: other.number('CONF_MARGIN'),
      collateralBasis: 'value',
      collateralSharesPerpConfidence: false,
      scaledByLossFactor: false,
    },
    lossFactors: { maintenance: margin.number('MM_LOSS_FACTOR'), initial: margin.number('IM_LOSS_FACTOR') },
    peg: { threshold: other.e18('PEG_LOSS_THRESHOLD'), factor: other.number('PEG_LOSS_FACTOR') },
    offsetGroups: [],
    openInterest: [],
  }
}

function readScenario(scenario: CaseReader): Scenario {
  const direction = scenario.text('VolShockDirection')
  const vol = DIRECTIONS[direction]
  if (vol === undefined)
    throw malformed(
      `${scenario.path}.VolShockDirection`,
      `one of ${Object.keys(DIRECTIONS).join(', ')}`,
      direction,
    )
  const spot = scenario.number('SpotShock')
  if (spot < 0) throw malformed(`${scenario.path}.SpotShock`, 'a number that is not negative', spot)
  const isSkew = vol === 'linearSkew' || vol === 'absoluteSkew'
  return {
    spot: isSkew ? 1 : spot,
    vol,
    dampening: scenario.number('DampeningFactor'),
  }
}

function readVolShock(shock: CaseReader): ScenarioModel['volShock'] {
  return {
    rangeUp: shock.number('VOLRANGEUP'),
    rangeDown: shock.number('VOLRANGEDOWN'),
    shortTermPower: shock.number('SHORTTERMPOWER'),
    longTermPower: shock.number('LONGTERMPOWER'),
    floorDays: shock.number('DTE_FLOOR'),
    upVolMin: shock.number('MIN_VOL_EVAL_SHOCKED'),
  }
}

function readSkew(skew: CaseReader): ScenarioModel['skew'] {
  return {
    linear: { cap: skew.number('LINEAR_SCALE_CAP'), slope: skew.number('LINEAR_CBASE') },
    absolute: { cap: skew.number('ABS_SCALE_CAP'), slope: skew.number('ABS_CBASE') },
    kStarMin: skew.number('MIN_K_STAR'),
    width: skew.number('MIN_WIDTH_SCALE'),
    volBase: skew.number('VOL_PARAM_STATIC'),
    volSlope: skew.number('VOL_PARAM_SCALE'),
  }
}
