import { defineErrors } from '@causeway/primitives'

/** Codespace `accounts`. Append only. */
export const errors = defineErrors('accounts', {
  notFound: [22, (d: { address: string }) => `account ${d.address} not found`],
})
