import { defineErrors } from '@causeway/primitives'

/**
 * What a source, a configuration or this machine can do wrong. Codes are appended, never reused:
 * docs/feeder.md.
 */
export const errors = defineErrors('feeder', {
  notJson: [1, (d: { at: number; reason: string }) => `no JSON: ${d.reason} at character ${d.at}`],
  badShape: [2, (d: { what: string; expected: string }) => `${d.what}: expected ${d.expected}`],
  notDecimal: [3, (d: { what: string }) => `${d.what}: expected a decimal number`],
  notPositive: [4, (d: { what: string }) => `${d.what}: expected more than zero`],
  tooLarge: [5, (d: { what: string }) => `${d.what}: too large for a price`],
  wideSpread: [6, (d: { bid: string; ask: string }) => `bid ${d.bid} and ask ${d.ask} are too far apart`],
  crossedBook: [7, (d: { bid: string; ask: string }) => `bid ${d.bid} is above ask ${d.ask}`],
  refused: [8, (d: { said: string }) => `the source refused: ${d.said}`],
  otherPair: [9, (d: { asked: string; got: string }) => `asked for ${d.asked}, got ${d.got}`],
  uncertain: [
    10,
    (d: { what: string }) => `${d.what}: its confidence interval is wider than 1 % of the price`,
  ],
  staleRound: [
    11,
    (d: { round: bigint; answeredIn: bigint }) => `round ${d.round} was answered in ${d.answeredIn}`,
  ],
  ahead: [12, (d: { milliseconds: number }) => `published ${d.milliseconds} ms in the future`],
  unreachable: [13, (d: { host: string; reason: string }) => `${d.host}: ${d.reason}`],
  oversize: [14, (d: { host: string; max: number }) => `${d.host}: answer longer than ${d.max} bytes`],
  badConfig: [15, (d: { text: string }) => d.text],
  cannotListen: [16, (d: { address: string; reason: string }) => `can't listen on ${d.address}: ${d.reason}`],
  badStatus: [17, (d: { host: string; status: number }) => `${d.host}: HTTP status ${d.status}`],
  noSurface: [18, (d: { reason: string }) => d.reason],
})
