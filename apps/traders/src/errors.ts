import { defineErrors } from '@causeway/primitives'

/** Codespace `traders`: what a configuration or this machine can do wrong. Append only: docs/traders.md. */
export const errors = defineErrors('traders', {
  badConfig: [1, (d: { text: string }) => d.text],
  cannotListen: [2, (d: { address: string; reason: string }) => `can't listen on ${d.address}: ${d.reason}`],
  reference: [3, (d: { url: string; reason: string }) => `reference prices of ${d.url}: ${d.reason}`],
})
