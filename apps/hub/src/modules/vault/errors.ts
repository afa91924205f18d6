import { defineErrors } from '@causeway/primitives'

/** Codespace `vault`. Append only. */
export const errors = defineErrors('vault', {
  off: [1, () => 'the vault takes no deposits now'],
  badAmount: [2, () => 'an amount is a decimal number above 0'],
  tooSmall: [3, (d: { minE6: bigint }) => `a deposit is ${d.minE6} micro-cash or more`],
  full: [4, (d: { maxE6: bigint }) => `the vault would be worth more than ${d.maxE6} micro-cash`],
  insufficient: [
    5,
    (d: { need: bigint; has: bigint }) => `${d.need} shares were asked for, ${d.has} are there`,
  ],
  locked: [6, (d: { untilSeconds: bigint }) => `its shares are locked until ${d.untilSeconds}`],
  dust: [7, (d: { least: bigint }) => `it would leave or take less than ${d.least} shares: withdraw all`],
  tooMany: [8, (d: { max: number }) => `${d.max} requests of a subaccount wait already`],
})
