import { isMarginError } from '@causeway/margin'
import { defineErrors } from '@causeway/primitives'

/** Codespace `cli-margin`: what a user of `causeway margin` got wrong. Append only. */
export const errors = defineErrors('cli-margin', {
  unreadable: [1, (d: { path: string; reason: string }) => `${d.path} can't be read: ${d.reason}`],
  noCase: [
    2,
    (d: { path: string }) =>
      `${d.path} holds no case in a format that is known (docs/margin.md, "Formats", lists them)`,
  ],
  refused: [
    3,
    (d: { path: string; code: number; reason: string }) => `${d.path}: margin/${d.code}: ${d.reason}`,
  ],
  badTrade: [
    4,
    (d: { trade: string }) =>
      `--trade ${d.trade}: expected like "buy 2 ETH-PERP @ 3010 fee 1.5", "sell 1 ETH-20260327-3000-C", ` +
      '"deposit 5 WETH" or "withdraw 100 cash"',
  ],
  unknownInstrument: [
    5,
    (d: { name: string; known: string }) => `${d.name} is not in the market: it has ${d.known}`,
  ],
  tooLarge: [
    6,
    (d: { path: string; bytes: number; max: number }) => `${d.path} has ${d.bytes} bytes, more than ${d.max}`,
  ],
  badLot: [
    7,
    (d: { lot: string }) => `--lot ${d.lot}: expected a size above 0 with up to 9 decimals, like 0.001`,
  ],
  tooManyToPlan: [
    9,
    (d: { path: string; positions: number; max: number }) =>
      `${d.path} holds ${d.positions} positions: plan searches trade by trade, for at most ${d.max} ` +
      '(evaluate, what-if and greeks take more)',
  ],
  notInFile: [8, (d: { name: string; known: string }) => `--case ${d.name}: the file has ${d.known}`],
})

/** What the library refuses becomes an error of the command line, with the file or case it is about. */
export function refusing<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (isMarginError(error)) throw errors.refused({ path, code: error.code, reason: error.message })
    throw error
  }
}
