import { accountGreeks, type AccountGreeks, type CashGreeks } from '@causeway/margin'
import { instrumentName } from './instrument-name.ts'
import { caseName, type FileCase } from './read-cases.ts'
import { cash, size, table } from './table.ts'

/** A case's Greeks. */
export interface CaseGreeks extends AccountGreeks {
  readonly of: FileCase
}

/** Works them out. */
export function greeksCase(of: FileCase): CaseGreeks {
  return { of, ...accountGreeks(of.model, of.snapshot, of.account) }
}

/** As JSON. */
export function greeksJson({ of, positions, underlyings, account }: CaseGreeks): unknown {
  return { file: of.file, case: of.name, model: of.model.name, positions, underlyings, account }
}

/** As lines of text. */
export function greeksLines({ of, positions, underlyings, account }: CaseGreeks): string[] {
  const cells = ({ deltaCash, gammaCash, vegaCash, thetaCash, rhoCash }: CashGreeks) =>
    [deltaCash, gammaCash, vegaCash, thetaCash, rhoCash].map(cash)
  return [
    `${caseName(of)} (${of.model.name}), in cash`,
    ...table([
      ['position', 'size', 'delta', 'gamma per 1 %', 'vega per point', 'theta per day', 'rho per bp'],
      ...positions.map((each) => [instrumentName(each.instrument), size(each.size), ...cells(each)]),
      ...underlyings.map((each) => [`all of ${each.name}`, '', ...cells(each)]),
      ['account', '', ...cells(account)],
    ]),
  ]
}
