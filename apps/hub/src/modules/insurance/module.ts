// Insurance: the common fund is an ordinary account of the ledger that nobody has a key of. Slashed stake and
// forfeited deposits go there; genesis seeds it. docs/insurance.md.
import type { Module } from '../../block/module.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import type { Insurance } from './insurance.ts'
import { invariants } from './invariants.ts'
import { insuranceParameters } from './params.ts'
import type { InsurancePorts } from './ports.ts'
import { queries } from './queries.ts'
import { INSURANCE_STORE } from './state.ts'

/** The module `insurance`: begins a block after risk, and before what liquidates. */
export function insuranceModule(insurance: Insurance, ports: InsurancePorts): Module {
  return {
    name: 'insurance',
    storeName: INSURANCE_STORE,
    messages: [],
    queries: queries(insurance, ports),
    parameters: insuranceParameters,
    initGenesis,
    exportGenesis,
    beginBlock: insurance.beginBlock,
    invariants: (context) => invariants(context, ports),
  }
}
