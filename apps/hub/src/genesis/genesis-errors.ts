import { defineErrors } from '@causeway/primitives'

/** Codespace `genesis`: what is wrong in a genesis file, and where. Append only. */
export const errors = defineErrors('genesis', {
  notJson: [1, (d: { reason: string }) => `app_state is not JSON: ${d.reason}`],
  invalid: [2, (d: { path: string; reason: string }) => `app_state.${d.path}: ${d.reason}`],
  unknownModule: [3, (d: { name: string }) => `app_state.${d.name}: no such module`],
  otherChain: [
    10,
    (d: { stored: string; expected: string }) => `the chain is ${d.stored}, expected ${d.expected}`,
  ],
  tooLarge: [4, (d: { bytes: number; max: number }) => `app_state has ${d.bytes} bytes, at most ${d.max}`],
})
