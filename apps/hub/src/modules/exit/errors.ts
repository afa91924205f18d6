import { defineErrors } from '@causeway/primitives'

/** Codespace `exit`. Append only. */
export const errors = defineErrors('exit', {
  noVault: [1, (d: { client: string }) => `behind ${d.client} there is no vault that pays claims`],
  badRecipient: [2, () => 'recipient: expected a wallet as the line’s chain writes it, or nothing'],
  notRegistered: [3, (d: { denom: string }) => `no claim over ${d.denom} is registered`],
  tooMany: [4, (d: { max: number }) => `an account has at most ${d.max} claims over one asset`],
})
