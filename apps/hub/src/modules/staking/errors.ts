import { defineErrors } from '@causeway/primitives'

/** Codespace `staking`. Append only. */
export const errors = defineErrors('staking', {
  noValidators: [1, () => 'genesis names no validator'],
  badValidator: [
    2,
    (d: { index: number }) =>
      `genesis validator ${d.index}: expected a new Ed25519 key of 32 bytes and a power above 0`,
  ],
})
