import { beforeAll, describe, it } from 'vitest'
import { expectAgreement } from './compare-in-test.ts'
import { loadLodestar, type Lodestar } from './lodestar.ts'

let lodestar: Lodestar
beforeAll(async () => {
  lodestar = await loadLodestar('mainnet')
})

describe('our client and @lodestar/light-client, mainnet preset', () => {
  it('agree on every update of a chain from Altair to Fulu, with committees of 512', () => {
    const forkEpochs = { altair: 0, bellatrix: 150, capella: 350, deneb: 590, electra: 900, fulu: 1200 }
    const extent = { forkEpochs, periods: 6, blocksPerPeriod: 8, mutationsPerUpdate: 6 }
    expectAgreement(lodestar, extent, 400)
  })
})
