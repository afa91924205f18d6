import { defineErrors } from '@causeway/primitives'

/** Codespace `risk`. Append only. */
export const errors = defineErrors('risk', {
  insufficientMargin: [
    1,
    (d: { subaccount: number; missingE6: bigint }) =>
      `subaccount ${d.subaccount} would miss ${d.missingE6} micro-cash of its initial requirement`,
  ],
  priceNotFresh: [
    2,
    (d: { asset: bigint; state: string }) =>
      `the price of asset ${d.asset} is ${d.state}: what it covers can't leave now`,
  ],
})
