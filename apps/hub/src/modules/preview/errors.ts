import { defineErrors } from '@causeway/primitives'

/** Codespace `preview`. Append only. */
export const errors = defineErrors('preview', {
  notOneTransfer: [1, () => 'only a packet of one transfer is previewed'],
  notListed: [2, (d: { denom: string }) => `${d.denom} is no listed line that covers requirements`],
  noFreshPrice: [3, (d: { asset: bigint }) => `the price of asset ${d.asset} is not fresh`],
  overLimit: [
    4,
    (d: { line: bigint; valueE6: bigint; roomE6: bigint }) =>
      `line ${d.line} has room for ${d.roomE6} micro-cash of pending deposits, not for ${d.valueE6}`,
  ],
  headTooOld: [5, (d: { slot: bigint }) => `what is proven under slot ${d.slot} has expired`],
  tooMany: [6, (d: { max: number }) => `a subaccount has at most ${d.max} pending deposits`],
  tooSmall: [
    7,
    (d: { valueE6: bigint; minE6: bigint }) =>
      `the deposit is worth ${d.valueE6} micro-cash, previews begin at ${d.minE6}`,
  ],
})
