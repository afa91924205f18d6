import { defineErrors } from '@causeway/primitives'

/** Codespace `hub`: what an operator got wrong. Append only. */
export const errors = defineErrors('hub', {
  homeExists: [1, (d: { path: string }) => `${d.path} exists: choose another --home, or remove it`],
  noHome: [2, (d: { path: string }) => `${d.path} is missing: run causeway hub init first`],
  badOption: [3, (d: { option: string; expected: string }) => `${d.option}: expected ${d.expected}`],
  cannotListen: [
    5,
    (d: { address: string; reason: string }) =>
      `can't listen at ${d.address}: ${d.reason}; choose another address`,
  ],
  unusableFile: [6, (d: { path: string; reason: string }) => `${d.path} can't be used: ${d.reason}`],
  noBlocks: [4, () => 'the database has no committed block yet'],
})
