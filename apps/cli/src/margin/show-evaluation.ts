import {
  explainPortfolio,
  createPortfolio,
  createRiskMarket,
  evaluatePortfolio,
  jsonOf,
  type Charges,
  type ContributionKind,
  type Explanation,
  type Requirement,
} from '@causeway/margin'
import { instrumentName } from './instrument-name.ts'
import { caseName, type FileCase } from './read-cases.ts'
import { cash, cashE6, size, table } from './table.ts'

/** A valued case, and why it comes to that. */
export interface Evaluation {
  readonly of: FileCase
  readonly requirement: Requirement
  readonly explanation?: Explanation
}

/** Values a case. */
export function evaluateCase(of: FileCase, explains: boolean): Evaluation {
  const market = createRiskMarket(of.model, of.snapshot, of.account.options)
  const portfolio = createPortfolio(market, of.account)
  const requirement = evaluatePortfolio(market, portfolio)
  return { of, requirement, ...(explains ? { explanation: explainPortfolio(market, portfolio) } : {}) }
}

/** As JSON: docs/margin.md, "Command line". */
export function evaluationJson({ of, requirement, explanation }: Evaluation): unknown {
  return {
    ...{ file: of.file, case: of.name, model: of.model.name },
    requirement: jsonOf(requirement),
    ...(explanation ? { explanation: jsonOf(explanation) } : {}),
  }
}

/** As lines of text. */
export function evaluationLines({ of, requirement, explanation }: Evaluation): string[] {
  return [
    ...heading(of, requirement),
    ...table(summary(requirement)),
    ...(explanation ? explanationLines(explanation) : []),
  ]
}

/** The lines that every command begins a case with. */
export function heading(
  of: FileCase,
  { maintenanceMarginE6, initialMarginE6 }: Pick<Requirement, 'maintenanceMarginE6' | 'initialMarginE6'>,
): string[] {
  const state =
    maintenanceMarginE6 < 0n
      ? 'fails maintenance'
      : initialMarginE6 < 0n
        ? 'healthy, but below initial margin'
        : 'healthy'
  return [`${caseName(of)} (${of.model.name}): ${state}`]
}

function summary(requirement: Requirement): string[][] {
  const { maintenanceCharges, initialCharges, lossFactors, worst, value } = requirement
  const charges = (Object.keys(initialCharges) as (keyof Charges)[])
    .filter((name) => maintenanceCharges[name] !== 0 || initialCharges[name] !== 0)
    .map((name) => [`  - ${CHARGES[name]}`, cash(maintenanceCharges[name]), cash(initialCharges[name])])
  const { pendingCredit } = requirement
  return [
    ['', 'maintenance', 'initial'],
    ['value (marks and cash)', cash(value), cash(value)],
    ...(pendingCredit === 0 ? [] : [['  + pending credit', cash(pendingCredit), cash(0)]]),
    ...(worst === 0
      ? []
      : [['  - worst outcome', cash(-worst * lossFactors.maintenance), cash(-worst * lossFactors.initial)]]),
    ...charges,
    ['requirement', cashE6(requirement.maintenanceRequirementE6), cashE6(requirement.initialRequirementE6)],
    ['margin', cashE6(requirement.maintenanceMarginE6), cashE6(requirement.initialMarginE6)],
  ]
}

const CHARGES: Readonly<Record<keyof Charges, string>> = {
  linear: 'perpetuals and futures',
  option: 'short options',
  collateral: 'haircuts',
  confidence: 'low confidence',
  openInterest: 'open interest',
  peg: 'broken peg',
}

const KINDS: Readonly<Record<ContributionKind, string>> = {
  ...CHARGES,
  scenario: 'scenario',
  staticDiscount: 'static discount',
  basis: 'basis',
  unpaired: 'unbounded calls',
  rounding: 'rounding',
}

function explanationLines(explanation: Explanation): string[] {
  return [
    '',
    ...table(positionRows(explanation)),
    '',
    ...table(contributionRows(explanation)),
    ...(explanation.scenarios.length === 0 ? [] : ['', ...table(scenarioRows(explanation))]),
  ]
}

function positionRows({ positions, cashE6: ofCash, valueE6, maintenance, initial }: Explanation): string[][] {
  return [
    ['position', 'size', 'value', 'maintenance', 'initial'],
    ['cash', '', cashE6(ofCash), '', ''],
    ...positions.map((each) => [
      instrumentName(each.instrument),
      size(each.size),
      cashE6(each.valueE6),
      cashE6(each.maintenanceE6),
      cashE6(each.initialE6),
    ]),
    ['all', '', cashE6(valueE6), cashE6(maintenance.requirementE6), cashE6(initial.requirementE6)],
  ]
}

/** Both requirements' contributions side by side. */
function contributionRows(explanation: Explanation): string[][] {
  const rows = new Map<string, [maintenance: bigint, initial: bigint]>()
  for (const [side, { contributions }] of [explanation.maintenance, explanation.initial].entries())
    for (const { kind, position, scenario, weight, amountE6 } of contributions) {
      const held = explanation.positions[position]
      const name = [
        held ? instrumentName(held.instrument) : '',
        KINDS[kind],
        scenario < 0 ? '' : scenarioName(explanation, scenario),
        weight === 1 ? '' : `weight ${weight}`,
      ]
      const row = rows.get(name.join('\t')) ?? [0n, 0n]
      row[side]! += amountE6
      rows.set(name.join('\t'), row)
    }
  const body = [...rows].map(([name, [maintenance, initial]]) => [
    name
      .split('\t')
      .filter((part) => part !== '')
      .join(' · '),
    cashE6(maintenance),
    cashE6(initial),
  ])
  const { maintenance, initial } = explanation
  return [
    ['contribution', 'maintenance', 'initial'],
    ...body,
    ['requirement', cashE6(maintenance.requirementE6), cashE6(initial.requirementE6)],
  ]
}

function scenarioName({ scenarios }: Explanation, index: number): string {
  const { spot, vol, dampening } = scenarios[index]!
  const far = dampening === 1 ? '' : ` × ${dampening}`
  return `spot × ${spot}, vol ${VOLS[vol]}${far}`
}

const VOLS = {
  up: 'up',
  none: 'still',
  down: 'down',
  linearSkew: 'linear skew',
  absoluteSkew: 'absolute skew',
}

/** Every scenario: what each underlying gains, `*` at the worst one that counts for it, and all of them. */
function scenarioRows(explanation: Explanation): string[][] {
  const { scenarios, underlyings } = explanation
  const held = underlyings.filter(
    ({ scenarioProfitsE6, basisE6 }) => basisE6 !== 0n || scenarioProfitsE6.some((each) => each !== 0n),
  )
  return [
    ['profit by scenario', ...held.map(({ name }) => name), 'all'],
    ...scenarios.map((scenario, s) => [
      scenarioName(explanation, s),
      ...held.map((own) => `${own.worstScenario === s ? '* ' : ''}${cashE6(own.scenarioProfitsE6[s]!)}`),
      cashE6(scenario.profitE6),
    ]),
    [
      'basis contingency',
      ...held.map((own) => `${own.worstScenario === -1 ? '* ' : ''}${cashE6(own.basisE6)}`),
      cashE6(underlyings.reduce((sum, { basisE6 }) => sum + basisE6, 0n)),
    ],
  ]
}
