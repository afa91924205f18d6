import { defineErrors } from '@causeway/primitives'

/** Codespace `identifiers`: names of accounts that can't be read. Append only. */
export const errors = defineErrors('identifiers', {
  badAddress: [1, (d: { prefix: string }) => `expected a bech32 address ${d.prefix}1… of 20 bytes`],
  badSubaccount: [2, () => 'expected a subaccount as a decimal number from 0 to 65535 without leading zeros'],
})
