import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import { revaluationPlan } from './revaluation-plan.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel

describe('revaluation plan', () => {
  it('row 0 is the mark, and the scenario without a move shares it', () => {
    const plan = revaluationPlan(pm2)
    expect([plan.spot[0], plan.vol[0]]).toEqual([1, 'none'])
    const still = pm2.scenarios.findIndex(({ spot, vol }) => spot === 1 && vol === 'none')
    expect(plan.scenarioRow[still]).toBe(0)
  })

  it('the basis moves share the rows of the scenarios that agree', () => {
    const plan = revaluationPlan(pm2)
    expect([plan.spot[plan.basisUp], plan.vol[plan.basisUp]]).toEqual([1.045, 'none'])
    expect([plan.spot[plan.basisDown], plan.vol[plan.basisDown]]).toEqual([0.955, 'none'])
    const up = pm2.scenarios.findIndex(({ spot, vol }) => spot === 1.045 && vol === 'none')
    expect(plan.scenarioRow[up]).toBe(plan.basisUp)
  })

  it('each scenario finds its move in its row', () => {
    const { rows, spot, vol, scenarioRow, spotChange, dampening, isSkew } = revaluationPlan(pm2)
    expect(scenarioRow.length).toBe(33)
    expect(new Set(scenarioRow).size).toBe(33)
    pm2.scenarios.forEach((scenario, s) => {
      const row = scenarioRow[s]!
      expect(row).toBeLessThan(rows)
      expect([spot[row], vol[row], dampening[s]]).toEqual([scenario.spot, scenario.vol, scenario.dampening])
      expect(spotChange[s]).toBe(scenario.spot - 1)
      expect(isSkew[s]).toBe(scenario.vol.endsWith('Skew') ? 1 : 0)
    })
  })

  it('a skew keeps the spot, whatever a published file says', () => {
    const plan = revaluationPlan({ ...pm2, scenarios: [{ spot: 1.18, vol: 'linearSkew', dampening: 5 }] })
    expect(plan.spot[plan.scenarioRow[0]!]).toBe(1)
    expect(plan.spotChange[0]).toBe(0)
  })

  it('is made once a model', () => {
    expect(revaluationPlan(pm2)).toBe(revaluationPlan(pm2))
    expect(revaluationPlan({ ...pm2 })).not.toBe(revaluationPlan(pm2))
  })

  it('models without scenarios need the mark', () => {
    for (const name of ['standard', 'linear']) {
      const plan = revaluationPlan(readRiskModel(name))
      expect(plan.rows).toBe(1)
      expect(plan.scenarioRow.length).toBe(0)
      expect([plan.basisUp, plan.basisDown]).toEqual([0, 0])
    }
  })
})
