import { defineErrors } from '@causeway/primitives'

/** Codespace `insurance`. Append only. */
export const errors = defineErrors('insurance', {
  paused: [
    1,
    (d: { untilSeconds: bigint }) =>
      `nothing leaves while accounts lack more than insurance has, until ${d.untilSeconds} at the latest`,
  ],
  notFound: [2, (d: { market: bigint }) => `no positions are held in market ${d.market}`],
})
